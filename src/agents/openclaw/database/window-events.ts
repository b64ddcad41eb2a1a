/** The first and last events of many windows, asked for in few statements. */
import type { WindowExtent } from "../../../model/fragment.ts";
import { asNumber } from "../../../formats/json-values.ts";
import type { SqliteDatabase, SqliteRow } from "../../../system/sqlite.ts";
import type { Entry } from "../entries.ts";
import { wantsMore } from "../window-facts.ts";
import { eventColumns, eventEntry, outlineOf } from "./events.ts";
import { hasColumn, type Schema } from "./schema.ts";

export interface EventSource {
  readonly database: SqliteDatabase;
  readonly schema: Schema;
}

/** Which window, and whether a reset ended it: then its last turn is over, and only the time of its last event counts. */
export interface WindowAsked {
  readonly window: WindowExtent;
  readonly isEnded: boolean;
}

/** Both ends of a window. */
export interface WindowEnds {
  /** First events, in order. */
  readonly head: readonly SqliteRow[];
  /** Last events, newest first. */
  readonly tail: readonly SqliteRow[];
}

/** A transcript's first event is its header, and a person's words follow; behind a reset the command and its answer come first. */
const HEAD_EVENTS = 2;
const HEAD_EVENTS_AFTER_RESET = 4;
const MOST_HEAD_EVENTS = 24;
/** Settings may stand behind the last message. */
const TAIL_EVENTS = 2;
const MOST_TAIL_EVENTS = 8;

/** The ends of these windows, in their order. */
export function windowEnds(source: EventSource, asked: readonly WindowAsked[]): WindowEnds[] {
  const heads = rowsOf(source, asked, ({ window }) => firstEvents(window, usualHead(window)));
  const tails = rowsOf(source, asked, ({ isEnded, window }) => lastEvents(window, isEnded ? 1 : TAIL_EVENTS));
  const short = asked.map(({ window }, at) => lacksWords(heads[at]!, window));
  const blind = asked.map(({ isEnded }, at) => !isEnded && !tails[at]!.some((row) => isMessage(outlineOf(row))));
  const more = rowsOf(source, asked, ({ window }, at) => (short[at]! ? firstEvents(window, MOST_HEAD_EVENTS) : null));
  const further = rowsOf(source, asked, ({ window }, at) => (blind[at]! ? lastEvents(window, MOST_TAIL_EVENTS) : null));
  return asked.map((_, at) => ({
    head: short[at]! ? more[at]! : heads[at]!,
    tail: (blind[at]! ? further[at]! : tails[at]!).toReversed(),
  }));
}

/** The entries of a tail, newest first; only messages are unpacked. */
export function tailEntries({ tail }: WindowEnds): (Entry | undefined)[] {
  return tail.map((row) => {
    const outline = outlineOf(row);
    return isMessage(outline) ? eventEntry(row) : outline;
  });
}

function usualHead({ fromSeq }: WindowExtent): number {
  return fromSeq === 0 ? HEAD_EVENTS : HEAD_EVENTS_AFTER_RESET;
}

function lacksWords(head: readonly SqliteRow[], { fromSeq, toSeq }: WindowExtent): boolean {
  return toSeq - fromSeq + 1 > head.length && wantsMore(head.map(eventEntry));
}

function isMessage(entry: Entry | undefined): boolean {
  return entry?.["type"] === "message";
}

type Range = readonly [sessionId: string, from: number, to: number];

function firstEvents({ fromSeq, sessionId, toSeq }: WindowExtent, count: number): Range {
  return [sessionId, fromSeq, Math.min(toSeq, fromSeq + count - 1)];
}

function lastEvents({ fromSeq, sessionId, toSeq }: WindowExtent, count: number): Range {
  return [sessionId, Math.max(fromSeq, toSeq - count + 1), toSeq];
}

/** For each window the events of a range of numbers, in order; none where no range is asked for. */
function rowsOf(
  { database, schema }: EventSource,
  asked: readonly WindowAsked[],
  range: (asked: WindowAsked, at: number) => Range | null,
): SqliteRow[][] {
  const found: SqliteRow[][] = asked.map(() => []);
  const ranges = asked.flatMap((one, at) => {
    const wanted = range(one, at);
    return wanted === null ? [] : [[at, ...wanted]];
  });
  if (ranges.length === 0) return found;
  const statement =
    `SELECT j.value ->> 0 AS asked, ${eventColumns(schema, "e")} FROM json_each(?) j CROSS JOIN transcript_events e ` +
    "ON e.session_id = j.value ->> 1 AND e.seq BETWEEN j.value ->> 2 AND j.value ->> 3";
  for (const row of database.iterate(statement, JSON.stringify(ranges))) {
    const at = asNumber(row["asked"]);
    if (at !== null) found[at]?.push(row);
  }
  // An ORDER BY would put all bodies into one sorted heap first.
  for (const rows of found) rows.sort((a, b) => Number(a["seq"]) - Number(b["seq"]));
  return found;
}

/** What the events of each window take as lines of text; every one of them is looked at. */
export function measuredBytes({ database, schema }: EventSource, asked: readonly WindowAsked[]): number[] {
  const hasSize = hasColumn(schema, "transcript_events", "event_utf8_bytes");
  const length = "length(CAST(e.event_json AS BLOB))";
  const ranges = asked.map(({ window }, at) => [at, window.sessionId, window.fromSeq, window.toSeq]);
  const bytes = asked.map(() => 0);
  const statement =
    `SELECT j.key AS asked, sum(${hasSize ? `coalesce(e.event_utf8_bytes, ${length})` : length} + 1) AS bytes ` +
    "FROM json_each(?) j CROSS JOIN transcript_events e " +
    "ON e.session_id = j.value ->> 1 AND e.seq BETWEEN j.value ->> 2 AND j.value ->> 3 WHERE in_time(e.seq) GROUP BY j.key";
  for (const row of database.iterate(statement, JSON.stringify(ranges))) {
    const at = asNumber(row["asked"]);
    if (at !== null) bytes[at] = asNumber(row["bytes"]) ?? 0;
  }
  return bytes;
}
