/** Leftovers of a tool call that was still coming in: `partialJson`, which OpenClaw drops itself when a call is whole. */
import { asObject } from "../../formats/json-values.ts";
import { partNamed, partsAt, withoutParts } from "../../formats/json-places.ts";
import type { ByteEdit } from "../../model/plan.ts";

const LEFTOVER = "partialJson";
/** Types of content blocks that are calls (`RAW_TOOL_CALL_BLOCK_TYPES`, 2026.5.12). */
export const CALL_TYPES: ReadonlySet<unknown> = new Set([
  "toolCall",
  "toolUse",
  "functionCall",
  "tool_call",
  "tool_use",
  "function_call",
]);

/** Quick, and true of every line that has such a leftover. */
export function mayHavePartialJson(line: Buffer): boolean {
  return line.includes(`"${LEFTOVER}"`);
}

/** Edits that take the leftovers out of a line's calls; `value` is what the line says. None when there are none. */
export function withoutPartialJson(line: Buffer, value: Readonly<Record<string, unknown>>): ByteEdit[] {
  const content = asObject(value["message"])?.["content"];
  if (!Array.isArray(content)) return [];
  const isLeftover = content.map((block: unknown) => {
    const fields = asObject(block);
    return fields !== undefined && CALL_TYPES.has(fields["type"]) && Object.hasOwn(fields, LEFTOVER);
  });
  if (!isLeftover.includes(true)) return [];
  return blocksOf(line).flatMap((offset, index) => (isLeftover[index] === true ? leftoverEdits(line, offset) : []));
}

/** Where the blocks of the message's content begin. */
function blocksOf(line: Buffer): number[] {
  const message = partNamed(partsAt(line, line.indexOf("{")), "message");
  const content = message === undefined ? undefined : partNamed(partsAt(line, message.place.offset), "content");
  return content === undefined ? [] : partsAt(line, content.place.offset).map(({ place }) => place.offset);
}

function leftoverEdits(line: Buffer, block: number): ByteEdit[] {
  const parts = partsAt(line, block);
  return withoutParts(parts, new Set(parts.filter(({ name }) => name === LEFTOVER)));
}
