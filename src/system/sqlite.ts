/** Opening the database of another program for reading, so that its files keep their bytes, names and times. */
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import {
  DATABASE_HEADER_BYTES,
  type DatabaseHeader,
  databaseHeader,
  isWalHeader,
  looksEncrypted,
  WAL_HEADER_BYTES,
} from "../formats/sqlite-header.ts";
import { FileError, realPath, troubleText } from "./files.ts";
import { copyDatabase } from "./sqlite-copy.ts";
import { hasSqlite, isIndexTrouble, SqliteConnection, SqliteError, type SqliteDatabase } from "./sqlite-driver.ts";
import { connectTo, isUnwritten, readHead, type SqliteFile, type SqliteFiles, sqliteFiles } from "./sqlite-files.ts";
import { volumeOf } from "./volumes.ts";

export { hasSqlite, SqliteError } from "./sqlite-driver.ts";
export type { SqliteDatabase, SqliteRow, SqliteTrouble, SqliteValue } from "./sqlite-driver.ts";
export { sqliteStamp } from "./sqlite-files.ts";

/**
 * shared-memory: as one more reader of a log that others may write, through its index, which stays as it is.
 * shared-lock: as one more reader of a database with a rollback journal.
 * immutable: as a file that nobody writes, because nothing is beside it; `isCurrent` tells whether that stayed true.
 * private-copy: a copy in a folder of this user.
 */
export type SqliteWay = "shared-memory" | "shared-lock" | "immutable" | "private-copy";

export interface OpenDatabase extends SqliteDatabase {
  readonly way: SqliteWay;
  /** An index of a log stands there without its log: commits that were only in the log are lost. */
  readonly isLogMissing: boolean;
  /** False when somebody began to write meanwhile, so that what was read may not belong together and must be read again. */
  isCurrent(): boolean;
  close(): void;
}

/** Why there is nothing to read. */
export type NotOpened =
  | "no-reader" // this runtime has no SQLite
  | "missing" // no such file
  | "empty" // zero bytes
  | "foreign" // no SQLite database
  | "encrypted" // no header of SQLite, and no text either
  | "corrupt" // SQLite can't make sense of it
  | "wal-missing" // all that it held stood in a log that is not there
  | "busy" // locked or written so fast that no consistent state could be had
  | "too-large-to-copy" // it can't be opened in place, and is larger than what may be copied
  | "unreadable"; // rights, a device, a folder, an error of the disk

export interface NoDatabase {
  readonly state: NotOpened;
  /** A plain sentence part, without a final stop. */
  readonly reason: string;
}

export type DatabaseLook = { readonly state: "ok"; readonly database: OpenDatabase } | NoDatabase;

export interface OpenOptions {
  /** Absolute path of the home that it lies in: no copy is put there. */
  readonly home?: string;
  /** Bytes of database and log that may be copied. */
  readonly mostCopied?: number;
  /** See `in_time()` of SqliteDatabase. */
  readonly statementMs?: number;
  readonly platform?: NodeJS.Platform;
}

const DEFAULT_MOST_COPIED = 256 * 2 ** 20;
const DEFAULT_STATEMENT_MS = 20_000;
const ATTEMPTS = 4;
/** Times the number of the attempt. */
const LOCKED_PAUSE_MS = 30;
/** Result code of SQLite when a file beside the database is not as expected. */
const CANT_OPEN = 14;

/** Opens a database; never throws for what lies on disk. The caller closes it soon: nothing should stay open between reads. */
export function openDatabase(path: string, options: OpenOptions = {}): DatabaseLook {
  if (!hasSqlite())
    return {
      state: "no-reader",
      reason: `this runtime (Node ${process.versions.node}) has no SQLite: Node 22.15 and VS Code 1.101 have it`,
    };
  // Log and journal lie beside the file that a link leads to.
  const real = realPath(path);
  if (real === undefined) return { state: "missing", reason: "there is no such file" };
  try {
    return openReal(real, path, options);
  } catch (error) {
    if (error instanceof FileError) return { state: "unreadable", reason: troubleText(error) };
    if (error instanceof SqliteError) return notOpened(error);
    throw error;
  }
}

/**
 * Reads a database through one connection, and again when somebody began to write to it meanwhile, or kept it locked for a
 * moment (who closes a database as the last one does). `read` must not keep the database. Throws what `read` throws.
 */
