/** How a line of an OpenClaw transcript reads (2026.1 to 2026.9): header, messages with their tools, compactions, resets, errors. */
import type { StopReason, TokenUsage, ToolCall, ToolResult, TranscriptEntry } from "../../model/entry.ts";
import { asNumber, asObject, asText } from "../../formats/json-values.ts";
import { contentText, entryTime, isGatewayInjected, isMachinePrompt, roleOf, type Entry } from "./entries.ts";
import { splitUserText } from "./user-text.ts";

/** What an entry has none of. */
const NOTHING: TranscriptEntry = {
  kind: "other",
  id: null,
  parentId: null,
  at: null,
  role: null,
  author: null,
  text: "",
  notices: [],
  thinking: "",
  attachments: 0,
  toolCalls: [],
  toolResult: null,
  model: null,
  usage: null,
  stop: null,
  error: null,
  compaction: null,
  trouble: null,
};

/** What the line says. Total: a line that is no JSON object is an entry of its own kind. */
export function readEntry(line: string): TranscriptEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
  const entry = asObject(value);
  return entry === undefined ? unreadable("it is no JSON object") : entryOf(entry);
}

const unreadable = (trouble: string): TranscriptEntry => ({ ...NOTHING, kind: "unreadable", trouble });

/** The same of a parsed line. */
export function entryOf(entry: Entry): TranscriptEntry {
  return {
    ...NOTHING,
    ...saidBy(entry),
    id: asText(entry["id"]),
    parentId: asText(entry["parentId"]),
    at: entryTime(entry),
  };
}

function saidBy(entry: Entry): Partial<TranscriptEntry> {
  switch (entry["type"]) {
    case "session":
      return { kind: "header", text: asText(entry["cwd"]) ?? "" };
    case "message":
      return messageOf(entry);
    case "compaction":
      return { kind: "compaction", text: asText(entry["summary"]) ?? "", compaction: compactionOf(entry) };
    case "branch_summary":
      return { kind: "compaction", text: asText(entry["summary"]) ?? "" };
    case "reset":
      return { kind: "reset", text: asText(entry["reason"]) ?? "" };
    case "model_change":
      return { kind: "model", model: modelName(entry["provider"], entry["modelId"]) };
    case "thinking_level_change":
      return { kind: "setting", text: `thinking ${asText(entry["thinkingLevel"]) ?? "unknown"}` };
    case "custom_message":
      return { kind: "context", role: "system", author: "program", text: contentText(entry["content"]) };
    case "custom":
      return customOf(entry);
    default:
      return { text: asText(entry["type"]) ?? "" };
  }
}

function compactionOf(entry: Entry): NonNullable<TranscriptEntry["compaction"]> {
  const details = asObject(entry["details"]);
  return {
    tokensBefore: asNumber(entry["tokensBefore"]),
    firstKeptId: asText(entry["firstKeptEntryId"]),
    readFiles: texts(details?.["readFiles"]),
    modifiedFiles: texts(details?.["modifiedFiles"]),
  };
}

function texts(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((one) => typeof one === "string") : [];
}

function customOf(entry: Entry): Partial<TranscriptEntry> {
  const customType = asText(entry["customType"]) ?? "";
  if (customType !== "openclaw:prompt-error") return { kind: "other", text: customType };
  const data = asObject(entry["data"]);
  const error = asText(data?.["error"]) ?? "unknown error";
  return { kind: "prompt-error", text: error, error, model: modelName(data?.["provider"], data?.["model"]) };
}

function messageOf(entry: Entry): Partial<TranscriptEntry> {
  const message = asObject(entry["message"]);
  const role = roleOf(entry);
  const content = message?.["content"];
  const said = contentText(content);
  if (message === undefined || role === null) return { kind: "message", text: said };
  if (role === "user") return { kind: "message", ...userMessage(message, said) };
  if (role === "assistant") return { kind: "message", ...answer(entry, message, said) };
  if (role === "toolResult") return { kind: "message", ...toolAnswer(message, said) };
  return { kind: "message", role: "system", author: "program", text: said };
}

