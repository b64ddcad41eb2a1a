/** From where to where the events of each session go, and which of them divide it into windows: by indexes alone. */
import { asNumber, asText, asTime } from "../../../formats/json-values.ts";
import type { SqliteDatabase, SqliteRow } from "../../../system/sqlite.ts";
import { eventColumns, outlineOf } from "./events.ts";
import { hasColumn, hasTable, tableName, type Schema } from "./schema.ts";
import { parameters, where, type Which } from "./which.ts";

export interface Extent {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Last event that the table of identities knows; it may lag behind. */
  readonly identifiedSeq: number | null;
  /** Changes whenever events that were written already are written anew. */
  readonly generation: string | null;
  /** How many events the conversation itself is made of, once all are indexed; null while they are not. */
  readonly activeEvents: number | null;
}

/** An event that begins a window. */
export interface ResetMark {
  readonly seq: number;
  readonly id: string | null;
  /** When it was written; milliseconds, UTC. */
  readonly at: number | null;
}

/** What divides the events of a session. */
export interface Marks {
  readonly resets: readonly ResetMark[];
  /** Numbers of the compactions. */
  readonly compactions: readonly number[];
}

export const NO_MARKS: Marks = { resets: [], compactions: [] };

/** The least or greatest number of a session: a step into an index. */
function end(which: "min" | "max", table: string): string {
  return `(SELECT ${which}(t.seq) FROM ${table} t WHERE t.session_id = w.session_id)`;
}

/** Extents by session id; sessions without events are left out. */
export function extents(database: SqliteDatabase, schema: Schema, ids: Which): Map<string, Extent> {
  const found = new Map<string, Extent>();
  const identified = hasTable(schema, "transcript_event_identities")
    ? end("max", "transcript_event_identities")
    : "NULL";
  const hasState = hasTable(schema, "session_transcript_index_state");
  const hasWatermarks = hasColumn(schema, "transcript_rewrite_watermarks", "generation");
  const statement =
    `SELECT w.session_id, ${end("min", "transcript_events")} AS first_seq, ` +
    `${end("max", "transcript_events")} AS last_seq, ${identified} AS identified_seq, ` +
    `${hasWatermarks ? "r.generation" : "NULL AS generation"}, ` +
    (hasState
      ? "s.indexed_seq, s.needs_rebuild, s.active_event_count "
      : "NULL AS indexed_seq, NULL AS needs_rebuild, NULL AS active_event_count ") +
    `FROM ${tableName(schema, "session_windows")} w ` +
    (hasState ? "LEFT JOIN session_transcript_index_state s ON s.session_id = w.session_id " : "") +
    (hasWatermarks
      ? `LEFT JOIN ${tableName(schema, "transcript_rewrite_watermarks")} r ON r.session_id = w.session_id`
      : "") +
    where("w.session_id", ids);
  for (const row of database.iterate(statement, ...parameters(ids))) {
    const sessionId = asText(row["session_id"]);
    const extent = extentOf(row);
    if (sessionId !== null && extent !== null) found.set(sessionId, extent);
  }
  return found;
}

function extentOf(row: SqliteRow): Extent | null {
  const firstSeq = asNumber(row["first_seq"]);
  const lastSeq = asNumber(row["last_seq"]);
  if (firstSeq === null || lastSeq === null) return null;
  const isIndexed = asNumber(row["indexed_seq"]) === lastSeq && asNumber(row["needs_rebuild"]) === 0;
  return {
    firstSeq,
    lastSeq,
    identifiedSeq: asNumber(row["identified_seq"]),
    generation: asText(row["generation"]),
    activeEvents: isIndexed ? asNumber(row["active_event_count"]) : null,
  };
}

/** Resets and compactions by session id; sessions without any are left out. */
export function marks(
  database: SqliteDatabase,
  schema: Schema,
  ids: Which,
  known: ReadonlyMap<string, Extent>,
): Map<string, Marks> {
  const found = new Map<string, { resets: ResetMark[]; compactions: number[] }>();
  const of = (sessionId: string): { resets: ResetMark[]; compactions: number[] } => {
    const present = found.get(sessionId) ?? { resets: [], compactions: [] };
    found.set(sessionId, present);
    return present;
  };
  if (hasTable(schema, "transcript_event_identities")) {
    const statement =
      `SELECT w.session_id, i.seq, i.event_id, i.event_type, i.created_at FROM ${tableName(schema, "session_windows")} w ` +
      "CROSS JOIN transcript_event_identities i ON i.session_id = w.session_id AND in_time(i.seq) AND i.event_type IN ('reset', 'compaction')" +
      where("w.session_id", ids);
    for (const row of database.iterate(statement, ...parameters(ids))) {
      const sessionId = asText(row["session_id"]);
      const seq = asNumber(row["seq"]);
      if (sessionId === null || seq === null) continue;
      if (row["event_type"] === "reset") of(sessionId).resets.push(resetMark(row, seq, row["event_id"]));
      else of(sessionId).compactions.push(seq);
    }
  }
  for (const [sessionId, extent] of known) {
    if ((extent.identifiedSeq ?? -1) >= extent.lastSeq) continue;
    for (const mark of unidentifiedResets(database, schema, sessionId, extent)) of(sessionId).resets.push(mark);
  }
  for (const { resets, compactions } of found.values()) {
    resets.sort((a, b) => a.seq - b.seq);
    compactions.sort((a, b) => a - b);
  }
  return found;
}

function resetMark(row: SqliteRow, seq: number, id: unknown): ResetMark {
  return { seq, id: asText(id), at: asTime(row["created_at"]) };
}

/** Resets among the events that the table of identities does not know yet. They are short, so never compressed. */
function* unidentifiedResets(
  database: SqliteDatabase,
  schema: Schema,
  sessionId: string,
  { identifiedSeq }: Extent,
): Generator<ResetMark> {
  const statement =
    `SELECT ${eventColumns(schema, "e")} FROM transcript_events e ` +
    `WHERE in_time() AND e.session_id = ? AND e.seq > ? AND e.event_json LIKE '%"type":"reset"%' ORDER BY e.seq`;
  for (const row of database.iterate(statement, sessionId, identifiedSeq ?? -1)) {
    const event = outlineOf(row);
    const seq = asNumber(row["seq"]);
    if (event?.["type"] === "reset" && seq !== null) yield resetMark(row, seq, event["id"]);
  }
}
