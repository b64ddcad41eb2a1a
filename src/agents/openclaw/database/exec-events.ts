/** The events of a window that tell of background execs, with what only the trajectory says of them. */
import type { WindowExtent } from "../../../model/fragment.ts";
import { asNumber, asObject, asText } from "../../../formats/json-values.ts";
import { FileError } from "../../../system/files.ts";
import { readDatabase, SqliteError, type SqliteDatabase } from "../../../system/sqlite.ts";
import { messageText, roleOf, type Entry } from "../entries.ts";
import { argumentsOf } from "../exec-traces.ts";
import { eventColumns, eventEntry } from "./events.ts";
import { hasTable, readSchema, type Schema } from "./schema.ts";

/** An entry that may tell of an exec. */
export interface ExecEvent {
  readonly seq: number;
  readonly entry: Entry;
  /**
   * The prompt of the run that a completion led to. Since 2026.9 the message itself names no exec: slug and output stand only in
   * the trajectory, under the run that answered.
   */
  readonly prompt: string | null;
  /** Arguments of the call that it answers, where it starts an exec. */
  readonly call: Entry | undefined;
}

/** What OpenClaw sends into the session when a background exec has ended (2026.9). */
const COMPLETION = "[OpenClaw exec completion]";

/** The events in question, in order; `path` and `home` are absolute. Rejects with FileError. */
export async function execEvents(home: string, path: string, window: WindowExtent): Promise<ExecEvent[]> {
  try {
    const look = await readDatabase(path, { home }, (database) => {
      const schema = readSchema(database);
      return [...eventsIn(database, schema, window)];
    });
    if (look.state === "ok") return look.value;
    throw new FileError("io", path, look.reason);
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    throw new FileError("io", path, error.message, error);
  }
}

/** Packed events say nothing of their content; they are few, so all of them are looked into. */
function* eventsIn(database: SqliteDatabase, schema: Schema, window: WindowExtent): Generator<ExecEvent> {
  const { fromSeq, sessionId, toSeq } = window;
  const statement =
    `SELECT ${eventColumns(schema, "e")} FROM transcript_events e WHERE e.session_id = ? AND e.seq BETWEEN ? AND ? ` +
    `AND (e.event_json IS NULL OR e.event_json LIKE '%"running"%' OR e.event_json LIKE '%"approval-pending"%' OR e.event_json LIKE '%"process"%' ` +
    `OR e.event_json LIKE '%Exec %ed (%' OR e.event_json LIKE '%An async command %' OR e.event_json LIKE '%${COMPLETION}%') ` +
    "ORDER BY e.seq";
  for (const row of database.all(statement, sessionId, fromSeq, toSeq)) {
    const entry = eventEntry(row);
    const seq = asNumber(row["seq"]);
    if (entry === undefined || seq === null) continue;
    const isCompletion = messageText(entry).startsWith(COMPLETION);
    const toolCallId = startingCall(entry);
    yield {
      seq,
      entry,
      prompt: isCompletion ? promptAfter(database, schema, sessionId, seq) : null,
      call: toolCallId === null ? undefined : callBefore(database, schema, { sessionId, seq, toolCallId }),
    };
  }
}

/** The id of the call that a result answers, if the command goes on in the background. */
function startingCall(entry: Entry): string | null {
  const message = asObject(entry["message"]);
  return asObject(message?.["details"])?.["status"] === "running" ? asText(message?.["toolCallId"]) : null;
}

/** Results of other calls of the same message may stand between a call and its result. */
const MOST_RESULTS = 32;

function callBefore(
  database: SqliteDatabase,
  schema: Schema,
  { seq, sessionId, toolCallId }: { readonly seq: number; readonly sessionId: string; readonly toolCallId: string },
): Entry | undefined {
  const rows = database.all(
    `SELECT ${eventColumns(schema, "e")} FROM transcript_events e WHERE e.session_id = ? AND e.seq < ? ORDER BY e.seq DESC LIMIT ?`,
    sessionId,
    seq,
    MOST_RESULTS,
  );
  for (const row of rows) {
    const entry = eventEntry(row);
    if (entry !== undefined && roleOf(entry) === "assistant") return argumentsOf(entry, toolCallId);
  }
  return undefined;
}

/** Settings may stand between a message and its answer. */
const MOST_BETWEEN = 6;

/** The prompt of the run whose answer stands next in the transcript. */
function promptAfter(database: SqliteDatabase, schema: Schema, sessionId: string, seq: number): string | null {
  if (!hasTable(schema, "trajectory_runtime_events")) return null;
  const next = database.all(
    `SELECT ${eventColumns(schema, "e")} FROM transcript_events e WHERE e.session_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`,
    sessionId,
    seq,
    MOST_BETWEEN,
  );
  const answer = next.map(eventEntry).find((entry) => entry !== undefined && roleOf(entry) !== null);
  const runId = runIdOf(answer);
  if (runId === null) return null;
  const rows = database.all(
    "SELECT event_json FROM trajectory_runtime_events WHERE in_time() AND session_id = ? AND run_id = ? " +
      `AND event_json LIKE '%"type":"prompt.submitted"%'`,
    sessionId,
    runId,
  );
  return rows.map((row) => promptIn(asText(row["event_json"]) ?? "")).find((prompt) => prompt !== null) ?? null;
}

function runIdOf(entry: Entry | undefined): string | null {
  return asText(asObject(asObject(entry?.["message"])?.["__openclaw"])?.["runId"]);
}

function promptIn(text: string): string | null {
  try {
    return asText(asObject(asObject(JSON.parse(text))?.["data"])?.["prompt"]);
  } catch {
    return null;
  }
}
