/** Repairs: what is offered, plans as documents, runs, and the journal. Every run is of a plan that was shown before. */
import type { Item } from "./items.ts";

/** Command of the client that a code action calls, with `{ findingId, repair }`. */
export const REPAIR_COMMAND = "sessionForensics.repair";

/** One way to go on, for a person to choose. */
export interface RepairChoice {
  readonly id: string;
  readonly label: string;
  /** What tells it from the others, such as size and times. */
  readonly detail: string;
  /** Taken when nothing is chosen. */
  readonly isDefault: boolean;
}

export interface RepairOffer {
  /** Id of the repair. */
  readonly repair: string;
  /** An imperative. */
  readonly title: string;
  readonly does: string;
  readonly never: string;
  /** Empty when there is nothing to choose. */
  readonly choices: readonly RepairChoice[];
}

/** A finding, or a file of a home that a person wants something done with. */
export type RepairSubject =
  | { readonly findingId: string }
  | {
      readonly homeId: string;
      /** Home-relative. */
      readonly place: string;
    };

export interface RepairOffersParams {
  readonly subject: RepairSubject;
  /** Only these repairs; for a file the ones to look at. */
  readonly repairs?: readonly string[];
}

export interface RepairOffers {
  readonly offers: readonly RepairOffer[];
}

/** What is to be planned: one repair, everything of a kind, or the way back from a receipt. */
export type PlanSubject =
  | { readonly subject: RepairSubject; readonly repair?: string; readonly choice?: string }
  | {
      readonly sweep: "stale-locks" | "all-safe";
      /** Absent for all homes. */
      readonly homeId?: string;
    }
  | {
      readonly undo: {
        readonly homeId: string;
        readonly receiptId: string;
        /** Put what was displaced beside what stands there now. */
        readonly beside: boolean;
      };
    };

/** A plan that the server keeps until it is run or newer ones push it out. */
export interface PlanItem {
  readonly planId: string;
  readonly homeId: string;
  readonly title: string;
  readonly steps: number;
  /** Why it can't run now, a sentence each; empty when it can. */
  readonly obstacles: readonly string[];
}

/** One plan for each home that would be written; none when there is nothing to do. */
export interface PlansAnswer {
  readonly plans: readonly PlanItem[];
}

export interface PlanDocumentParams {
  readonly planId: string;
}

export interface RunPlanParams {
  readonly planId: string;
}

/** How a run ended. refused: nothing was written. */
export type RunOutcome = "done" | "rolled-back" | "partial" | "unfinished" | "refused";

export interface RunAnswer {
  readonly outcome: RunOutcome;
  readonly title: string;
  /** Why it did not run to its end, a sentence each. */
  readonly reasons: readonly string[];
  /** Null when nothing was begun. */
  readonly receipt: ReceiptRef | null;
  readonly canUndo: boolean;
}

export interface ReceiptRef {
  readonly homeId: string;
  readonly receiptId: string;
}

export interface ReceiptItem extends Item {
  readonly ref: ReceiptRef;
  readonly outcome: Exclude<RunOutcome, "refused">;
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly canUndo: boolean;
  readonly isUndone: boolean;
}

export interface HomeJournal {
  readonly homeId: string;
  readonly homeLabel: string;
  /** The newest first. */
  readonly receipts: readonly ReceiptItem[];
}

/** Homes in which something was repaired. */
export interface JournalAnswer {
  readonly homes: readonly HomeJournal[];
}

export interface ReceiptDocumentParams {
  readonly receipt: ReceiptRef;
}

/** A run goes on. */
export interface RunProgress {
  readonly planId: string;
  /** Counted from 1. */
  readonly step: number;
  readonly of: number;
  readonly path: string;
}

/** Something was written that no request asked for: a run that had been cut off was settled, or stale locks were moved aside. */
export interface RepairedByItself {
  readonly why: "settled" | "stale-locks";
  readonly answer: RunAnswer;
}
