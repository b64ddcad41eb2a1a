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

/**
 * done: every step; rolled-back: begun and taken back; partial: begun, and what others have changed since could not be taken
 * back; unfinished: cut off and not yet settled, or at work right now.
 */
export type Outcome = "done" | "rolled-back" | "partial" | "unfinished";

/** One step as it went. Times are milliseconds, UTC. */
export interface StepRecord {
  /** Index in the plan's steps. */
  readonly step: number;
  /** kept: it could not be taken back. */
  readonly state: "begun" | "done" | "taken-back" | "kept";
  readonly at: number;
  /** Home-relative path where what the step displaced lies. */
  readonly aside: string | null;
  /** What was displaced, as it was found; absent when nothing was. */
  readonly displaced: PathState;
}

/** Whether the receipt can be undone, as far as the journal alone tells. */
export type UndoState =
  | { readonly state: "possible" }
  | { readonly state: "undone"; readonly by: string }
  | { readonly state: "nothing-to-undo" };

/** A folder whose modification time the run changed by adding or taking entries. Milliseconds, UTC. */
export interface FolderTime {
  /** Home-relative. */
  readonly path: string;
  readonly before: number;
  readonly after: number;
}

export interface Receipt {
  /** Sorts by time: `<stamp>-<plan id>`. */
  readonly id: string;
  readonly plan: Plan;
  readonly by: Actor;
  /** Milliseconds, UTC. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: Outcome;
  /** Why it was rolled back; for a recovered run what was done about it. */
  readonly reason: string | null;
  /** The run was cut off and settled at a later start. */
  readonly recovered: boolean;
  readonly steps: readonly StepRecord[];
  readonly folders: readonly FolderTime[];
  readonly undo: UndoState;
}

export type RefusalCode =
  | "conflict" // the plan itself says that it can't be done
  | "unsafe-path" // leads out of the home, through a link, or clashes with another name
  | "changed" // what stands there is not what the plan expects
  | "lock-held"
  | "lock-unknown"
  | "lock-not-stale"
  | "still-growing"
  | "gateway-running"
  | "not-permitted"
  | "no-space"
  | "other-file-system"
  | "busy" // another one of us is at work
  | "unsettled" // an earlier run was cut off and can't be settled yet
  | "failed"; // the system refused a call

/** Why a plan did not run, or not to its end. */
export interface Refusal {
  readonly code: RefusalCode;
  /** Home-relative, where one place is at issue. */
  readonly path: string | null;
  /** One or two plain sentences: what stands in the way, and what to do about it. */
  readonly reason: string;
}
