/** Entries of a transcript: the few things that reading needs to know of them (2026.1 to 2026.9). */
import { asObject, asText, asTime } from "../../formats/json-values.ts";

export type Entry = Record<string, unknown>;

/** When the entry was written; milliseconds UTC, or null. */
export function entryTime(entry: Entry): number | null {
  return asTime(entry["timestamp"]) ?? asTime(asObject(entry["message"])?.["timestamp"]);
}

/** `user`, `assistant`, `toolResult` …; null for entries that are no message. */
export function roleOf(entry: Entry): string | null {
  return entry["type"] === "message" ? asText(asObject(entry["message"])?.["role"]) : null;
}

/** The text of a message, its text blocks joined; the empty string when it has none. */
export function messageText(entry: Entry): string {
  return contentText(asObject(entry["message"])?.["content"]);
}

/** Content is a string or a list of blocks. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const block of content) {
    const part = asText(asObject(block)?.["text"]);
    if (part !== null) text += text === "" ? part : `\n${part}`;
  }
  return text;
}

/** Whether the gateway wrote the message itself (such as "✅ New session started."), without asking a model. */
export function isGatewayInjected(entry: Entry): boolean {
  return asObject(entry["message"])?.["model"] === "gateway-injected";
}

const RESET_PROMPT = "A new session was started via /new or /reset";
const NEW_NOTICE = "✅ New session started";
const RESET_NOTICE = "✅ Session reset";

/** The prompt that OpenClaw sends in place of a typed /new or /reset. */
export function isResetPrompt(text: string): boolean {
  return text.startsWith(RESET_PROMPT);
}

/** Which reset the gateway's own first message announces; null when it announces none. */
export function noticeKind(text: string): "new-notice" | "reset-notice" | null {
  if (text.startsWith(NEW_NOTICE)) return "new-notice";
  return text.startsWith(RESET_NOTICE) ? "reset-notice" : null;
}

/** Turns that no person started: heartbeats, and prompts that OpenClaw makes up. */
export function isMachinePrompt(text: string): boolean {
  return (
    isResetPrompt(text) ||
    text.startsWith("[OpenClaw heartbeat poll]") ||
    text.startsWith("Read HEARTBEAT.md if it exists") ||
    text.startsWith("[OpenClaw exec completion]") ||
    text.startsWith("[Subagent Context]")
  );
}
