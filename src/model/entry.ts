/** Entries: what one line of a transcript says, in words that hold for every agent program. */

/**
 * header: the first line. message: somebody says something, or a tool answers. compaction: what was before was summed up. reset: a
 * new conversation begins under the same id. model, setting: what the turns after it run with. prompt-error: a prompt failed
 * before a model answered. context: what the program told the model without showing it. other: bookkeeping. unreadable: no
 * JSON object.
 */
export type EntryKind =
  | "header"
  | "message"
  | "compaction"
  | "reset"
  | "model"
  | "setting"
  | "prompt-error"
  | "context"
  | "other"
  | "unreadable";

export type Speaker = "user" | "assistant" | "tool" | "system";

/** A call of a tool by the model. */
export interface ToolCall {
  readonly id: string | null;
  readonly name: string;
  /** Parsed JSON as the model gave it; untrusted. */
  readonly arguments: unknown;
}

/** What a tool answered. */
export interface ToolResult {
  readonly callId: string | null;
  readonly name: string | null;
  readonly isError: boolean;
  /** Exit code of a command that ended. */
  readonly exitCode: number | null;
  /** How long the tool ran, in milliseconds. */
  readonly durationMs: number | null;
  /** The process, where the command goes on in the background. */
  readonly background: { readonly slug: string; readonly pid: number | null } | null;
}

/** Tokens of one answer. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly total: number;
}

/** Why the model stopped. */
export type StopReason = "done" | "tools" | "length" | "error" | "aborted";

/** What a compaction kept. */
export interface Compaction {
  readonly tokensBefore: number | null;
  /** The entry from which on everything was kept. */
  readonly firstKeptId: string | null;
  /** Paths of files that the model had read, and that it had changed, as it named them. Untrusted. */
  readonly readFiles: readonly string[];
  readonly modifiedFiles: readonly string[];
}

export interface TranscriptEntry {
  readonly kind: EntryKind;
  /** Unique in its transcript at best; null where it has none. A header's is the session id. */
  readonly id: string | null;
  /** Entry that it follows in the conversation; null for the first. */
  readonly parentId: string | null;
  /** When it was written; milliseconds UTC. */
  readonly at: number | null;
  /** Who speaks, in a message. */
  readonly role: Speaker | null;
  /**
   * Who is behind a message: a person, the model, a tool, or the program itself (heartbeats, prompts that it makes up, notices
   * in the name of the model). Null where nobody speaks.
   */
  readonly author: "person" | "model" | "tool" | "program" | null;
  /** What it says, whole: without the wrappers that a program puts around a person's words. Untrusted. */
  readonly text: string;
  /** The whole of a person's message as it was written down, where `text` and `notices` are less than that. Untrusted. */
  readonly wrapped?: string;
  /** What the program put before a person's words, a line each, such as the end of a background command. Untrusted. */
  readonly notices: readonly string[];
  /** The model's reasoning, where it is kept. Untrusted. */
  readonly thinking: string;
  /** Pictures and other parts that are no text. */
  readonly attachments: number;
  readonly toolCalls: readonly ToolCall[];
  readonly toolResult: ToolResult | null;
  /** `provider/model`, of an answer or of a change of the model. */
  readonly model: string | null;
  readonly usage: TokenUsage | null;
  readonly stop: StopReason | null;
  /** What went wrong, in the program's words. */
  readonly error: string | null;
  readonly compaction: Compaction | null;
  /** Why it can't be read; a plain sentence part. Only of kind unreadable. */
  readonly trouble: string | null;
}

/** All that is to be read in an entry, the program's notices first. */
export function entryText({ notices, text }: Pick<TranscriptEntry, "notices" | "text">): string {
  return [...notices, text].filter((part) => part !== "").join("\n");
}
