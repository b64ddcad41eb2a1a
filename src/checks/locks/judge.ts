/** Judges all locks of one home. */
import type { Lock } from "../../model/lock.ts";
import type { Machine, OwnerLook, ProcessFacts, Volume } from "../../model/machine.ts";
import type { HomeReading } from "../../model/reading.ts";

export interface LocksInput {
  readonly reading: HomeReading;
  readonly machine: Machine;
  /** What a look at each pid named by a lock said. */
  readonly looks: ReadonlyMap<number, OwnerLook>;
  /** Every process that can be seen; needed only when the home has locks. */
  readonly processes: readonly ProcessFacts[];
  /** Null when it could not be told. */
  readonly volume: Volume | null;
  /** Milliseconds, UTC. */
  readonly now: number;
}

/** One verdict for each lock file of the reading, in its order. */
export function judgeLocks(_input: LocksInput): Lock[] {
  return [];
}
