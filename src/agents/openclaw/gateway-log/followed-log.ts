/** One log of the gateway: it only grows, so of one that was read before only what was added is read. */
import { type MatchingLine, MatchingLines } from "../../../formats/matching-lines.ts";
import { readStretch, type FileStat } from "../../../system/files.ts";
import type { FactsMemo, ReadingContext } from "../../program.ts";
import { keptOrRead } from "../memo.ts";
import { eventIn, NEEDLES, type LoggedEvent } from "./events.ts";

/** What was read of a log, up to a line's end. Plain data, as kept across restarts. */
interface LogState {
  readonly events: readonly LoggedEvent[];
  /** What the last line says, which has no newline yet. */
  readonly unfinished: LoggedEvent | null;
  /** Byte offset behind the last whole line, and how many there are. */
  readonly readTo: number;
  readonly lines: number;
  /** The bytes before that offset: another file, or one that was begun anew, has others there. */
  readonly ending: string;
}

const NOTHING: LogState = { events: [], unfinished: null, readTo: 0, lines: 0, ending: "" };

const MOST_EVENTS = 20_000;
const CHUNK = 1 << 20;
const ENDING_BYTES = 96;

/** What is known of logs by who keeps facts: an engine. */
const FOLLOWED = new WeakMap<FactsMemo, Map<string, LogState & { readonly ino: number }>>();

/** The newest events of the log, in the order of its lines. Rejects with FileError. */
export async function followedLog(file: FileStat, context: ReadingContext): Promise<readonly LoggedEvent[]> {
  const followed = FOLLOWED.get(context.memo) ?? new Map<string, LogState & { readonly ino: number }>();
  FOLLOWED.set(context.memo, followed);
  const known = followed.get(file.path);
  const state =
    known !== undefined && known.ino === file.ino && goesOn(file, known)
      ? await readOn(file.path, known, context)
      : await keptOrRead(context.memo, file, "openclaw/gateway-log/2", () => readOn(file.path, NOTHING, context));
  followed.set(file.path, { ...state, ino: file.ino });
  return state.unfinished === null ? state.events : [...state.events, state.unfinished];
}

/** Whether the file is the one that was read, and has only grown. */
function goesOn({ path, size }: FileStat, { ending, readTo }: LogState): boolean {
  return size >= readTo && endingAt(path, readTo) === ending;
}

function endingAt(path: string, offset: number): string {
  const from = Math.max(0, offset - ENDING_BYTES);
  return readStretch(path, from, offset - from).toString("latin1");
}

async function readOn(path: string, known: LogState, context: ReadingContext): Promise<LogState> {
  const matching = new MatchingLines(NEEDLES);
  const eventOf = ({ bytes, number }: MatchingLine): LoggedEvent | null =>
    eventIn(bytes.toString("utf8"), path, known.lines + number);
  const events = [...known.events];
  let at = known.readTo;
  for (;;) {
    const bytes = readStretch(path, at, CHUNK);
    if (bytes.length === 0) break;
    at += bytes.length;
    for (const line of matching.take(bytes)) {
      const event = eventOf(line);
      if (event !== null) events.push(event);
    }
    if (events.length > 2 * MOST_EVENTS) events.splice(0, events.length - MOST_EVENTS);
    await context.breathe();
  }
  const readTo = at - matching.openBytes;
  const lines = known.lines + matching.wholeLines;
  const [open] = matching.end();
  return {
    events: events.slice(-MOST_EVENTS),
    unfinished: open === undefined ? null : eventOf(open),
    readTo,
    lines,
    ending: endingAt(path, readTo),
  };
}