export async function readDatabase<T>(
  path: string,
  options: OpenOptions,
  read: (database: OpenDatabase) => T | Promise<T>,
): Promise<{ readonly state: "ok"; readonly value: T } | NoDatabase> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(attempt * LOCKED_PAUSE_MS);
    const look = openDatabase(path, options);
    if (look.state === "busy") continue;
    if (look.state !== "ok") return look;
    const { database } = look;
    try {
      const value = await read(database);
      if (database.isCurrent()) return { state: "ok", value };
    } catch (error) {
      const isLocked = error instanceof SqliteError && error.trouble === "busy";
      // What was read from a file that changed underneath may look like damage.
      if (database.isCurrent() && !isLocked) throw error;
    } finally {
      database.close();
    }
  }
  return { state: "busy", reason: "it is written so often that no consistent state of it could be read" };
}

/** Tries again where the files beside the database came or went while it was opened. */
function openReal(real: string, path: string, options: OpenOptions): DatabaseLook {
  for (let attempt = 0; ; attempt++) {
    const files = sqliteFiles(real);
    if (files === undefined) return { state: "missing", reason: "there is no such file" };
    const header = headerOf(files);
    if ("state" in header) return header;
    const way = attempt < ATTEMPTS ? wayTo(files, header, options.platform ?? process.platform) : "private-copy";
    try {
      return openBy(way, files, path, options);
    } catch (error) {
      const isLast = way === "private-copy" || attempt === ATTEMPTS;
      if (isLast || !(error instanceof SqliteError && isSurprise(error, files))) throw error;
    }
  }
}

/** Whether a failure may come from files that came, went or were written while they were opened. */
function isSurprise(error: SqliteError, before: SqliteFiles): boolean {
  if (resultCode(error) === CANT_OPEN || isIndexTrouble(error.cause)) return true;
  const now = sqliteFiles(before.database.path);
  return now === undefined || !isUnwritten(before.database, now.database) || !isUnwritten(before.wal, now.wal);
}

function resultCode({ cause }: SqliteError): number {
  return cause instanceof Error && "errcode" in cause ? Number(cause.errcode) & 0xff : 0;
}

function headerOf({ database, journal, shm, wal }: SqliteFiles): DatabaseHeader | NoDatabase {
  for (const file of [database, journal, shm, wal])
    if (file?.isFile === false) return { state: "unreadable", reason: `${file.path} is not a file` };
  if (database.size === 0) return { state: "empty", reason: "it has no bytes" };
  const head = readHead(database.path, DATABASE_HEADER_BYTES, database);
  const header = databaseHeader(head);
  if (header !== null) return header;
  if (head.toString("latin1").startsWith("SQLite format 3"))
    return { state: "corrupt", reason: `it is cut off after ${database.size} bytes` };
  return looksEncrypted(head, database.size)
    ? { state: "encrypted", reason: "it is no SQLite database, or an encrypted one" }
    : { state: "foreign", reason: "it is no SQLite database" };
}

/** See docs/architecture.md, "Reading a database of another program". */
function wayTo(files: SqliteFiles, { usesWal }: DatabaseHeader, platform: NodeJS.Platform): SqliteWay {
  const { database, journal, shm, wal } = files;
  // SQLite wants to roll it back, and does so in the copy.
  if (journal !== undefined && journal.size > 0) return "private-copy";
  if (wal !== undefined) {
    const isHere = platform === "linux" && volumeOf(database.path, platform)?.network !== true;
    // SQLite gives log and index the owner of the database when it runs as root.
    const isOwned = [wal, shm].every((file) => file?.uid === database.uid && file.gid === database.gid);
    return shm !== undefined && isHere && isOwned && isLog(wal, database) ? "shared-memory" : "private-copy";
  }
  return usesWal ? "immutable" : "shared-lock";
}

/**
 * Whether SQLite takes it for a log. Of one that begins with anything else it would wait ten seconds for a writer to put it
 * right, in the middle of a call; a copy it reads as if there were no log.
 */
function isLog(wal: SqliteFile, database: SqliteFile): boolean {
  if (wal.size < WAL_HEADER_BYTES) return true;
  return isWalHeader(readHead(wal.path, WAL_HEADER_BYTES, database));
}

