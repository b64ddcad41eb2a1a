/** Rows that repairs add to a store, and the keys and ids that they get. */
import type { Fragment } from "../model/fragment.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import { forkId } from "./fork.ts";

/**
 * A key that says where the session came from. OpenClaw takes any `agent:<agent>:<rest>`, in lower case (`parseAgentSessionKey`,
 * 2026.5.12).
 */
export function recoveredKey(agent: string, sessionId: string): string {
  return `agent:${agent}:recovered:${sessionId.toLowerCase()}`;
}

/**
 * The row of a session that is there again. OpenClaw drops rows by `updatedAt` and starts a session anew when it began before
 * the last daily reset, by `sessionStartedAt` (`pruneStaleEntries`, `evaluateSessionFreshness`, 2026.5.12): both are now, so
 * that the next turn continues it. `sessionFile` is an absolute path, times are milliseconds UTC.
 */
export function recoveredRow(sessionId: string, sessionFile: string, now: number): Readonly<Record<string, unknown>> {
  return { sessionId, sessionFile, updatedAt: now, ...begunNow(now), systemSent: true, abortedLastRun: false };
}

/** What tells OpenClaw that a session is a fresh one. */
export function begunNow(now: number): Readonly<Record<string, unknown>> {
  return { sessionStartedAt: now, lastInteractionAt: now };
}

/** What a row is given when its transcript is there again, for the same reason. */
export function continuedNow(now: number): Readonly<Record<string, unknown>> {
  return { updatedAt: now, ...begunNow(now) };
}

/** Session ids that OpenClaw takes (`SAFE_SESSION_ID_RE`, 2026.5.12). */
const VALID_ID = /^[a-z0-9][a-z0-9._-]{0,127}$/i;

/**
 * The session id for a row of a live transcript (`home`: absolute path): that of its header where it is free, else a new one,
 * with which OpenClaw goes on all the same. A reset of a row puts away whatever is called `<its session id>.jsonl`, also if it
 * is the transcript of another row that kept its file name over a reset (2026.5.12): such an id is not free.
 */
export function rowId(home: string, { reading }: AgentSnapshot, fragment: Fragment, path = fragment.path): string {
  const { sessionId } = fragment;
  if (sessionId !== null && VALID_ID.test(sessionId)) {
    const isNamed = reading.store.rows.some((row) => row.sessionId === sessionId);
    const file = `${reading.sessionsPath}/${sessionId}.jsonl`;
    const isTaken = file !== path && reading.fragments.some((one) => one.path === file);
    if (!isNamed && !isTaken) return sessionId;
  }
  return forkId(home, fragment, "row");
}
