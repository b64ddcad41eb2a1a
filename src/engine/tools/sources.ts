/** From which files an answer comes: absolute paths, so that a person can look. */
import { join } from "node:path";

import type { Fragment } from "../../model/fragment.ts";
import type { SessionHit } from "../query.ts";

const MOST_SOURCES = 12;

/** The files of these fragments, each once, the newest first; of many the newest. */
export function sourcesOf({ home }: SessionHit, fragments: readonly Fragment[]): string[] {
  const paths = fragments.toReversed().map(({ path }) => join(home.home.path, path));
  return [...new Set(paths)].slice(0, MOST_SOURCES);
}