function openBy(way: SqliteWay, files: SqliteFiles, path: string, options: OpenOptions): DatabaseLook {
  if (way !== "private-copy") return connected(way, files, files.database.path, path, options, () => {});
  const bytes = files.database.size + (files.wal?.size ?? 0) + (files.journal?.size ?? 0);
  const most = options.mostCopied ?? DEFAULT_MOST_COPIED;
  if (bytes > most) return { state: "too-large-to-copy", reason: tooLarge(files, bytes, most) };
  const copy = copyDatabase(files.database.path, options.home);
  if (copy === "gone") return { state: "missing", reason: "there is no such file" };
  if (copy === "changing")
    return { state: "busy", reason: "it is written so often that no consistent copy of it could be made" };
  if (copy === "no-place")
    return { state: "unreadable", reason: "there is no temporary folder outside of its home for a copy" };
  return connected(way, files, copy.path, path, options, () => copy.remove());
}

function tooLarge({ shm }: SqliteFiles, bytes: number, most: number): string {
  const why =
    shm === undefined
      ? "its log has no index (-shm), which its own program writes when it starts"
      : "it can't be read in place here";
  return `${why}, and with ${bytes} bytes it is larger than the ${most} that are copied`;
}

const PARAMETERS: Readonly<Record<SqliteWay, string>> = {
  "shared-memory": "mode=ro&readonly_shm=1",
  "shared-lock": "mode=ro&readonly_shm=1",
  immutable: "mode=ro&immutable=1",
  "private-copy": "mode=rw",
};

function connected(
  way: SqliteWay,
  files: SqliteFiles,
  opened: string,
  path: string,
  options: OpenOptions,
  closed: () => void,
): DatabaseLook {
  const statementMs = options.statementMs ?? DEFAULT_STATEMENT_MS;
  // No row takes less than a byte.
  const rows = files.database.size + (files.wal?.size ?? 0) * 2;
  const disconnect = connectTo(files.database);
  let connection: SqliteConnection | undefined;
  const close = (): void => {
    connection?.close();
    disconnect();
    closed();
  };
  try {
    connection = new SqliteConnection(`${pathToFileURL(opened).href}?${PARAMETERS[way]}`, path, { statementMs, rows });
    if (way === "shared-memory" && !stillHasLog(files))
      throw new SqliteError("busy", path, "its log went while it was opened");
    const tables = connection.get("SELECT count(*) AS n FROM sqlite_master WHERE in_time()")?.["n"];
    const isLogMissing = files.wal === undefined && files.shm !== undefined;
    if (tables === 0 && way === "immutable") {
      close();
      return {
        state: "wal-missing",
        reason: "it holds no table, and the log (-wal) that it is written to is not there",
      };
    }
    return { state: "ok", database: new Opened(connection, way, isLogMissing, files, close) };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Asked right before the first statement: on a database whose log is gone SQLite would make an empty one, even for reading.
 * From that statement on it holds a lock that keeps the log where it is.
 */
function stillHasLog({ database }: SqliteFiles): boolean {
  const now = sqliteFiles(database.path);
  return now?.wal !== undefined && now.shm !== undefined;
}

class Opened implements OpenDatabase {
  readonly way: SqliteWay;
  readonly isLogMissing: boolean;
  private readonly connection: SqliteConnection;
  private readonly files: SqliteFiles;
  private closing: (() => void) | null;

  constructor(
    connection: SqliteConnection,
    way: SqliteWay,
    isLogMissing: boolean,
    files: SqliteFiles,
    closing: () => void,
  ) {
    this.connection = connection;
    this.way = way;
    this.isLogMissing = isLogMissing;
    this.files = files;
    this.closing = closing;
  }

  readonly all: SqliteDatabase["all"] = (statement, ...parameters) => this.connection.all(statement, ...parameters);
  readonly get: SqliteDatabase["get"] = (statement, ...parameters) => this.connection.get(statement, ...parameters);
  readonly iterate: SqliteDatabase["iterate"] = (statement, ...parameters) =>
    this.connection.iterate(statement, ...parameters);

  isCurrent(): boolean {
    if (this.way !== "immutable") return true;
    const now = sqliteFiles(this.files.database.path);
    return now !== undefined && isUnwritten(this.files.database, now.database) && now.wal === undefined;
  }

  close(): void {
    const closing = this.closing;
    this.closing = null;
    closing?.();
  }
}

function notOpened(error: SqliteError): NoDatabase {
  const reason = error.message;
  if (error.trouble === "corrupt") return { state: "corrupt", reason };
  return { state: error.trouble === "busy" ? "busy" : "unreadable", reason };
}
