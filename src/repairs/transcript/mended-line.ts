/**
 * What a line that is no JSON gives when it is mended: the records that are whole in it, each on a line of its own, and what
 * is not part of any. Bytes of records change in three ways only: NULs go, control characters inside strings are escaped, and
 * line breaks between the parts of a record go.
 */
import { asObject } from "../../formats/json-values.ts";
import { edited } from "../../formats/json-edits.ts";
import { MOST_OBJECTS, type Stretch } from "../../formats/json-records.ts";
import type { ByteEdit } from "../../model/plan.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_PRINTABLE = 0x20;
const NUL = 0x00;
/** How every entry begins that OpenClaw writes: where a record may begin behind one that was cut. */
const ENTRY_START = '{"type":"';
/** Places in one line that are looked at for a record behind a cut one: text may quote transcripts. */
const MOST_STARTS = 64;

export interface MendedLine {
  /** In ascending order; offsets are those of the line. Applied, each record stands on a line of its own, alone. */
  readonly edits: readonly ByteEdit[];
  /** The records as values, in order. */
  readonly records: readonly Record<string, unknown>[];
  /** What is left out: no part of a whole record. */
  readonly lost: readonly Stretch[];
}

/** Mends a line (without its newline) that is no JSON object as it stands; or several, that were one before something broke it. */
export function mendedLine(line: Buffer): MendedLine {
  const found = [...recordsIn(line)];
  if (found.length === 0) return { edits: [], records: [], lost: [trimmed(line, { start: 0, end: line.length })] };
  const ending = line.at(-1) === CARRIAGE_RETURN ? "\r\n" : "\n";
  const edits: ByteEdit[] = [];
  const lost: Stretch[] = [];
  let at = 0;
  for (const [index, { start, end, edits: own }] of found.entries()) {
    const between = { start: at, end: start };
    // Only records are parted by a new line; what is lost, and the NULs around it, go as a whole.
    const text = index === 0 ? "" : ending;
    if (text !== "" || !isBlank(line, between)) edits.push({ offset: at, length: start - at, text });
    if (hasContent(line, between)) lost.push(trimmed(line, between));
    for (const edit of own) edits.push(edit);
    at = end;
  }
  const rest = { start: at, end: blankEnd(line) };
  if (rest.end > rest.start) edits.push({ offset: rest.start, length: rest.end - rest.start, text: "" });
  if (hasContent(line, rest)) lost.push(trimmed(line, rest));
  return { edits, records: found.map(({ value }) => value), lost };
}

interface FoundRecord extends Stretch {
  readonly value: Record<string, unknown>;
  readonly edits: readonly ByteEdit[];
}

/** The whole records of the line, in order. What begins behind anything else than a record counts only when it is an entry. */
function* recordsIn(line: Buffer): Generator<FoundRecord> {
  let behind = 0;
  let starts = 0;
  let records = 0;
  for (let at = line.indexOf(OPEN_BRACE); at !== -1 && starts < MOST_STARTS && records < MOST_OBJECTS;) {
    const record = recordAt(line, at);
    if (record !== null && (!hasContent(line, { start: behind, end: at }) || isEntry(record.value))) {
      yield record;
      records += 1;
      behind = record.end;
      at = line.indexOf(OPEN_BRACE, behind);
    } else {
      starts += 1;
      at = line.indexOf(ENTRY_START, at + 1);
    }
  }
}

/** The object that begins here, if it is whole once it is mended. */
function recordAt(line: Buffer, start: number): FoundRecord | null {
  const edits: ByteEdit[] = [];
  const end = objectEnd(line, start, edits);
  if (end === -1) return null;
  const own = edits.map((edit) => ({ ...edit, offset: edit.offset - start }));
  const value = parsed(edited(line.subarray(start, end), own));
  if (value === undefined) return null;
  // NULs that took the place of text may leave something behind that is JSON by chance.
  const isSure = edits.every(({ text }) => text !== "") || isLinked(value);
  return isSure ? { start, end, value, edits } : null;
}

/** Offset behind the object, or -1 when it does not end; notes what has to change in it. */
function objectEnd(line: Buffer, start: number, edits: ByteEdit[]): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < line.length; at += 1) {
    const byte = line[at]!;
    if (byte === NUL) {
      const end = runEnd(line, at);
      edits.push({ offset: at, length: end - at, text: "" });
      at = end - 1;
    } else if (inString) {
      if (byte === QUOTE) inString = false;
      else if (byte === BACKSLASH) at = escapedAt(line, at, edits);
      else if (byte < FIRST_PRINTABLE) edits.push({ offset: at, length: 1, text: escape(byte) });
    } else if (byte === QUOTE) inString = true;
    else if (byte === NEWLINE) edits.push({ offset: at, length: 1, text: "" });
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The place of the character that a backslash escapes: NULs may stand between them. */
function escapedAt(line: Buffer, backslash: number, edits: ByteEdit[]): number {
  const end = runEnd(line, backslash + 1);
  if (end > backslash + 1) edits.push({ offset: backslash + 1, length: end - backslash - 1, text: "" });
  return end;
}

/** Behind the NULs that begin here, if any do. */
function runEnd(line: Buffer, from: number): number {
  let end = from;
  while (end < line.length && line[end] === NUL) end += 1;
  return end;
}

/** A control character as JSON has it inside a string. */
function escape(byte: number): string {
  return JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
}

/** Entries and headers carry the time of writing; what they hold inside does not. */
function isEntry(value: Record<string, unknown>): boolean {
  return typeof value["type"] === "string" && typeof value["timestamp"] === "string";
}

/** An entry with all that the others need to find it. */
function isLinked(value: Record<string, unknown>): boolean {
  if (!isEntry(value) || typeof value["id"] !== "string") return false;
  return value["type"] === "session" || value["parentId"] === null || typeof value["parentId"] === "string";
}

function parsed(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}

function isBlankByte(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CARRIAGE_RETURN || byte === NEWLINE;
}

function isBlank(line: Buffer, { start, end }: Stretch): boolean {
  for (let at = start; at < end; at += 1) if (!isBlankByte(line[at]!)) return false;
  return true;
}

/** Anything but blanks and NULs. */
function hasContent(line: Buffer, { start, end }: Stretch): boolean {
  for (let at = start; at < end; at += 1) if (line[at] !== NUL && !isBlankByte(line[at]!)) return true;
  return false;
}

/** Without the carriage return and blanks at the line's end, which stay. */
function blankEnd(line: Buffer): number {
  let end = line.length;
  while (end > 0 && isBlankByte(line[end - 1]!)) end -= 1;
  return end;
}

/** Without blanks and NULs around it. */
function trimmed(line: Buffer, { start, end }: Stretch): Stretch {
  let [from, to] = [start, end];
  while (from < to && (line[from] === NUL || isBlankByte(line[from]!))) from += 1;
  while (to > from && (line[to - 1] === NUL || isBlankByte(line[to - 1]!))) to -= 1;
  return { start: from, end: to };
}
