/** Moves a lock that nobody holds aside: a transcript's, a store's, or a gateway's inside the home. */
import type { Lock } from "../../model/lock.ts";
import type { Gate } from "../../model/plan.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { isOutside } from "../facts.ts";
import { NOTHING, refused } from "../outline.ts";
import type { Repair } from "../repair.ts";

export const staleLock: Repair = {
  id: "stale-lock",
  title: "Move the stale lock aside",
  does:
    "Moves the lock file into the receipt's folder, after its content was read and judged again in the very moment before. " +
    "Works while a gateway runs, too: a lock that somebody holds is never touched.",
  never: "It deletes no lock, and touches none that is held, that can't be judged, or that was replaced meanwhile.",
  codes: ["lock/stale"],
  outline: async ({ target, home }) => {
    const lock = home.locks.find(({ path }) => path === target.path);
    if (lock === undefined || lock.verdict !== "stale")
      return refused(target.path, "No stale lock stands here any more.");
    if (isOutside(lock.path)) {
      return refused(
        lock.path,
        "The lock lies outside the home. A gateway that starts takes over such a lock by itself.",
      );
    }
    const gates: Gate[] = [
      { gate: "still-stale", path: lock.path, why: "A lock that was taken again meanwhile must stay." },
    ];
    if (lock.of === "gateway") gates.push({ gate: "gateway-down", why: "A gateway that runs needs its lock." });
    return {
      ...NOTHING,
      changes: [{ change: "set-aside", path: lock.path, why: lock.explanation }],
      gates,
      notes: cutTurnNotes(lock, home),
    };
  },
};

/**
 * OpenClaw 2026.5 knows an interrupted turn by the lock that was left beside a row that says running: it resumes or settles
 * it when the gateway starts (`markRestartAbortedMainSessionsFromLocks`).
 */
function cutTurnNotes(lock: Lock, { agents }: HomeSnapshot): string[] {
  const row = agents
    .flatMap(({ reading }) => reading.store.rows)
    .find(({ transcriptPath, status }) => transcriptPath === lock.target && status === "running");
  if (row === undefined) return [];
  const resumes = "OpenClaw 2026.5 and later would resume or settle it by this lock when the gateway starts";
  return [`The row of ${row.key} says that a turn runs: ${resumes}. Without the lock it does neither.`];
}
