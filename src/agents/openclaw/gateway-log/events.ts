/** Which log lines tell of sessions, and of which: the wordings of 2026.3.24, 2026.5.12 and 2026.9.6. */
import { isAbsolute } from "node:path";

import type { GatewayEvent, GatewayEventKind } from "../../../model/gateway-event.ts";
import { sessionPathsIn } from "../../../formats/session-paths.ts";
import { logLine } from "./lines.ts";

/** What a line says, before it is known whose it is. */
export type LoggedEvent = Omit<GatewayEvent, "isSure">;

const KINDS: readonly (readonly [kind: GatewayEventKind, pattern: RegExp])[] = [
  ["lock-timeout", /session file locked \(timeout|timeout acquiring session store lock|SessionWriteLockTimeoutError/],
  ["lock-removed", /removed stale session lock/],
  ["takeover", /SessionTakeoverError|session file changed while/i],
  ["interrupted", /^marked \d+ (?:interrupted|startup-orphaned) main session|found orphaned subagent session/],
  ["resumed", /^(?:resumed|started) (?:interrupted main|orphaned) session/],
  ["given-up", /^marked interrupted main session failed|^failed to resume (?:interrupted main|orphaned) session/],
  ["reset", /^cli session reset|CLI session expired, clearing from session store|⇄ res ✓ sessions\.reset/],
  ["deleted", /⇄ res ✓ sessions\.delete\b/],
  [
    "transcript",
    /failed to (?:read transcript for|load session store)|(?:turn )?transcript persistence failed|orphaned user message|rotated active transcript/i,
  ],
  ["started", /^gateway ready$|^ready(?: \(|$)|^listening on (?:ws|http)/],
  ["stopped", /^received SIG(?:TERM|INT)/],
];

/** Texts without which none of the patterns can match: most lines are passed over by them, unread. */
export const NEEDLES = [
  "lock",
  "akeover",
  "session file changed",
  "main session",
  "orphaned",
  "sessions.reset",
  "sessions.delete",
  "session reset",
  "session expired",
  "ranscript",
  "session store",
  "ready",
  "listening on",
  "SIGTERM",
  "SIGINT",
];

const UUID = String.raw`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`;
const KEY = /\bagent:[^\s"'`,;()\\]{1,400}/;
const LANE_KEY = /\blane=session:(agent:[^\s"'`,;()\\]{1,400})/;
const ID = new RegExp(`\\bsessionId=(${UUID})`, "i");
const NAMED_ID = new RegExp(`(${UUID})(?:-topic-[^/\\\\]*)?\\.jsonl(?:\\.lock)?$`, "i");

/** Null for a line that tells of no session, nor of the gateway's own beginning and end. */
export function eventIn(text: string, log: string, line: number): LoggedEvent | null {
  const said = logLine(text);
  const kind = said === null ? undefined : KINDS.find(([, pattern]) => pattern.test(said.message))?.[0];
  if (said === null || kind === undefined) return null;
  const { at, message, session } = said;
  const isKey = session?.startsWith("agent:") === true;
  const path = sessionPathsIn(message).find(isAbsolute) ?? null;
  return {
    at,
    kind,
    message,
    sessionKey: keyIn(message) ?? (isKey ? session : null),
    sessionId: ID.exec(message)?.[1] ?? NAMED_ID.exec(path ?? "")?.[1] ?? (isKey ? null : session),
    path,
    pid: pidIn(message),
    log,
    line,
  };
}

function keyIn(message: string): string | null {
  const key = LANE_KEY.exec(message)?.[1] ?? KEY.exec(message)?.[0];
  return key?.replace(/[.:]+$/, "") ?? null;
}

function pidIn(message: string): number | null {
  const digits = /\bpid[=\s](\d{1,10})\b/.exec(message)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** One failure is logged by each lane that it passes, within moments. */
const SAME_MS = 2000;

/** The events in order of time, each once: what several lines say of the same is put together. */
export function withoutEchoes<E extends LoggedEvent>(events: readonly E[]): E[] {
  const kept: E[] = [];
  for (const event of events.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))) {
    const at = echoed(kept, event);
    if (at === -1) kept.push(event);
    else kept[at] = { ...kept[at]!, sessionKey: kept[at]!.sessionKey ?? event.sessionKey };
  }
  return kept;
}

/** Which of the events before, in order of time, the event says again; -1 for none. */
function echoed(before: readonly LoggedEvent[], event: LoggedEvent): number {
  if (event.at === null) return -1;
  for (let at = before.length - 1; at >= 0 && event.at - (before[at]!.at ?? 0) <= SAME_MS; at -= 1)
    if (isEcho(before[at]!, event)) return at;
  return -1;
}

function isEcho(first: LoggedEvent, then: LoggedEvent): boolean {
  if (first.kind !== then.kind || first.path !== then.path || first.pid !== then.pid) return false;
  if (first.path === null && first.message !== then.message) return false;
  const isOther = first.sessionKey !== null && then.sessionKey !== null && first.sessionKey !== then.sessionKey;
  return !isOther && first.at !== null && then.at !== null && then.at - first.at <= SAME_MS;
}
