/** A page of events taken from those of a fragment, within the bounds of a request. */
import type { StoredLine } from "./archived-windows.ts";
import type { TranscriptEvent, TranscriptPage, TranscriptRequest } from "../program.ts";

const USUAL_EVENTS = 2000;
const USUAL_BYTES = 1 << 20;

/** Numbers of a fragment's first and last event; the last is null where only its end tells. */
export interface Bounds {
  readonly first: number;
  readonly last: number | null;
}

/** The lines from this number on, as events. */
export function* eventsFrom(lines: Iterable<StoredLine>, from: number): Generator<TranscriptEvent> {
  for (const { bytes, seq } of lines) if (seq >= from) yield { seq, text: bytes.toString("utf8") };
}

/** Takes from `events`, which begin where the page does, what the request asks for; not one more is asked of them than needed. */
export function pageOf(
  events: Iterable<TranscriptEvent>,
  { first, last }: Bounds,
  request: TranscriptRequest,
): TranscriptPage {
  const mostEvents = Math.max(1, request.mostEvents ?? USUAL_EVENTS);
  let bytesLeft = request.mostBytes ?? USUAL_BYTES;
  const page: TranscriptEvent[] = [];
  let reached = first - 1;
  for (const event of events) {
    if (last !== null && event.seq > last) break;
    const bytes = Buffer.byteLength(event.text) + 1;
    if (page.length > 0 && (page.length >= mostEvents || bytes > bytesLeft)) {
      return { events: page, next: event.seq, first, last };
    }
    bytesLeft -= bytes;
    page.push(event);
    reached = event.seq;
  }
  return { events: page, next: null, first, last: last ?? Math.max(reached, (request.from ?? first) - 1) };
}
