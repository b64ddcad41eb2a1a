/** One sessions folder: each name in it read into what it is, once, and kept by size, time and inode. */
import { sep } from "node:path";

import type { Fragment } from "../../model/fragment.ts";
import type { LockFile } from "../../model/lock.ts";
import type { Companion, KeyClaim, Skipped } from "../../model/reading.ts";
import { classifySessionFile, type SessionFileName } from "../../formats/session-file-names.ts";
import {
  FileError,
  isInside,
  linkText,
  list,
  realPath,
  statOf,
  troubleText,
  type FileStat,
} from "../../system/files.ts";
import type { ReadingContext } from "../program.ts";
import { archiveFragments } from "./archive-file.ts";
import { fragmentOf, isTranscript } from "./fragment.ts";
import { readLock } from "./lock-file.ts";
import { readTrajectory } from "./trajectory.ts";

/** Where a sessions folder is, for the paths in what is read from it. */
export interface FolderPlace {
  /** Absolute path of the home. */
  readonly home: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  /** The folder as seen from the home, "/" separators. */
  readonly sessionsPath: string;
  /** Name of the store in the folder; usually `sessions.json`. */
  readonly storeName: string;
}

/** What one name stands for. */
export type FolderItem =
  | { readonly what: "fragment"; readonly fragment: Fragment }
  /** A compressed archive, which may hold several windows. */
  | { readonly what: "archive"; readonly fragments: readonly Fragment[] }
  | { readonly what: "companion"; readonly companion: Companion; readonly claims: readonly KeyClaim[] }
  | { readonly what: "lock"; readonly lock: LockFile }
  | { readonly what: "store"; readonly file: FileStat }
  | { readonly what: "skipped"; readonly skipped: Skipped };

/** A name's item, and the state of the file that it was read from. */
export interface FolderEntry {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly item: FolderItem;
}

/** Every name of a folder. Handed on from reading to reading: whoever updates it owns it from then on. */
export type FolderEntries = Map<string, FolderEntry>;

export interface FolderReading {
  /** The same map as before when nothing changed. */
  readonly entries: FolderEntries;
  readonly unusableNames: readonly string[];
}

const NAMES_BETWEEN_BREATHS = 32;

/** Lists the folder and reads what is new or changed since `before`. Rejects with FileError when it can't be listed. */
export async function readFolder(
  place: FolderPlace,
  context: ReadingContext,
  before: FolderEntries | undefined,
): Promise<FolderReading> {
  const { names, unusable } = list(place.folder);
  names.sort();
  const after: FolderEntries = new Map();
  let kept = 0;
  let untilBreath = NAMES_BETWEEN_BREATHS;
  for (const name of names) {
    untilBreath -= 1;
    if (untilBreath === 0) {
      await context.breathe();
      untilBreath = NAMES_BETWEEN_BREATHS;
    }
    const known = before?.get(name);
    const entry = readEntry(name, place, context, known);
    if (entry === undefined) continue;
    if (entry === known) kept += 1;
    after.set(name, entry);
  }
  const unchanged = before !== undefined && kept === before.size && after.size === before.size;
  return { entries: unchanged ? before : after, unusableNames: unusable };
}

/** What stands under this name now; the known entry itself when nothing changed, undefined when nothing is there. */
export function readEntry(
  name: string,
  place: FolderPlace,
  context: ReadingContext,
  known: FolderEntry | undefined,
): FolderEntry | undefined {
  // Not join(): it would take more time than the stat.
  const path = place.folder + sep + name;
  try {
    const file = fileAt(path, place);
    if (file === undefined) return undefined;
    if (known !== undefined && isSameState(known, file)) return known;
    const item = readItem(name, file, place, context);
    return item === undefined ? undefined : entryOf(file, item);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.trouble === "gone" ? undefined : skippedEntry(path, troubleText(error), known);
  }
}

