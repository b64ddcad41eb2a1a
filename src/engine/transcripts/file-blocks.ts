/** A file that is too large for an editor in parts: the lines that begin in one block of it. No other block has to be read. */
import { linesOf } from "../../formats/json-lines.ts";
import { readStretch, statOf } from "../../system/files.ts";
import { beginningAfter, beginningBefore, type FileLine, linesFrom } from "./file-lines.ts";

/** Bytes of a block. A document has one or two of them. */
export const BLOCK = 2 << 20;

/** A part of a file, and the blocks (by their first byte) that the parts before and after it begin with. */
export interface FilePart {
  readonly lines: readonly FileLine[];
  /** Byte offsets of the first line and behind the last one. */
  readonly start: number;
  readonly end: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly older: number | null;
  readonly newer: number | null;
}

/** The first byte of the block that holds this one. */
export const blockAt = (offset: number): number => Math.floor(offset / BLOCK) * BLOCK;

/** The block from which on the end of a file of this size is shown: at least one whole block, where there are two. */
export const lastBlocks = (size: number): number => blockAt(Math.max(0, size - BLOCK - 1));

/**
 * The lines that begin in the block at `offset`, or from there on to the end of the file. A block inside of a huge line has
 * none; the ways to the others lead past it. Throws FileError.
 */
export function readBlock(path: string, offset: number, toEnd: boolean): FilePart {
  const size = statOf(path)?.size ?? 0;
  const from = blockAt(offset);
  const start = Math.min(size, beginningAfter(path, Math.min(from, size)));
  const length = toEnd ? size - start : from + BLOCK - start;
  const { lines, end } = length > 0 ? linesFrom(path, start, length) : { lines: [], end: start };
  return {
    lines,
    start,
    end: Math.min(end, size),
    size,
    older: start === 0 ? null : blockAt(beginningBefore(path, start - 1)),
    newer: end >= size ? null : blockAt(Math.max(end, from + BLOCK)),
  };
}

/** Where a byte of the file stands in the part that it is in: the block, and the line in it, from 0. Throws FileError. */
export function placeInBlocks(path: string, offset: number): { readonly block: number; readonly line: number } {
  const begins = beginningBefore(path, offset);
  const block = blockAt(begins);
  const start = beginningAfter(path, block);
  const before = readStretch(path, start, begins - start);
  return { block, line: [...linesOf(before)].length };
}
