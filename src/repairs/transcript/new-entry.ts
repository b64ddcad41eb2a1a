/** Entries that a repair writes into a transcript: each says that it is made up, and why. */
import { createHash } from "node:crypto";

import { utc } from "../../model/time.ts";
import type { Conversation, Entry } from "./conversation.ts";
import type { Call } from "./tool-pairs.ts";

/** Prefix of what these entries bear as their type; OpenClaw passes custom entries of types that it does not know over. */
const OURS = "session-forensics";

/** Where an entry stands in the conversation, and when it is said to have been written: milliseconds, UTC. */
export interface EntryPlace {
  readonly id: string;
  readonly parentId: string | null;
  readonly at: number;
}

/** An id as OpenClaw makes them, the same each time; one that no entry has. */
export function newId(
  { byId }: { readonly byId: Pick<Conversation["byId"], "has"> },
  ...reasons: readonly (string | number | null)[]
): string {
  for (let round = 0; ; round += 1) {
    const text = [...reasons, round].join("\0");
    const id = createHash("sha256").update(text).digest("hex").slice(0, 8);
    if (!byId.has(id)) return id;
  }
}

/** The result that closes a call, as OpenClaw makes them up for a request (`makeMissingToolResult`, 2026.5.12). */
export function madeUpResult({ id, name }: Call, { at, ...place }: EntryPlace): string {
  const message = {
    role: "toolResult",
    toolCallId: id,
    toolName: name,
    content: [{ type: "text", text: `[${OURS}] No result of this call was recorded. What it did is not known.` }],
    details: { status: "unknown", madeUpBy: OURS },
    isError: true,
    timestamp: at,
  };
  return JSON.stringify({ type: "message", ...place, timestamp: utc(at), message });
}

/** What stands in the place of a result without a call: the model is not shown it, and what follows still finds it. */
export function droppedResult({ id, name }: Call, place: EntryPlace): string {
  return custom("dropped-result", { toolCallId: id, toolName: name }, place);
}

/** What stands in the place of an entry that can't be read, so that what follows it still leads to what was before. */
export function lostEntry(why: string, place: EntryPlace): string {
  return custom("lost-entry", { why }, place);
}

function custom(what: string, data: Readonly<Record<string, unknown>>, { at, id, parentId }: EntryPlace): string {
  return JSON.stringify({ type: "custom", customType: `${OURS}.${what}`, data, id, parentId, timestamp: utc(at) });
}

/** When an entry was written, as far as it or those before it say; milliseconds, UTC. */
export function timeOf({ entries }: Conversation, entry: Entry, now: number): number {
  if (entry.at !== null) return entry.at;
  const before = entries.slice(0, entries.indexOf(entry));
  return before.findLast(({ at }) => at !== null)?.at ?? now;
}
