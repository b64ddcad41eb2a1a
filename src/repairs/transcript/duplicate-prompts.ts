/**
 * Branches that begin with a prompt that stands in the conversation as well, behind the same entry: the one that OpenClaw
 * 2026.4.24 left when it wrote a prompt anew without the context that it had put into it. Found as its doctor finds them
 * (`doctor-session-transcripts`, 2026.5.12).
 */
import { createHash } from "node:crypto";

import { withoutInternalContext } from "../../formats/internal-context.ts";
import { asObject, asText } from "../../formats/json-values.ts";
import { type Conversation, type Entry, objectIn } from "./conversation.ts";
import type { FileLine, FileLines } from "./file-lines.ts";

export interface Branches {
  /** Duplicated prompts, and what follows them. */
  readonly duplicated: ReadonlySet<Entry>;
  /** Everything that the conversation has left, the duplicated among it. */
  readonly left: ReadonlySet<Entry>;
}

/** The branches that were left; `lines` are those of the conversation once more. */
export async function branchesIn(conversation: Conversation, lines: FileLines): Promise<Branches> {
  const { entries, path } = conversation;
  const active = new Set(path);
  const prompts = await promptsIn(entries, lines);
  const inUse = new Set(path.flatMap((entry) => promptKey(entry, prompts) ?? []));
  const twins = entries.filter((entry) => {
    const key = active.has(entry) ? null : promptKey(entry, prompts);
    return key !== null && inUse.has(key);
  });
  return {
    duplicated: withDescendants(conversation, twins, active),
    left: new Set(entries.filter((entry) => !active.has(entry))),
  };
}

/** Hashes of what persons said, by offset: texts may be long. */
async function promptsIn(entries: readonly Entry[], lines: FileLines): Promise<Map<number, string>> {
  const offsets = new Set(entries.filter(({ role }) => role === "user").map(({ offset }) => offset));
  const prompts = new Map<number, string>();
  for await (const stretch of lines) {
    for (const line of stretch) {
      const words = offsets.has(line.offset) ? wordsIn(line) : "";
      if (words !== "") prompts.set(line.offset, createHash("sha256").update(words).digest("base64"));
    }
  }
  return prompts;
}

function wordsIn(line: FileLine): string {
  return withoutInternalContext(textOf(asObject(objectIn(line)?.["message"])?.["content"]));
}

function promptKey({ offset, parentId }: Entry, prompts: ReadonlyMap<number, string>): string | null {
  const hash = prompts.get(offset);
  return hash === undefined ? null : `${parentId ?? ""}\0${hash}`;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: unknown) => asText(asObject(part)?.["text"]) ?? "").join("") : "";
}

/** These entries and all that comes after them, as far as the conversation has left it. */
function withDescendants({ entries }: Conversation, roots: readonly Entry[], active: ReadonlySet<Entry>): Set<Entry> {
  const children = Map.groupBy(
    entries.filter((entry) => !active.has(entry)),
    ({ parentId }) => parentId,
  );
  const found = new Set<Entry>();
  const waiting = [...roots];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (found.has(entry)) continue;
    found.add(entry);
    for (const child of entry.id === null ? [] : (children.get(entry.id) ?? [])) waiting.push(child);
  }
  return found;
}
