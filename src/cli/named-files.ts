/** Files that a person names as arguments, and the homes that they lie in by the look of their paths. */
import { resolve } from "node:path";

import { realPath } from "../system/files.ts";
import type { CliWorld } from "./verb.ts";

/** "…/agents/main/sessions/x.jsonl" and "…/agents/main/agent/x.sqlite" lie in the home "…". */
const FILE_IN_HOME = /^(.+?)[\\/]agents[\\/][^\\/]+[\\/](?:sessions|agent|session-sqlite-import-archive)[\\/][^\\/]+$/;

/** Absolute paths that the argument names if it is a file: as written, and with links resolved. */
export function pathsOf(world: CliWorld, name: string): string[] {
  const path = resolve(world.workingFolder, name);
  return [...new Set([path, realPath(path) ?? path])];
}

/** Absolute paths of the homes that these files lie in. */
export function homesHolding(paths: readonly string[]): string[] {
  return paths.flatMap((path) => FILE_IN_HOME.exec(path)?.[1] ?? []);
}
