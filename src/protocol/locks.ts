/** Locks with their verdicts. */
import type { FileTarget, Item, LockReason, LockVerdict } from "./items.ts";
import type { SessionRef } from "./sessions.ts";

export interface LocksParams {
  readonly revision: number;
  /** Absent for the locks of all homes. */
  readonly homeId?: string;
}

export interface LocksAnswer {
  readonly revision: number;
  /** Stale first, then unknown, then held; the oldest first in each. */
  readonly locks: readonly LockItem[];
}

export interface LockItem extends Item {
  readonly homeId: string;
  readonly file: FileTarget;
  /** What it locks. */
  readonly target: FileTarget;
  readonly of: "transcript" | "store" | "gateway";
  /** Session whose transcript is locked, when known. */
  readonly session: SessionRef | null;
  readonly verdict: LockVerdict;
  readonly reasons: readonly LockReason[];
  readonly pid: number | null;
  readonly createdAt: number | null;
  readonly findingIds: readonly string[];
}
