/** The windows of sessions as fragments: cut at their resets, each with what its first and last events tell. */
import type { Evidence } from "../../../model/evidence.ts";
import { placeOf, type Fragment, type RecordedPrevious, type WindowExtent } from "../../../model/fragment.ts";
import { asNumber, asText, asTime } from "../../../formats/json-values.ts";
import type { SqliteRow } from "../../../system/sqlite.ts";
import type { Entry } from "../entries.ts";
import { turnState, windowFacts } from "../window-facts.ts";
import { eventEntry } from "./events.ts";
import { NO_MARKS, type Extent, type Marks, type ResetMark } from "./extents.ts";
import { hasTable } from "./schema.ts";
import {
  measuredBytes,
  tailEntries,
  windowEnds,
  type EventSource,
  type WindowAsked,
  type WindowEnds,
} from "./window-events.ts";
import type { WindowRecord } from "./window-records.ts";

/** What is known of one session id, kept to read only what changes. */
export interface SessionTranscript {
  readonly record: WindowRecord;
  /** Null while it has no events, or has them in cold storage. */
  readonly extent: Extent | null;
  readonly windows: readonly Fragment[];
}

/** A session whose windows are wanted. */
export interface SessionAsked {
  readonly record: WindowRecord;
  readonly extent: Extent | null;
  readonly marks: Marks | undefined;
  readonly before: SessionTranscript | undefined;
}

/** Where windows are read from. */
export interface WindowSource extends EventSource {
  /** Home-relative path of the database. */
  readonly path: string;
  /** Whether every event may be measured: in a small database only. */
  readonly measured: boolean;
}

/** Above this the events that a conversation left are not counted window by window. */
const MOST_COUNTED_EVENTS = 20_000;

/** Reads the windows of these sessions; what did not change since it was read before is the same object. */
export function sessionTranscripts(source: WindowSource, sessions: readonly SessionAsked[]): SessionTranscript[] {
  const cutSessions = sessions.map((asked) => ({ ...asked, cuts: cutsOf(asked) }));
  const unread = cutSessions.flatMap(({ cuts }) => cuts.filter(({ known }) => known === undefined));
  const ends = windowEnds(source, unread);
  const bytes = source.measured
    ? measuredBytes(source, unread)
    : unread.map(({ window }, at) => estimated(window, ends[at]!));
  const read = new Map(unread.map((cut, at) => [cut, { ends: ends[at]!, bytes: bytes[at]! }]));
  return cutSessions.map(({ cuts, extent, marks, record }) => {
    const abandoned = extent === null ? null : abandonedSeqs(source, record.sessionId, extent);
    const windows: Fragment[] = [];
    for (const cut of cuts) {
      windows.push(
        cut.known ?? fragmentOf(source.path, record, cut, read.get(cut)!, marks ?? NO_MARKS, abandoned, windows.at(-1)),
      );
    }
    return { record, extent, windows };
  });
}

/** From where to where each window of a session goes, oldest first. */
export function windowExtents(sessionId: string, extent: Extent, marks: Marks = NO_MARKS): WindowExtent[] {
  return [...cutAtResets(sessionId, extent, marks)].map(({ window }) => window);
}

/** A stretch between two resets. */
interface Cut extends WindowAsked {
  /** The reset that begins it; null for the first window. */
  readonly reset: ResetMark | null;
  /** The reset that ends it; null for the window that goes on. */
  readonly endedBy: ResetMark | null;
  /** The fragment that it was before, when nothing of it changed. */
  readonly known: Fragment | undefined;
}

function cutsOf({ before, extent, marks = NO_MARKS, record }: SessionAsked): Cut[] {
  if (extent === null) return [];
  const known = before?.extent?.generation === extent.generation ? before.windows : [];
  return [...cutAtResets(record.sessionId, extent, marks)].map((cut) => ({
    ...cut,
    known: known.find(
      ({ archivedAt, window }) =>
        window?.fromSeq === cut.window.fromSeq &&
        window.toSeq === cut.window.toSeq &&
        (archivedAt !== null) === cut.isEnded,
    ),
  }));
}

