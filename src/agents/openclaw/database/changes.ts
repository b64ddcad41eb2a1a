/** What a commit changed: told by counts, the newest times and the highest row number, not by looking at every session. */
import { asNumber, asText, asTime } from "../../../formats/json-values.ts";
import type { SqliteDatabase } from "../../../system/sqlite.ts";
import { recordIn, type Roster } from "./roster.ts";
import { hasTable, tableName, type Schema } from "./schema.ts";

/** The state of a database in a few numbers; each costs a step into an index, the counts one pass over a small one. */
export interface Watermarks {
  /** Highest row number of `transcript_events`: later events have higher ones. */
  readonly eventRow: number;
  readonly nodes: number;
  readonly windows: number;
  readonly archives: number;
  readonly coldArchives: number;
  /** Milliseconds, UTC. */
  readonly nodesUpdatedAt: number;
  readonly windowsUpdatedAt: number;
}

/** `before` says how many rows are to be expected. */
export function watermarks(database: SqliteDatabase, schema: Schema, before?: Watermarks): Watermarks {
  const number = (what: string, table: string): number =>
    asNumber(database.get(`SELECT ${what} AS n FROM ${table} WHERE in_time()`)?.["n"]) ?? 0;
  const count = (table: Parameters<typeof hasTable>[1], expected: number): number =>
    hasTable(schema, table) ? countOf(database, tableName(schema, table), expected) : 0;
  return {
    eventRow: number("max(rowid)", "transcript_events"),
    nodes: count("session_nodes", before?.nodes ?? 0),
    windows: count("session_windows", before?.windows ?? 0),
    archives: count("session_transcript_archives", before?.archives ?? 0),
    coldArchives: count("session_transcript_cold_archives", before?.coldArchives ?? 0),
    nodesUpdatedAt: number("max(updated_at)", tableName(schema, "session_nodes")),
    windowsUpdatedAt: number("max(updated_at)", tableName(schema, "session_windows")),
  };
}

/** Rows more than expected that are still counted without a look at the clock. */
const MOST_NEW = 1000;

/** All rows. In a malformed file they may have no end; up to about as many as expected, SQLite counts them by itself. */
function countOf(database: SqliteDatabase, table: string, expected: number): number {
  const most = Math.max(0, expected) + MOST_NEW;
  const rows = database.get(`SELECT count(*) AS n FROM (SELECT 1 FROM ${table} LIMIT ?)`, most);
  const found = asNumber(rows?.["n"]) ?? 0;
  if (found < most) return found;
  return asNumber(database.get(`SELECT count(*) AS n FROM ${table} WHERE in_time()`)?.["n"]) ?? 0;
}

/** When each key, or each id, was last updated; of all that there are. */
export type Updates = ReadonlyMap<string, number | null>;

/** What must be read again, and what is gone. */
export interface Changes {
  readonly keys: readonly string[];
  readonly ids: readonly string[];
  readonly goneKeys: readonly string[];
  readonly goneIds: readonly string[];
}

/** What was read before. */
export interface Known {
  readonly watermarks: Watermarks;
  readonly nodes: Roster<{ readonly updatedAt: number | null }>;
  readonly sessions: Roster<{ readonly record: { readonly updatedAt: number | null } }>;
}

/** What came since, by watermarks alone; null when they can't tell, such as after a deletion. */
export function recentChanges(database: SqliteDatabase, schema: Schema, known: Known, now: Watermarks): Changes | null {
  const { watermarks: before } = known;
  if (now.eventRow < before.eventRow) return null;
  const updated = updatedSince(database, tableName(schema, "session_windows"), "session_id", before.windowsUpdatedAt);
  const ids = new Set([...updated, ...writtenSince(database, before.eventRow)]);
  // A clock that was set back leaves a row with a time that is not the newest.
  const keys = new Set([
    ...updatedSince(database, tableName(schema, "session_nodes"), "session_key", before.nodesUpdatedAt),
    ...keysOf(database, schema, ids),
  ]);
  const newKeys = [...keys].filter((key) => recordIn(known.nodes, key) === undefined).length;
  const newIds = [...ids].filter((id) => recordIn(known.sessions, id) === undefined).length;
  if (known.nodes.names.length + newKeys !== now.nodes || known.sessions.names.length + newIds !== now.windows)
    return null;
  return { keys: [...keys], ids: [...ids], goneKeys: [], goneIds: [] };
}

/**
 * What differs from all that was known: one pass over the indexes of keys and ids. Once the highest row number has sunk,
 * numbers are given out again, and every session may have got events.
 */
export function allChanges(database: SqliteDatabase, schema: Schema, known: Known, now: Watermarks): Changes {
  const keys = keyUpdates(database, schema);
  const ids = idUpdates(database, schema);
  const changedKeys = [...keys].filter(([key, at]) => recordIn(known.nodes, key)?.updatedAt !== at).map(([key]) => key);
  const changedIds = [...ids]
    .filter(([id, at]) => recordIn(known.sessions, id)?.record.updatedAt !== at)
    .map(([id]) => id);
  const written =
    now.eventRow < known.watermarks.eventRow ? ids.keys() : writtenSince(database, known.watermarks.eventRow);
  return {
    keys: changedKeys,
    ids: [...new Set([...changedIds, ...written])],
    goneKeys: known.nodes.names.filter((key) => !keys.has(key)),
    goneIds: known.sessions.names.filter((id) => !ids.has(id)),
  };
}

export function keyUpdates(database: SqliteDatabase, schema: Schema): Updates {
  return allUpdates(database, tableName(schema, "session_nodes"), "session_key");
}

export function idUpdates(database: SqliteDatabase, schema: Schema): Updates {
  return allUpdates(database, tableName(schema, "session_windows"), "session_id");
}

function allUpdates(database: SqliteDatabase, table: string, column: string): Updates {
  const updates = new Map<string, number | null>();
  for (const row of database.iterate(`SELECT ${column} AS name, updated_at FROM ${table}`)) {
    const name = asText(row["name"]);
    if (name !== null) updates.set(name, asTime(row["updated_at"]));
  }
  return updates;
}

/** The time itself counts as well: two commits may share a millisecond. */
function updatedSince(database: SqliteDatabase, table: string, column: string, since: number): string[] {
  const rows = database.all(`SELECT ${column} AS name FROM ${table} WHERE in_time() AND updated_at >= ?`, since);
  return rows.map((row) => asText(row["name"])).filter((name) => name !== null);
}

/** Keys of these sessions. */
function keysOf(database: SqliteDatabase, schema: Schema, ids: ReadonlySet<string>): string[] {
  const statement = `SELECT DISTINCT session_key AS name FROM ${tableName(schema, "session_windows")} WHERE in_time() AND session_id IN (SELECT value FROM json_each(?))`;
  const rows = database.all(statement, JSON.stringify([...ids]));
  return rows.map((row) => asText(row["name"])).filter((name) => name !== null);
}

/** Sessions that got events with higher row numbers. */
function writtenSince(database: SqliteDatabase, eventRow: number): string[] {
  // No DISTINCT: SQLite would go through the whole index of sessions for it.
  const names = new Set<string>();
  for (const row of database.iterate("SELECT session_id AS name FROM transcript_events WHERE rowid > ?", eventRow)) {
    const name = asText(row["name"]);
    if (name !== null) names.add(name);
  }
  return [...names];
}
