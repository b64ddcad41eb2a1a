/** A lock together with everything that its verdict rests on, and what OpenClaw would say of its owner. */
import type { LockFile, LockReason } from "../../model/lock.ts";
import type { Machine, OwnerLook, ProcessFacts, Volume } from "../../model/machine.ts";
import { likenessOf, type Likeness } from "./likeness.ts";
import type { Place } from "./place.ts";

/** What is known around a lock. */
export interface Circumstances {
  /** Milliseconds, UTC. */
  readonly now: number;
  readonly machine: Machine;
  readonly place: Place;
  /** Null when it could not be told. */
  readonly volume: Volume | null;
  /** A live process of another pid namespace that started at the very tick the lock states. */
  readonly namesake: ProcessFacts | null;
  /** An OpenClaw process lives in this tool's own pid namespace. */
  readonly programHere: boolean;
  /** An OpenClaw process lives in another pid namespace that can be seen from here: in a container. */
  readonly programInContainer: boolean;
}

/** A boot time is computed from the clock, which may have been set since. */
const BOOT_CLOCK_MS = 60_000;
/** Start times of processes are known to a second or so, and clocks get adjusted. */
const START_CLOCK_MS = 10_000;

/** What the rules look at. */
export interface Case {
  readonly lock: LockFile;
  /** Null when the lock names no pid. */
  readonly look: OwnerLook | null;
  readonly around: Circumstances;
  readonly ageMs: number;
  readonly process: ProcessFacts | null;
  readonly likeness: Likeness | null;
  /** The start time in the payload is that of the live process; null when the two can't be compared. */
  readonly sameStart: boolean | null;
  /** The lock was made before this machine started. */
  readonly beforeBoot: boolean;
  /** What OpenClaw would say of the owner. */
  readonly ownerReason: LockReason | null;
}

/** Puts the case together from what a look at the lock's pid said (null without a pid). */
export function caseOf(lock: LockFile, look: OwnerLook | null, around: Circumstances): Case {
  const process = look === null || look === "dead" || look === "unknown" ? null : look;
  const likeness = process === null ? null : likenessOf(process);
  const comparable = lock.startTicks !== null && process !== null && process.startTicks !== null;
  const sameStart = comparable ? lock.startTicks === process.startTicks : null;
  const { bootedAt } = around.machine;
  return {
    lock,
    look,
    around,
    ageMs: around.now - (lock.createdAt ?? lock.modifiedAt),
    process,
    likeness,
    sameStart,
    beforeBoot: bootedAt !== null && lock.createdAt !== null && lock.createdAt < bootedAt - BOOT_CLOCK_MS,
    ownerReason: ownerReason(lock, look, process, likeness, sameStart, around),
  };
}

/** OpenClaw's reason against the owner, whether or not it counts here. */
function ownerReason(
  lock: LockFile,
  look: OwnerLook | null,
  process: ProcessFacts | null,
  likeness: Likeness | null,
  sameStart: boolean | null,
  around: Circumstances,
): LockReason | null {
  if (look === "dead") return "dead-pid";
  if (process === null || sameStart === true) return null;
  if (lock.pid === around.machine.pid) return "orphan-self-pid";
  if (sameStart === false) return "recycled-pid";
  return likeness === "other" ? "non-openclaw-owner" : null;
}

/**
 * The process started after the lock was made. That speaks against it, but does not prove it: both times hang on the clock,
 * which jumps when a paused virtual machine goes on or a clock is set.
 */
export function startedAfter(process: ProcessFacts, lock: LockFile): boolean {
  if (process.startedAt === null || lock.createdAt === null) return false;
  return process.startedAt > lock.createdAt + START_CLOCK_MS;
}

/** Whether the process sees the same numbers as this tool; where the system has no such thing, it does. */
export function ofOwnNamespace(process: ProcessFacts, machine: Machine): boolean {
  return (
    process.pidNamespace === null || machine.pidNamespace === null || process.pidNamespace === machine.pidNamespace
  );
}
