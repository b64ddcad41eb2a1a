/** Settles a row that says running though nothing runs, as OpenClaw itself does after a crash. */
import { agentNamed, storeConflict, storeGuards, transcriptGuards } from "../facts.ts";
import { NOTHING, refused } from "../outline.ts";
import type { Repair } from "../repair.ts";

export const stuckRunning: Repair = {
  id: "settle-run",
  title: "Set the run to failed",
  does:
    "Sets `status` to `failed`, `abortedLastRun` to `true` and `endedAt` and `updatedAt` to now in the session's row, which is " +
    "what OpenClaw 2026.5 does with a turn that a crash cut off and that it can't resume.",
  never: "It changes no other field and no transcript, and does nothing while a gateway runs.",
  codes: ["store/stuck-running"],
  outline: async (input) => {
    const { target, home, now } = input;
    const agent = agentNamed(home, target.finding?.agent);
    const row = agent?.reading.store.rows.find(({ key }) => key === target.finding?.sessionKey);
    if (agent === undefined || row?.status !== "running")
      return refused(target.path, "The row does not say running any more.");
    const conflict = storeConflict(agent);
    if (conflict !== null) return { ...NOTHING, conflicts: [conflict] };
    // `markSessionFailed` (2026.5.12).
    const set = { status: "failed", abortedLastRun: true, endedAt: now, updatedAt: now };
    const why = `The run of ${row.key} died without an end.`;
    const { transcriptPath } = row;
    const guards = storeGuards(agent, input);
    return {
      ...NOTHING,
      changes: [{ change: "rows", store: agent.reading.store, rows: [{ edit: "set", key: row.key, set }], why }],
      locks: guards.locks,
      gates:
        transcriptPath === null
          ? guards.gates
          : [...guards.gates, ...transcriptGuards(transcriptPath, true, input).gates],
    };
  },
};
