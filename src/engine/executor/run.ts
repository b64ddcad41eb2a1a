/**
 * Runs a plan. The order is what makes it safe: first all is looked at, then all is made ready in our room, and only then
 * things change places, one call of the system each, with the intent on disk before. Whatever fails, the moves are taken
 * back in reverse; whatever cuts the run off, settle.ts goes on from the journal at the next start.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";

import type { PathState, Plan, Step } from "../../model/plan.ts";
import type { Actor, FolderTime, Receipt } from "../../model/receipt.ts";
import { statOf } from "../../system/files.ts";
import { type HeldLocks, lockPayload, takeLocks } from "./agent-locks.ts";
import { type ClaimedLock, claimLock, claimOf } from "./claim.ts";
import { writeFile } from "./copy.ts";
import { isUntouched } from "./expectation.ts";
import type { FileOperations } from "./file-operations.ts";
import { FolderTimes } from "./folder-times.ts";
import { gateTroubles } from "./gates.ts";
import { createJournal, type Journal, type JournalEntry, type Move, type TimedEntry } from "./journal.ts";
import { makeMove, takeBack } from "./moves.ts";
import { isEnded, planDocument, receiptOf, recordedRun } from "./receipts.ts";
import { refuse, RefusedError, refusalsOf } from "./refused.ts";
import { ensureFolder, FILE_MODE, type RunPlaces, runPlaces } from "./room.ts";
import { clearStaged, stage } from "./staging.ts";
import { movesOf } from "./steps.ts";
import type { Surroundings } from "./surroundings.ts";

export interface RunOptions {
  readonly files: FileOperations;
  readonly around: Surroundings;
  readonly by: Actor;
  /** How long to wait for a lock that the agent holds; milliseconds. */
  readonly lockWaitMs: number;
  /** How long a claimed lock stays, so that whoever judged its old content has acted; milliseconds. */
  readonly claimMs: number;
  /** Cancels between two steps; what was done is taken back. */
  readonly signal?: AbortSignal;
  /** Told before each step. */
  readonly onStep?: (step: Step, index: number, of: number) => void;
  /** Called between steps: this run still lives. */
  readonly beat?: () => void;
}

/** A run from its first write on. */
export async function runSteps(plan: Plan, options: RunOptions): Promise<Receipt> {
  return new Run(plan, options).execute();
}

