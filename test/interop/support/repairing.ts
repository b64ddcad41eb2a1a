// Repairs of a home of the real OpenClaw by the engine: scan, plan, run, undo. Processes and clock are those of this machine.
import assert from "node:assert/strict";
import { userInfo } from "node:os";
import path from "node:path";

import type { World } from "../../../src/agents/program.ts";
import type { Executor } from "../../../src/engine/executor/executor.ts";
import { localExecutor } from "../../../src/engine/executor/local-executor.ts";
import { planRepair, type RepairRequest } from "../../../src/engine/planning/plan-repairs.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Plan } from "../../../src/model/plan.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { systemProcesses } from "../../../src/system/processes.ts";
import { treeState } from "../../support/homes.ts";
import { homeAt, scan } from "./scanning.ts";
import type { OpenClawWorld } from "./world.ts";

const ASKER = { face: "interop tests", version: "0.0.0" };

function worldOf({ env }: OpenClawWorld): World {
  return { env, userHome: env["HOME"] ?? "", platform: process.platform, processes: systemProcesses(), now: Date.now };
}

/** A scan of the world's homes, or what one would see some time later. */
export function scanned(world: OpenClawWorld, laterMs = 0): Promise<Snapshot> {
  return scan(world.home, { ...worldOf(world), now: () => Date.now() + laterMs });
}

export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  return snapshot.homes.flatMap(({ findings }) => findings);
}

/** What a scenario asks for: a finding by its code (which may show only some time later) with one of its repairs, or a file of the home. */
export type Wanted =
  | { readonly code: string; readonly laterMs?: number; readonly repair: string }
  | { readonly path: string; readonly repair: string; readonly choice?: string };

function requestFor(wanted: Wanted, snapshot: Snapshot, world: OpenClawWorld): RepairRequest {
  if ("path" in wanted) return { ...wanted, home: world.home };
  const { code, repair } = wanted;
  const findings = findingsOf(snapshot).filter((one) => one.code === code && !path.isAbsolute(one.path));
  const [finding] = findings;
  assert.ok(
    finding !== undefined,
    `no ${code} among ${findingsOf(snapshot)
      .map((one) => one.code)
      .join(", ")}`,
  );
  return { repair, finding: finding.id };
}

function executorFor(snapshot: Snapshot, home: string, world: OpenClawWorld): Executor {
  return localExecutor(homeAt(snapshot, home), worldOf(world), ASKER);
}

/** A repair that was carried out. */
export interface Repaired {
  readonly plan: Plan;
  readonly undo: () => Promise<void>;
}

/** Why a repair did not happen, in the words of its plan or of the executor; or what it did. */
export async function attempt(world: OpenClawWorld, wanted: Wanted): Promise<Repaired | readonly string[]> {
  const snapshot = await scanned(world, "code" in wanted ? wanted.laterMs : 0);
  const context = { now: Date.now(), quietMs: 0, by: userInfo().username };
  const plan = await planRepair(snapshot, requestFor(wanted, snapshot, world), context);
  if (plan.conflicts.length > 0) return plan.conflicts.map(({ reason }) => reason);
  const executor = executorFor(snapshot, plan.home, world);
  const result = await executor.run(plan);
  if (result.outcome === "refused") return result.refusals.map(({ reason }) => reason);
  assert.equal(result.outcome, "done", JSON.stringify(result.receipt.reason ?? result.receipt.steps));
  return {
    plan,
    undo: async () => {
      const undo = executor.planUndo(result.receipt.id);
      assert.ok(undo !== null);
      const undone = await executor.run(undo);
      assert.equal(
        undone.outcome,
        "done",
        undone.outcome === "refused" ? undone.refusals.map(({ reason }) => reason).join(" ") : "",
      );
    },
  };
}

export async function repaired(world: OpenClawWorld, wanted: Wanted): Promise<Repaired> {
  const result = await attempt(world, wanted);
  assert.ok("plan" in result, `refused: ${JSON.stringify(result)}`);
  return result;
}

/** All that can be seen of the agents' folders but our own room and the numbers of inodes. */
export function agentsState({ home }: OpenClawWorld): ReadonlyMap<string, string> {
  const state = new Map<string, string>();
  for (const [name, facts] of treeState(path.join(home, "agents"))) {
    if (name.includes("/.session-forensics")) continue;
    const [mode, mtime, size, , ...rest] = facts.split(" ");
    // A folder's size says how many entries it once had.
    state.set(name, [mode, mtime, rest.join("") === "" ? "" : size, ...rest].join(" "));
  }
  return state;
}