function userMessage(message: Entry, said: string): Partial<TranscriptEntry> {
  const { body, notices } = splitUserText(said);
  const text = body.trim();
  const attachments = otherParts(message["content"], ["text"]);
  const wrapped = text === said.trim() ? {} : { wrapped: said };
  return { role: "user", author: authorOf(message, text, attachments), text, ...wrapped, notices, attachments };
}

/** After a crash the gateway speaks in the user's place. */
const INTERRUPTED = "[System] ";

function authorOf(message: Entry, text: string, attachments: number): "person" | "program" {
  const isInternal = asObject(message["provenance"])?.["kind"] === "internal_system";
  const isNothing = text === "" && attachments === 0;
  return isInternal || isNothing || text.startsWith(INTERRUPTED) || isMachinePrompt(text) ? "program" : "person";
}

function answer(entry: Entry, message: Entry, text: string): Partial<TranscriptEntry> {
  const blocks = blocksOf(message["content"]);
  return {
    role: "assistant",
    author: isGatewayInjected(entry) ? "program" : "model",
    text,
    thinking: joined(blocks.map((block) => asText(block["thinking"]))),
    attachments: otherParts(message["content"], ["text", "thinking", "toolCall"]),
    toolCalls: blocks.filter((block) => block["type"] === "toolCall").map(toolCallOf),
    model: modelName(message["provider"], message["model"]),
    usage: usageOf(asObject(message["usage"])),
    stop: asObject(message["openclawAbort"])?.["aborted"] === true ? "aborted" : stopOf(message["stopReason"]),
    error: asText(message["errorMessage"]),
  };
}

function toolCallOf(block: Entry): ToolCall {
  return { id: asText(block["id"]), name: asText(block["name"]) ?? "", arguments: block["arguments"] ?? null };
}

function toolAnswer(message: Entry, text: string): Partial<TranscriptEntry> {
  return {
    role: "tool",
    author: "tool",
    text,
    attachments: otherParts(message["content"], ["text"]),
    toolResult: toolResultOf(message),
  };
}

function toolResultOf(message: Entry): ToolResult {
  const details = asObject(message["details"]);
  const name = asText(message["toolName"]);
  const slug = asText(details?.["sessionId"]);
  // The process tool answers with the same status and slug, but has started nothing.
  const isBackground = slug !== null && details?.["status"] === "running" && name !== "process";
  return {
    callId: asText(message["toolCallId"]),
    name,
    isError: message["isError"] === true,
    exitCode: asNumber(details?.["exitCode"]),
    durationMs: asNumber(details?.["durationMs"]),
    background: isBackground ? { slug, pid: asNumber(details["pid"]) } : null,
  };
}

const STOPS: Readonly<Record<string, StopReason>> = {
  stop: "done",
  toolUse: "tools",
  length: "length",
  error: "error",
  aborted: "aborted",
};

const stopOf = (reason: unknown): StopReason | null => STOPS[asText(reason) ?? ""] ?? null;

/** Messages that no model gave count no tokens. */
function usageOf(usage: Entry | undefined): TokenUsage | null {
  const number = (name: string): number => asNumber(usage?.[name]) ?? 0;
  const total = number("totalTokens");
  if (total === 0) return null;
  const [input, output] = [number("input"), number("output")];
  return { input, output, cacheRead: number("cacheRead"), cacheWrite: number("cacheWrite"), total };
}

function modelName(provider: unknown, model: unknown): string | null {
  const [from, name] = [asText(provider) ?? "", asText(model) ?? ""];
  if (from === "" || name === "") return from + name || null;
  return `${from}/${name}`;
}

function blocksOf(content: unknown): Entry[] {
  if (!Array.isArray(content)) return [];
  return content.map(asObject).filter((block) => block !== undefined);
}

const otherParts = (content: unknown, known: readonly string[]): number =>
  blocksOf(content).filter((block) => !known.includes(asText(block["type"]) ?? "")).length;

const joined = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join("\n");
