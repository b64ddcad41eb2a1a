/**
 * Changes to JSON text as edits of single bytes: what is not said to change keeps its order, spelling, indentation and line
 * ends. Works on the stretches around the place, so that one row of a huge object can be changed without reading the others.
 */
import type { ByteEdit } from "../model/plan.ts";
import { scanObject, type ObjectEntry } from "./json-object.ts";

/** Where the value of an entry stands in the whole text, in bytes. */
export interface ValuePlace {
  readonly offset: number;
  readonly length: number;
}

/** How the entries of one object are laid out. */
interface Layout {
  /** Blanks between comma and key; with a line break in it where each entry has a line of its own. */
  readonly lead: string;
  /** The colon and the blanks around it. */
  readonly colon: string;
}

/** Comma or brace, blanks, key and colon, up to where the value begins. Bytes of UTF-8 can't be taken for these signs. */
const BEFORE_VALUE = /[,{]([ \t\r\n]*)("(?:[^"\\]|\\.)*")([ \t\r\n]*:[ \t\r\n]*)$/s;

/** The key written right before a value, as it reads; null when `before`, the bytes that end there, has none. */
export function keyBefore(before: Buffer): string | null {
  const key = partsBefore(before)?.key;
  if (key === undefined) return null;
  try {
    const value: unknown = JSON.parse(key);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function partsBefore(before: Buffer): (Layout & { readonly key: string }) | null {
  const found = BEFORE_VALUE.exec(before.toString("latin1"));
  if (found === null) return null;
  const [, lead = "", key = "", colon = ""] = found;
  return { lead, colon, key: Buffer.from(key, "latin1").toString("utf8") };
}

/**
 * Edits that give properties of one object these values; what has its value already is left as it is. `value` are the bytes
 * of the object, which stands at `offset`, `unit` is one step of indentation. Null when the bytes are no whole object. Of a
 * property that occurs twice the last counts, as it does for JSON.parse.
 */
export function propertyEdits(
  value: Buffer,
  offset: number,
  set: Readonly<Record<string, unknown>>,
  unit: string,
): ByteEdit[] | null {
  const entries = wholeEntries(value);
  if (entries === null) return null;
  const layout = layoutOf(value, entries);
  const edits: ByteEdit[] = [];
  let added = "";
  for (const [name, wanted] of Object.entries(set)) {
    const entry = entries.findLast(({ key }) => key === name);
    if (entry === undefined) {
      const comma = entries.length === 0 && added === "" ? "" : ",";
      added += `${comma}${layout.lead}${JSON.stringify(name)}${layout.colon}${laidOut(wanted, layout.lead, unit)}`;
    } else if (!isSame(value.subarray(entry.offset, entry.offset + entry.length), wanted)) {
      const text = laidOut(wanted, layout.lead, unit);
      edits.push({ offset: offset + entry.offset, length: entry.length, text });
    }
  }
  if (added === "") return edits.toSorted((a, b) => a.offset - b.offset);
  const last = entries.at(-1);
  const at = last === undefined ? value.indexOf("{") + 1 : last.offset + last.length;
  return [...edits.toSorted((a, b) => a.offset - b.offset), { offset: offset + at, length: 0, text: added }];
}

function wholeEntries(value: Buffer): ObjectEntry[] | null {
  const entries: ObjectEntry[] = [];
  for (const item of scanObject(value)) {
    if (item.what === "damage") return null;
    entries.push(item);
  }
  return value.includes("{") ? entries : null;
}

function layoutOf(value: Buffer, entries: readonly ObjectEntry[]): Layout {
  const last = entries.at(-1);
  return (last === undefined ? null : partsBefore(value.subarray(0, last.offset))) ?? { lead: "", colon: ":" };
}

function isSame(bytes: Buffer, wanted: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(bytes.toString("utf8"))) === JSON.stringify(wanted);
  } catch {
    return false;
  }
}

/** The value as text, indented as what stands on a line that begins with `lead`. */
function laidOut(value: unknown, lead: string, unit: string): string {
  const newline = lead.lastIndexOf("\n");
  if (newline === -1) return JSON.stringify(value);
  return JSON.stringify(value, null, unit).replaceAll("\n", lead);
}

/**
 * The edit that adds an entry behind the last one of an object: `before` are the bytes up to the value of that entry (its
 * key among them), `last` is where the value stands. Null when no key stands before it.
 */
export function entryAfter(
  before: Buffer,
  last: ValuePlace,
  entries: readonly (readonly [key: string, value: unknown])[],
): ByteEdit | null {
  const layout = partsBefore(before);
  if (layout === null) return null;
  const { lead, colon } = layout;
  const unit = indentUnit(lead);
  const text = entries
    .map(([key, value]) => `,${lead}${JSON.stringify(key)}${colon}${laidOut(value, lead, unit)}`)
    .join("");
  return { offset: last.offset + last.length, length: 0, text };
}

/** A whole object of these entries, as OpenClaw writes its store: two blanks a step, no newline at the end. */
export function objectText(entries: readonly (readonly [key: string, value: unknown])[]): string {
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

/** One step of indentation of an object whose entries are led in by `before`, the bytes up to one of its values. */
export function unitBefore(before: Buffer): string {
  return indentUnit(partsBefore(before)?.lead ?? "");
}

function indentUnit(lead: string): string {
  return lead.slice(lead.lastIndexOf("\n") + 1);
}

/** The bytes with these edits done, which must be in ascending order. */
export function edited(bytes: Buffer, edits: readonly ByteEdit[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { offset, length, text } of edits) {
    parts.push(bytes.subarray(at, offset), Buffer.from(text, "utf8"));
    at = offset + length;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}
