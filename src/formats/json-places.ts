/** Where the parts of a JSON value stand in its bytes: for changes inside a value that leave everything else as it is. */
import type { ByteEdit } from "../model/plan.ts";
import type { ValuePlace } from "./json-edits.ts";
import { skipValue, stringEnd } from "./json-prefix.ts";
import { blanksEnd } from "./json-records.ts";

const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** A property of an object, with its key, or an item of an array, with its number. */
export interface JsonPart {
  readonly name: string | number;
  /** Of the key with its quotes; for an item the same as the value. */
  readonly start: number;
  /** Of the value. */
  readonly place: ValuePlace;
}

/**
 * The parts of the object or array that begins at `at`, in order, in bytes that are known to be JSON; none of another value.
 * Offsets are those of the bytes.
 */
export function partsAt(bytes: Buffer, at: number): JsonPart[] {
  const open = bytes[at];
  if (open !== OPEN_BRACE && open !== OPEN_BRACKET) return [];
  const parts: JsonPart[] = [];
  for (let next = blanksEnd(bytes, at + 1); !isClose(bytes[next]) && next < bytes.length;) {
    const start = next;
    let name: string | number = parts.length;
    if (open === OPEN_BRACE) {
      const end = stringEnd(bytes, start);
      if (end === -1) break;
      name = String(JSON.parse(bytes.toString("utf8", start, end)));
      next = blanksEnd(bytes, blanksEnd(bytes, end) + 1);
    }
    const end = skipValue(bytes, next);
    if (end === -1) break;
    parts.push({ name, start, place: { offset: next, length: end - next } });
    next = blanksEnd(bytes, end);
    if (bytes[next] === COMMA) next = blanksEnd(bytes, next + 1);
  }
  return parts;
}

/** The part of this name; of properties that occur twice the last one counts, as it does for JSON.parse. */
export function partNamed(parts: readonly JsonPart[], name: string | number): JsonPart | undefined {
  return parts.findLast((part) => part.name === name);
}

/** Edits that take these parts of one object or array out, each with one comma beside it. `parts` are all there are. */
export function withoutParts(parts: readonly JsonPart[], unwanted: ReadonlySet<JsonPart>): ByteEdit[] {
  const edits: ByteEdit[] = [];
  const firstKept = parts.findIndex((part) => !unwanted.has(part));
  for (const [index, part] of parts.entries()) {
    if (!unwanted.has(part)) continue;
    const next = parts[index + 1];
    const before = parts[index - 1];
    const end = part.place.offset + part.place.length;
    // Before the first part that stays, the comma behind goes; behind it, the comma before.
    const from = before === undefined || index < firstKept || firstKept === -1 ? part.start : endOf(before);
    const until = next !== undefined && (index < firstKept || firstKept === -1) ? next.start : end;
    edits.push({ offset: from, length: until - from, text: "" });
  }
  return edits;
}

function endOf({ place }: JsonPart): number {
  return place.offset + place.length;
}

function isClose(byte: number | undefined): boolean {
  return byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
}
