/** What stands at a path, exactly: the state that a plan expects before a step, and finds after it. */
import { createHash } from "node:crypto";
import { join } from "node:path";

import type { FileState, PathState } from "../model/plan.ts";
import { chunksOf, FileError, linkText, list, statOf, type FileStat } from "./files.ts";

const PERMISSIONS = 0o7777;

/** The state of a path, links not followed. A file is read whole; a folder is told by names and stats. Throws FileError. */
export function pathState(path: string): PathState {
  const stat = statOf(path);
  if (stat === undefined) return { is: "absent" };
  switch (stat.kind) {
    case "file":
      return fileState(stat) ?? { is: "absent" };
    case "directory":
      return { is: "folder", mode: stat.mode & PERMISSIONS, contents: contentsOf(path) };
    case "symlink":
      return { is: "symlink", target: linkText(path) ?? "" };
    default:
      throw new FileError("not-a-file", path, "neither a file nor a folder nor a link");
  }
}

/** SHA-256 of a file's bytes, in hex digits. Throws FileError. */
export function fileHash(path: string): string {
  const hash = createHash("sha256");
  for (const { bytes } of chunksOf(path)) hash.update(bytes);
  return hash.digest("hex");
}

/** Null when the file went away between the look and the reading, as a lock does all the time. */
function fileState(stat: FileStat): FileState | null {
  try {
    const sha256 = fileHash(stat.path);
    return {
      is: "file",
      bytes: stat.size,
      sha256,
      mode: stat.mode & PERMISSIONS,
      mtimeMs: stat.mtimeMs,
      inode: stat.ino,
    };
  } catch (error) {
    if (error instanceof FileError && error.trouble === "gone") return null;
    throw error;
  }
}

/** Hash over names, kinds, sizes, times and link targets of everything below a folder; of nothing for an empty one. */
export function contentsOf(folder: string): string {
  const hash = createHash("sha256");
  addContents(folder, "", hash);
  return hash.digest("hex");
}

function addContents(folder: string, within: string, hash: ReturnType<typeof createHash>): void {
  const { names, unusable } = list(folder);
  for (const name of [...names, ...unusable].toSorted()) {
    const path = join(folder, name);
    const stat = statOf(path);
    const facts = stat?.kind === "file" ? [stat.size, stat.mtimeMs] : [linkText(path)];
    hash.update(`${JSON.stringify([within, name, stat?.kind, ...facts])}\n`);
    if (stat?.kind === "directory") addContents(path, `${within}/${name}`, hash);
  }
}
