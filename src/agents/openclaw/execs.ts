/** Background execs in a transcript: where one was started, and where its completion was reported. */
import type { Fragment } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import type { ReadingContext } from "../program.ts";

export function traceExecs(
  _home: HomeIdentity,
  fragments: readonly Fragment[],
  _context: ReadingContext,
): Promise<Fragment[]> {
  return Promise.resolve([...fragments]);
}
