/** Rows of `session_windows`: one session id each, with its key and the id before it. */
import type { SqliteDatabase } from "../../../system/sqlite.ts";
import { asText, asTime } from "../../../formats/json-values.ts";
import { selected, tableName, type Schema } from "./schema.ts";
import { parameters, where, type Which } from "./which.ts";

export interface WindowRecord {
  readonly sessionId: string;
  readonly key: string;
  readonly previousId: string | null;
  /** Why it began: initial, reset, rollover, fork, rewind, switch, recovery or compaction; mostly nothing is written. */
  readonly reason: string | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly status: string | null;
  readonly channel: string | null;
}

const COLUMNS = [
  "session_id",
  "session_key",
  "previous_session_id",
  "reason",
  "created_at",
  "updated_at",
  "started_at",
  "ended_at",
  "status",
  "channel",
];

export function* windowRecords(database: SqliteDatabase, schema: Schema, ids: Which): Generator<WindowRecord> {
  const statement =
    `SELECT ${selected(schema, "session_windows", COLUMNS, "w")} ` +
    `FROM ${tableName(schema, "session_windows")} w${where("w.session_id", ids)}`;
  for (const row of database.iterate(statement, ...parameters(ids))) {
    const sessionId = asText(row["session_id"]);
    const key = asText(row["session_key"]);
    if (sessionId === null || key === null) continue;
    yield {
      sessionId,
      key,
      previousId: asText(row["previous_session_id"]),
      reason: asText(row["reason"]),
      createdAt: asTime(row["created_at"]),
      updatedAt: asTime(row["updated_at"]),
      startedAt: asTime(row["started_at"]),
      endedAt: asTime(row["ended_at"]),
      status: asText(row["status"]),
      channel: asText(row["channel"]),
    };
  }
}
