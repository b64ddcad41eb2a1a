/** Plans, runs and receipts as JSON: what a reader looks for stands first, and times are ISO 8601. */
import type { RunResult } from "../../engine/executor/executor.ts";
import { isoTime } from "../../engine/present/times.ts";
import type { Plan } from "../../model/plan.ts";
import type { Receipt, Refusal } from "../../model/receipt.ts";

/** One of `plans` in the document of `plan --json`. */
export function plannedDocument({ id, title, home, steps, ...rest }: Plan, refusals: readonly Refusal[]): object {
  return {
    id,
    title,
    home,
    refusals,
    steps: steps.map(({ do: what, path, why, ...one }) => ({ do: what, path, why, ...one })),
    ...rest,
  };
}

/** One of `runs` in the document of `repair --json` and `undo --json`. */
export function runDocument(result: RunResult): object {
  const settled = result.settled.map(receiptDocument);
  return "receipt" in result
    ? { outcome: result.outcome, receipt: receiptDocument(result.receipt), settled }
    : { outcome: result.outcome, refusals: result.refusals, settled };
}

/** A receipt; steps that began are told by their index in the plan's. */
export function receiptDocument({ id, plan, startedAt, endedAt, steps, folders, ...rest }: Receipt): object {
  const { id: planId, title, home, undoes, repairs, steps: planned } = plan;
  return {
    id,
    title,
    home,
    startedAt: isoTime(startedAt),
    endedAt: isoTime(endedAt),
    ...rest,
    steps: steps.map(({ step, at, ...one }) => ({
      ...pathsAt(planned, step),
      ...one,
      at: isoTime(at),
    })),
    folders: folders.map(({ path, before, after }) => ({ path, before: isoTime(before), after: isoTime(after) })),
    plan: { id: planId, repairs, ...(undoes === undefined ? {} : { undoes }) },
  };
}

/** What a step did, and where. */
function pathsAt(planned: Plan["steps"], index: number): object {
  const step = planned[index];
  if (step === undefined) return {};
  return { do: step.do, path: step.path, ...(step.do === "rename" ? { to: step.to } : {}) };
}
