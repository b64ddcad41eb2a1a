/** The line at a byte offset of a file, counted on disk: for findings of which only the offset is known. */
import { FileError, scanBytes } from "../system/files.ts";

const NEWLINE = 0x0a;
/** Reading further only to name a line would keep the server from its other work. */
const FURTHEST = 64 << 20;

function newlinesIn(chunk: Buffer): number {
  let newlines = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) newlines += 1;
  return newlines;
}

/** Counted from 1; null when the file can't be read or the offset lies too far inside it. */
export function lineOnDisk(path: string, offset: number): number | null {
  if (offset > FURTHEST) return null;
  let line = 1;
  try {
    scanBytes(path, (chunk, start) => {
      line += newlinesIn(chunk.subarray(0, Math.max(0, offset - start)));
      return start + chunk.length < offset;
    });
    return line;
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}
