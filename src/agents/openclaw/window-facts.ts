/** What a window's first and last entries tell of it, wherever they are stored. */
import type { Fragment, FragmentStart, HeaderState, TurnState } from "../../model/fragment.ts";
import { asNumber, asObject, asText } from "../../formats/json-values.ts";
import {
  entryTime,
  isGatewayInjected,
  isMachinePrompt,
  isResetPrompt,
  messageText,
  noticeKind,
  roleOf,
  type Entry,
} from "./entries.ts";
import { unwrapUserText } from "./user-text.ts";

export type WindowFacts = Pick<Fragment, "startedAt" | "cwd" | "start" | "firstUserText" | "peer" | "header"> & {
  readonly parentSession: string | null;
};

/** What begins a window: the header of the whole transcript, or the reset that ended the window before. */
export function windowFacts(head: readonly (Entry | undefined)[]): WindowFacts {
  const first = head[0];
  const isReset = first?.["type"] === "reset";
  const opening = openingOf(head.slice(1));
  return {
    startedAt: first === undefined ? null : entryTime(first),
    cwd: asText(first?.["cwd"]),
    parentSession: asText(first?.["parentSession"]),
    start: isReset ? "reset-event" : opening.start,
    firstUserText: opening.firstUserText,
    peer: opening.peer,
    header: isReset ? { state: "ok", version: null } : headerOf(first),
  };
}

function headerOf(first: Entry | undefined): HeaderState {
  if (first === undefined) return { state: "bad", reason: "the first event can't be read", offset: 0 };
  if (first["type"] === "session") return { state: "ok", version: asNumber(first["version"]) };
  return { state: "bad", reason: "the first event is no session header", offset: 0 };
}

interface Opening {
  readonly start: FragmentStart;
  readonly firstUserText: string | null;
  readonly peer: string | null;
}

function openingOf(entries: readonly (Entry | undefined)[]): Opening {
  let start: FragmentStart | null = entries.length === 0 ? "header-only" : null;
  let peer: string | null = null;
  for (const entry of entries) {
    const role = entry === undefined ? null : roleOf(entry);
    if (entry === undefined || role === null) continue;
    if (role !== "user") {
      start ??= (isGatewayInjected(entry) ? noticeKind(messageText(entry)) : null) ?? "turn";
      continue;
    }
    const user = unwrapUserText(messageText(entry));
    start ??= isResetPrompt(user.text) ? "reset-prompt" : "turn";
    peer ??= user.peer;
    if (user.text !== "" && !isMachinePrompt(user.text) && !isResetCommand(user.text)) {
      return { start, firstUserText: user.text, peer };
    }
  }
  return { start: start ?? "unknown", firstUserText: null, peer };
}

/** Whether more entries could still change what `windowFacts` says. */
export function wantsMore(head: readonly (Entry | undefined)[]): boolean {
  return windowFacts(head).firstUserText === null;
}

/** A typed command stands in the transcript since 2026.9; what somebody wrote behind it is the first text. */
function isResetCommand(text: string): boolean {
  return /^\/(?:new|reset)$/.test(text);
}

/** How the last turn stands, from the entries of the end, newest first; undefined when none of them is a message. */
export function turnState(newestFirst: readonly (Entry | undefined)[]): TurnState | undefined {
  for (const entry of newestFirst) {
    if (entry?.["type"] === "reset") return undefined;
    const role = entry === undefined ? null : roleOf(entry);
    if (entry === undefined || role === null) continue;
    return role === "assistant" ? answerState(entry) : "waits-for-model";
  }
  return undefined;
}

function answerState(entry: Entry): TurnState {
  const message = asObject(entry["message"]);
  const content = message?.["content"];
  const calls = Array.isArray(content) && content.some((block) => asObject(block)?.["type"] === "toolCall");
  switch (message?.["stopReason"]) {
    case "error":
      return "failed";
    case "aborted":
      return "aborted";
    case "toolUse":
      return "waits-for-tool";
    default:
      return calls ? "waits-for-tool" : "done";
  }
}
