/** What a run must know of the world around the files: the clock, other processes, the agent program's locks and gateways. */
import type { Lock } from "../../model/lock.ts";
import type { Machine, OwnerLook } from "../../model/machine.ts";

/** A process of the agent program that may write to the home at any time. */
export interface Owner {
  readonly pid: number | null;
  /** What was seen, as a sentence that names the process: "The gateway (pid 4711, openclaw gateway) holds …". */
  readonly text: string;
}

export interface Surroundings {
  readonly machine: Machine;
  /** Tells one start of the system from the next; null where it does not say. */
  readonly bootId: string | null;
  /** Start time of this process in clock ticks since boot; null where the system does not say. */
  readonly startTicks: number | null;
  /** Milliseconds, UTC. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly look: (pid: number) => OwnerLook;
  /** The lock at a home-relative path, read and judged now; null when none stands there. */
  readonly lockAt: (path: string) => Lock | null;
  /** Running gateways that own the home, or may. */
  readonly owners: () => Promise<readonly Owner[]>;
  /**
   * Makes this process one that the agent program takes for an owner of its locks; the result takes that back. Null when
   * it can't: then its locks would not be respected.
   */
  readonly appearAsOwner: () => (() => void) | null;
}
