/** The windows of one session as fragments: cut at its resets, each with what its first and last events tell. */
import type { Evidence } from "../../../model/evidence.ts";
import { placeOf, type Fragment, type RecordedPrevious, type WindowExtent } from "../../../model/fragment.ts";
import { asNumber, asText, asTime } from "../../../formats/json-values.ts";
import type { SqliteDatabase, SqliteRow } from "../../../system/sqlite.ts";
import type { Entry } from "../entries.ts";
import { turnState, wantsMore, windowFacts } from "../window-facts.ts";
import { eventColumns, eventEntry, outlineOf } from "./events.ts";
import { NO_MARKS, type Extent, type Marks, type ResetMark } from "./extents.ts";
import { hasTable, type Schema } from "./schema.ts";
import type { WindowRecord } from "./window-records.ts";

/** What is known of one session id, kept to read only what changes. */
export interface SessionTranscript {
  readonly record: WindowRecord;
  /** Null while it has no events, or has them in cold storage. */
  readonly extent: Extent | null;
  readonly windows: readonly Fragment[];
}

/** Where the windows of a session are read from. */
export interface WindowSource {
  readonly database: SqliteDatabase;
  readonly schema: Schema;
  /** Home-relative path of the database. */
  readonly path: string;
  /** Whether every event may be measured: in a small database only. */
  readonly measured: boolean;
}

/** Most first user texts stand within the first few events; the rest is looked for further on. */
const FIRST_HEAD_EVENTS = 4;
const MOST_HEAD_EVENTS = 24;
const TAIL_EVENTS = 6;
/** Above this the events that a conversation left are not counted window by window. */
const MOST_COUNTED_EVENTS = 20_000;

/** Reads the session's windows; what did not change since `before` is the same object. */
export function sessionTranscript(
  source: WindowSource,
  record: WindowRecord,
  extent: Extent | null,
  marks: Marks = NO_MARKS,
  before?: SessionTranscript,
): SessionTranscript {
  if (extent === null) return { record, extent, windows: [] };
  const known = before?.extent?.generation === extent.generation ? before.windows : [];
  const abandoned = abandonedBySeq(source, record.sessionId, extent);
  const windows: Fragment[] = [];
  for (const cut of cuts(record.sessionId, extent, marks)) {
    const earlier = known.find(({ window }) => window?.fromSeq === cut.window.fromSeq);
    windows.push(fragmentOf(source, record, cut, marks, abandoned, windows.at(-1), earlier));
  }
  return { record, extent, windows };
}

/** From where to where each window of a session goes, oldest first. */
export function windowExtents(sessionId: string, extent: Extent, sessionMarks: Marks = NO_MARKS): WindowExtent[] {
  return [...cuts(sessionId, extent, sessionMarks)].map(({ window }) => window);
}

/** A stretch between two resets. */
interface Cut {
  readonly window: WindowExtent;
  /** The reset that begins it; null for the first window. */
  readonly reset: ResetMark | null;
  /** Number of the reset that ends it; null for the window that goes on. */
  readonly endedBy: number | null;
}

function* cuts(sessionId: string, { firstSeq, lastSeq }: Extent, { resets }: Marks): Generator<Cut> {
  const inside = resets.filter(({ seq }) => seq > firstSeq && seq <= lastSeq);
  const own = resets.find(({ seq }) => seq === firstSeq) ?? null;
  for (let at = -1; at < inside.length; at += 1) {
    const reset = at === -1 ? own : inside[at]!;
    const endedBy = inside[at + 1]?.seq ?? null;
    const window = { sessionId, fromSeq: reset?.seq ?? firstSeq, toSeq: endedBy === null ? lastSeq : endedBy - 1 };
    yield { window, reset, endedBy };
  }
}

function fragmentOf(
  source: WindowSource,
  record: WindowRecord,
  cut: Cut,
  marks: Marks,
  abandoned: readonly number[] | null,
  previous: Fragment | undefined,
  earlier: Fragment | undefined,
): Fragment {
  const { window } = cut;
  const isEnded = cut.endedBy !== null;
  if (earlier !== undefined && earlier.window?.toSeq === window.toSeq && isEnded === (earlier.archivedAt !== null)) {
    return earlier;
  }
  const head = headOf(source, window);
  const facts = windowFacts(head);
  const tail = tailOf(source, window, isEnded);
  const first = tail.createdAtOfFirst;
  const turn = isEnded ? undefined : turnState(tail.entries);
  const inside = (seq: number): boolean => seq >= window.fromSeq && seq <= window.toSeq;
  const compactions = marks.compactions.filter(inside).length;
  const left = abandoned?.filter(inside).length ?? 0;
  return {
    path: source.path,
    window,
    kind: "window",
    sessionId: window.sessionId,
    fileId: null,
    topic: null,
    startedAt: facts.startedAt ?? first ?? record.createdAt,
    endedAt: tail.endedAt,
    archivedAt: isEnded ? createdAt(source, window.sessionId, cut.endedBy!) : null,
    bytes: bytesOf(source, window, head, tail.rows),
    events: window.toSeq - window.fromSeq + 1,
    modifiedAt: tail.endedAt ?? record.updatedAt ?? 0,
    cwd: facts.cwd,
    parentSession: facts.parentSession,
    start: facts.start,
    firstUserText: facts.firstUserText,
    peer: facts.peer,
    header: facts.header,
    tail: { state: "ok" },
    execs: null,
    ...(turn === undefined ? {} : { turn }),
    ...(compactions === 0 ? {} : { compactions }),
    ...(left === 0 ? {} : { abandonedEvents: left }),
    ...(previous === undefined || cut.reset === null
      ? {}
      : { recordedPrevious: afterReset(source.path, window.sessionId, previous, cut.reset, head[0]) }),
  };
}

