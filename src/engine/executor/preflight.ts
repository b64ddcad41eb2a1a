/** Everything that can be known to stand in a plan's way before the first byte is written. */
import { accessSync, constants, statfsSync } from "node:fs";
import { dirname, join } from "node:path";

import { size } from "../../model/amounts.ts";
import { ABSENT, FORENSICS_FOLDER, type PathState, type Plan, type Step } from "../../model/plan.ts";
import type { Refusal } from "../../model/receipt.ts";
import { FileError, pathFrom, statOf, troubleText } from "../../system/files.ts";
import { pathState } from "../../system/path-state.ts";
import { differenceOf, foreseeable } from "./expectation.ts";
import { refusal } from "./refused.ts";
import { isAside } from "./room.ts";
import { pathTroubles } from "./safe-paths.ts";

/** What a run needs beside the files that it makes ready: plan and journal. */
const MARGIN_BYTES = 1 << 20;

/** All that stands in the way, without gates; empty when the plan may begin. */
export function preflight(plan: Plan): Refusal[] {
  if (plan.conflicts.length > 0) {
    return plan.conflicts.map(({ path, reason }) => refusal("conflict", path, reason));
  }
  if (plan.steps.length === 0) return [refusal("conflict", null, "The plan has no steps.")];
  const troubles = pathTroubles(plan);
  if (troubles.length > 0) return troubles;
  return [...lockTroubles(plan), ...expectationTroubles(plan), ...accessTroubles(plan), ...spaceTroubles(plan)];
}

/** A lock that stands there is changed in one way only: moved aside, and judged again right before. */
function lockTroubles({ steps, gates }: Plan): Refusal[] {
  const judged = new Set(gates.flatMap((gate) => (gate.gate === "still-stale" ? [gate.path] : [])));
  return steps
    .filter(
      ({ path, before, ...step }) =>
        isLock(path) && before.is !== "absent" && !(step.do === "move-aside" && judged.has(path)),
    )
    .map(({ path }) => refusal("unsafe-path", path, `${path} is a lock: only a repair that judges it again moves it.`));
}

/** Something set aside is out of use, whatever its name. */
function isLock(path: string): boolean {
  return path.endsWith(".lock") && !isAside(path);
}

/** Compares every expectation with what stands there, or with what the steps before will have left. */
function expectationTroubles(plan: Plan): Refusal[] {
  const left = new Map<string, PathState>();
  const troubles: Refusal[] = [];
  const compare = (path: string, expectation: PathState): void => {
    const trouble = expectationTrouble(plan.home, path, expectation, left);
    if (trouble !== null) troubles.push(trouble);
  };
  for (const step of plan.steps) {
    compare(step.path, step.before);
    if (step.do === "rename") compare(step.to, step.toBefore);
    if (step.do === "write-file" && step.content.as === "copy" && step.content.of !== step.path) {
      compare(step.content.of, step.content.expect);
    }
    left.set(step.path, step.after);
    if (step.do === "rename") left.set(step.to, step.before);
  }
  return troubles;
}

function expectationTrouble(
  home: string,
  path: string,
  expectation: PathState,
  left: ReadonlyMap<string, PathState>,
): Refusal | null {
  try {
    const found = left.get(path) ?? stateWithin(home, path, left);
    const difference = differenceOf(foreseeable(expectation, path, left.keys()), found);
    return difference === null
      ? null
      : refusal("changed", path, `${pathFrom(home, path)} ${difference}: make the plan again.`);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return refusal("changed", path, `${pathFrom(home, path)} can't be read: ${troubleText(error)}.`);
  }
}

/** What stands at a path, unless a step before makes or moves away a folder around it: then nothing will. */
function stateWithin(home: string, path: string, left: ReadonlyMap<string, PathState>): PathState {
  for (const around of left.keys()) if (path.startsWith(`${around}/`)) return ABSENT;
  return pathState(pathFrom(home, path));
}

function accessTroubles(plan: Plan): Refusal[] {
  const folders = new Set(plan.steps.flatMap((step) => folderPaths(step)).concat("."));
  return [...folders].flatMap((folder) => {
    const path = join(plan.home, folder);
    if (statOf(path) === undefined) return [];
    try {
      accessSync(path, constants.W_OK | constants.X_OK);
      return [];
    } catch {
      return [refusal("not-permitted", folder, `The folder ${path} can't be written to.`)];
    }
  });
}

function folderPaths(step: Step): string[] {
  return [dirname(step.path), ...(step.do === "rename" ? [dirname(step.to)] : [])];
}

/** Everything is made ready before anything is put in place, so all of it needs room at once. */
function spaceTroubles(plan: Plan): Refusal[] {
  const needed = plan.steps.reduce(
    (sum, step) => sum + (step.do === "write-file" ? step.after.bytes : 0),
    MARGIN_BYTES,
  );
  const { bavail, bsize } = statfsSync(plan.home);
  const free = bavail * bsize;
  if (free >= needed) return [];
  return [
    refusal(
      "no-space",
      null,
      `${join(plan.home, FORENSICS_FOLDER)} needs ${size(needed)}, and ${size(free)} are free.`,
    ),
  ];
}
