/** A private copy of a database that can't be opened where it lies: consistent, also while somebody writes to the original. */
import { closeSync, mkdtempSync, openSync, readSync, realpathSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { WAL_HEADER_BYTES } from "../formats/sqlite-header.ts";
import { isInside } from "./files.ts";
import { isUnwritten, readHead, type SqliteFile, type SqliteFiles, sqliteFiles, withRawFile } from "./sqlite-files.ts";

export interface PrivateCopy {
  /** Path of the copied database. */
  readonly path: string;
  remove(): void;
}

const NAME = "session-forensics-";
const CHUNK = 1 << 20;
const ATTEMPTS = 5;

/** A folder of this user alone, outside the home. Null when every known place for such lies in it. */
function scratchFolder(home: string | undefined): string | null {
  for (const place of [tmpdir(), "/var/tmp"]) {
    try {
      const real = realpathSync.native(place);
      if (home === undefined || !isInside(home, real)) return mkdtempSync(join(real, NAME));
    } catch {
      // Not there, or not ours to write in.
    }
  }
  return null;
}

/** What stood copied when the process ends must go as well. */
const folders = new Set<string>();
const removeAll = (): void => {
  for (const folder of folders) remove(folder);
};

function remove(folder: string): void {
  folders.delete(folder);
  if (folders.size === 0) process.off("exit", removeAll);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Copies a database with its log, or with its rollback journal. "changing" when it was written in a way that tears copies
 * each time, "no-place" when there is no folder outside the home. Throws FileError, and what writing the copy throws.
 */
export function copyDatabase(path: string, home: string | undefined): PrivateCopy | "changing" | "no-place" | "gone" {
  const folder = scratchFolder(home);
  if (folder === null) return "no-place";
  if (folders.size === 0) process.on("exit", removeAll);
  folders.add(folder);
  let copied: ReturnType<typeof copyInto> = "changing";
  try {
    for (let attempt = 0; copied === "changing" && attempt < ATTEMPTS; attempt++) copied = copyInto(folder, path);
  } finally {
    if (copied !== "copied") remove(folder);
  }
  return copied === "copied" ? { path: join(folder, "copy.sqlite"), remove: () => remove(folder) } : copied;
}

function copyInto(folder: string, path: string): "copied" | "changing" | "gone" {
  const before = sqliteFiles(path);
  if (before === undefined) return "gone";
  const generation = logGeneration(before);
  // The log last: what was checkpointed into the database while it was copied stands in the log as well.
  copyFile(before.database, join(folder, "copy.sqlite"), before.database);
  for (const [file, name] of [
    [before.journal, "copy.sqlite-journal"],
    [before.wal, "copy.sqlite-wal"],
  ] as const) {
    rmSync(join(folder, name), { force: true });
    if (file !== undefined) copyFile(file, join(folder, name), before.database);
  }
  const after = sqliteFiles(path);
  return after !== undefined && isWhole(before, after, generation) ? "copied" : "changing";
}

/**
 * With a log that was not begun anew meanwhile, everything that came into the database stands in the copied log too: frames
 * are only added, and a torn last one counts for nothing. Without a log nothing may have been written at all.
 */
function isWhole(before: SqliteFiles, after: SqliteFiles, generation: string): boolean {
  if (before.database.ino !== after.database.ino || !isUnwritten(before.journal, after.journal)) return false;
  if (generation !== "") return before.wal?.ino === after.wal?.ino && generation === logGeneration(after);
  return isUnwritten(before.database, after.database) && logGeneration(after) === "";
}

/** The log's header, which changes before its first frame is written over; "" without one, as nothing is committed to it yet. */
function logGeneration({ database, wal }: SqliteFiles): string {
  if (wal === undefined || wal.size < WAL_HEADER_BYTES) return "";
  return readHead(wal.path, WAL_HEADER_BYTES, database).toString("hex");
}

function copyFile(from: SqliteFile, to: string, database: SqliteFile): void {
  withRawFile(from.path, database, (source) => {
    const target = openSync(to, "w", 0o600);
    try {
      const buffer = Buffer.allocUnsafe(CHUNK);
      for (let at = 0; ;) {
        const read = readSync(source, buffer, 0, CHUNK, at);
        if (read === 0) return;
        writeSync(target, buffer, 0, read);
        at += read;
      }
    } finally {
      closeSync(target);
    }
  });
}