/** The file itself, or the one that a link leads to, if that belongs to the same home. Throws FileError. */
function fileAt(path: string, place: FolderPlace): FileStat | undefined {
  const file = statOf(path);
  if (file?.kind !== "symlink") return file;
  const target = realPath(path);
  if (target === undefined) {
    throw new FileError("link-loop", path, `a symbolic link that leads nowhere (${linkText(path)})`);
  }
  if (!isInside(place.home, target)) {
    throw new FileError("not-a-file", path, `a symbolic link that leads out of the home (${target})`);
  }
  return statOf(target);
}

/** The name of an archive whatever its stamp: what can't be dated is told, never passed over. */
const LIKE_ARCHIVE = /\.jsonl\.(?:reset|deleted|bak)\./;

function readItem(name: string, file: FileStat, place: FolderPlace, context: ReadingContext): FolderItem | undefined {
  const kind = classifySessionFile(usualName(name, place.storeName));
  const path = `${place.sessionsPath}/${name}`;
  if (kind.what === "lock") {
    const target = `${place.sessionsPath}/${name.slice(0, -".lock".length)}`;
    const lock = readLock(file, { path, of: kind.of, target });
    return lock === undefined ? undefined : { what: "lock", lock };
  }
  if (file.kind === "directory" && isTranscript(kind)) {
    throw new FileError("not-a-file", file.path, "a folder, though it is named like a transcript");
  }
  if (file.kind === "directory")
    return { what: "companion", companion: companionOf(path, file, "foreign"), claims: [] };
  if (file.kind !== "file") throw new FileError("not-a-file", file.path, "a pipe, socket or device, not a file");
  if (kind.what === "store") return { what: "store", file };
  if (kind.what === "archive" && kind.compressed) {
    return { what: "archive", fragments: archiveFragments(path, kind, file, context.memo) };
  }
  if (isTranscript(kind)) return { what: "fragment", fragment: fragmentOf(path, kind, file, context.memo) };
  if (kind.what === "foreign" && LIKE_ARCHIVE.test(name)) {
    throw new FileError("not-a-file", file.path, "named like an archive of a transcript, but its time can't be read");
  }
  if (kind.what !== "trajectory") {
    return { what: "companion", companion: companionOf(path, file, companionKind(kind)), claims: [] };
  }
  const { fileId } = kind;
  const claims = context.memo
    .get(file, "openclaw/trajectory/1", () => readTrajectory(file))
    .map((claim): KeyClaim => ({ ...claim, fileId, source: "trajectory", path }));
  return { what: "companion", companion: companionOf(path, file, "trajectory"), claims };
}

/** A store that the config names otherwise is treated, with all that is named after it, as if it were `sessions.json`. */
function usualName(name: string, storeName: string): string {
  const ofStore = storeName !== "sessions.json" && (name === storeName || name.startsWith(`${storeName}.`));
  return ofStore ? `sessions.json${name.slice(storeName.length)}` : name;
}

function companionKind(name: SessionFileName): Companion["what"] {
  switch (name.what) {
    case "trajectory-pointer":
    case "store-backup":
    case "store-temporary":
    case "repair-backup":
    case "migrated":
    case "temporary":
      return name.what;
    default:
      return "foreign";
  }
}

function companionOf(path: string, file: FileStat, what: Companion["what"]): Companion {
  return { path, what, bytes: file.size, modifiedAt: file.mtimeMs };
}

function isSameState(known: FolderEntry, file: FileStat): boolean {
  return known.size === file.size && known.mtimeMs === file.mtimeMs && known.ino === file.ino;
}

function entryOf(file: FileStat, item: FolderItem): FolderEntry {
  return { size: file.size, mtimeMs: file.mtimeMs, ino: file.ino, item };
}

/** A skipped name has no state to compare: it is tried again each time, and is the same entry when it fails the same way. */
function skippedEntry(path: string, reason: string, known: FolderEntry | undefined): FolderEntry {
  if (known?.item.what === "skipped" && known.item.skipped.reason === reason) return known;
  return { size: -1, mtimeMs: -1, ino: -1, item: { what: "skipped", skipped: { path, reason } } };
}
