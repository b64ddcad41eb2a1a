/** Makes ready, in our room, all that a plan puts in place: whole, on disk and proved to be what the plan says. */
import { join } from "node:path";

import type { FileContent, PathState, Plan, Step } from "../../model/plan.ts";
import { pathFrom, statOf } from "../../system/files.ts";
import { pathState } from "../../system/path-state.ts";
import { editedBytes, writeFile } from "./copy.ts";
import { differenceOf } from "./expectation.ts";
import type { FileOperations } from "./file-operations.ts";
import { refuse } from "./refused.ts";
import { ensureFolder, type RunPlaces, takenBackName } from "./room.ts";

/** Makes ready what each step puts in place; nothing in use changes. The states by index of the step. */
export function stage(plan: Plan, places: RunPlaces, files: FileOperations): ReadonlyMap<number, PathState> {
  ensureFolder(plan.home, places.stagedFolder, files);
  ensureFolder(plan.home, places.asideFolder, files);
  const staged = new Map<number, PathState>();
  for (const [index, step] of plan.steps.entries()) {
    const path = join(plan.home, places.staged(String(index)));
    if (!makeReady(plan.home, step, path, files)) continue;
    const state = pathState(path);
    const difference = differenceOf(step.after, state);
    if (difference !== null) refuse("failed", step.path, `What was made ready for ${step.path} ${difference}.`);
    staged.set(index, state);
  }
  files.syncFolder(join(plan.home, places.stagedFolder));
  files.syncFolder(join(plan.home, places.folder));
  return staged;
}

/** Removes files that were made ready and are not in use, when all was taken back: they may be what filled the disk. */
export function clearStaged(plan: Plan, places: RunPlaces, files: FileOperations): void {
  for (const [index, step] of plan.steps.entries()) {
    if (step.do !== "write-file") continue;
    const name = places.staged(String(index));
    for (const path of [join(plan.home, name), join(plan.home, takenBackName(name))]) {
      if (statOf(path) !== undefined) files.unlink(path);
    }
  }
}

/** Whether the step puts something new in place. */
function makeReady(home: string, step: Step, path: string, files: FileOperations): boolean {
  switch (step.do) {
    case "write-file":
      writeFile(path, bytesOf(home, step.content), step, files);
      return true;
    case "make-folder":
      files.makeFolder(path, step.mode);
      files.setFolderMode(path, step.mode);
      return true;
    case "make-symlink":
      files.symlink(step.after.target, path);
      return true;
    default:
      return false;
  }
}

function bytesOf(home: string, content: FileContent): Iterable<Uint8Array> {
  switch (content.as) {
    case "text":
      return [Buffer.from(content.text)];
    case "base64":
      return [Buffer.from(content.base64, "base64")];
    case "copy": {
      const source = pathFrom(home, content.of);
      const difference = differenceOf(content.expect, pathState(source));
      if (difference !== null) refuse("changed", content.of, `${source} ${difference}: make the plan again.`);
      return editedBytes(source, content.edits);
    }
  }
}
