/** The files of a SQLite database as they lie on disk: the database, its log, the log's index, its rollback journal. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";

import { DATABASE_HEADER_BYTES, WAL_HEADER_BYTES, WAL_INDEX_HEADER_BYTES } from "../formats/sqlite-header.ts";
import { FileError, asFileError } from "./files.ts";

/** A stat that tells whether a file was written, and by whom it is owned. */
export interface SqliteFile {
  readonly path: string;
  readonly isFile: boolean;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
}

export interface SqliteFiles {
  readonly database: SqliteFile;
  readonly wal: SqliteFile | undefined;
  /** Index of the log, shared by all who have the database open. */
  readonly shm: SqliteFile | undefined;
  readonly journal: SqliteFile | undefined;
}

/** What lies at a path without links, and beside it; undefined when there is no database. Throws FileError. */
export function sqliteFiles(path: string): SqliteFiles | undefined {
  const database = fileAt(path);
  if (database === undefined) return undefined;
  return { database, wal: fileAt(`${path}-wal`), shm: fileAt(`${path}-shm`), journal: fileAt(`${path}-journal`) };
}

/** Changes with every commit, at the cost of a few stats and small reads; null when there is no database. Throws FileError. */
export function sqliteStamp(path: string): string | null {
  const files = sqliteFiles(path);
  if (files === undefined) return null;
  const { database, journal, shm, wal } = files;
  // Times alone are too coarse: two commits may fall into one tick of the file system's clock.
  const heads = [
    headOf(database, DATABASE_HEADER_BYTES, database),
    headOf(wal, WAL_HEADER_BYTES, database),
    headOf(shm, WAL_INDEX_HEADER_BYTES, database),
  ];
  return [...[database, wal, journal].map(statText), ...heads.map((head) => head.toString("hex"))].join(" ");
}

function statText(file: SqliteFile | undefined): string {
  return file === undefined ? "-" : `${file.ino}:${file.size}:${file.mtimeNs}`;
}

function headOf(file: SqliteFile | undefined, bytes: number, database: SqliteFile): Buffer {
  return file?.isFile === true && file.size > 0 ? readHead(file.path, bytes, database) : Buffer.alloc(0);
}

function fileAt(path: string): SqliteFile | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
    if (stats === undefined) return undefined;
    const { dev, gid, ino, mtimeNs, uid } = stats;
    return { path, isFile: stats.isFile(), size: Number(stats.size), mtimeNs, dev, ino, uid, gid };
  } catch (error) {
    throw asFileError(path, error);
  }
}

/** Whether two stats are of one file that was not written in between. */
export function isUnwritten(before: SqliteFile | undefined, after: SqliteFile | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return before.ino === after.ino && before.size === after.size && before.mtimeNs === after.mtimeNs;
}

/*
 * POSIX drops all locks that a process has on a file as soon as the process closes any descriptor of that file
 * (https://www.sqlite.org/howtocorrupt.html, 2.2). So as long as this process has a database open through SQLite,
 * descriptors of its files stay open, one for each, until the last connection is closed.
 */
interface Connected {
  connections: number;
  /** Descriptors by device and inode. */
  readonly files: Map<string, number>;
}

const connected = new Map<string, Connected>();

const identity = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string => `${dev}:${ino}`;

/** To be called before SQLite opens a database; what it returns, after SQLite has closed it. */
export function connectTo(database: SqliteFile): () => void {
  const key = identity(database);
  const state = connected.get(key) ?? { connections: 0, files: new Map<string, number>() };
  connected.set(key, state);
  state.connections += 1;
  return () => {
    state.connections -= 1;
    if (state.connections > 0) return;
    connected.delete(key);
    for (const file of state.files.values()) closeSync(file);
  };
}

/** The first bytes of one of a database's files; fewer when it is shorter. Throws FileError. */
export function readHead(path: string, bytes: number, database: SqliteFile): Buffer {
  return withRawFile(path, database, (file) => {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, 0));
  });
}

/** O_NOFOLLOW and O_NONBLOCK do not exist on Windows. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Lends a descriptor of one of a database's files, without costing SQLite its locks. Throws FileError. */
export function withRawFile<T>(path: string, database: SqliteFile, use: (file: number) => T): T {
  const state = connected.get(identity(database));
  const kept = state === undefined ? undefined : keptFile(path, state);
  if (kept !== undefined) return use(kept);
  let opened: number | undefined;
  try {
    opened = openSync(path, OPEN_FLAGS);
    if (!fstatSync(opened).isFile()) throw new FileError("not-a-file", path, "not a file");
    return use(opened);
  } catch (error) {
    throw asFileError(path, error);
  } finally {
    if (opened !== undefined) release(opened, state);
  }
}

function keptFile(path: string, { files }: Connected): number | undefined {
  const now = fileAt(path);
  return now === undefined ? undefined : files.get(identity(now));
}

function release(file: number, state: Connected | undefined): void {
  if (state === undefined) closeSync(file);
  else state.files.set(identity(fstatSync(file, { bigint: true })), file);
}
