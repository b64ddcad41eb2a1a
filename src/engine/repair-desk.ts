/** The one door through which a face plans, runs, settles and undoes repairs; planning and the executors stand behind it. */
import type { World } from "../agents/program.ts";
import type { Finding } from "../model/finding.ts";
import type { Plan } from "../model/plan.ts";
import type { Receipt, Refusal } from "../model/receipt.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import type { Choice } from "../repairs/repair.ts";
import type { RunChoice, RunResult, Settling } from "./executor/executor.ts";
import { localExecutor } from "./executor/local-executor.ts";
import {
  planRepair,
  planTogether,
  repairChoices,
  type PlanningContext,
  type RepairRequest,
} from "./planning/plan-repairs.ts";

export interface RepairDesk {
  /** What can be chosen for a request; empty when there is nothing to choose. */
  choices(snapshot: Snapshot, request: RepairRequest): Promise<readonly Choice[]>;
  /** Rejects with NothingToPlan when finding, home or repair are not there. */
  plan(snapshot: Snapshot, request: RepairRequest): Promise<Plan>;
  /** One plan for each home, of the usual repair of each finding; what has a conflict is left out and named in the notes. */
  planTogether(snapshot: Snapshot, findings: readonly Finding[]): Promise<Plan[]>;
  /** What stands in the plan's way right now; writes nothing. */
  check(home: HomeSnapshot, plan: Plan): Promise<readonly Refusal[]>;
  run(home: HomeSnapshot, plan: Plan, choice?: RunChoice): Promise<RunResult>;
  /** Receipts of runs that were cut off and are not settled yet, oldest first. Only reads. */
  cutOff(home: HomeSnapshot): readonly Receipt[];
  /** Completes or takes back runs that were cut off; touches nothing when there is none. */
  settle(home: HomeSnapshot): Promise<Settling>;
  /** All receipts of the home, oldest first. */
  journal(home: HomeSnapshot): readonly Receipt[];
  /** The plan that undoes a receipt, the newest that can be undone if none is named; null when there is none. */
  planUndo(home: HomeSnapshot, receipt: string | null, beside: boolean): Plan | null;
}

export interface DeskOptions {
  readonly world: World;
  /** Such as "command line" or "editor". */
  readonly face: string;
  /** Release of this tool. */
  readonly version: string;
  /** Who asks, such as "kim@workbench"; kept with links that a person sets. */
  readonly by: string;
  /** A file that was written to more recently may be in use; milliseconds. */
  readonly quietMs: () => number;
}

/** How long a file must not have been written to, unless a setting says otherwise; milliseconds. */
export const QUIET_MS = 10_000;

export function createRepairDesk({ world, face, version, by, quietMs }: DeskOptions): RepairDesk {
  const context = (): PlanningContext => ({ now: world.now(), quietMs: quietMs(), by });
  const executor = (home: HomeSnapshot): ReturnType<typeof localExecutor> =>
    localExecutor(home, world, { face, version });
  return {
    choices: (snapshot, request) => repairChoices(snapshot, request, context()),
    plan: (snapshot, request) => planRepair(snapshot, request, context()),
    planTogether: (snapshot, findings) => planTogether(snapshot, findings, context()),
    check: (home, plan) => executor(home).check(plan),
    run: (home, plan, choice) => executor(home).run(plan, choice),
    cutOff: (home) => executor(home).cutOff(),
    settle: (home) => executor(home).settle(),
    journal: (home) => executor(home).journal(),
    planUndo: (home, receipt, beside) => executor(home).planUndo(receipt, beside),
  };
}
