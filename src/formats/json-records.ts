/** JSON objects that stand one behind the other on one line, found by bytes without parsing them. */
import { nestingEnd } from "./json-prefix.ts";

const OPEN_BRACE = 0x7b;

/** A stretch of the bytes. */
export interface Stretch {
  readonly start: number;
  /** Behind its last byte. */
  readonly end: number;
}

/** More objects on one line are not told apart: as many entries have more bytes than a line that is read whole. */
export const MOST_OBJECTS = 1 << 16;

/** The objects from `from` on, one after the other with nothing but blanks between them, as far as they go. */
export function* objectsIn(bytes: Buffer, from = 0): Generator<Stretch> {
  for (let at = blanksEnd(bytes, from); bytes[at] === OPEN_BRACE;) {
    const end = nestingEnd(bytes, at);
    if (end === -1) return;
    yield { start: at, end };
    at = blanksEnd(bytes, end);
  }
}

/** Offset of the first byte from `from` on that is no blank. */
export function blanksEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isBlankByte(bytes[at]!)) at += 1;
  return at;
}

/** Offset behind the last byte before `to` that is no blank. */
export function blanksStart(bytes: Uint8Array, to: number): number {
  let at = to;
  while (at > 0 && isBlankByte(bytes[at - 1]!)) at -= 1;
  return at;
}

function isBlankByte(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}
