/** One database of an agent, read: what it is, how well it could be read, and the sessions in it. */
import type { DatabaseReading, DatabaseState, DatabaseTrouble } from "../../../model/database.ts";
import { FileError, pathFrom, realPath, statThroughLinks, type FileStat } from "../../../system/files.ts";
import { readDatabase, SqliteError, sqliteStamp, type NotOpened, type OpenDatabase } from "../../../system/sqlite.ts";
import type { ReadingContext } from "../../program.ts";
import { keptOrRead } from "../memo.ts";
import { archiveStamp, NO_ARCHIVES, readArchives, type Archives } from "./archives.ts";
import { readContents, type DatabaseContents } from "./contents.ts";
import { KNOWN_SCHEMA_VERSION, readSchema, schemaState, type Schema } from "./schema.ts";
import { databaseSessions, type DatabaseSessions } from "./sessions.ts";

/** Where a database stands, and where its agent publishes archives. Absolute but for the database's own path. */
export interface DatabasePlace {
  readonly home: string;
  /** Home-relative. */
  readonly path: string;
  readonly sessionsFolder: string;
}

/** A database as read, with what is kept to read it again at the cost of what changed. */
export interface DatabaseFacts extends DatabaseSessions {
  readonly reading: DatabaseReading;
  readonly archives: Archives;
  readonly contents: DatabaseContents | null;
  /** Changes with every commit. */
  readonly stamp: string;
}

const UNREAD = {
  rows: [],
  fragments: [],
  claims: [],
  windows: [],
  previousIds: new Map(),
  archives: NO_ARCHIVES,
  contents: null,
} as const;

/**
 * Reads the database; the very same facts when it did not change since `before`, and undefined when it is gone. Without
 * `thorough` only what the newest commits wrote is looked for, which changes of old rows are not part of.
 */
export async function readAgentDatabase(
  place: DatabasePlace,
  context: ReadingContext,
  before: DatabaseFacts | undefined,
  thorough: boolean,
): Promise<DatabaseFacts | undefined> {
  const files = filesOf(pathFrom(place.home, place.path));
  if (files === undefined) return undefined;
  if (before !== undefined) {
    if (before.stamp === files.stamp && (!thorough || hasSameArchives(place, before))) return before;
    return new DatabaseLook(place, files, context).read(before, thorough);
  }
  const kept = await keptOrRead(context.memo, files.combined, "openclaw/database/2", () =>
    new DatabaseLook(place, files, context).read(undefined, true),
  );
  return kept.stamp === files.stamp && hasSameArchives(place, kept)
    ? kept
    : new DatabaseLook(place, files, context).read(kept, true);
}

function hasSameArchives({ sessionsFolder }: DatabasePlace, { archives, contents }: DatabaseFacts): boolean {
  return archiveStamp(sessionsFolder, contents?.archives ?? []) === archives.stamp;
}

interface DatabaseFiles {
  /** Absolute path of the database. */
  readonly path: string;
  readonly main: FileStat;
  readonly wal: FileStat | undefined;
  readonly stamp: string;
  /** Both as one, for keeping facts: every commit writes to one of them. */
  readonly combined: FileStat;
}

function filesOf(path: string): DatabaseFiles | undefined {
  const main = statThroughLinks(path);
  if (main === undefined) return undefined;
  const wal = statThroughLinks(`${path}-wal`);
  const stamp = stampOf(path);
  const size = main.size + (wal?.size ?? 0);
  const mtimeMs = Math.max(main.mtimeMs, wal?.mtimeMs ?? 0);
  return { path, main, wal, stamp, combined: { ...main, size, mtimeMs } };
}

/** Of a database that may not be read, why: it is tried again once that changes. */
function stampOf(path: string): string {
  try {
    return sqliteStamp(realPath(path) ?? path) ?? "";
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.message;
  }
}

/** One look at the database, as its files stand now. */
class DatabaseLook {
  private readonly place: DatabasePlace;
  private readonly files: DatabaseFiles;
  private readonly context: ReadingContext;

  constructor(place: DatabasePlace, files: DatabaseFiles, context: ReadingContext) {
    this.place = place;
    this.files = files;
    this.context = context;
  }

  async read(before: DatabaseFacts | undefined, thorough: boolean): Promise<DatabaseFacts> {
    const { path } = this.files;
    try {
      const look = await readDatabase(path, { home: this.place.home }, (database) =>
        this.facts(database, before, thorough),
      );
      if (look.state === "ok") return look.value;
      // Locked for a moment, or written without a pause: what was known of it a moment ago says more than nothing.
      if (look.state === "busy" && before !== undefined) return { ...before, stamp: "" };
      return this.unread(stateOf(look.state), look.reason);
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error;
      return this.unread("corrupt", error.message);
    }
  }

  private unread(state: DatabaseState, reason: string): DatabaseFacts {
    const reading = this.reading(state, [{ kind: "damage", reason, where: null }]);
    return { ...UNREAD, reading, stamp: this.files.stamp };
  }

  private reading(state: DatabaseState, trouble: readonly DatabaseTrouble[], schema?: Schema): DatabaseReading {
    const { main, wal } = this.files;
    return {
      path: this.place.path,
      state,
      schemaVersion: schema?.version ?? null,
      knownSchemaVersion: KNOWN_SCHEMA_VERSION,
      appVersion: schema?.appVersion ?? null,
      bytes: main.size,
      walBytes: wal?.size ?? null,
      modifiedAt: this.files.combined.mtimeMs,
      trouble,
    };
  }

  private async facts(
    database: OpenDatabase,
    before: DatabaseFacts | undefined,
    thorough: boolean,
  ): Promise<DatabaseFacts> {
    const schema = readSchema(database);
    const state = schemaState(schema);
    const { stamp } = this.files;
    if (state !== "ok" && state !== "newer-schema")
      return { ...UNREAD, reading: this.reading(state, [], schema), stamp };
    const { path } = this.place;
    const { breathe } = this.context;
    // A release that changed the schema may have changed what rows say.
    const known = before?.reading.schemaVersion === schema.version ? (before.contents ?? undefined) : undefined;
    const contents = await readContents({ database, schema, path, breathe }, known, thorough);
    const archives = await this.archives(database, contents, before, thorough);
    const trouble = [...contents.trouble, ...archives.trouble];
    const damaged = contents.trouble.length > 0;
    const lacksLog = database.isLogMissing;
    if (lacksLog)
      trouble.push({
        kind: "damage",
        reason: "its write-ahead log is gone, and the newest commits with it",
        where: null,
      });
    return {
      ...databaseSessions(path, contents, archives.cold, before),
      reading: this.reading(damaged ? "corrupt" : lacksLog ? "wal-missing" : state, trouble, schema),
      archives,
      contents,
      stamp,
    };
  }

  /** After a commit the archives are looked up again only where their records changed. */
  private async archives(
    database: OpenDatabase,
    contents: DatabaseContents,
    before: DatabaseFacts | undefined,
    thorough: boolean,
  ): Promise<Archives> {
    if (before !== undefined && !thorough && contents.archives === before.contents?.archives) return before.archives;
    const { breathe, memo } = this.context;
    return readArchives({ database, ...this.place, memo, breathe }, contents.archives);
  }
}

/** A database that went while it was opened is not there to be read. */
function stateOf(state: NotOpened): DatabaseState {
  return state === "missing" ? "unreadable" : state;
}
