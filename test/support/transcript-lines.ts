// Transcripts of made-up lines, as the server reads them.
import { readEntry } from "../../src/agents/transcripts.ts";
import { lineEntry } from "../../src/server/reading/line-entry.ts";
import type { LineEntry } from "../../src/server/reading/line-entry.ts";

/** Midnight of the day on which these transcripts were written, milliseconds UTC. */
const MIDNIGHT = Date.UTC(2026, 10, 21);

const isoAfter = (seconds: number): string => new Date(MIDNIGHT + seconds * 1000).toISOString();

/** An entry written so many seconds after midnight. */
export const entry = (
  type: string,
  id: string,
  seconds: number,
  given: Record<string, unknown> = {},
): Record<string, unknown> => ({ type, id, parentId: null, timestamp: isoAfter(seconds), ...given });

/** What a user said, and what a model answered. */
export function said(
  role: "user" | "assistant",
  text: string,
  id: string,
  seconds: number,
  given: { readonly parentId?: string; readonly message?: Record<string, unknown> } = {},
): Record<string, unknown> {
  const message = { role, content: text === "" ? [] : [{ type: "text", text }], ...given.message };
  return entry("message", id, seconds, { parentId: given.parentId ?? null, message });
}

/** An answer that calls tools: each a name, an id and a command. */
export function called(
  id: string,
  seconds: number,
  calls: readonly (readonly [name: string, callId: string, command: string])[],
  parentId?: string,
): Record<string, unknown> {
  const content = calls.map(([name, callId, command]) => ({
    type: "toolCall",
    id: callId,
    name,
    arguments: { command },
  }));
  return said("assistant", "", id, seconds, {
    ...(parentId === undefined ? {} : { parentId }),
    message: { content, stopReason: "toolUse", provider: "fake", model: "det-1" },
  });
}

/** What a tool answered. */
export function result(
  callId: string,
  text: string,
  id: string,
  seconds: number,
  given: { readonly parentId?: string; readonly message?: Record<string, unknown> } = {},
): Record<string, unknown> {
  const content = [{ type: "text", text }];
  const message = { role: "toolResult", toolCallId: callId, toolName: "exec", content, ...given.message };
  return entry("message", id, seconds, { parentId: given.parentId ?? null, message });
}

/** As the lines of a document; a text stands for itself. */
export const linesOf = (entries: readonly (Record<string, unknown> | string)[]): LineEntry[] =>
  entries.flatMap((one, line) => {
    const text = typeof one === "string" ? one : JSON.stringify(one);
    return text.trim() === "" ? [] : [lineEntry(line, readEntry("openclaw", text))];
  });
