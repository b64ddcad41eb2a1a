/**
 * Calls without a result and results without a call, on the way from the leaf to the root: paired as OpenClaw pairs them before it
 * sends a conversation (`repairToolUseResultPairing`, 2026.5.12), from one answer with calls to the next one, for ids are
 * unique in such a span only.
 */
import { asObject, asText } from "../../formats/json-values.ts";
import { type Conversation, type Entry, objectIn } from "./conversation.ts";
import type { FileLines } from "./file-lines.ts";
import { CALL_TYPES } from "./partial-json.ts";

export interface Call {
  readonly id: string;
  readonly name: string;
}

/** An answer with calls that no result answers. */
export interface OpenCalls {
  readonly entry: Entry;
  readonly calls: readonly Call[];
}

/** A result that answers no call. */
export interface LooseResult {
  readonly entry: Entry;
  readonly call: Call;
}

export interface UnpairedCalls {
  readonly open: readonly OpenCalls[];
  readonly loose: readonly LooseResult[];
}

/** What of a message matters here. */
type Part =
  | { readonly is: "calls"; readonly calls: readonly Call[]; readonly isBrokenOff: boolean }
  | { readonly is: "result"; readonly call: Call };

/**
 * All that is not paired; `lines` are those of the conversation once more. A result that a finding names (`named`, an offset) is
 * one also where the conversation has left it.
 */
export async function unpairedCalls(
  { entries, path }: Conversation,
  lines: FileLines,
  named: number | undefined,
): Promise<UnpairedCalls> {
  const parts = await partsOf(entries, lines);
  const open: OpenCalls[] = [];
  const loose: LooseResult[] = [];
  let span: { readonly entry: Entry; calls: readonly Call[]; readonly isBrokenOff: boolean } | null = null;
  const endSpan = (): void => {
    if (span !== null && span.calls.length > 0) open.push({ entry: span.entry, calls: span.calls });
  };
  for (const entry of path) {
    const part = parts.get(entry.offset);
    if (part?.is === "calls") {
      endSpan();
      span = { entry, calls: part.isBrokenOff ? [] : part.calls, isBrokenOff: part.isBrokenOff };
    } else if (part?.is === "result") {
      const at: number = span?.calls.findIndex(({ id }) => id === part.call.id) ?? -1;
      if (span !== null && at !== -1) span.calls = span.calls.toSpliced(at, 1);
      else if (span?.isBrokenOff !== true) loose.push({ entry, call: part.call });
    }
  }
  endSpan();
  const beside = entries.find(
    ({ offset, length }) => named !== undefined && offset <= named && named < offset + length,
  );
  const part = beside === undefined || path.includes(beside) ? undefined : parts.get(beside.offset);
  return { open, loose: part?.is === "result" ? [...loose, { entry: beside!, call: part.call }] : loose };
}

async function partsOf(entries: readonly Entry[], lines: FileLines): Promise<Map<number, Part>> {
  const offsets = new Set(entries.filter(({ type }) => type === "message").map(({ offset }) => offset));
  const parts = new Map<number, Part>();
  for await (const stretch of lines) {
    for (const line of stretch) {
      const part = offsets.has(line.offset) ? partOf(asObject(objectIn(line)?.["message"]) ?? {}) : null;
      if (part !== null) parts.set(line.offset, part);
    }
  }
  return parts;
}

function partOf(message: Readonly<Record<string, unknown>>): Part | null {
  if (message["role"] === "toolResult") {
    const id = asText(message["toolCallId"]) ?? asText(message["toolUseId"]);
    return id === null ? null : { is: "result", call: { id, name: asText(message["toolName"]) ?? "unknown" } };
  }
  const { content } = message;
  if (message["role"] !== "assistant" || !Array.isArray(content)) return null;
  const calls = content.flatMap((block: unknown) => callOf(asObject(block)) ?? []);
  const isBrokenOff = message["stopReason"] === "error" || message["stopReason"] === "aborted";
  return calls.length === 0 ? null : { is: "calls", calls, isBrokenOff };
}

function callOf(block: Readonly<Record<string, unknown>> | undefined): Call | null {
  if (block === undefined || !CALL_TYPES.has(block["type"])) return null;
  const id = asText(block["id"]);
  return id === null ? null : { id, name: asText(block["name"]) ?? "unknown" };
}
