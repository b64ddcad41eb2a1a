/** The gates of a plan, looked at now. Each refusal names who stands in the way and says what to do. */
import { join } from "node:path";

import { duration } from "../../model/amounts.ts";
import type { Lock } from "../../model/lock.ts";
import type { Gate, Plan } from "../../model/plan.ts";
import type { Refusal } from "../../model/receipt.ts";
import { type FileStat, statOf } from "../../system/files.ts";
import { isUntouched } from "./expectation.ts";
import { meantMoves, recordedRuns } from "./receipts.ts";
import { refusal } from "./refused.ts";
import type { Surroundings } from "./surroundings.ts";

/** What stands in the way of the plan's gates. Locks at the paths in `own` are held by this run itself. */
export async function gateTroubles(
  plan: Pick<Plan, "home" | "gates">,
  around: Surroundings,
  own: ReadonlySet<string> = new Set(),
): Promise<Refusal[]> {
  const troubles: Refusal[] = [];
  for (const gate of plan.gates) {
    if ("path" in gate && own.has(gate.path)) continue;
    troubles.push(...(await troublesAt(gate, plan.home, around)));
  }
  return troubles;
}

async function troublesAt(gate: Gate, home: string, around: Surroundings): Promise<Refusal[]> {
  switch (gate.gate) {
    case "lock-free":
      return lockTroubles(around.lockAt(gate.path), gate.path);
    case "still-stale":
      return staleTroubles(around.lockAt(gate.path), gate.path);
    case "quiet":
      return quietTroubles(home, gate, around);
    case "gateway-down":
      return (await around.owners()).map(({ text }) =>
        refusal("gateway-running", null, `${text} Stop it first (openclaw gateway stop), then repair.`),
      );
  }
}

/** A lock that is held or may be; a stale one stops nobody. */
export function lockTroubles(lock: Lock | null, path: string): Refusal[] {
  if (lock === null || lock.verdict === "stale") return [];
  if (lock.verdict === "held") {
    return [
      refusal("lock-held", path, `${path} is held by ${holderText(lock)}. Wait until its run has ended, or stop it.`),
    ];
  }
  return [
    refusal("lock-unknown", path, `${path} may be held: ${lock.explanation} Make sure that nothing uses the session.`),
  ];
}

function staleTroubles(lock: Lock | null, path: string): Refusal[] {
  if (lock?.verdict === "stale") return [];
  const why = lock === null ? "It is gone by now." : lock.explanation;
  return [refusal("lock-not-stale", path, `${path} is not a stale lock (any more). ${why}`)];
}

function holderText({ pid, holder }: Lock): string {
  const number = pid === null ? "an unnamed process" : `the process ${pid}`;
  return holder === undefined || holder.command === "" ? number : `${number} (${holder.command})`;
}

/** Whether the file is as a run of ours left it: then it was no session that wrote to it. */
function isOurWrite(home: string, path: string, stat: FileStat): boolean {
  const moves = recordedRuns(home).flatMap(({ entries }) => meantMoves(entries));
  const last = moves.findLast(({ move }) => move.live === path)?.move;
  return last !== undefined && isUntouched(stat, last.state);
}

/** A time far in the future was not written by a clock of now, so it says nothing about growing. */
function quietTroubles(home: string, gate: Gate & { readonly gate: "quiet" }, around: Surroundings): Refusal[] {
  const stat = statOf(join(home, gate.path));
  if (stat === undefined) return [];
  const agoMs = around.now() - stat.mtimeMs;
  if (agoMs >= gate.quietMs || agoMs < -gate.quietMs || isOurWrite(home, gate.path, stat)) return [];
  const ago = `${join(home, gate.path)} was written to ${duration(Math.max(0, agoMs))} ago`;
  return [
    refusal(
      "still-growing",
      gate.path,
      `${ago}; it must have been quiet for ${duration(gate.quietMs)}. Try again later.`,
    ),
  ];
}
