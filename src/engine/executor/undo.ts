/** Undo: a plan made from a receipt, which runs like any other and leaves a receipt of its own. */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";

import {
  ABSENT,
  type Conflict,
  type Gate,
  type LockToTake,
  type PathState,
  pathsOf,
  type Plan,
  planOf,
  type Step,
} from "../../model/plan.ts";
import type { Receipt, StepRecord } from "../../model/receipt.ts";
import { statOf } from "../../system/files.ts";
import { pathState } from "../../system/path-state.ts";
import { isAside } from "./room.ts";
import { differenceOf, foreseeable, withoutIdentity } from "./expectation.ts";

/** What path-state.ts says of a folder with nothing in it. */
const EMPTY = createHash("sha256").digest("hex");

export interface UndoChoice {
  /** Put what was displaced beside what stands in its place now, instead of over it. */
  readonly beside: boolean;
  /** Milliseconds, UTC: stamps the names of what is restored beside. */
  readonly now: number;
}

/** The plan that undoes a receipt. What has changed since is a conflict; then nothing is undone, but it can be put beside. */
export function undoPlan(receipt: Receipt, choice: UndoChoice): Plan {
  const { plan } = receipt;
  const records = receipt.steps.filter(({ state, aside }) => state === "done" && isOwnAside(aside)).toReversed();
  const steps = records.flatMap((record) =>
    choice.beside ? besideSteps(plan, record, choice.now) : backSteps(plan, record),
  );
  return planOf({
    home: plan.home,
    title: `Undo: ${plan.title}`,
    repairs: plan.repairs.map(({ path }) => ({ repair: "undo", finding: null, path, title: `Undo: ${plan.title}` })),
    steps,
    gates: choice.beside ? [] : gatesOfUndo(plan),
    locks: choice.beside ? [] : locksOfUndo(plan),
    conflicts: [
      ...stateConflicts(receipt),
      ...lockConflicts(steps),
      ...(choice.beside ? [] : changesSince(plan.home, steps)),
    ],
    notes: choice.beside ? ["What the repair put in place stays; what it displaced is put beside it."] : [],
    undoes: receipt.id,
    ...(choice.beside ? {} : { folderTimes: folderTimes(receipt) }),
  });
}

/** `<name>.restored-<time>`: neither OpenClaw nor a scan takes it for a transcript, an archive, a store or a lock. */
export function besideName(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(":", "-");
  return `${path}.restored-${stamp}`;
}

/** A journal that came with a foreign home may name anything. */
function isOwnAside(aside: string | null): boolean {
  return aside === null || isAside(aside);
}

function backSteps(plan: Plan, { step: index, aside, displaced }: StepRecord): Step[] {
  const step = plan.steps[index];
  if (step === undefined) return [];
  switch (step.do) {
    case "move-aside":
      return aside === null ? [] : [restore(aside, displaced, step.path, ABSENT)];
    case "make-folder":
      return [away(step.path, { ...step.after, contents: EMPTY })];
    case "make-symlink":
      return [away(step.path, step.after)];
    case "write-file":
      return [aside === null ? away(step.path, step.after) : restore(aside, displaced, step.path, step.after)];
    case "rename": {
      const back = restore(step.to, step.before, step.path, ABSENT);
      return aside === null ? [back] : [back, restore(aside, displaced, step.to, ABSENT)];
    }
  }
}

/** Only what was displaced can be put beside; what was made new stays. */
function besideSteps(plan: Plan, { step: index, aside, displaced }: StepRecord, now: number): Step[] {
  const step = plan.steps[index];
  if (step === undefined || aside === null) return [];
  return [restore(aside, displaced, besideName(step.do === "rename" ? step.to : step.path, now), ABSENT)];
}

function restore(from: string, state: PathState, to: string, toBefore: PathState): Step {
  const why = `${basename(to)} is put back as it was.`;
  return { do: "rename", path: from, before: withoutIdentity(state), after: { is: "absent" }, to, toBefore, why };
}

function away(path: string, state: PathState): Step {
  const why = `${basename(path)} was made by the repair.`;
  return { do: "move-aside", path, before: state, after: { is: "absent" }, why };
}

/**
 * A lock that the repair moved aside may come back whatever it is judged now. And what the repair itself wrote is young, but
 * at rest: it is compared with what was written, and undone at once if a person wishes.
 */
function gatesOfUndo({ gates, steps }: Plan): Gate[] {
  const written = new Set(steps.flatMap(pathsOf));
  return gates.filter((gate) => gate.gate !== "still-stale" && !(gate.gate === "quiet" && written.has(gate.path)));
}

/** A lock that comes back itself can't be held meanwhile. */
function locksOfUndo({ steps, locks }: Plan): LockToTake[] {
  const back = new Set(steps.map(({ path }) => path));
  return locks.filter(({ path }) => !back.has(path));
}

function stateConflicts({ id, outcome, undo }: Receipt): Conflict[] {
  if (undo.state === "undone") return [{ path: ".", reason: `${id} has been undone already, by ${undo.by}.` }];
  if (outcome === "done") return [];
  return [{ path: ".", reason: `${id} left nothing that could be undone (${outcome}).` }];
}

/** A lock that an undo put back: only a repair judges it again before it goes. */
function lockConflicts(steps: readonly Step[]): Conflict[] {
  return steps
    .filter(({ path }) => path.endsWith(".lock") && !isAside(path))
    .map(({ path }) => ({ path, reason: `${path} is a lock: repair it again instead, so that it is judged again.` }));
}

/** What stands there now and is not what the repair left: undoing would lose it. */
function changesSince(home: string, steps: readonly Step[]): Conflict[] {
  const freed = new Set<string>();
  const conflicts: Conflict[] = [];
  const compare = (path: string, expectation: PathState): void => {
    const found = freed.has(path) ? ABSENT : stateOf(home, path);
    const difference = differenceOf(foreseeable(expectation, path, freed), found);
    if (difference !== null) conflicts.push({ path, reason: `${join(home, path)} ${difference} since the repair.` });
  };
  for (const step of steps) {
    compare(step.path, step.before);
    if (step.do === "rename") compare(step.to, step.toBefore);
    freed.add(step.path);
  }
  return conflicts;
}

/** A folder that is gone took with it what was in it. */
function stateOf(home: string, path: string): PathState {
  return statOf(join(home, dirname(path))) === undefined ? ABSENT : pathState(join(home, path));
}

function folderTimes({ folders }: Receipt): NonNullable<Plan["folderTimes"]> {
  return folders.map(({ path, before, after }) => ({ path, expectMs: after, setMs: before }));
}