/** The reset that stands between the two windows is the evidence that one follows the other. */
function afterReset(
  path: string,
  sessionId: string,
  previous: Fragment,
  { id, seq }: ResetMark,
  event: Entry | undefined,
): RecordedPrevious {
  const reason = asText(event?.["reason"]);
  const name = [`event ${seq}`, ...(id === null ? [] : [`id ${id}`]), ...(reason === null ? [] : [`reason ${reason}`])];
  const evidence: Evidence = {
    kind: "reset-event",
    text: `a reset event divides the two windows of one session (${name.join(", ")})`,
    path,
    event: { sessionId, seq },
  };
  return { place: placeOf(previous), evidence: [evidence] };
}

/** The first entries, as many as it takes to find what a person wrote. */
function headOf(source: WindowSource, window: WindowExtent): (Entry | undefined)[] {
  const first = eventsFrom(source, window, FIRST_HEAD_EVENTS).map(eventEntry);
  if (first.length < FIRST_HEAD_EVENTS || !wantsMore(first)) return first;
  return eventsFrom(source, window, MOST_HEAD_EVENTS).map(eventEntry);
}

function eventsFrom({ database, schema }: WindowSource, window: WindowExtent, most: number): SqliteRow[] {
  return database.all(
    `SELECT ${eventColumns(schema, "e")} FROM transcript_events e ` +
      "WHERE e.session_id = ? AND e.seq BETWEEN ? AND ? ORDER BY e.seq LIMIT ?",
    window.sessionId,
    window.fromSeq,
    window.toSeq,
    most,
  );
}

interface Tail {
  readonly endedAt: number | null;
  readonly createdAtOfFirst: number | null;
  readonly rows: readonly SqliteRow[];
  /** Newest first; whole where the window goes on, for what its last turn is at. */
  readonly entries: readonly (Entry | undefined)[];
}

function tailOf({ database, schema }: WindowSource, window: WindowExtent, isEnded: boolean): Tail {
  const rows = database.all(
    `SELECT ${eventColumns(schema, "e")} FROM transcript_events e ` +
      "WHERE e.session_id = ? AND e.seq BETWEEN ? AND ? ORDER BY e.seq DESC LIMIT ?",
    window.sessionId,
    window.fromSeq,
    window.toSeq,
    isEnded ? 1 : TAIL_EVENTS,
  );
  const entries = isEnded ? [] : rows.map((row) => (isMessage(outlineOf(row)) ? eventEntry(row) : outlineOf(row)));
  return {
    endedAt: asTime(rows[0]?.["created_at"]),
    createdAtOfFirst: asTime(rows.at(-1)?.["created_at"]),
    rows,
    entries,
  };
}

function isMessage(entry: Entry | undefined): boolean {
  return entry?.["type"] === "message";
}

function createdAt({ database }: WindowSource, sessionId: string, seq: number): number | null {
  const row = database.get("SELECT created_at FROM transcript_events WHERE session_id = ? AND seq = ?", sessionId, seq);
  return asTime(row?.["created_at"]);
}

/** What the events take as lines of text; in a large database as many times the mean of those that were read. */
function bytesOf(
  { database, measured, schema }: WindowSource,
  window: WindowExtent,
  head: readonly (Entry | undefined)[],
  tail: readonly SqliteRow[],
): number {
  if (!measured) return estimatedBytes(window, head, tail);
  const stored = schema.columns.get("transcript_events")?.has("event_utf8_bytes") === true;
  const length = "length(CAST(event_json AS BLOB))";
  const row = database.get(
    `SELECT sum(${stored ? `coalesce(event_utf8_bytes, ${length})` : length} + 1) AS bytes ` +
      "FROM transcript_events WHERE session_id = ? AND seq BETWEEN ? AND ?",
    window.sessionId,
    window.fromSeq,
    window.toSeq,
  );
  return asNumber(row?.["bytes"]) ?? 0;
}

function estimatedBytes(
  { fromSeq, toSeq }: WindowExtent,
  head: readonly (Entry | undefined)[],
  tail: readonly SqliteRow[],
): number {
  const sizes = [
    ...head.filter((entry) => entry !== undefined).map((entry) => JSON.stringify(entry).length + 1),
    ...tail.map((row) => (asText(row["event_json"])?.length ?? 0) + 1),
  ];
  if (sizes.length === 0) return 0;
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return Math.round(mean * (toSeq - fromSeq + 1));
}

/** Numbers of the events that the conversation has left by an edit or a rewind; null where there are none, or too many events. */
function abandonedBySeq({ database, schema }: WindowSource, sessionId: string, extent: Extent): number[] | null {
  const { activeEvents, firstSeq, lastSeq } = extent;
  const events = lastSeq - firstSeq + 1;
  // The header is on no path.
  if (activeEvents === null || activeEvents >= events - 1 || events > MOST_COUNTED_EVENTS) return null;
  if (!hasTable(schema, "session_transcript_active_events")) return null;
  const rows = database.all(
    "SELECT e.seq FROM transcript_events e LEFT JOIN session_transcript_active_events a " +
      "ON a.session_id = e.session_id AND a.event_seq = e.seq " +
      "WHERE e.session_id = ? AND e.seq > ? AND a.event_seq IS NULL",
    sessionId,
    firstSeq,
  );
  return rows.map((row) => asNumber(row["seq"])).filter((seq) => seq !== null);
}
