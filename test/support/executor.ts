/** An executor on a temporary home, in a world that tests own; and what a tree looks like without its journal. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import { createExecutor, type Executor, type ExecutorOptions } from "../../src/engine/executor/executor.ts";
import { localSurroundings } from "../../src/engine/executor/local-surroundings.ts";
import type { Surroundings } from "../../src/engine/executor/surroundings.ts";
import { FORENSICS_FOLDER, type Plan, type PlanDraft, planOf } from "../../src/model/plan.ts";
import type { Receipt } from "../../src/model/receipt.ts";
import { pathState } from "../../src/system/path-state.ts";
import type { ProcessInfo } from "../../src/system/processes.ts";
import { homeReading } from "./model.ts";
import { NOW, processes, world } from "./world.ts";

/** A made-up machine around a home: no process but this one, no port, a slow clock, and pauses that take no time. */
export function surroundings(
  home: string,
  given: Partial<Surroundings> = {},
  live: Partial<ProcessInfo>[] = [],
): Surroundings {
  const reading = homeReading({});
  const own = world({ processes: processes(live) });
  const ports = { isListening: () => Promise.resolve(false), listenerOf: () => null };
  let looks = 0;
  return {
    ...localSurroundings({ home: { ...reading.home, path: home }, agents: [] }, own, ports),
    // Each look at the clock is a millisecond later, so that receipts have an order.
    now: () => NOW + (looks += 1),
    bootId: "this-boot",
    startTicks: 4711,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    appearAsOwner: () => () => undefined,
    ...given,
  };
}

export function executorOn(home: string, given: Partial<ExecutorOptions> = {}): Executor {
  const around = given.around ?? surroundings(home);
  const by = { pid: around.machine.pid, host: around.machine.host, face: "test", version: "0.0.0" };
  return createExecutor({ home, around, by, lockWaitMs: 0, claimMs: 0, ...given });
}

/** A plan with nothing in it but what is given. */
export function planFor(home: string, given: Partial<PlanDraft>): Plan {
  return planOf({
    home,
    title: "A repair",
    repairs: [],
    steps: [],
    gates: [],
    locks: [],
    conflicts: [],
    notes: [],
    ...given,
  });
}

/** What stands at a home-relative path now, as a plan expects it. */
export function stateAt(home: string, path: string): ReturnType<typeof pathState> {
  return pathState(join(home, path));
}

/** Folders of our room in which the executor keeps its own. */
const OURS: ReadonlySet<string> = new Set([join(FORENSICS_FOLDER, "receipts"), join(FORENSICS_FOLDER, "at-work")]);

/** Names, kinds, modes, times, link targets and bytes of everything in a home but what the executor keeps for itself. */
export function treeOf(home: string): Map<string, string> {
  const tree = new Map<string, string>();
  addTree(home, "", tree);
  return tree;
}

function addTree(home: string, within: string, tree: Map<string, string>): void {
  const path = join(home, within);
  const stats = lstatSync(path);
  const facts = `${stats.mode.toString(8)} ${stats.mtimeMs}`;
  if (stats.isSymbolicLink()) tree.set(within, `link ${facts} ${readlinkSync(path)}`);
  else if (!stats.isDirectory()) tree.set(within, `file ${facts} ${readFileSync(path).toString("base64")}`);
  else {
    if (within !== FORENSICS_FOLDER) tree.set(within, `folder ${facts}`);
    for (const name of readdirSync(path)) {
      if (!OURS.has(join(within, name))) addTree(home, join(within, name), tree);
    }
  }
}

/** The same without the times of folders, which a cut may leave new. */
export function withoutFolderTimes(tree: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...tree].map(([path, facts]) => [path, facts.replace(/^(folder \d+) .*/, "$1")]));
}

/** The receipt of a run that must have ended so; else says why not. */
export async function ran(
  executor: Executor,
  plan: Plan | null,
  outcome: Receipt["outcome"] = "done",
): Promise<Receipt> {
  if (plan === null) throw new Error("no plan");
  const result = await executor.run(plan);
  if (!("receipt" in result)) throw new Error(result.refusals.map(({ reason }) => reason).join(" "));
  if (result.outcome !== outcome) throw new Error(`${result.outcome}: ${result.receipt.reason}`);
  return result.receipt;
}
