/** Facts of one transcript from its first and last 4 KiB: header, how it begins and ends, first user text. */
import type { Fragment, FragmentStart, HeaderState, TailState } from "../../model/fragment.ts";
import { isBlank, linesBackwards, linesOf, objectOf, type Line } from "../../formats/json-lines.ts";
import { topLevelScalars } from "../../formats/json-prefix.ts";
import { asNumber, asText, asTime } from "../../formats/json-values.ts";
import type { HeadAndTail } from "../../system/files.ts";
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
import { unwrapUserText, type UserText } from "./user-text.ts";

export const HEAD_BYTES = 4096;
export const TAIL_BYTES = 4096;

/** What a fragment's bytes tell, without its name: plain data, as kept across scans. */
export type TranscriptFacts = Pick<
  Fragment,
  | "sessionId"
  | "startedAt"
  | "endedAt"
  | "cwd"
  | "parentSession"
  | "start"
  | "firstUserText"
  | "peer"
  | "header"
  | "tail"
>;

/** Shared, so that thousands of healthy fragments don't hold thousands of equal objects. */
const TAIL_OK: TailState = { state: "ok" };
const TAIL_UNREAD: TailState = { state: "unread" };
const HEADER_EMPTY: HeaderState = { state: "empty" };
const HEADERS_OK = new Map<number | null, HeaderState>();

/** Reads what head and tail show. Total: damage is a fact, not an error. */
export function transcriptFacts(file: HeadAndTail): TranscriptFacts {
  const header = readHeader(file);
  const opening = readOpening(file, header.end);
  const ending = readEnding(file);
  return {
    sessionId: header.id,
    startedAt: header.time,
    endedAt: ending.at ?? opening.lastTime ?? header.time,
    cwd: header.cwd,
    parentSession: header.parentSession,
    start: opening.start,
    firstUserText: opening.firstUserText,
    peer: opening.peer,
    header: header.state,
    tail: ending.tail,
  };
}

interface Header {
  readonly state: HeaderState;
  readonly id: string | null;
  readonly time: number | null;
  readonly cwd: string | null;
  readonly parentSession: string | null;
  /** Offset in the head behind the header line; -1 when the head ends inside it. */
  readonly end: number;
}

function readHeader(file: HeadAndTail): Header {
  const line = firstLine(file.head);
  if (line === undefined) {
    return file.size === 0 ? badHeader(HEADER_EMPTY, 0) : badHeader(bad("nothing but blank lines", 0), -1);
  }
  const whole = line.ended || file.head.length >= file.size;
  const end = line.ended ? line.end + 1 : whole ? line.end : -1;
  const fields: Entry | undefined = whole
    ? objectOf(file.head, line)
    : Object.fromEntries(topLevelScalars(file.head, line.start));
  if (fields === undefined) return badHeader(bad(headerTrouble(file.head, line), line.start), end);
  const id = asText(fields["id"]);
  if (fields["type"] !== "session") return badHeader(bad("line 1 is no session header", line.start), end);
  if (id === null || id === "") return badHeader(bad("the header has no id", line.start), end);
  return {
    state: headerOk(asNumber(fields["version"])),
    id,
    time: asTime(fields["timestamp"]),
    cwd: asText(fields["cwd"]),
    parentSession: asText(fields["parentSession"]),
    end,
  };
}

function firstLine(head: Buffer): Line | undefined {
  for (const line of linesOf(head)) {
    if (!isBlank(head, line)) return line;
  }
  return undefined;
}

function headerTrouble(head: Buffer, line: Line): string {
  if (head[line.start] === 0) return "begins with NUL bytes";
  return line.ended ? "line 1 is no JSON object" : "line 1 is cut";
}

function headerOk(version: number | null): HeaderState {
  let state = HEADERS_OK.get(version);
  if (state === undefined) {
    state = { state: "ok", version };
    HEADERS_OK.set(version, state);
  }
  return state;
}

function bad(reason: string, offset: number): HeaderState {
  return { state: "bad", reason, offset };
}

function badHeader(state: HeaderState, end: number): Header {
  return { state, id: null, time: null, cwd: null, parentSession: null, end };
}

interface Opening {
  readonly start: FragmentStart;
  readonly firstUserText: string | null;
  readonly peer: string | null;
  /** Time of the last whole entry that was looked at. */
  readonly lastTime: number | null;
}

function readOpening(file: HeadAndTail, from: number): Opening {
  if (from === -1) return { start: "unknown", firstUserText: null, peer: null, lastTime: null };
  let start: FragmentStart | null = null;
  let firstUserText: string | null = null;
  let peer: string | null = null;
  let lastTime: number | null = null;
  let entries = 0;
  for (const line of linesOf(file.head, from)) {
    if (isBlank(file.head, line)) continue;
    entries += 1;
    if (isSetting(file.head, line)) continue;
    const whole = line.ended || file.head.length >= file.size;
    const entry = whole ? objectOf(file.head, line) : undefined;
    if (entry !== undefined) lastTime = entryTime(entry) ?? lastTime;
    const role = entry === undefined ? (whole ? null : cutRole(file.head, line)) : roleOf(entry);
    if (role === null) continue;
    const text = entry === undefined ? cutText(file.head, line) : messageText(entry);
    if (role !== "user") {
      start ??= noticeStart(role, text, entry);
      continue;
    }
    const user = unwrapUserText(text);
    start ??= userStart(user);
    peer ??= user.peer;
    if (user.text !== "" && !isMachinePrompt(user.text)) {
      firstUserText = user.text;
      break;
    }
  }
  if (entries === 0) start = file.size > file.head.length ? "unknown" : "header-only";
  return { start: start ?? "unknown", firstUserText, peer, lastTime };
}

