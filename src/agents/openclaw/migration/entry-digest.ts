/** One entry of a transcript reduced to two short hashes: what tells whether the same entry stands somewhere else too. */
import { createHash } from "node:crypto";

import { asObject, asText } from "../../../formats/json-values.ts";

/** What is kept of an entry. The hash is the first 64 bits of a SHA-256. */
export interface EntryDigest {
  /** Of everything that the entry says, whatever the order of its keys and its whitespace. */
  readonly content: bigint;
  /** Its id; empty for an entry that has none, as in transcripts of version 1. */
  readonly id: string;
  /** Whether a person would miss it: a message, or the summary that stands for messages. */
  readonly isMessage: boolean;
}

/** The digest of one line; null for a header and for a blank line, which are no entries. */
export function digestOf(line: string): EntryDigest | null {
  const text = line.replaceAll("\0", "").trim();
  if (text === "") return null;
  const entry = entryIn(text);
  if (entry === null) return { content: hashOf(text), id: "", isMessage: false };
  if (entry["type"] === "session") return null;
  const id = asText(entry["id"])?.trim() ?? "";
  const content = contentOf(entry);
  return {
    content: hashOf(content ?? text),
    id: id.includes("\n") ? "" : id,
    isMessage: MESSAGE_TYPES.has(asText(entry["type"]) ?? ""),
  };
}

/** The digest of a line that is no text, or too long for one. */
export function digestOfBytes(bytes: Buffer): EntryDigest {
  return { content: hashOf(bytes), id: "", isMessage: false };
}

const MESSAGE_TYPES: ReadonlySet<string> = new Set(["message", "custom_message", "compaction", "branch_summary"]);

function entryIn(text: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(text)) ?? null;
  } catch {
    return null;
  }
}

/** Where an entry hangs in its transcript. An import numbers entries that had no id, and hangs them elsewhere. */
const POSITION_KEYS: ReadonlySet<string> = new Set(["id", "parentId", "firstKeptEntryId", "firstKeptEntryIndex"]);

/**
 * What an import leaves as it was, in one form for both sides (read in 2026.9.6). It writes each entry anew; gives those of
 * version 1 an id; hangs those of a broken branch elsewhere; turns text content into a list of one text block; renames the
 * role `hookMessage`, the providers `codex` and `openai-codex` and their API; and moves what says where media lie. What OpenClaw
 * notes on a message for itself is left out. Null when the entry is nested too deeply.
 */
function contentOf(entry: Record<string, unknown>): string | null {
  const kept = Object.fromEntries(Object.entries(entry).filter(([key]) => !POSITION_KEYS.has(key)));
  const message = asObject(entry["message"]);
  if (message !== undefined) kept["message"] = messageOf(message);
  try {
    return canonical(kept);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * What OpenClaw notes on a message for itself, and retired and present places of what a message says about its media; the
 * files themselves lie outside the transcript.
 */
const OWN_KEYS: ReadonlySet<string> = new Set([
  "__openclaw",
  "idempotencyKey",
  "media",
  "MediaPath",
  "MediaPaths",
  "MediaUrl",
  "MediaUrls",
  "MediaType",
  "MediaTypes",
  "MediaTranscribedIndexes",
  "MediaStaged",
  "MediaWorkspaceDir",
]);
const RENAMED_PROVIDERS: ReadonlySet<string> = new Set(["codex", "openai-codex"]);

function messageOf(message: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.fromEntries(Object.entries(message).filter(([key]) => !OWN_KEYS.has(key)));
  const { content, customType } = kept;
  if (typeof content === "string") kept["content"] = [{ type: "text", text: content }];
  else if (asObject(content) !== undefined) kept["content"] = [content];
  if (kept["role"] === "hookMessage") Object.assign(kept, { role: "custom", customType: asText(customType) ?? "hook" });
  if (RENAMED_PROVIDERS.has((asText(kept["provider"]) ?? "").toLowerCase())) kept["provider"] = "openai";
  if (kept["api"] === "openai-codex-responses") kept["api"] = "openai-chatgpt-responses";
  return kept;
}

/** JSON with its keys in order. Throws RangeError where it is nested too deeply. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const object = asObject(value);
  if (object === undefined) return JSON.stringify(value);
  const keys = Object.keys(object).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`).join()}}`;
}

function hashOf(content: string | Buffer): bigint {
  return createHash("sha256").update(content).digest().readBigUInt64LE(0);
}
