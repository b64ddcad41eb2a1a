/** The executor's face: run a plan, settle what was cut off, read the journal, plan an undo. One per home. */
import type { Plan, Step } from "../../model/plan.ts";
import type { Actor, Receipt, Refusal } from "../../model/receipt.ts";
import { FileError } from "../../system/files.ts";
import { isSomeoneAtWork, startWork } from "./at-work.ts";
import { type FileOperations, fileOperations } from "./file-operations.ts";
import { gateTroubles } from "./gates.ts";
import { preflight } from "./preflight.ts";
import { readReceipts, receiptOf, unsettledRuns } from "./receipts.ts";
import { refusal, refusalsOf } from "./refused.ts";
import { openRoom } from "./room.ts";
import { type RunOptions, runSteps } from "./run.ts";
import { settle } from "./settle.ts";
import type { Surroundings } from "./surroundings.ts";
import { undoPlan } from "./undo.ts";

export interface ExecutorOptions {
  /** Absolute path of the home, links resolved. */
  readonly home: string;
  readonly around: Surroundings;
  readonly by: Actor;
  /** How long to wait for a lock that the agent holds; milliseconds. */
  readonly lockWaitMs?: number;
  /** How long a stale lock stays claimed before it is moved aside; milliseconds. */
  readonly claimMs?: number;
  /** Replaced by tests that count, fail or cut off calls. */
  readonly files?: FileOperations;
}

export interface RunChoice {
  readonly signal?: AbortSignal;
  readonly onStep?: (step: Step, index: number, of: number) => void;
}

/** What came of a run. `settled`: receipts of earlier runs that had been cut off and were settled first. */
export type RunResult =
  | { readonly outcome: "refused"; readonly refusals: readonly Refusal[]; readonly settled: readonly Receipt[] }
  | { readonly outcome: Receipt["outcome"]; readonly receipt: Receipt; readonly settled: readonly Receipt[] };

/** What came of settling: receipts of the runs that are settled now, and why others can't be yet. */
export interface Settling {
  readonly settled: readonly Receipt[];
  readonly refusals: readonly Refusal[];
}

export interface Executor {
  /** What stands in the plan's way right now; writes nothing. */
  check(plan: Plan): Promise<readonly Refusal[]>;
  run(plan: Plan, choice?: RunChoice): Promise<RunResult>;
  /** Receipts of runs that were cut off and are not settled yet, oldest first; none while one of us is at work. Only reads. */
  cutOff(): readonly Receipt[];
  /** Completes or takes back runs that were cut off; touches nothing when there is none. */
  settle(): Promise<Settling>;
  /** All receipts of the home, oldest first. */
  journal(): readonly Receipt[];
  /** The plan that undoes a receipt, the newest that can be undone if none is named; null when there is none. */
  planUndo(receipt: string | null, beside?: boolean): Plan | null;
}

const LOCK_WAIT_MS = 10_000;
/** OpenClaw acts on what it read of a lock within milliseconds; this leaves room for a machine under load. */
const CLAIM_MS = 500;

export function createExecutor(options: ExecutorOptions): Executor {
  return new HomeExecutor(options);
}

class HomeExecutor implements Executor {
  readonly #home: string;
  readonly #run: RunOptions;

  constructor({ home, around, by, lockWaitMs, claimMs, files }: ExecutorOptions) {
    this.#home = home;
    this.#run = {
      files: files ?? fileOperations,
      around,
      by,
      lockWaitMs: lockWaitMs ?? LOCK_WAIT_MS,
      claimMs: claimMs ?? CLAIM_MS,
    };
  }

  async check(plan: Plan): Promise<readonly Refusal[]> {
    try {
      if (plan.home !== this.#home) return [refusal("conflict", null, `The plan is for ${plan.home}.`)];
      const troubles = preflight(plan);
      return troubles.length > 0 ? troubles : await gateTroubles(plan, this.#run.around);
    } catch (error) {
      return refusalsOf(error);
    }
  }

  async run(plan: Plan, choice: RunChoice = {}): Promise<RunResult> {
    const { settled, refusals } = await this.settle();
    if (refusals.length > 0) return { outcome: "refused", refusals, settled };
    const troubles = await this.check(plan);
    if (troubles.length > 0) return { outcome: "refused", refusals: troubles, settled };
    return this.#working<RunResult>(
      async (beat) => {
        const [cut] = unsettledRuns(this.#home);
        if (cut !== undefined) throw new Error(`the run ${cut.id} was cut off in this moment; try again`);
        const receipt = await runSteps(plan, { ...this.#run, ...choice, beat });
        return { outcome: receipt.outcome, receipt, settled };
      },
      (refused) => ({ outcome: "refused", refusals: refused, settled }),
    );
  }

  cutOff(): readonly Receipt[] {
    try {
      const runs = unsettledRuns(this.#home);
      return runs.length === 0 || isSomeoneAtWork(this.#home, this.#run.around) ? [] : runs.map(receiptOf);
    } catch (error) {
      // A room that can't be read tells nothing to who only looks; a run is refused with the reason.
      if (error instanceof FileError) return [];
      throw error;
    }
  }

  async settle(): Promise<Settling> {
    try {
      if (unsettledRuns(this.#home).length === 0) return { settled: [], refusals: [] };
    } catch (error) {
      return { settled: [], refusals: refusalsOf(error) };
    }
    return this.#working<Settling>(
      async () => {
        const settled: Receipt[] = [];
        const refusals: Refusal[] = [];
        for (const run of unsettledRuns(this.#home)) {
          const result = await settle(run, this.#run);
          if ("outcome" in result) settled.push(result);
          else refusals.push(...result.map((one) => unsettled(run.id, one)));
        }
        return { settled, refusals };
      },
      (refusals) => ({ settled: [], refusals }),
    );
  }

  journal(): readonly Receipt[] {
    return readReceipts(this.#home);
  }

  planUndo(receipt: string | null, beside = false): Plan | null {
    const receipts = this.journal();
    const found =
      receipt === null
        ? receipts.findLast(({ undo, plan }) => undo.state === "possible" && plan.undoes === undefined)
        : receipts.find(({ id }) => id === receipt);
    return found === undefined ? null : undoPlan(found, { beside, now: this.#run.around.now() });
  }

  /** Does something as the only one of us in this home. */
  async #working<T>(work: (beat: () => void) => Promise<T>, refused: (refusals: readonly Refusal[]) => T): Promise<T> {
    const { files, around, by } = this.#run;
    try {
      openRoom(this.#home, files);
      const presence = await startWork(this.#home, by.face, files, around);
      try {
        return await work(presence.beat);
      } finally {
        presence.leave();
      }
    } catch (error) {
      return refused(refusalsOf(error));
    }
  }
}

function unsettled(run: string, { path, reason }: Refusal): Refusal {
  return refusal("unsettled", path, `An earlier run (${run}) was cut off and can't be settled yet. ${reason}`);
}
