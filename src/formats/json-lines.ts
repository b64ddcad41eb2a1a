/** JSON Lines, split by bytes on 0x0A: strings may hold U+2028 and the like, which text-based splitting breaks. */
import { asObject } from "./json-values.ts";

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One line of a JSON Lines file, without its newline. */
export interface Line {
  /** Byte offset of its first byte in the bytes that were split. */
  readonly start: number;
  /** Byte offset behind its last byte. */
  readonly end: number;
  /** False for a last line without newline. */
  readonly ended: boolean;
}

/** The lines from `from` on; blank ones included. */
export function* linesOf(bytes: Buffer, from = 0): Generator<Line> {
  for (let start = from; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    if (newline === -1) {
      yield { start, end: bytes.length, ended: false };
      return;
    }
    yield { start, end: newline, ended: true };
    start = newline + 1;
  }
}

/** The lines from the end backwards, as far as they begin inside the bytes (the first may be cut at its start). */
export function* linesBackwards(bytes: Buffer): Generator<Line> {
  let end = bytes.length;
  let ended = false;
  if (end > 0 && bytes[end - 1] === NEWLINE) {
    end -= 1;
    ended = true;
  }
  while (end > 0 || ended) {
    const newline = end === 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1);
    yield { start: newline + 1, end, ended };
    if (newline === -1) return;
    end = newline;
    ended = true;
  }
}

/** Whether the line holds nothing but blanks. */
export function isBlank(bytes: Uint8Array, line: Line): boolean {
  for (let at = line.start; at < line.end; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}

/** The line as a JSON object, or undefined when it is none. */
export function objectOf(bytes: Buffer, line: Line): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(bytes.toString("utf8", line.start, line.end)));
  } catch {
    return undefined;
  }
}
