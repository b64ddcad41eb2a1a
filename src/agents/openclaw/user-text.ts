/** What OpenClaw wraps around the text of a user: system lines, untrusted metadata blocks, time stamps. */
import { asObject } from "../../formats/json-values.ts";

/** A user text without its wrappers, and what the wrappers said. */
export interface UserText {
  /** The person's own words, or what stands in their place; one line, untrusted. */
  readonly text: string;
  /** Conversation or sender id in the metadata; null when there is none or it names a mere client program. */
  readonly peer: string | null;
  /** Whether a metadata block stood before the text. */
  readonly withMetadata: boolean;
  /** Whether a time stamp such as `[Sat 2026-11-21 00:48 UTC]` stood before the text. */
  readonly stamped: boolean;
}

/** `System: [2026-11-21 00:16:46 UTC] Exec completed (…)`, one or more lines before the text. */
const SYSTEM_LINES = /^(?:System: [^\n]*(?:\n|$)\s*)+/;
/** `Sender (untrusted metadata):` and its kind, followed by a fenced JSON document. */
const METADATA_BLOCK = /^[A-Z][^\n]{0,100}\(untrusted[^)\n]*\):\n```json\n([\s\S]*?)\n```\s*/;
/** The same block when the text is cut inside it. */
const CUT_METADATA_BLOCK = /^[A-Z][^\n]{0,100}\(untrusted[^)\n]*\):\n```json\n[\s\S]*$/;
/** `[Sat 2026-11-21 00:48 UTC]`, or a channel's envelope such as `[Telegram Ann id:123 2026-01-02 10:00 UTC]`. */
const STAMP = /^\[([^\]\n]{0,160}?)\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[^\]\n]*\]\s*/;
/** What a parent session's spawn puts before the task. */
const SUBAGENT_CONTEXT = /^\[Subagent Context\][\s\S]*?\[Subagent Task\]:\s*/;
const MESSAGE_ID_LINE = /^\[message_id: [^\]\n]*\]\s*$/gm;
/** Names by which programs, not people, announce themselves. */
const CLIENTS = new Set([
  "cli",
  "webchat",
  "webchat-ui",
  "gateway-client",
  "openclaw-control-ui",
  "openclaw-macos",
  "openclaw-ios",
  "openclaw-android",
  "node-host",
  "test",
]);
const PEER_FIELDS = ["chat_id", "conversation_id", "group_id", "sender_id", "id"];
const MOST_CHARACTERS = 200;
/** Anything but single spaces: most texts have none of it, and replacing what is right already takes time. */
const ODD_BLANKS = /\s\s|[^\S ]/;

/** A user text and its wrappers, apart from each other. */
export interface SplitUserText extends Omit<UserText, "text"> {
  /** The person's own words, or what stands in their place, as they were written. Untrusted. */
  readonly body: string;
  /** The program's lines before them, without `System: `. */
  readonly notices: readonly string[];
}

/** Takes a user text out of its wrappers; its words on one line. */
export function unwrapUserText(raw: string): UserText {
  const { body, peer, stamped, withMetadata } = splitUserText(raw);
  return { text: oneLine(body), peer, withMetadata, stamped };
}

/** Takes a user text out of its wrappers, whole. */
export function splitUserText(raw: string): SplitUserText {
  const notices: string[] = [];
  const withoutNotices = (text: string): string =>
    text.replace(SYSTEM_LINES, (lines) => {
      for (const notice of noticesIn(lines)) notices.push(notice);
      return "";
    });
  let rest = withoutNotices(raw);
  let peer: string | null = null;
  let withMetadata = false;
  for (let block = METADATA_BLOCK.exec(rest); block !== null; block = METADATA_BLOCK.exec(rest)) {
    withMetadata = true;
    peer ??= peerOf(block[1] ?? "");
    rest = withoutNotices(rest.slice(block[0].length));
  }
  if (CUT_METADATA_BLOCK.test(rest)) {
    withMetadata = true;
    rest = "";
  }
  const stamp = STAMP.exec(rest);
  if (stamp !== null) {
    peer ??= /\bid:(\S+)/.exec(stamp[1] ?? "")?.[1] ?? null;
    rest = rest.slice(stamp[0].length);
  }
  rest = rest.replace(SUBAGENT_CONTEXT, "");
  if (rest.includes("[message_id: ")) rest = rest.replaceAll(MESSAGE_ID_LINE, "");
  return { body: rest, notices, peer, withMetadata, stamped: stamp !== null };
}

function noticesIn(lines: string): string[] {
  return lines
    .split("\n")
    .map((line) => line.replace(/^System: /, "").trim())
    .filter((line) => line !== "");
}

/** The text on one line, at most 200 characters; never half a surrogate pair. */
export function oneLine(text: string): string {
  const beginning = text.slice(0, 4 * MOST_CHARACTERS);
  const line = (ODD_BLANKS.test(beginning) ? beginning.replaceAll(/\s+/g, " ") : beginning).trim();
  if (line.length <= MOST_CHARACTERS) return line;
  const cut = line.slice(0, MOST_CHARACTERS - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}

function peerOf(json: string): string | null {
  let metadata: Record<string, unknown> | undefined;
  try {
    metadata = asObject(JSON.parse(json));
  } catch {
    return null;
  }
  for (const field of PEER_FIELDS) {
    const value = metadata?.[field];
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value !== "" && !CLIENTS.has(value)) return value;
  }
  return null;
}
