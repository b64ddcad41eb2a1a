/**
 * Settles a run that was cut off, by one rule: a run that had made its last move is completed, any other is taken back.
 * Taking back needs no more than renames, so it can be done on a full disk, and it can itself be cut off at any point.
 */
import { join } from "node:path";

import type { Receipt, Refusal } from "../../model/receipt.ts";
import { freeLeftLock, takeLocks } from "./agent-locks.ts";
import { restoreClaimed } from "./claim.ts";
import { gateTroubles } from "./gates.ts";
import { type Journal, type Move, reopenJournal } from "./journal.ts";
import { isDone, takeBack } from "./moves.ts";
import { isEnded, leftLocks, meantMoves, receiptOf, recordedRun, type RecordedRun } from "./receipts.ts";
import { refuse, RefusedError, refusalsOf } from "./refused.ts";
import { type RunPlaces, runPlaces } from "./room.ts";
import type { RunOptions } from "./run.ts";
import { assertInside } from "./safe-paths.ts";
import { clearStaged } from "./staging.ts";

/** The receipt of the run as it is settled now, or why it can't be yet. */
export async function settle(run: RecordedRun, options: RunOptions): Promise<Receipt | readonly Refusal[]> {
  const { home } = run.plan;
  const journal = reopenJournal(home, runPlaces(run.id).journal, options.files, options.around.now);
  try {
    freeLeftLocks(run, journal, options);
    if (!isEnded(run.entries)) await finish(run, journal, options);
  } catch (error) {
    return refusalsOf(error);
  } finally {
    journal.close();
  }
  return receiptOf(recordedRun(home, run.id) ?? run);
}

function freeLeftLocks({ plan, entries }: RecordedRun, journal: Journal, { files }: RunOptions): void {
  const begin = entries.find((entry) => entry.entry === "begin");
  for (const { path, inode } of leftLocks(entries)) {
    freeLeftLock(plan.home, path, inode, begin?.by.pid ?? 0, files);
    journal.append({ entry: "lock-freed", path });
  }
}

async function finish(run: RecordedRun, journal: Journal, options: RunOptions): Promise<void> {
  if (isWhole(run)) complete(run, journal, options);
  else await takeAllBack(run, journal, options);
}

/** Whether every step was done. A last move that was done and not yet noted down counts: its result is in place. */
function isWhole({ plan, entries }: RecordedRun): boolean {
  if (entries.some(({ entry }) => entry === "rolling-back")) return false;
  const done = new Set(entries.flatMap((entry) => (entry.entry === "moved" && entry.last ? [entry.step] : [])));
  return plan.steps.every((_, index) => done.has(index));
}

function complete({ plan, entries }: RecordedRun, journal: Journal, { files }: RunOptions): void {
  for (const { move } of meantMoves(entries)) {
    if (move.claim !== null) restoreClaimed(join(plan.home, move.ours), move.claim, files);
  }
  const reason = "It was cut off after its last step, and only had to be brought to an end.";
  journal.append({ entry: "end", outcome: "done", reason, recovered: true, folders: [] });
}

/** A journal that came with a foreign home may say anything: its moves lead from the home to that run's folder, or back. */
function assertOwnMove({ live, ours, aside }: Move, { folder }: RunPlaces): void {
  for (const path of [live, ours, aside ?? ours]) assertInside(path);
  for (const path of [ours, aside ?? ours]) {
    if (!path.startsWith(`${folder}/`)) refuse("unsafe-path", path, `${path} does not belong to the run in ${folder}.`);
  }
}

async function takeAllBack(run: RecordedRun, journal: Journal, options: RunOptions): Promise<void> {
  const { files, around } = options;
  const { home, locks, gates } = run.plan;
  const places = runPlaces(run.id);
  const moves = meantMoves(run.entries);
  for (const { move } of moves) assertOwnMove(move, places);
  const changes = moves.some(({ move }) => isDone(home, move));
  const disguise = changes && locks.length > 0 ? around.appearAsOwner() : null;
  const held = changes
    ? await takeLocks(locks, { home, places, journal, files, around, waitMs: options.lockWaitMs })
    : null;
  try {
    // The file was written by the run itself a moment ago, so whether it is quiet says nothing.
    const still = changes ? gates.filter(({ gate }) => gate === "lock-free" || gate === "gateway-down") : [];
    const troubles = await gateTroubles({ home, gates: still }, around, held?.paths);
    if (troubles.length > 0) throw new RefusedError(troubles);
    const why = "It was cut off before its last step, so what it had done was taken back.";
    const kept: string[] = [];
    for (const [index, { move }] of [...moves.entries()].toReversed()) {
      // A stale lock comes back to where this one may stand.
      if (move.claim !== null) held?.release();
      const trouble = takeBack(home, move, files);
      if (trouble !== null) kept.push(trouble);
      journal.append(trouble === null ? { entry: "taken-back", index } : { entry: "kept", index, why: trouble });
    }
    if (kept.length === 0) clearStaged(run.plan, places, files);
    const reason = kept.length === 0 ? why : `${why} Not all could be: ${kept.join("; ")}.`;
    const outcome = kept.length === 0 ? "rolled-back" : "partial";
    journal.append({ entry: "end", outcome, reason, recovered: true, folders: [] });
  } finally {
    held?.release();
    disguise?.();
  }
}
