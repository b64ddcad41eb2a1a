/** The events of a window, or of an archive inside a database, page by page. */
import type { FragmentPlace, WindowExtent } from "../../../model/fragment.ts";
import { FileError } from "../../../system/files.ts";
import { readDatabase, SqliteError, type SqliteDatabase, type SqliteRow } from "../../../system/sqlite.ts";
import { asNumber } from "../../../formats/json-values.ts";
import type { TranscriptEvent, TranscriptPage, TranscriptRequest } from "../../program.ts";
import { unpackedArchive } from "../archive-file.ts";
import { storedLines } from "../archived-windows.ts";
import { eventsFrom, pageBefore, pageOf, USUAL_EVENTS } from "../pages.ts";
import { archiveBlob, archiveRecords } from "./archive-records.ts";
import { coldEvents } from "./cold-archive.ts";
import { eventColumns, eventText } from "./events.ts";
import { extents, marks } from "./extents.ts";
import { readSchema, type Schema } from "./schema.ts";
import { windowExtents } from "./session-windows.ts";

/** Rows asked for at once: an event may have 4 MB. */
const BATCH = 100;

/** One page of what lies at the place; `path` and `home` are absolute. Rejects with FileError when it is gone. */
export async function readEventPage(
  home: string,
  path: string,
  place: FragmentPlace,
  request: TranscriptRequest,
): Promise<TranscriptPage> {
  try {
    const look = await readDatabase(path, { home }, (database) => {
      const schema = readSchema(database);
      return place.archive === undefined
        ? windowPage(database, schema, path, place.window, request)
        : archivePage(database, schema, path, place, request);
    });
    if (look.state === "ok") return look.value;
    throw new FileError(look.state === "missing" ? "gone" : "io", path, look.reason);
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    throw new FileError("io", path, error.message, error);
  }
}

/** The window is looked up again by its first event: it may have grown, and been ended, since the place was named. */
function windowPage(
  database: SqliteDatabase,
  schema: Schema,
  path: string,
  asked: WindowExtent | undefined,
  request: TranscriptRequest,
): TranscriptPage {
  const ids = [asked?.sessionId ?? ""];
  const found = extents(database, schema, ids);
  const extent = found.get(ids[0]!);
  const windows =
    extent === undefined ? [] : windowExtents(ids[0]!, extent, marks(database, schema, ids, found).get(ids[0]!));
  const window = windows.find(({ fromSeq }) => fromSeq === asked?.fromSeq);
  if (window === undefined) throw new FileError("gone", path, "the database has no such window any more");
  const bounds = { first: window.fromSeq, last: window.toSeq };
  if (request.before !== undefined) {
    const from = reachBack(database, window, request);
    return pageBefore(eventsOf(database, schema, window, from), bounds, request);
  }
  const from = Math.max(window.fromSeq, request.from ?? window.fromSeq);
  return pageOf(eventsOf(database, schema, window, from), bounds, request);
}

/** The number of the event from which on as many stand before the end of the page as it may have. */
function reachBack(
  database: SqliteDatabase,
  { fromSeq, sessionId, toSeq }: WindowExtent,
  { before = Infinity, mostEvents = USUAL_EVENTS }: TranscriptRequest,
): number {
  const [row] = database.all(
    "SELECT min(seq) AS seq FROM (SELECT seq FROM transcript_events WHERE session_id = ? AND seq >= ? AND seq < ? " +
      "ORDER BY seq DESC LIMIT ?)",
    sessionId,
    fromSeq,
    Math.min(before, toSeq + 1),
    Math.max(1, mostEvents),
  );
  return asNumber(row?.["seq"]) ?? fromSeq;
}

/** The events of a window from this number on. */
export function* eventsOf(
  database: SqliteDatabase,
  schema: Schema,
  { sessionId, toSeq }: WindowExtent,
  from: number,
): Generator<TranscriptEvent> {
  const statement =
    `SELECT ${eventColumns(schema, "e")} FROM transcript_events e ` +
    "WHERE e.session_id = ? AND e.seq BETWEEN ? AND ? ORDER BY e.seq LIMIT ?";
  for (let at = from; ;) {
    const rows = database.all(statement, sessionId, at, toSeq, BATCH);
    for (const row of rows) yield transcriptEvent(row);
    const last = asNumber(rows.at(-1)?.["seq"]);
    if (last === null || rows.length < BATCH) return;
    at = last + 1;
  }
}

function transcriptEvent(row: SqliteRow): TranscriptEvent {
  const seq = asNumber(row["seq"]) ?? 0;
  const event = eventText(row);
  if ("trouble" in event) return { seq, text: "", trouble: event.trouble };
  // JSON has line breaks between tokens only; each event is one line here.
  return { seq, text: event.text.replaceAll(/[\r\n]+/g, " ") };
}

function archivePage(
  database: SqliteDatabase,
  schema: Schema,
  path: string,
  { archive, window }: FragmentPlace,
  request: TranscriptRequest,
): TranscriptPage {
  const record = archiveRecords(database, schema).find(({ name }) => name === archive);
  const blob = record === undefined ? undefined : archiveBlob(database, record);
  if (record === undefined || blob === undefined) throw new FileError("gone", path, "the database has no such archive");
  const bytes = unpackedArchive(blob, record.isZstd, path);
  const first = window?.fromSeq ?? 0;
  const bounds = { first, last: window?.toSeq ?? null };
  const lines = record.kind === "cold" ? coldEvents(bytes) : storedLines(bytes);
  if (request.before !== undefined) return pageBefore(eventsFrom(lines, first), bounds, request);
  return pageOf(eventsFrom(lines, Math.max(first, request.from ?? first)), bounds, request);
}
