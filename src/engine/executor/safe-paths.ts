/**
 * Whether a path may be written to: it stays inside the home, goes through real folders only, lies on the home's own file
 * system, belongs to the user who runs this, and clashes with no other name. Asked again right before each move.
 */
import { lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { FORENSICS_FOLDER, type Plan, pathsOf, type Step } from "../../model/plan.ts";
import type { Refusal } from "../../model/receipt.ts";
import { list, realPath, statOf } from "../../system/files.ts";
import { refusal, refuse } from "./refused.ts";
import { isAside, isOurs } from "./room.ts";

/**
 * Paths that will have been made by the time a step runs. "folder": one with nothing in it yet; "moved": something that brings
 * along what is in it; "leaf": something that holds nothing.
 */
type MadePaths = ReadonlyMap<string, "folder" | "moved" | "leaf">;

/** User id of this process; null where the system has none. */
const userId = (): number | null => process.geteuid?.() ?? null;

/** Every path of the plan's steps, looked at before anything is done. */
export function pathTroubles(plan: Plan): Refusal[] {
  const home = realPath(plan.home);
  if (home === undefined) return [refusal("changed", null, `${plan.home} is not there (any more).`)];
  if (home !== plan.home) {
    return [refusal("unsafe-path", null, `${plan.home} really is ${home}: make the plan again for that path.`)];
  }
  const owner = ownerTrouble(home, ".");
  if (owner !== null) return [owner];
  const lexical = plan.steps.flatMap((step) => lexicalTroubles(step, plan.undoes !== undefined));
  if (lexical.length > 0) return lexical;
  const made = new Map<string, "folder" | "moved" | "leaf">([[FORENSICS_FOLDER, "folder"]]);
  const troubles: Refusal[] = [];
  for (const step of plan.steps) {
    for (const path of pathsOf(step)) {
      const trouble = placeTrouble(home, path, made);
      if (trouble !== null) troubles.push(trouble);
    }
    const created = createdBy(step);
    if (created === null) continue;
    const clash = clashOf(home, created, made);
    if (clash !== null) troubles.push(clash);
    made.set(created, step.do === "rename" ? "moved" : step.do === "make-folder" ? "folder" : "leaf");
  }
  return troubles;
}

/** Throws when the path's folders are not, at this moment, real folders inside the home on its own file system. */
export function assertSafe(home: string, path: string): void {
  const trouble = lexicalTrouble(path) ?? placeTrouble(home, path, new Map());
  if (trouble !== null) refuse(trouble.code, trouble.path, trouble.reason);
}

/** Throws when the text of a home-relative path could lead out of the home. */
export function assertInside(path: string): void {
  const trouble = lexicalTrouble(path);
  if (trouble !== null) refuse(trouble.code, trouble.path, trouble.reason);
}

/** The home-relative path that a step brings into being. */
function createdBy(step: Step): string | null {
  if (step.do === "rename") return step.toBefore.is === "absent" ? step.to : null;
  return step.before.is === "absent" && step.do !== "move-aside" ? step.path : null;
}

function lexicalTroubles(step: Step, isUndo: boolean): Refusal[] {
  return pathsOf(step).flatMap((path) => {
    const trouble = lexicalTrouble(path);
    if (trouble !== null) return [trouble];
    const restores = isUndo && step.do === "rename" && isAside(path);
    return isOurs(path) && !restores
      ? [refusal("unsafe-path", path, `${path} belongs to the journal, which no plan changes.`)]
      : [];
  });
}

/** What is wrong with the text of a home-relative path. */
function lexicalTrouble(path: string): Refusal | null {
  const parts = path.split("/");
  const isPlain = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\0\\]/.test(part));
  if (isPlain && !/^[A-Za-z]:/.test(path)) return null;
  return refusal("unsafe-path", path, `${JSON.stringify(path)} is no plain path inside the home.`);
}

/** What stands in the way of writing at a path. */
function placeTrouble(home: string, path: string, made: MadePaths): Refusal | null {
  const root = statOf(home);
  let folder = home;
  let within = "";
  for (const part of path.split("/").slice(0, -1)) {
    within = within === "" ? part : `${within}/${part}`;
    folder = join(folder, part);
    const stat = statOf(folder);
    if (stat === undefined) {
      const will = made.get(within);
      if (will === "moved") return null;
      if (will === "folder") continue;
      return refusal("changed", path, `The folder ${folder} is not there.`);
    }
    if (stat.kind !== "directory") {
      const what = stat.kind === "symlink" ? `a link to ${realPath(folder) ?? "nowhere"}` : "no folder";
      return refusal("unsafe-path", path, `${folder} is ${what}: nothing is written through it.`);
    }
    if (stat.dev !== root?.dev) {
      return refusal("other-file-system", path, `${folder} lies on another file system than ${home}.`);
    }
  }
  return ownerTrouble(home, dirname(path)) ?? ownerTrouble(home, path);
}

/** A file that changes hands would be closed to the agent, so what belongs to another is left alone, even by root. */
function ownerTrouble(home: string, path: string): Refusal | null {
  const me = userId();
  const stat = lstatSync(join(home, path), { throwIfNoEntry: false });
  if (me === null || stat === undefined || stat.uid === me) return null;
  const whose = `${join(home, path)} belongs to the user with the id ${stat.uid}, and this runs as ${me}`;
  return refusal("not-permitted", path, `${whose}: run it as that user.`);
}

/** A name that differs only in case, or in how its letters are composed, is the same one on other file systems. */
function clashOf(home: string, path: string, made: MadePaths): Refusal | null {
  const folder = join(home, dirname(path));
  const name = basename(path);
  const present = statOf(folder) === undefined ? [] : list(folder).names;
  const planned = [...made.keys()].filter((other) => dirname(other) === dirname(path)).map((other) => basename(other));
  const clash = [...present, ...planned].find((other) => other !== name && folded(other) === folded(name));
  if (clash === undefined) return null;
  const why = "on a file system that does not tell upper from lower case they are one file";
  return refusal("unsafe-path", path, `${join(folder, clash)} stands beside ${name}: ${why}.`);
}

function folded(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
