/** What a database is: the version that it names, and which of the known tables and columns it has. */
import type { DatabaseState } from "../../../model/database.ts";
import { asNumber, asText } from "../../../formats/json-values.ts";
import type { SqliteDatabase } from "../../../system/sqlite.ts";

/** `PRAGMA user_version` and `schema_meta.schema_version` of release 2026.9.6. */
export const KNOWN_SCHEMA_VERSION = 23;

/** Tables that are read; others are nobody's business here. */
const TABLES = [
  "schema_meta",
  "session_nodes",
  "session_windows",
  "transcript_events",
  "transcript_event_identities",
  "session_transcript_active_events",
  "session_transcript_index_state",
  "transcript_rewrite_watermarks",
  "session_transcript_archives",
  "session_transcript_cold_archives",
  "trajectory_runtime_events",
] as const;

export type Table = (typeof TABLES)[number];

/** Without these nothing can be said of a session. */
const NEEDED: readonly Table[] = ["session_nodes", "session_windows", "transcript_events"];

export interface Schema {
  /** The version that the database names; null when it names none. */
  readonly version: number | null;
  /** Release that created it, as it says itself. */
  readonly appVersion: string | null;
  /** Columns of the known tables that are there. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether there is any table at all. */
  readonly hasTables: boolean;
}

export function readSchema(database: SqliteDatabase): Schema {
  const names = database.all("SELECT name FROM sqlite_master WHERE type = 'table'").map((row) => asText(row["name"]));
  const columns = new Map<string, ReadonlySet<string>>();
  for (const table of TABLES) {
    if (!names.includes(table)) continue;
    const rows = database.all(`SELECT name FROM pragma_table_info('${table}')`);
    columns.set(table, new Set(rows.map((row) => asText(row["name"]) ?? "")));
  }
  const meta = columns.has("schema_meta") ? metaOf(database, columns.get("schema_meta")!) : undefined;
  const own = asNumber(database.get("PRAGMA user_version")?.["user_version"]);
  return {
    version: asNumber(meta?.["schema_version"]) ?? (own === 0 ? null : own),
    appVersion: asText(meta?.["app_version"]),
    columns,
    hasTables: names.length > 0,
  };
}

function metaOf(database: SqliteDatabase, has: ReadonlySet<string>): Record<string, unknown> | undefined {
  if (!has.has("schema_version")) return undefined;
  const appVersion = has.has("app_version") ? "app_version" : "NULL AS app_version";
  return database.get(
    `SELECT schema_version, ${appVersion} FROM schema_meta ORDER BY meta_key = 'primary' DESC LIMIT 1`,
  );
}

/** What the schema alone says of the database: damage shows only when rows are read. */
export function schemaState({ columns, hasTables, version }: Schema): DatabaseState {
  if (!hasTables) return "empty";
  const lacking = NEEDED.filter((table) => !columns.has(table));
  if (lacking.length > 0)
    return columns.has("schema_meta") || lacking.length < NEEDED.length ? "older-schema" : "foreign";
  return version !== null && version > KNOWN_SCHEMA_VERSION ? "newer-schema" : "ok";
}

/** A list of columns for a SELECT; those that this database lacks are NULL. `from` is the table's name in the statement. */
export function selected(schema: Schema, table: Table, names: readonly string[], from: string = table): string {
  const has = schema.columns.get(table);
  return names.map((name) => (has?.has(name) === true ? `${from}.${name}` : `NULL AS ${name}`)).join(", ");
}

export function hasTable({ columns }: Schema, table: Table): boolean {
  return columns.has(table);
}
