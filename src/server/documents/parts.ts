/** Which events of a transcript stand in one document: few enough for an editor, whatever they hold. */
import type { TranscriptPage, TranscriptRequest } from "../../agents/program.ts";
import type { Fragment, WindowExtent } from "../../model/fragment.ts";
import type { Part } from "./addresses.ts";

/** Parts begin at every so many events, so that going back and forth leads to the same documents again. */
export const EVENTS_OF_PART = 500;
/** Of text, UTF-8: events may hold megabytes each. An editor colours no more than 20 MB, and all of it crosses the wire. */
const BYTES_OF_PART = 4 << 20;

/** Reads events; the place is known to whoever made it. */
export type ReadEvents = (request: TranscriptRequest) => Promise<TranscriptPage>;

/** Each event is one line, whatever stands in it: notes and links count on that. */
export const oneLine = (text: string): string => (/[\r\n]/.test(text) ? text.replaceAll(/[\r\n]+/g, " ") : text);

/** Whether one document can't hold all of it. */
export function isLong({ bytes, events, window }: Fragment): boolean {
  const number = events ?? (window === undefined ? 0 : window.toSeq - window.fromSeq + 1);
  return number > EVENTS_OF_PART || bytes > BYTES_OF_PART;
}

const bounded = (from?: number): TranscriptRequest => ({
  ...(from === undefined ? {} : { from }),
  mostEvents: EVENTS_OF_PART,
  mostBytes: BYTES_OF_PART,
});

/** The beginning of the part that holds the event before this one. */
export function partBefore(seq: number, first: number): number {
  const events = Math.max(0, seq - 1 - first);
  return first + Math.floor(events / EVENTS_OF_PART) * EVENTS_OF_PART;
}

/** Reads one part of the fragment. */
export function readPart(read: ReadEvents, part: Part, { window }: Fragment): Promise<TranscriptPage> {
  if (part === "end" && window !== undefined) return readEnd(read, window);
  return read(bounded(typeof part === "number" ? part : undefined));
}

/** What two transcripts are compared by: more lines than a part has, and no more bytes. */
const EVENTS_OF_WHOLE = 10 * EVENTS_OF_PART;

/** The events of several windows, in order, as far as one document can hold them. */
export async function readWhole(windows: readonly ReadEvents[]): Promise<TranscriptPage> {
  const events: TranscriptPage["events"][number][] = [];
  let mostBytes = BYTES_OF_PART;
  let whole: TranscriptPage | undefined;
  for (const read of windows) {
    const mostEvents = EVENTS_OF_WHOLE - events.length;
    if (mostEvents <= 0 || mostBytes <= 0)
      return { events, first: whole?.first ?? 0, last: null, next: (events.at(-1)?.seq ?? 0) + 1 };
    const page = await read({ mostEvents, mostBytes });
    events.push(...page.events);
    mostBytes -= page.events.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    whole = { ...page, events, first: whole?.first ?? page.first };
    if (page.next !== null) return { ...whole, last: null };
  }
  return whole ?? { events, next: null, first: 0, last: null };
}

/** The newest events. Where they are too large for one part, fewer of them. */
async function readEnd(read: ReadEvents, { fromSeq, toSeq }: WindowExtent): Promise<TranscriptPage> {
  let from = Math.max(fromSeq, partBefore(toSeq + 1, fromSeq) - EVENTS_OF_PART / 2);
  for (;;) {
    const page = await read({ ...bounded(from), mostEvents: 2 * EVENTS_OF_PART });
    if (page.next === null) return page;
    from = Math.max(page.next, Math.floor((page.next + toSeq) / 2));
  }
}