class Run {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #id: string;
  readonly #places: RunPlaces;
  readonly #times: FolderTimes;
  readonly #made: { readonly move: Move; readonly step: number }[] = [];
  /** What the way back says, in case that the journal can't take it. */
  readonly #backward: TimedEntry[] = [];
  #journal: Journal | null = null;
  #locks: HeldLocks | null = null;

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan;
    this.#options = options;
    const stamp = new Date(options.around.now()).toISOString().replaceAll(":", "-");
    this.#id = `${stamp}-${plan.id}-${randomBytes(2).toString("hex")}`;
    this.#places = runPlaces(this.#id);
    this.#times = new FolderTimes(plan.home);
  }

  async execute(): Promise<Receipt> {
    const disguise = this.#needsLocks() ? this.#options.around.appearAsOwner() : () => undefined;
    if (disguise === null && this.#plan.locks.length > 0) {
      const why = "OpenClaw would not know this process for the holder of its locks, and take them away.";
      refuse("failed", null, `${why} Repair from the command line instead: session-forensics repair.`);
    }
    try {
      this.#begin();
      await this.#work();
    } finally {
      this.#journal?.close();
      disguise?.();
    }
    return this.#receipt();
  }

  #needsLocks(): boolean {
    return this.#plan.locks.length > 0 || this.#plan.gates.some(({ gate }) => gate === "still-stale");
  }

  /** Plan first, then the journal: a folder without a journal is of a run that never began. */
  #begin(): void {
    const { files, around, by } = this.#options;
    const { home } = this.#plan;
    ensureFolder(home, this.#places.folder, files);
    const plan = [Buffer.from(planDocument(this.#plan))];
    writeFile(join(home, this.#places.plan), plan, { mode: FILE_MODE, mtimeMs: null }, files);
    this.#journal = createJournal(home, this.#places.journal, files, around.now);
    this.#journal.append({ entry: "begin", run: this.#id, by });
    files.syncFolder(join(home, this.#places.folder));
  }

  async #work(): Promise<void> {
    try {
      const staged = stage(this.#plan, this.#places, this.#options.files);
      await this.#moveStaleLocks();
      await this.#takeLocks();
      for (const [index, step] of this.#plan.steps.entries()) {
        if (this.#isStaleLock(step)) continue;
        this.#options.signal?.throwIfAborted();
        this.#runStep(step, index, staged.get(index));
        await this.#options.around.sleep(0);
      }
      this.#verifyAsides();
      this.#end();
    } catch (error) {
      this.#rollBack(error);
    } finally {
      this.#locks?.release();
    }
  }

  /** From here on the run is done: should its last line fail, nobody can know whether it is on disk, and it is settled later. */
  #end(): void {
    const folders = this.#setFolderTimes();
    this.#note({ entry: "end", outcome: "done", reason: null, recovered: false, folders });
  }

  #isStaleLock(step: Step): boolean {
    return (
      step.do === "move-aside" &&
      this.#plan.gates.some((gate) => gate.gate === "still-stale" && gate.path === step.path)
    );
  }

  /** All are claimed, then one pause serves them all, then each is moved. */
  async #moveStaleLocks(): Promise<void> {
    const { files, around, claimMs, signal, onStep } = this.#options;
    const { home, steps } = this.#plan;
    const claimed: { readonly lock: ClaimedLock; readonly move: Move; readonly step: number }[] = [];
    try {
      for (const [index, step] of steps.entries()) {
        if (!this.#isStaleLock(step)) continue;
        onStep?.(step, index, steps.length);
        const gates = this.#plan.gates.filter((gate) => gate.gate === "still-stale" && gate.path === step.path);
        const troubles = await gateTroubles({ home, gates }, around);
        if (troubles.length > 0) throw new RefusedError(troubles);
        const [move] = this.#movesOf(step, index, undefined);
        if (move === undefined || move.claim === null || move.state.is !== "file") {
          return refuse("unsafe-path", step.path, `${step.path} is no file.`);
        }
        this.#mean(move, index);
        claimed.push({ lock: claimLock(join(home, move.live), move.state, move.claim, files), move, step: index });
      }
      if (claimed.length > 0) await around.sleep(claimMs);
      for (const { lock, move, step } of claimed) {
        signal?.throwIfAborted();
        lock.verify();
        this.#make(move, step, true);
      }
    } finally {
      for (const { lock } of claimed) lock.close();
    }
  }

  async #takeLocks(): Promise<void> {
    const { files, around, lockWaitMs, signal } = this.#options;
    const { home, locks, gates } = this.#plan;
    const journal = this.#openJournal();
    this.#locks = await takeLocks(locks, {
      home,
      places: this.#places,
      journal,
      files,
      around,
      waitMs: lockWaitMs,
      ...(signal === undefined ? {} : { signal }),
    });
    const still = gates.filter(({ gate }) => gate !== "still-stale");
    const troubles = await gateTroubles({ home, gates: still }, around, this.#locks.paths);
    if (troubles.length > 0) throw new RefusedError(troubles);
  }

  #runStep(step: Step, index: number, staged: PathState | undefined): void {
    const { onStep, beat } = this.#options;
    onStep?.(step, index, this.#plan.steps.length);
    beat?.();
    this.#locks?.verify();
    const moves = this.#movesOf(step, index, staged);
    for (const [number, move] of moves.entries()) {
      this.#mean(move, index);
      this.#make(move, index, number === moves.length - 1);
    }
  }

  #movesOf(step: Step, index: number, staged: PathState | undefined): Move[] {
    const { home } = this.#plan;
    const claims = this.#isStaleLock(step) && step.before.is === "file";
    const lock = claims ? statOf(join(home, step.path)) : undefined;
    const claim =
      lock === undefined || step.before.is !== "file"
        ? null
        : claimOf(lock.path, { ...step.before, inode: lock.ino }, lockPayload(this.#options.around));
    return movesOf({ home, step, index, places: this.#places, staged, claim });
  }

  #mean(move: Move, step: number): void {
    this.#append({ entry: "meant", step, move });
    this.#made.push({ move, step });
  }

  #make(move: Move, step: number, last: boolean): void {
    this.#times.beforeChange(move.live);
    makeMove(this.#plan.home, move, this.#options.files);
    this.#times.afterChange(move.live);
    this.#append({ entry: "moved", step, last });
  }

  /** A write that reached a displaced file after all shows here: then the run was no good, and all is taken back. */
  #verifyAsides(): void {
    for (const { move } of this.#made) {
      if (move.kind !== "swap" || move.aside === null) continue;
      const aside = join(this.#plan.home, move.aside);
      const isCopy = move.displaced.is === "file" && statOf(aside)?.ino !== move.displaced.inode;
      if (isCopy || isUntouched(statOf(aside), move.displaced)) continue;
      refuse("changed", move.live, `Something wrote to ${move.live} while it was being replaced.`);
    }
  }

  /** Folders changed in this run; those of an undone run get back the times that they had before it. */
  #setFolderTimes(): readonly FolderTime[] {
    const { home, folderTimes = [] } = this.#plan;
    return this.#times.list().map((folder) => {
      const wanted = folderTimes.find(({ path, expectMs }) => path === folder.path && expectMs === folder.before);
      if (wanted === undefined) return folder;
      this.#options.files.setTime(join(home, folder.path), wanted.setMs);
      return { ...folder, after: wanted.setMs };
    });
  }

  /** Should this fail as well the run stays unfinished, and is settled at the next start. */
  #rollBack(error: unknown): void {
    const why = this.#options.signal?.aborted === true ? "Cancelled." : reasonOf(error);
    const isNoted = this.#note({ entry: "rolling-back", why });
    // The journal may say that every step was done: then no step may be taken back before it says this as well.
    const last = this.#plan.steps.length - 1;
    if (!isNoted && this.#made.some(({ step }) => step === last)) return;
    try {
      const outcome = this.#takeAllBack();
      this.#note({ entry: "end", outcome, reason: why, recovered: false, folders: [] });
    } catch (second) {
      this.#note({ entry: "rolling-back", why: reasonOf(second) });
    }
  }

  #takeAllBack(): "rolled-back" | "partial" {
    const { home } = this.#plan;
    let isWhole = true;
    for (const [index, { move }] of [...this.#made.entries()].toReversed()) {
      // A stale lock comes back to where the run's own may stand.
      if (move.claim !== null) this.#locks?.release();
      this.#times.beforeChange(move.live);
      const kept = takeBack(home, move, this.#options.files);
      this.#times.afterChange(move.live);
      isWhole &&= kept === null;
      this.#note(kept === null ? { entry: "taken-back", index } : { entry: "kept", index, why: kept });
    }
    if (!isWhole) return "partial";
    clearStaged(this.#plan, this.#places, this.#options.files);
    this.#times.restore(this.#options.files);
    return "rolled-back";
  }

  #append(entry: JournalEntry): void {
    this.#openJournal().append(entry);
  }

  /** On the way back the journal may fail, as on a full disk: what it misses is found out again when the run is settled. */
  #note(entry: JournalEntry): boolean {
    try {
      this.#append(entry);
      return true;
    } catch {
      this.#backward.push({ ...entry, at: this.#options.around.now() });
      return false;
    }
  }

  #openJournal(): Journal {
    if (this.#journal === null) throw new Error("the run has not begun");
    return this.#journal;
  }

  #receipt(): Receipt {
    const recorded = recordedRun(this.#plan.home, this.#id);
    const begun = { entry: "begin", run: this.#id, by: this.#options.by, at: this.#options.around.now() } as const;
    const entries = recorded?.entries ?? [begun];
    return receiptOf({
      id: this.#id,
      plan: this.#plan,
      entries: isEnded(entries) ? entries : [...entries, ...this.#backward],
    });
  }
}

function reasonOf(error: unknown): string {
  return refusalsOf(error)
    .map(({ reason }) => reason)
    .join(" ");
}
