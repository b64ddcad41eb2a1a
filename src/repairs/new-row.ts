/** Rows that repairs add to a store, and the keys that they get. */

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
