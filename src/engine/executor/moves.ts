/**
 * The three moves that every step is made of. Each becomes visible by one call of the system, can be told done or not done
 * from what lies in our room alone, and goes both ways:
 *
 * place   something made ready in our room goes where nothing stands
 * take    something goes from its place into our room, whatever it is by then
 * swap    a file made ready goes in the place of another, which keeps its own inode, bytes and times in our room
 *
 * A file gets its new name by link(2), which refuses a name that exists, and loses the old one after. So a file that another
 * program puts there in the same moment is never overwritten, and what a swap displaces is the very file that was in use: a
 * write that still reaches it is found in our room. Its second name lasts only from one call to the next.
 *
 * A file system without second names (FAT, some network drives) gets a look and a rename instead, and a copy set aside.
 */
import { dirname, join } from "node:path";

import type { PathState } from "../../model/plan.ts";
import { statOf } from "../../system/files.ts";
import { pathState } from "../../system/path-state.ts";
import { claimedState, restoreClaimed } from "./claim.ts";
import { copyOfFile } from "./copy.ts";
import { differenceOf, isUntouched, withoutIdentity } from "./expectation.ts";
import type { FileOperations } from "./file-operations.ts";
import type { Move } from "./journal.ts";
import { refuse, systemCode } from "./refused.ts";
import { takenBackName } from "./room.ts";
import { assertSafe } from "./safe-paths.ts";

/** Does the move. What it needs was verified right before; what only shows in the doing is undone and refused. */
export function makeMove(home: string, move: Move, files: FileOperations): void {
  assertSafe(home, move.live);
  if (move.kind === "place") place(home, move.ours, move.live, move.state, files);
  else if (move.kind === "take") take(home, move, files);
  else swap(home, move, files);
}

/** Whether the move was done, told by our room alone; half a move counts as none. */
export function isDone(home: string, move: Move): boolean {
  const isOurs = isThere(home, move.ours);
  if (move.kind === "take") return isOurs;
  return !isOurs && isThere(home, move.aside ?? move.live);
}

/** Takes a move back, whole or half done; says why when what stands there now is not what the move left. */
export function takeBack(home: string, move: Move, files: FileOperations): string | null {
  // What was put into a folder that is gone is gone with it.
  if (move.kind !== "take" && !isThere(home, dirname(move.live))) return null;
  assertSafe(home, move.live);
  if (!isDone(home, move)) {
    withdraw(home, move, files);
    return null;
  }
  if (move.kind === "take") return giveBack(home, move, files);
  const difference = differenceOf(withoutIdentity(move.state), pathState(join(home, move.live)));
  if (difference !== null) return `${join(home, move.live)} ${difference}`;
  if (move.kind === "place") relocate(home, move.live, move.ours, files);
  else swapBack(home, move, files);
  return null;
}

/** Undoes what a move cut in the middle left: a second name, or a lock that was claimed and not yet taken. */
function withdraw(home: string, { kind, live, ours, aside, state, claim }: Move, files: FileOperations): void {
  if (claim !== null && state.is === "file" && statOf(join(home, live))?.ino === state.inode) {
    restoreClaimed(join(home, live), claim, files);
  }
  if (kind === "place" && isSameFile(home, live, ours)) unlink(home, live, files);
  if (kind === "swap" && aside !== null && isSameFile(home, aside, live)) unlink(home, aside, files);
}

function giveBack(home: string, { live, ours, state, claim }: Move, files: FileOperations): string | null {
  if (isThere(home, live) && !isSameFile(home, live, ours)) return `${join(home, live)} has been made anew meanwhile`;
  if (claim !== null) restoreClaimed(join(home, ours), claim, files);
  place(home, ours, live, state, files);
  return null;
}

function place(home: string, ours: string, live: string, state: PathState, files: FileOperations): void {
  if (state.is !== "file" || !giveName(home, ours, live, files)) {
    if (isThere(home, live)) refuse("changed", live, `${join(home, live)} has appeared meanwhile.`);
    relocate(home, ours, live, files);
    return;
  }
  files.syncFolder(join(home, dirname(live)));
  unlink(home, ours, files);
}

function take(home: string, { live, ours, state, claim }: Move, files: FileOperations): void {
  relocate(home, live, ours, files);
  const found = pathState(join(home, ours));
  const asClaimed = claim !== null && state.is === "file" ? claimedState(state, claim) : state;
  const difference = differenceOf(asClaimed, found);
  if (difference === null) {
    if (claim !== null) restoreClaimed(join(home, ours), claim, files);
    return;
  }
  if (!isThere(home, live)) place(home, ours, live, found, files);
  refuse("changed", live, `${join(home, live)} ${difference}, in the very moment of moving it aside.`);
}

function swap(home: string, { live, ours, aside, displaced }: Move, files: FileOperations): void {
  if (aside === null || displaced.is !== "file") throw new Error("a swap displaces a file");
  setAside(home, live, aside, files);
  if (!isUntouched(statOf(join(home, live)), displaced) || !hasContentOf(home, aside, live)) {
    unlink(home, aside, files);
    refuse("changed", live, `${join(home, live)} was written to in the very moment of replacing it.`);
  }
  relocate(home, ours, live, files);
}

/** The file made ready gets a name of its own on the way back, so that an interrupted way back can be told and ended. */
function swapBack(home: string, { live, ours, aside }: Move, files: FileOperations): void {
  if (aside === null) throw new Error("a swap sets aside what it displaces");
  setAside(home, live, takenBackName(ours), files);
  relocate(home, aside, live, files);
}

/** Keeps a file in use in our room as well, until the next call gives its name to another. */
function setAside(home: string, live: string, ours: string, files: FileOperations): void {
  if (isThere(home, ours) && !isSameFile(home, live, ours)) unlink(home, ours, files);
  if (!giveName(home, live, ours, files)) copyOfFile(join(home, live), join(home, ours), files);
  files.syncFolder(join(home, dirname(ours)));
}

/** A second name for a file; whether the file system knows such a thing. A name that it has already is as good. */
function giveName(home: string, existing: string, name: string, files: FileOperations): boolean {
  try {
    files.link(join(home, existing), join(home, name));
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") {
      if (isSameFile(home, existing, name)) return true;
      refuse("changed", name, `${join(home, name)} has appeared meanwhile.`);
    }
    if (code === "EPERM" || code === "ENOTSUP" || code === "EOPNOTSUPP" || code === "ENOSYS") return false;
    throw error;
  }
  return true;
}

function hasContentOf(home: string, copy: string, original: string): boolean {
  if (isSameFile(home, copy, original)) return true;
  return differenceOf(withoutIdentity(pathState(join(home, original))), pathState(join(home, copy))) === null;
}

function relocate(home: string, from: string, to: string, files: FileOperations): void {
  files.rename(join(home, from), join(home, to));
  files.syncFolder(join(home, dirname(to)));
  files.syncFolder(join(home, dirname(from)));
}

function unlink(home: string, path: string, files: FileOperations): void {
  files.unlink(join(home, path));
  files.syncFolder(join(home, dirname(path)));
}

function isThere(home: string, path: string): boolean {
  return statOf(join(home, path)) !== undefined;
}

function isSameFile(home: string, path: string, other: string): boolean {
  const [one, two] = [statOf(join(home, path)), statOf(join(home, other))];
  return one !== undefined && one.ino === two?.ino && one.dev === two.dev;
}
