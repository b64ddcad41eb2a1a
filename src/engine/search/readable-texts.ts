/** The texts of an entry that a search looks at, in the order in which a person would read them. */
import type { ToolCall, TranscriptEntry } from "../../model/entry.ts";
import type { HitPart } from "../../model/search.ts";

export interface ReadableText {
  readonly part: HitPart;
  readonly text: string;
}

/**
 * Only what stands in the line as it is, if need be in escapes: a line is looked at only when the searched text can be seen in it. Of a
 * line that can't be read (`line`) all of it.
 */
export function* readableTexts(entry: TranscriptEntry, line: string): Generator<ReadableText> {
  switch (entry.kind) {
    case "message":
      yield* messageTexts(entry);
      break;
    case "compaction":
      yield { part: "summary", text: entry.text };
      break;
    case "context":
      yield { part: "context", text: entry.text };
      break;
    case "prompt-error":
      yield { part: "error", text: entry.text };
      break;
    case "unreadable":
      yield { part: "raw", text: line };
      break;
    case "header":
    case "reset":
    case "model":
    case "setting":
    case "other":
      // Bookkeeping, in words that are partly our own.
      break;
  }
}

function* messageTexts({ error, notices, role, text, thinking, toolCalls }: TranscriptEntry): Generator<ReadableText> {
  for (const notice of notices) yield { part: "notice", text: notice };
  yield { part: role === "tool" ? "tool-result" : "text", text };
  yield { part: "thinking", text: thinking };
  for (const call of toolCalls) for (const one of callTexts(call)) yield { part: "tool-call", text: one };
  if (error !== null) yield { part: "error", text: error };
}

/** What stands around a person's words, such as who sent them; the words themselves stand in it again. */
export function wrapperText({ wrapped }: TranscriptEntry): ReadableText | null {
  return wrapped === undefined ? null : { part: "wrapper", text: wrapped };
}

function* callTexts({ arguments: given, name }: ToolCall): Generator<string> {
  yield name;
  yield* stringsIn(given);
}

/** Names and texts of a JSON value, however deep. Numbers are left out: they read otherwise than they stand there. */
function* stringsIn(value: unknown): Generator<string> {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one === "string") yield one;
    else if (typeof one === "object" && one !== null)
      for (const part of (Array.isArray(one) ? one : Object.entries(one).flat()).toReversed()) left.push(part);
  }
}
