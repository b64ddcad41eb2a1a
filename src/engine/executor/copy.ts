/** Bytes on their way into our room: written whole, with mode and time, and on disk, before anybody is told their name. */
import { createHash } from "node:crypto";

import type { ByteEdit } from "../../model/plan.ts";
import { chunksOf, FileError, statOf } from "../../system/files.ts";
import type { FileOperations } from "./file-operations.ts";
import { FILE_MODE } from "./room.ts";

/** A new file of these chunks, closed to others until it is whole. Returns size and hash. */
export function writeFile(
  path: string,
  chunks: Iterable<Uint8Array>,
  given: { readonly mode: number; readonly mtimeMs: number | null },
  files: FileOperations,
): { readonly bytes: number; readonly sha256: string } {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = files.create(path, FILE_MODE);
  try {
    for (const chunk of chunks) {
      files.write(file, chunk, bytes);
      hash.update(chunk);
      bytes += chunk.length;
    }
    files.setMode(file, given.mode);
    if (given.mtimeMs !== null) files.setTime(path, given.mtimeMs);
    files.sync(file);
  } finally {
    files.close(file);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** A copy with bytes, permissions and time of the original; never a second name for it. */
export function copyOfFile(from: string, to: string, files: FileOperations): void {
  const stat = statOf(from);
  if (stat === undefined) throw new FileError("gone", from, "not there (any more)");
  writeFile(to, bytesOf(from), { mode: stat.mode & 0o7777, mtimeMs: stat.mtimeMs }, files);
}

function* bytesOf(path: string): Generator<Uint8Array> {
  for (const { bytes } of chunksOf(path)) yield bytes;
}

/** The bytes of a file with the edits applied, in chunks; the edits ascend and do not overlap. */
export function* editedBytes(path: string, edits: readonly ByteEdit[]): Generator<Uint8Array> {
  let next = 0;
  /** Up to here bytes of the file are dropped, for an edit stands in their place. */
  let dropped = 0;
  for (const { bytes, offset } of chunksOf(path)) {
    let at = offset;
    const end = offset + bytes.length;
    while (at < end) {
      if (at < dropped) {
        at = Math.min(end, dropped);
        continue;
      }
      const edit = edits[next];
      if (edit?.offset === at) {
        yield Buffer.from(edit.text);
        dropped = at + edit.length;
        next += 1;
        continue;
      }
      const until = Math.min(end, edit?.offset ?? end);
      yield bytes.subarray(at - offset, until - offset);
      at = until;
    }
  }
  for (const edit of edits.slice(next)) yield Buffer.from(edit.text);
}
