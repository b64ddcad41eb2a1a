/** Times as text: ISO 8601, UTC. */

/** `2026-11-21T00:16:27.595Z`. A number outside the range of dates gives "an impossible time". */
export function utc(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "an impossible time" : date.toISOString();
}
