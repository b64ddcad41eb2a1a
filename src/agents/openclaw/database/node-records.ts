/** Rows of `session_nodes`: one session key each, with its current session id. */
import type { ForkSource, SessionRecord, StoreRow } from "../../../model/store.ts";
import { asFlag, asNumber, asObject, asText, asTime } from "../../../formats/json-values.ts";
import type { SqliteDatabase, SqliteRow } from "../../../system/sqlite.ts";
import { selected, tableName, type Schema } from "./schema.ts";
import { parameters, where, type Which } from "./which.ts";

/** A row before it is known in which window its session goes on. */
export type NodeRecord = Omit<StoreRow, "transcriptPath" | "transcriptWindow" | "transcriptArchive" | "transcriptBy">;

const COLUMNS = [
  "session_key",
  "current_session_id",
  "entry_valid",
  "updated_at",
  "status",
  "created_at",
  "created_via",
  "parent_session_key",
  "spawned_by",
  "fork_source_session_key",
  "fork_source_session_id",
  "fork_source_entry_id",
  "label",
  "display_name",
  "pinned_at",
  "archived_at",
  "last_interaction_at",
];

/** What is taken of `entry_json`, which is large: mostly snapshots of skills and prompts. */
const ENTRY_FIELDS = [
  "status",
  "createdAt",
  "createdVia",
  "startedAt",
  "endedAt",
  "sessionStartedAt",
  "lastInteractionAt",
  "abortedLastRun",
  "systemSent",
  "compactionCount",
  "usageFamilyKey",
  "usageFamilySessionIds",
  "activeWriterRunId",
  "lastRunId",
  "label",
  "displayName",
  "spawnedBy",
  "parentSessionKey",
  "forkSource",
  "previousSessionId",
  "archivedAt",
  "pinnedAt",
  "lastChannel",
  "channel",
  "lastTo",
  "deliveryContext",
];

/** The rows of these keys; those whose key or id is no text are left out. */
export function* nodeRecords(database: SqliteDatabase, schema: Schema, keys: Which): Generator<NodeRecord> {
  const paths = ENTRY_FIELDS.map((name) => `'$.${name}'`).join(", ");
  const entry = `CASE WHEN json_valid(n.entry_json) THEN json_extract(n.entry_json, ${paths}) END AS entry`;
  const statement =
    `SELECT ${selected(schema, "session_nodes", COLUMNS, "n")}, ${entry} ` +
    `FROM ${tableName(schema, "session_nodes")} n${where("n.session_key", keys)}`;
  for (const row of database.iterate(statement, ...parameters(keys))) {
    const record = recordOf(row);
    if (record !== null) yield record;
  }
}

function recordOf(row: SqliteRow): NodeRecord | null {
  const key = asText(row["session_key"]);
  if (key === null) return null;
  const entry = entryOf(row["entry"]);
  const delivery = asObject(entry["deliveryContext"]);
  return {
    key,
    sessionId: asText(row["current_session_id"]),
    sessionFile: null,
    updatedAt: asTime(row["updated_at"]),
    status: asText(row["status"]) ?? asText(entry["status"]),
    startedAt: asTime(entry["startedAt"]),
    endedAt: asTime(entry["endedAt"]),
    sessionStartedAt: asTime(entry["sessionStartedAt"]),
    lastInteractionAt: asTime(row["last_interaction_at"]) ?? asTime(entry["lastInteractionAt"]),
    abortedLastRun: asFlag(entry["abortedLastRun"]),
    systemSent: asFlag(entry["systemSent"]),
    compactionCount: asNumber(entry["compactionCount"]),
    familyKey: asText(entry["usageFamilyKey"]),
    familyIds: textsOf(entry["usageFamilySessionIds"]),
    checkpoints: [],
    spawnedBy: asText(row["spawned_by"]) ?? asText(entry["spawnedBy"]),
    forkedFrom: forkSourceOf(row, entry)?.key ?? null,
    label: asText(row["label"]) ?? asText(entry["label"]),
    displayName: asText(row["display_name"]) ?? asText(entry["displayName"]),
    channel: asText(entry["lastChannel"]) ?? asText(entry["channel"]) ?? asText(delivery?.["channel"]),
    lastTo: asText(entry["lastTo"]) ?? asText(delivery?.["to"]),
    record: sessionRecord(row, entry),
    offset: null,
    length: null,
    line: null,
  };
}

/** Earlier releases had all of it in `entry_json` alone. */
function forkSourceOf(row: SqliteRow, entry: Readonly<Record<string, unknown>>): ForkSource | null {
  const source = asObject(entry["forkSource"]);
  const key = asText(row["fork_source_session_key"]) ?? asText(source?.["sessionKey"]);
  const sessionId = asText(row["fork_source_session_id"]) ?? asText(source?.["sessionId"]);
  if (key === null && sessionId === null) return null;
  return { key, sessionId, entryId: asText(row["fork_source_entry_id"]) ?? asText(source?.["entryId"]) };
}

function sessionRecord(row: SqliteRow, entry: Readonly<Record<string, unknown>>): SessionRecord {
  const valid = asNumber(row["entry_valid"]);
  return {
    createdAt: asTime(row["created_at"]) ?? asTime(entry["createdAt"]),
    createdVia: asText(row["created_via"]) ?? asText(entry["createdVia"]),
    archivedAt: asTime(row["archived_at"]) ?? asTime(entry["archivedAt"]),
    pinnedAt: asTime(row["pinned_at"]) ?? asTime(entry["pinnedAt"]),
    parentKey: asText(row["parent_session_key"]) ?? asText(entry["parentSessionKey"]),
    forkSource: forkSourceOf(row, entry),
    previousSessionId: asText(entry["previousSessionId"]),
    activeRunId: asText(entry["activeWriterRunId"]),
    lastRunId: asText(entry["lastRunId"]),
    // -1 and 1 are the program's findings; 0 waits for it.
    isValid: valid === 1 ? true : valid === -1 ? false : null,
  };
}

/** The fields asked for, by name: SQLite gives them as a list. */
function entryOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "string") return {};
  const values: unknown = JSON.parse(value);
  if (!Array.isArray(values)) return {};
  return Object.fromEntries(ENTRY_FIELDS.map((name, index) => [name, values[index]]));
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
