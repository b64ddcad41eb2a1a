/** Tool calls that still hold the scratch text of an answer that was being received (findings about `partialJson`). */
import type { TranscriptDamage } from "../../model/damage.ts";
import { asObject } from "../../formats/json-values.ts";
import { skipValue } from "../../formats/json-prefix.ts";
import { damageAt, type EntryRecord } from "./record.ts";

const NAME = Buffer.from('"partialJson"');
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Whether a line may hold the field: a quick look before `partialJson`. */
export function mayHoldPartialJson(bytes: Buffer): boolean {
  return bytes.includes(NAME);
}

/** The field, if a block of the message has it; `text` is the record's own. */
export function partialJson(record: EntryRecord, text: string): TranscriptDamage | null {
  const count = holders(text);
  const property = count === 0 ? null : propertyIn(record.bytes);
  if (property === null) return null;
  return damageAt(
    record.place,
    {
      code: "transcript/partial-json",
      offset: record.start + property.start,
      bytes: property.end - property.start,
      message: "A tool call still holds partialJson, the text from which its arguments were put together.",
      evidence:
        count === 1
          ? []
          : [{ text: `${count} tool calls of this message have it`, line: record.place.line, seq: record.place.seq }],
    },
    record.entry,
  );
}

/** How many blocks of the message have the field of their own. */
function holders(text: string): number {
  const content = asObject(asObject(JSON.parse(text))?.["message"])?.["content"];
  if (!Array.isArray(content)) return 0;
  return content.filter((block) => Object.hasOwn(asObject(block) ?? {}, "partialJson")).length;
}

/** The first property of that name, from its name to the end of its value. */
function propertyIn(bytes: Buffer): { start: number; end: number } | null {
  for (let at = bytes.indexOf(NAME); at !== -1; at = bytes.indexOf(NAME, at + 1)) {
    const colon = at + NAME.length;
    if (bytes[at - 1] === BACKSLASH || bytes[colon] !== COLON) continue;
    const end = skipValue(bytes, colon + 1);
    if (end !== -1) return { start: at, end };
  }
  return null;
}
