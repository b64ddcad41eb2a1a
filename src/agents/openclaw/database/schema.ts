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

/** Names that tables had before (schema versions up to 8 or so; openclaw-agent-db-maintenance of 2026.9.6 renames them). */
const FORMER_NAMES: Partial<Readonly<Record<Table, string>>> = {
  session_nodes: "session_entries",
  session_windows: "sessions",
  transcript_rewrite_watermarks: "session_transcript_generations",
};

/** Names that columns had in these tables. */
const FORMER_COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  session_entries: { current_session_id: "session_id" },
};

/** Without these nothing can be said of a session. */
const NEEDED: readonly Table[] = ["session_nodes", "session_windows", "transcript_events"];

export interface Schema {
  /** The version that the database names; null when it names none. */
  readonly version: number | null;
  /** Release that created it, as it says itself. */
  readonly appVersion: string | null;
  /** The known tables that are there, by what they are called now. */
  readonly tables: ReadonlyMap<Table, TableSchema>;
  /** Whether there is any table at all. */
  readonly hasTables: boolean;
}

export interface TableSchema {
  /** What it is called in this database. */
  readonly name: string;
  readonly columns: ReadonlySet<string>;
}

export function readSchema(database: SqliteDatabase): Schema {
  const names = database
    .all("SELECT name FROM sqlite_master WHERE in_time() AND type = 'table'")
    .map((row) => asText(row["name"]));
  const tables = new Map<Table, TableSchema>();
  for (const table of TABLES) {
    const name = [table, FORMER_NAMES[table]].find((one) => one !== undefined && names.includes(one));
    if (name === undefined) continue;
    const rows = database.all(`SELECT name FROM pragma_table_info('${name}')`);
    tables.set(table, { name, columns: new Set(rows.map((row) => asText(row["name"]) ?? "")) });
  }
  const meta = metaOf(database, tables.get("schema_meta"));
  const own = asNumber(database.get("PRAGMA user_version")?.["user_version"]);
  return {
    version: asNumber(meta?.["schema_version"]) ?? (own === 0 ? null : own),
    appVersion: asText(meta?.["app_version"]),
    tables,
    hasTables: names.length > 0,
  };
}

function metaOf(database: SqliteDatabase, table: TableSchema | undefined): Record<string, unknown> | undefined {
  if (table?.columns.has("schema_version") !== true) return undefined;
  const appVersion = table.columns.has("app_version") ? "app_version" : "NULL AS app_version";
  return database.get(
    `SELECT schema_version, ${appVersion} FROM schema_meta WHERE in_time() ORDER BY meta_key = 'primary' DESC LIMIT 1`,
  );
}

/** What the schema alone says of the database: damage shows only when rows are read. */
export function schemaState({ hasTables, tables, version }: Schema): DatabaseState {
  if (!hasTables) return "empty";
  const lacking = NEEDED.filter((table) => !tables.has(table));
  if (lacking.length > 0)
    return tables.has("schema_meta") || lacking.length < NEEDED.length ? "older-schema" : "foreign";
  return version !== null && version > KNOWN_SCHEMA_VERSION ? "newer-schema" : "ok";
}

/** A list of columns for a SELECT; those that this database lacks are NULL. `from` is the table's name in the statement. */
export function selected(schema: Schema, table: Table, names: readonly string[], from: string = table): string {
  const found = schema.tables.get(table);
  const former = FORMER_COLUMNS[found?.name ?? ""];
  const column = (name: string): string => {
    if (hasColumn(schema, table, name)) return `${from}.${name}`;
    const before = former?.[name];
    return `${before === undefined ? "NULL" : `${from}.${before}`} AS ${name}`;
  };
  return names.map(column).join(", ");
}

/** What the table is called in this database. */
export function tableName({ tables }: Schema, table: Table): string {
  return tables.get(table)?.name ?? table;
}

export function hasTable({ tables }: Schema, table: Table): boolean {
  return tables.has(table);
}

export function hasColumn({ tables }: Schema, table: Table, column: string): boolean {
  return tables.get(table)?.columns.has(column) === true;
}
