/** Archives that a database records: those that lie only in it as fragments, and what is wrong with the files of the others. */
import { createHash } from "node:crypto";
import { join } from "node:path";

import type { DatabaseTrouble } from "../../../model/database.ts";
import type { Fragment } from "../../../model/fragment.ts";
import { classifySessionFile } from "../../../formats/session-file-names.ts";
import { FileError, pathWithin, readAll, statThroughLinks, type FileStat } from "../../../system/files.ts";
import { SqliteError, type SqliteDatabase } from "../../../system/sqlite.ts";
import type { FactsMemo } from "../../program.ts";
import { unpackedArchive, unpackedFile } from "../archive-file.ts";
import { archivedFragments, archivedWindows, storedLines, type ArchivedWindow } from "../archived-windows.ts";
import { archiveBlob, type ArchiveRecord } from "./archive-records.ts";
import { coldEvents } from "./cold-archive.ts";

const MOST_STORED_BYTES = 64 << 20;
/** Beside the sessions folder's own files (2026.9). */
const COLD_FOLDER = "cold";

export interface ArchiveSource {
  readonly database: SqliteDatabase;
  /** Absolute path of the home. */
  readonly home: string;
  /** Home-relative path of the database. */
  readonly path: string;
  /** Absolute path of the sessions folder, where archives are published. */
  readonly sessionsFolder: string;
  readonly memo: FactsMemo;
  readonly breathe: () => Promise<void>;
}

export interface Archives {
  /** Archives of deleted sessions that lie only in the database. */
  readonly deleted: readonly Fragment[];
  /** Sessions in cold storage, by session id. */
  readonly cold: ReadonlyMap<string, readonly Fragment[]>;
  readonly trouble: readonly DatabaseTrouble[];
  /** State of the files that it was read from. */
  readonly stamp: string;
}

export const NO_ARCHIVES: Archives = { deleted: [], cold: new Map(), trouble: [], stamp: "" };

/** Looks up every archive of the records. The files of deleted sessions themselves are read with their folder. */
export async function readArchives(source: ArchiveSource, records: readonly ArchiveRecord[]): Promise<Archives> {
  const deleted: Fragment[] = [];
  const cold = new Map<string, readonly Fragment[]>();
  const trouble: DatabaseTrouble[] = [];
  const stamp = archiveStamp(source.sessionsFolder, records);
  for (const record of records) {
    await source.breathe();
    try {
      const file = fileOf(source, record);
      const found = file === undefined ? inDatabase(source, record, trouble) : inFile(source, record, file, trouble);
      if (record.kind === "cold") cold.set(record.sessionId, found);
      else deleted.push(...found);
    } catch (error) {
      if (!(error instanceof FileError || error instanceof SqliteError)) throw error;
      trouble.push({ kind: "damage", reason: error.message, where: record.name });
    }
  }
  return { deleted, cold, trouble, stamp };
}

/** The state of all files that hold archives: what was said of the archives holds as long as it stays. */
export function archiveStamp(sessionsFolder: string, records: readonly ArchiveRecord[]): string {
  return records
    .map((record) => fileOf({ sessionsFolder }, record))
    .map((file) => (file === undefined ? "-" : `${file.size}:${file.mtimeMs}:${file.ino}`))
    .join(" ");
}

function fileOf(
  { sessionsFolder }: Pick<ArchiveSource, "sessionsFolder">,
  { kind, name }: ArchiveRecord,
): FileStat | undefined {
  const path = kind === "cold" ? join(sessionsFolder, COLD_FOLDER, name) : join(sessionsFolder, name);
  const file = statThroughLinks(path);
  return file?.kind === "file" ? file : undefined;
}

/** The file is the archive; what the database holds of it is a second copy. */
function inFile(source: ArchiveSource, record: ArchiveRecord, file: FileStat, trouble: DatabaseTrouble[]): Fragment[] {
  const hash = source.memo.get(file, "sha256/1", () =>
    createHash("sha256").update(readAll(file.path, MOST_STORED_BYTES)).digest("hex"),
  );
  if (record.sha256 !== "" && hash !== record.sha256) {
    const reason = `the file has other content than the database recorded (SHA-256 ${hash} instead of ${record.sha256})`;
    trouble.push({ kind: "archive-differs", reason, where: record.name });
  }
  if (record.kind !== "cold") return [];
  const windows = source.memo.get(file, "openclaw/cold-windows/1", () =>
    archivedWindows(coldEvents(unpackedFile(file.path))),
  );
  const path = pathWithin(source.home, file.path);
  return archivedFragments({ ...placeOf(record), path, modifiedAt: file.mtimeMs, storedBytes: file.size }, windows);
}

/** No file stands there: not written yet, removed since, or never meant to be. */
function inDatabase({ database, path }: ArchiveSource, record: ArchiveRecord, trouble: DatabaseTrouble[]): Fragment[] {
  const blob = record.blobBytes === null ? undefined : archiveBlob(database, record);
  if (blob === undefined) {
    trouble.push({ kind: "archive-lost", reason: "neither the file nor the database holds it", where: record.name });
    return [];
  }
  if (record.publishedAt !== null) {
    const reason = "its file is gone; the database still holds its content";
    trouble.push({ kind: "archive-missing", reason, where: record.name });
  }
  const windows = windowsOfBlob(record, blob, path);
  const modifiedAt = record.createdAt ?? 0;
  return archivedFragments(
    { ...placeOf(record), path, archive: record.name, modifiedAt, storedBytes: blob.byteLength },
    windows,
  );
}

function placeOf({
  createdAt,
  kind,
  name,
  sessionId,
}: ArchiveRecord): Pick<Fragment, "kind" | "fileId" | "topic" | "archivedAt"> {
  const parsed = classifySessionFile(name);
  const topic = parsed.what === "archive" ? parsed.topic : null;
  return { kind, fileId: kind === "cold" ? null : sessionId, topic, archivedAt: createdAt };
}

/** The same record has the same content; nothing is unpacked twice. */
const WINDOWS = new WeakMap<ArchiveRecord, readonly ArchivedWindow[]>();

function windowsOfBlob(record: ArchiveRecord, blob: Uint8Array, path: string): readonly ArchivedWindow[] {
  const known = WINDOWS.get(record);
  if (known !== undefined) return known;
  const bytes = unpackedArchive(blob, record.isZstd, path);
  const windows = archivedWindows(record.kind === "cold" ? coldEvents(bytes) : storedLines(bytes));
  WINDOWS.set(record, windows);
  return windows;
}
