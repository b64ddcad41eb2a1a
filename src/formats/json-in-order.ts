/** JSON in one fixed form, so that two texts differ only where their values do. */

/** Nothing that is nested deeper tells anything to a person; it stays as it is. */
const DEEPEST = 64;

/** The same value with the keys of all its objects in order. Lists keep theirs. */
export function inOrder(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((one) => inOrder(one, depth + 1));
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A key "__proto__" is a key like any other here.
  return Object.fromEntries(entries.map(([key, one]) => [key, inOrder(one, depth + 1)]));
}