function* cutAtResets(
  sessionId: string,
  { firstSeq, lastSeq }: Extent,
  { resets }: Marks,
): Generator<Omit<Cut, "known">> {
  const inside = resets.filter(({ seq }) => seq > firstSeq && seq <= lastSeq);
  const own = resets.find(({ seq }) => seq === firstSeq) ?? null;
  for (let at = -1; at < inside.length; at += 1) {
    const reset = at === -1 ? own : inside[at]!;
    const endedBy = inside[at + 1] ?? null;
    const window = { sessionId, fromSeq: reset?.seq ?? firstSeq, toSeq: endedBy === null ? lastSeq : endedBy.seq - 1 };
    yield { window, reset, endedBy, isEnded: endedBy !== null };
  }
}

function fragmentOf(
  path: string,
  record: WindowRecord,
  { endedBy, isEnded, reset, window }: Cut,
  { bytes, ends }: { readonly ends: WindowEnds; readonly bytes: number },
  marks: Marks,
  abandoned: readonly number[] | null,
  previous: Fragment | undefined,
): Fragment {
  const head = ends.head.map(eventEntry);
  const facts = windowFacts(head);
  const endedAt = asTime(ends.tail[0]?.["created_at"]);
  const turn = isEnded ? undefined : turnState(tailEntries(ends));
  const inside = (seq: number): boolean => seq >= window.fromSeq && seq <= window.toSeq;
  const compactions = marks.compactions.filter(inside).length;
  const left = abandoned?.filter(inside).length ?? 0;
  return {
    path,
    window,
    kind: "window",
    sessionId: window.sessionId,
    fileId: null,
    topic: null,
    startedAt: facts.startedAt ?? asTime(ends.head[0]?.["created_at"]) ?? record.createdAt,
    endedAt,
    archivedAt: isEnded ? (endedBy?.at ?? endedAt ?? record.updatedAt) : null,
    bytes,
    events: window.toSeq - window.fromSeq + 1,
    modifiedAt: endedAt ?? record.updatedAt ?? 0,
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
    ...(previous === undefined || reset === null
      ? {}
      : { recordedPrevious: afterReset(path, window.sessionId, previous, reset, head[0]) }),
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

/** In a large database: as many times the mean of the events that were read. */
function estimated({ fromSeq, toSeq }: WindowExtent, { head, tail }: WindowEnds): number {
  const sizes = [...head, ...tail].map(sizeOf);
  const sum = sizes.reduce((total, size) => total + size, 0);
  return Math.round((sum / Math.max(1, sizes.length)) * (toSeq - fromSeq + 1));
}

function sizeOf(row: SqliteRow): number {
  return (asNumber(row["event_utf8_bytes"]) ?? asText(row["event_json"])?.length ?? 0) + 1;
}

/** Numbers of the events that the conversation has left by an edit or a rewind; null where there are none, or too many events. */
function abandonedSeqs({ database, schema }: WindowSource, sessionId: string, extent: Extent): number[] | null {
  const { activeEvents, firstSeq, lastSeq } = extent;
  const events = lastSeq - firstSeq + 1;
  // The header is on no path.
  if (activeEvents === null || activeEvents >= events - 1 || events > MOST_COUNTED_EVENTS) return null;
  if (!hasTable(schema, "session_transcript_active_events")) return null;
  const rows = database.all(
    "SELECT e.seq FROM transcript_events e LEFT JOIN session_transcript_active_events a " +
      "ON a.session_id = e.session_id AND a.event_seq = e.seq " +
      "WHERE in_time(e.seq) AND e.session_id = ? AND e.seq > ? AND a.event_seq IS NULL",
    sessionId,
    firstSeq,
  );
  return rows.map((row) => asNumber(row["seq"])).filter((seq) => seq !== null);
}
