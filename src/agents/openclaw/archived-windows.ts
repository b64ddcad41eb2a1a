/** The windows of a transcript that was put away as a whole: its lines cut at the resets in it, with what each tells. */
import type { Fragment, RecordedPrevious, TailState, TurnState } from "../../model/fragment.ts";
import { asObject, asText } from "../../formats/json-values.ts";
import { linesOf } from "../../formats/json-lines.ts";
import { entryTime, type Entry } from "./entries.ts";
import { turnState, windowFacts, type WindowFacts } from "./window-facts.ts";

/** One line of a transcript that was put away, and its number. */
export interface StoredLine {
  readonly seq: number;
  readonly bytes: Buffer;
}

/** The lines of a transcript, counted from 0. */
export function* storedLines(transcript: Buffer): Generator<StoredLine> {
  let seq = -1;
  for (const { end, start } of linesOf(transcript)) {
    seq += 1;
    yield { seq, bytes: transcript.subarray(start, end) };
  }
}

/** One window, by the numbers of its lines. Plain data, as kept across scans. */
export interface ArchivedWindow extends WindowFacts {
  readonly sessionId: string | null;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Bytes of its lines. */
  readonly bytes: number;
  readonly endedAt: number | null;
  readonly compactions: number;
  readonly turn: TurnState | null;
  readonly tail: TailState;
  /** The reset that begins it. */
  readonly reset: { readonly id: string | null; readonly reason: string | null; readonly at: number | null } | null;
}

const HEAD_EVENTS = 24;
const TAIL_EVENTS = 6;
const RESET = Buffer.from('"type":"reset"');
const COMPACTION = Buffer.from('"type":"compaction"');
/** Resets are short; in a longer line the words are somebody's text. */
const MOST_RESET_BYTES = 4096;

/** The windows in order; a transcript without resets has one, one without lines none. */
export function archivedWindows(lines: Iterable<StoredLine>): ArchivedWindow[] {
  const windows: ArchivedWindow[] = [];
  let open: OpenWindow | null = null;
  let id: string | null = null;
  for (const { bytes, seq } of lines) {
    const reset = resetIn(bytes);
    if (open === null || reset !== null) {
      if (open !== null) windows.push(closed(open, id));
      open = { fromSeq: seq, toSeq: seq, reset, head: [], tail: [], bytes: 0, compactions: 0 };
    }
    take(open, bytes);
    open.toSeq = seq;
    if (windows.length === 0 && open.head.length === 1) id = asText(open.head[0]?.["id"]);
  }
  if (open !== null) windows.push(closed(open, id));
  return windows;
}

interface OpenWindow {
  readonly fromSeq: number;
  toSeq: number;
  readonly reset: Entry | null;
  readonly head: (Entry | undefined)[];
  /** The last lines, oldest first. */
  readonly tail: Buffer[];
  bytes: number;
  compactions: number;
}

function take(open: OpenWindow, text: Buffer): void {
  if (open.head.length < HEAD_EVENTS) open.head.push(parsed(text));
  if (open.tail.length === TAIL_EVENTS) open.tail.shift();
  open.tail.push(text);
  open.bytes += text.length + 1;
  if (text.subarray(0, 200).includes(COMPACTION) && parsed(text)?.["type"] === "compaction") open.compactions += 1;
}

function closed(
  { bytes, compactions, fromSeq, head, reset, tail, toSeq }: OpenWindow,
  id: string | null,
): ArchivedWindow {
  const ending = tail.toReversed().map(parsed);
  const last = ending.find((entry) => entry !== undefined && entryTime(entry) !== null);
  return {
    ...windowFacts(head),
    sessionId: id,
    fromSeq,
    toSeq,
    bytes,
    endedAt: last === undefined ? null : entryTime(last),
    compactions,
    turn: turnState(ending) ?? null,
    tail: ending[0] === undefined && !isBlank(tail.at(-1)!) ? tornTail(bytes, tail) : { state: "ok" },
    reset: reset === null ? null : { id: asText(reset["id"]), reason: asText(reset["reason"]), at: entryTime(reset) },
  };
}

function isBlank(text: Buffer): boolean {
  return text.toString("latin1").trim() === "";
}

/** A last line that can't be parsed: the archive was made of a torn transcript, or is torn itself. */
function tornTail(bytes: number, tail: readonly Buffer[]): TailState {
  const last = tail.at(-1)!.length;
  return { state: "torn", offset: bytes - last - 1, bytes: last, reason: "the last line is no JSON" };
}

function resetIn(text: Buffer): Entry | null {
  if (text.length > MOST_RESET_BYTES || !text.includes(RESET)) return null;
  const entry = parsed(text);
  return entry?.["type"] === "reset" ? entry : null;
}

function parsed(text: Buffer): Entry | undefined {
  try {
    return asObject(JSON.parse(text.toString("utf8")));
  } catch {
    return undefined;
  }
}

/** What fragments of an archive have in common, whether it is a file or lies in a database. */
export type ArchivePlace = Pick<Fragment, "path" | "kind" | "fileId" | "topic" | "archivedAt" | "modifiedAt"> & {
  readonly archive?: string;
  /** Size of the archive as it is stored. */
  readonly storedBytes: number;
};

/** What an archive without a line tells. */
const NOTHING = {
  startedAt: null,
  endedAt: null,
  cwd: null,
  parentSession: null,
  start: "unknown",
  firstUserText: null,
  peer: null,
  header: { state: "empty" },
  tail: { state: "ok" },
  execs: null,
} as const;

/** An archive of one window is one fragment; of several each is one, and names the one before it. */
export function archivedFragments(place: ArchivePlace, windows: readonly ArchivedWindow[]): Fragment[] {
  const { storedBytes, ...common } = place;
  if (windows.length === 0) return [{ ...common, ...NOTHING, sessionId: null, bytes: storedBytes }];
  const fragments: Fragment[] = [];
  windows.forEach((one, index) => {
    const { compactions, reset, turn, toSeq, fromSeq, bytes, sessionId, ...facts } = one;
    const id = sessionId ?? place.fileId;
    const next = windows[index + 1];
    const previous = fragments.at(-1);
    const isParted = windows.length > 1;
    // Several archives of a database have one path.
    const hasExtent = isParted || place.archive !== undefined;
    fragments.push({
      ...common,
      ...facts,
      ...(hasExtent && id !== null ? { window: { sessionId: id, fromSeq, toSeq } } : {}),
      sessionId: id,
      archivedAt: next === undefined ? place.archivedAt : (next.reset?.at ?? place.archivedAt),
      bytes: isParted ? bytes : storedBytes,
      events: toSeq - fromSeq + 1,
      execs: null,
      ...(turn === null || next !== undefined ? {} : { turn }),
      ...(compactions === 0 ? {} : { compactions }),
      ...(previous === undefined || reset === null ? {} : { recordedPrevious: afterReset(place.path, previous, one) }),
    });
  });
  return fragments;
}

function afterReset(path: string, previous: Fragment, { fromSeq, reset }: ArchivedWindow): RecordedPrevious {
  const { archive, window } = previous;
  const name = [`line ${fromSeq + 1}`];
  if (typeof reset?.id === "string") name.push(`id ${reset.id}`);
  if (typeof reset?.reason === "string") name.push(`reason ${reset.reason}`);
  return {
    place: { path, ...(window === undefined ? {} : { window }), ...(archive === undefined ? {} : { archive }) },
    evidence: [
      {
        kind: "reset-event",
        text: `a reset event divides the two windows of one session (${name.join(", ")})`,
        path,
        line: fromSeq + 1,
      },
    ],
  };
}
