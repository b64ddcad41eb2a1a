/** Whether what stands at a path is what a plan expects there, and in which words it differs. */
import { join } from "node:path";

import { count } from "../../model/amounts.ts";
import type { FileState, FolderState, PathState } from "../../model/plan.ts";
import type { FileStat } from "../../system/files.ts";
import { pathState } from "../../system/path-state.ts";
import { refuse } from "./refused.ts";

/** What stands at the home-relative path now; refuses the plan when that is not what it expects. */
export function expected(home: string, path: string, expectation: PathState): PathState {
  const found = pathState(join(home, path));
  const difference = differenceOf(expectation, found);
  if (difference !== null) refuse("changed", path, `${join(home, path)} ${difference}: make the plan again.`);
  return found;
}

/** How the state found differs from the one expected, as the end of a sentence; null when it does not. */
export function differenceOf(expectation: PathState, found: PathState): string | null {
  switch (expectation.is) {
    case "absent":
      return found.is === "absent" ? null : `has appeared (${kindText(found)})`;
    case "file":
      return found.is === "file" ? fileDifference(expectation, found) : `is ${kindText(found)}, not a file`;
    case "folder":
      return found.is === "folder" ? folderDifference(expectation, found) : `is ${kindText(found)}, not a folder`;
    case "symlink":
      if (found.is !== "symlink") return `is ${kindText(found)}, not a link`;
      return found.target === expectation.target ? null : `leads to ${found.target}, not to ${expectation.target}`;
  }
}

/** Whether a file read before is, by its stat, still the very same: same inode, size and time. */
export function isUntouched(stat: FileStat | undefined, before: PathState): boolean {
  if (before.is !== "file" || stat === undefined) return false;
  return stat.ino === before.inode && stat.size === before.bytes && stat.mtimeMs === before.mtimeMs;
}

function fileDifference(expectation: FileState, found: FileState): string | null {
  if (found.bytes !== expectation.bytes) return `has ${count(found.bytes, "byte")}, not ${expectation.bytes}`;
  if (found.sha256 !== expectation.sha256) return "has other content";
  if (expectation.mode !== undefined && found.mode !== expectation.mode) return "has other permissions";
  if (expectation.inode !== undefined && found.inode !== expectation.inode)
    return "is another file of the same content";
  const time = expectation.mtimeMs;
  if (time === undefined || found.mtimeMs === undefined || Math.abs(time - found.mtimeMs) < 1) return null;
  return "was written to again";
}

function folderDifference(expectation: FolderState, found: FolderState): string | null {
  if (expectation.mode !== undefined && found.mode !== expectation.mode) return "has other permissions";
  if (expectation.contents === undefined || found.contents === expectation.contents) return null;
  return "holds other files, or other versions of them";
}

function kindText(state: PathState): string {
  return { absent: "not there", file: "a file", folder: "a folder", symlink: "a link" }[state.is];
}

/** What can be asked of a path before the steps run: what a folder holds can't, where steps before change it. */
export function foreseeable(expectation: PathState, path: string, changed: Iterable<string>): PathState {
  if (expectation.is !== "folder" || expectation.contents === undefined) return expectation;
  const { contents: _contents, ...rest } = expectation;
  for (const other of changed) if (other.startsWith(`${path}/`)) return rest;
  return expectation;
}

/** The state without the inode: in a copy of the home every file has another one, and is as good. */
export function withoutIdentity(state: PathState): PathState {
  if (state.is !== "file") return state;
  const { inode: _inode, ...rest } = state;
  return rest;
}
