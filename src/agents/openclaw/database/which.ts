/** Which rows a SELECT is for: all of a table, or those of some keys or ids. */

/** Null for all. */
export type Which = readonly string[] | null;

/** The condition that a statement needs for it, beginning with WHERE or empty. */
export function where(column: string, which: Which): string {
  return which === null ? "" : ` WHERE ${column} IN (SELECT value FROM json_each(?))`;
}

/** The parameters that go with that condition. */
export function parameters(which: Which): string[] {
  return which === null ? [] : [JSON.stringify(which)];
}