/** Entries that a runtime writes before the first message: they are many, and need not be parsed. */
const SETTINGS = ["model_change", "thinking_level_change", "custom"].map((type) => Buffer.from(`{"type":"${type}"`));

function isSetting(head: Buffer, line: Line): boolean {
  return SETTINGS.some((setting) => standsAt(head, line.start, setting));
}

function standsAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let at = 0; at < wanted.length; at += 1) if (bytes[start + at] !== wanted[at]) return false;
  return true;
}

/** A fragment that begins with the gateway's own words, such as "✅ New session started.", follows a reset in the chat. */
function noticeStart(role: string, text: string, entry: Entry | undefined): FragmentStart {
  const injected = role === "assistant" && (entry === undefined || isGatewayInjected(entry));
  return (injected ? noticeKind(text) : null) ?? "turn";
}

/** How the first user text of a fragment tells what came before it. */
function userStart(user: UserText): FragmentStart {
  if (isResetPrompt(user.text)) return "reset-prompt";
  return user.stamped && !user.withMetadata ? "agent-turn" : "turn";
}

/** Role of a message whose line the head cuts. */
function cutRole(head: Buffer, line: Line): string | null {
  const at = head.indexOf('"message":{"role":"', line.start);
  if (at === -1) return null;
  const start = at + '"message":{"role":"'.length;
  const end = head.indexOf('"', start);
  return end === -1 ? null : head.toString("latin1", start, end);
}

/** As much of a cut message's first text as stands in the head. */
function cutText(head: Buffer, line: Line): string {
  const block = head.indexOf('"text":"', line.start);
  const plain = head.indexOf('"content":"', line.start);
  const start = block === -1 ? (plain === -1 ? -1 : plain + '"content":"'.length) : block + '"text":"'.length;
  if (start === -1) return "";
  const raw = head.toString("utf8", start, line.end);
  const text = /^(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/.exec(raw)?.[0] ?? "";
  // The cut may have split the last character.
  return unescaped(text).replace(/\uFFFD$/, "");
}

function unescaped(text: string): string {
  try {
    return asText(JSON.parse(`"${text}"`)) ?? "";
  } catch {
    return "";
  }
}

interface Ending {
  readonly at: number | null;
  readonly tail: TailState;
}

function readEnding(file: HeadAndTail): Ending {
  let tail = TAIL_OK;
  let last = true;
  for (const line of linesBackwards(file.tail)) {
    const cut = line.start === 0 && file.tailOffset > 0;
    const known = line.ended && !cut ? messageTime(file.tail, line) : null;
    if (known !== null) return { at: known, tail };
    const entry = cut ? undefined : objectOf(file.tail, line);
    if (last && !line.ended) {
      if (cut) tail = TAIL_UNREAD;
      else if (entry === undefined && !isBlank(file.tail, line)) tail = tornTail(file, line);
    }
    last = false;
    const at = entry === undefined ? (cut ? cutTime(file.tail, line) : null) : entryTime(entry);
    if (at !== null) return { at, tail };
  }
  return { at: null, tail };
}

function tornTail(file: HeadAndTail, line: Line): TailState {
  const nul = file.tail.indexOf(0, line.start);
  const reason = nul === -1 ? "the last line is cut: it has no newline and is no JSON" : "NUL bytes stand at the end";
  return { state: "torn", offset: file.tailOffset + line.start, bytes: line.end - line.start, reason };
}

/** A message's time stands near the beginning of its line; the rest, which may be long, need not be parsed for it. */
function messageTime(tail: Buffer, line: Line): number | null {
  const beginning = tail.toString("latin1", line.start, Math.min(line.end, line.start + 200));
  const time = MESSAGE_OPENING.exec(beginning)?.[1];
  return time === undefined ? null : asTime(time);
}

const MESSAGE_OPENING = /^\{"type":"message","id":"[^"]*","parentId":(?:null|"[^"]*"),"timestamp":"([^"]+)",/;

/** Messages end with their time in milliseconds: that much of a cut line can be read. */
function cutTime(tail: Buffer, line: Line): number | null {
  if (!line.ended) return null;
  const end = tail.toString("latin1", Math.max(line.start, line.end - 200), line.end);
  const found = /"timestamp":(\d{12,14})(?:,[^{}[\]]*)?\}\}$/.exec(end)?.[1];
  return found === undefined ? null : Number(found);
}
