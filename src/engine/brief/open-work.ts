/** What the conversation left open, told by its entries alone: calls without a result, turns without an end. */
import type { ToolCall } from "../../model/entry.ts";
import type { PlacedEntry } from "./recent.ts";

/** A call that no result answers. */
export interface OpenCall {
  readonly call: ToolCall;
  readonly place: PlacedEntry;
}

/** Ids of calls are unique in a turn at best, so a new turn and a new fragment end the search for results. */
export function openCalls(entries: readonly PlacedEntry[]): OpenCall[] {
  const unanswered: OpenCall[] = [];
  let open: OpenCall[] = [];
  let fragment: PlacedEntry["fragment"] | null = null;
  for (const place of entries) {
    const { entry } = place;
    if (place.fragment !== fragment || (entry.role === "user" && entry.kind === "message")) {
      for (const one of open) unanswered.push(one);
      open = [];
      fragment = place.fragment;
    }
    for (const call of entry.toolCalls) open.push({ call, place });
    if (entry.toolResult !== null) open = withoutAnswered(open, entry.toolResult.callId, entry.toolResult.name);
  }
  return [...unanswered, ...open];
}

/** By the call's id; a result without one answers the oldest call of its tool. */
function withoutAnswered(open: readonly OpenCall[], callId: string | null, name: string | null): OpenCall[] {
  const at = open.findIndex(({ call }) => (callId === null ? call.name === name : call.id === callId));
  return open.filter((_, index) => index !== at);
}

/** How a fragment's last turn was left; a plain sentence part. Null when it was ended. */
export function unfinished(last: PlacedEntry | undefined): string | null {
  if (last === undefined) return null;
  const { author, kind, role, stop, toolCalls } = last.entry;
  if (kind === "prompt-error") return "the last prompt failed before the model answered";
  if (kind !== "message") return null;
  if (role === "user")
    return author === "person" ? "the last request was never answered" : "the last prompt was never answered";
  if (role === "tool") return "a tool answered, and the model did not go on";
  if (stop === "error") return "the last turn ended with an error";
  if (stop === "aborted") return "the last turn was aborted";
  return toolCalls.length > 0 ? "a tool was called, and nothing came back" : null;
}

/** The last entry of each fragment that the entries reach, oldest first. */
export function lastOfFragments(entries: readonly PlacedEntry[]): PlacedEntry[] {
  return entries.filter((one, index) => one.fragment !== entries[index + 1]?.fragment);
}
