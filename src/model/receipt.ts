/** Receipts: what a run of a plan did, and whether it can be undone. The journal is all receipts of a home. */
import type { PathState, Plan } from "./plan.ts";

/** Version of a receipt as a JSON document. */
export const RECEIPT_SCHEMA = "session-forensics/receipt/1";

/** Who ran the plan. */
export interface Actor {
  readonly pid: number;
  readonly host: string;
  /** Such as "command line" or "editor". */
  readonly face: string;
  /** Release of this tool. */
  readonly version: string;
}

/** done: every step; rolled-back: begun and taken back; refused: nothing was begun; unfinished: cut off, not yet recovered. */
export type Outcome = "done" | "rolled-back" | "refused" | "unfinished";

/** One step as it went. Times are milliseconds, UTC. */
export interface StepRecord {
  /** Index in the plan's steps. */
  readonly step: number;
  readonly state: "done" | "taken-back" | "begun";
  readonly at: number;
  /** Home-relative path where what the step displaced lies now. */
  readonly aside: string | null;
  /** What was displaced, as it was found there; absent when nothing was. */
  readonly displaced: PathState;
}

/** Whether the receipt can be undone. */
export type UndoState =
  | { readonly state: "possible" }
  | { readonly state: "undone"; readonly by: string }
  | { readonly state: "nothing-to-undo"; readonly why: string };

export interface Receipt {
  /** Sorts by time: `<stamp>-<plan id>`. */
  readonly id: string;
  readonly plan: Plan;
  readonly by: Actor;
  /** Milliseconds, UTC. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: Outcome;
  /** Why it was refused or rolled back; for a recovered run what was done about it. */
  readonly reason: string | null;
  /** The run was cut off and settled at a later start. */
  readonly recovered: boolean;
  readonly steps: readonly StepRecord[];
  readonly undo: UndoState;
}
