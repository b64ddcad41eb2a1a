/** Judges all locks of one home. */
import type { Lock, LockFile } from "../../model/lock.ts";
import type { Machine, OwnerLook, ProcessFacts, Volume } from "../../model/machine.ts";
import type { HomeReading } from "../../model/reading.ts";
import { likenessOf } from "./likeness.ts";
import { placeOf } from "./place.ts";
import { judgeLock } from "./verdict.ts";

/** What of a home's reading a verdict on its locks rests on. */
export type JudgedHome = Pick<HomeReading, "home" | "agents">;

export interface LocksInput {
  readonly reading: JudgedHome & Pick<HomeReading, "locks">;
  readonly machine: Machine;
  /** What a look at each pid named by a lock said; a pid without an entry counts as not to be told. */
  readonly looks: ReadonlyMap<number, OwnerLook>;
  /** Every process that can be seen; needed only when the home has locks. */
  readonly processes: readonly ProcessFacts[];
  /** Null when it could not be told. */
  readonly volume: Volume | null;
  /** Milliseconds, UTC. */
  readonly now: number;
}

/** One verdict for each lock file of the reading, in its order. */
export function judgeLocks(input: LocksInput): Lock[] {
  const { reading, machine, looks, volume, now } = input;
  if (reading.locks.length === 0) return [];
  const programs = input.processes.filter((one) => likenessOf(one) === "openclaw");
  const programHere = programs.some((one) => one.pidNamespace === null || one.pidNamespace === machine.pidNamespace);
  const programInContainer = programs.some((one) => one.pidNamespace !== machine.pidNamespace);
  return reading.locks.map((lock) => {
    const look = lock.pid === null ? null : (looks.get(lock.pid) ?? "unknown");
    const namesake = namesakeOf(lock, input);
    const place = placeOf(reading, lock);
    return judgeLock(lock, look, { now, machine, place, volume, namesake, programHere, programInContainer });
  });
}

/** A process under another number, not known to be of this tool's pid namespace, that started when the lock's owner did. */
function namesakeOf(lock: LockFile, { processes, machine }: LocksInput): ProcessFacts | null {
  if (lock.startTicks === null || lock.pid === null) return null;
  const alike = processes.filter(
    (one) =>
      one.pid !== lock.pid &&
      one.startTicks === lock.startTicks &&
      (one.pidNamespace === null || one.pidNamespace !== machine.pidNamespace),
  );
  return alike.find((one) => likenessOf(one) === "openclaw") ?? alike[0] ?? null;
}
