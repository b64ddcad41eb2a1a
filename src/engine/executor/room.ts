/**
 * The room that a home has for us: `.session-forensics`, closed to others, on the home's own file system.
 *
 *     at-work/<pid>-<random>.json     who is at work right now
 *     receipts/<run>/plan.json        the plan as it was confirmed
 *     receipts/<run>/journal.jsonl    what was meant, and what was done
 *     receipts/<run>/staged/<step>    what is about to be put in place
 *     receipts/<run>/aside/<step>-<name>   what was displaced
 *
 * Whatever else lies in it (links that a person set) is written by plans, as any file of the home.
 */
import { join } from "node:path";

import { FORENSICS_FOLDER } from "../../model/plan.ts";
import { statOf } from "../../system/files.ts";
import type { FileOperations } from "./file-operations.ts";
import { refuse } from "./refused.ts";

export const ROOM_MODE = 0o700;
export const FILE_MODE = 0o600;

const RECEIPTS = `${FORENSICS_FOLDER}/receipts`;
export const AT_WORK = `${FORENSICS_FOLDER}/at-work`;

/** Home-relative places of one run. */
export interface RunPlaces {
  readonly folder: string;
  readonly plan: string;
  readonly journal: string;
  readonly stagedFolder: string;
  readonly asideFolder: string;
  staged(name: string): string;
  aside(name: string): string;
}

/** Where a file that was made ready goes when its swap is taken back. */
export function takenBackName(staged: string): string {
  return `${staged}.taken-back`;
}

export function receiptsFolder(home: string): string {
  return join(home, RECEIPTS);
}

export function runPlaces(run: string): RunPlaces {
  const folder = `${RECEIPTS}/${run}`;
  return {
    folder,
    plan: `${folder}/plan.json`,
    journal: `${folder}/journal.jsonl`,
    stagedFolder: `${folder}/staged`,
    asideFolder: `${folder}/aside`,
    staged: (name) => `${folder}/staged/${name}`,
    aside: (name) => `${folder}/aside/${name}`,
  };
}

/** Whether a home-relative path belongs to the executor alone: receipts, and who is at work. */
export function isOurs(path: string): boolean {
  return path === FORENSICS_FOLDER || path.startsWith(`${RECEIPTS}/`) || path === RECEIPTS || path.startsWith(AT_WORK);
}

/** Whether a home-relative path is that of something set aside: undo takes from there, and its undo gives back. */
export function isAside(path: string): boolean {
  const [name = "", ...rest] = path.startsWith(`${RECEIPTS}/`) ? path.slice(RECEIPTS.length + 1).split("/") : [];
  return name !== "" && rest.length === 2 && rest[0] === "aside";
}

/** Makes the folders that are missing; the home keeps its modification time. Refuses a room that is a link or another's. */
export function openRoom(home: string, files: FileOperations): void {
  const time = statOf(home)?.mtimeMs;
  const made = ensureFolder(home, FORENSICS_FOLDER, files);
  ensureFolder(home, RECEIPTS, files);
  ensureFolder(home, AT_WORK, files);
  if (!made) return;
  files.syncFolder(home);
  if (time !== undefined) files.setTime(home, time);
}

/** Makes a folder in the room unless it is there; whether it was made. */
export function ensureFolder(home: string, path: string, files: FileOperations): boolean {
  const stat = statOf(join(home, path));
  if (stat === undefined) {
    files.makeFolder(join(home, path), ROOM_MODE);
    return true;
  }
  if (stat.kind !== "directory") refuse("unsafe-path", path, `${join(home, path)} is not a folder.`);
  return false;
}
