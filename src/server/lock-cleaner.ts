/**
 * Moves stale locks aside by itself, where the setting says so: soon after a crash, each time with a receipt. What was refused
 * is tried again later, not at every change.
 */
import { NothingToPlan } from "../engine/planning/plan-repairs.ts";
import type { Lock } from "../model/lock.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import type { RunAnswer } from "../protocol/repairs.ts";
import { runAnswer } from "./items/receipt-item.ts";
import type { RepairCounter } from "./repair-counter.ts";

/** A lock that could not be moved aside is left alone this long; milliseconds. */
const AGAIN_AFTER_MS = 60_000;

/** Only of these owners it is certain that they are gone: a dead process, or one whose number another has now. */
const GONE: ReadonlySet<string> = new Set(["dead-pid", "recycled-pid"]);

export interface CleanerOptions {
  readonly counter: RepairCounter;
  /** Milliseconds, UTC. */
  readonly now: () => number;
  /** Told of every run that wrote something. */
  readonly onCleaned: (answer: RunAnswer) => void;
}

export class LockCleaner {
  readonly #options: CleanerOptions;
  /** When each lock was tried last. */
  readonly #tried = new Map<string, number>();
  #isWorking = false;

  constructor(options: CleanerOptions) {
    this.#options = options;
  }

  /** Cleans what this snapshot shows; does nothing while an earlier call still works. */
  async clean(snapshot: Snapshot): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (const home of snapshot.homes) for (const lock of this.#due(home)) await this.#cleanOne(snapshot, home, lock);
    } finally {
      this.#isWorking = false;
    }
  }

  #due(home: HomeSnapshot): Lock[] {
    const now = this.#options.now();
    return home.locks.filter((lock) => {
      if (lock.verdict !== "stale" || !lock.reasons.some((one) => GONE.has(one))) return false;
      const last = this.#tried.get(nameOf(home, lock));
      return last === undefined || now - last >= AGAIN_AFTER_MS;
    });
  }

  async #cleanOne(snapshot: Snapshot, home: HomeSnapshot, lock: Lock): Promise<void> {
    const { counter, now, onCleaned } = this.#options;
    this.#tried.set(nameOf(home, lock), now());
    try {
      const subject = { homeId: home.home.id, place: lock.path };
      for (const kept of await counter.plan(snapshot, { subject, repair: "stale-lock" })) {
        if (kept.obstacles.length > 0) continue;
        const answer = runAnswer(home, kept.plan, await counter.run(kept));
        if (answer.receipt !== null) onCleaned(answer);
      }
    } catch (error) {
      // The home went away in between: there is nothing left to clean.
      if (!(error instanceof NothingToPlan)) throw error;
    }
  }
}

/** The very lock: one that was taken again under the same name is another. */
const nameOf = ({ home }: HomeSnapshot, { path, pid, createdAt, modifiedAt }: Lock): string =>
  JSON.stringify([home.path, path, pid, createdAt, modifiedAt]);
