/** A page of events taken from those of a fragment, within the bounds of a request. */
import type { StoredLine } from "./archived-windows.ts";
import type { TranscriptEvent, TranscriptPage, TranscriptRequest } from "../program.ts";

/** Events of a page where the request does not say. */
export const USUAL_EVENTS = 2000;
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

/**
 * The newest events before the one that the request names; `events` are those of the whole fragment, or of any stretch of it
 * that reaches far enough back.
 */
export function pageBefore(
  events: Iterable<TranscriptEvent>,
  { first, last }: Bounds,
  request: TranscriptRequest,
): TranscriptPage {
  const before = Math.min(request.before ?? Infinity, last === null ? Infinity : last + 1);
  const kept = new NewestEvents(request.mostEvents ?? USUAL_EVENTS, request.mostBytes ?? USUAL_BYTES);
  let next: number | null = null;
  for (const event of events) {
    if (event.seq >= before) {
      next = last === null || event.seq <= last ? event.seq : null;
      break;
    }
    kept.add(event);
  }
  return { events: kept.events, next, first, last: last ?? (next === null ? (kept.events.at(-1)?.seq ?? null) : null) };
}

/** The last events that were added, as many as fit; at least one. */
class NewestEvents {
  readonly #mostEvents: number;
  readonly #mostBytes: number;
  readonly #events: { readonly event: TranscriptEvent; readonly bytes: number }[] = [];
  #first = 0;
  #bytes = 0;

  constructor(mostEvents: number, mostBytes: number) {
    this.#mostEvents = Math.max(1, mostEvents);
    this.#mostBytes = mostBytes;
  }

  add(event: TranscriptEvent): void {
    const bytes = Buffer.byteLength(event.text) + 1;
    this.#events.push({ event, bytes });
    this.#bytes += bytes;
    while (this.#length > 1 && (this.#length > this.#mostEvents || this.#bytes > this.#mostBytes)) this.#drop();
  }

  get events(): TranscriptEvent[] {
    return this.#events.slice(this.#first).map(({ event }) => event);
  }

  get #length(): number {
    return this.#events.length - this.#first;
  }

  /** Forgetting one by one from the front of an array would cost its length each time. */
  #drop(): void {
    this.#bytes -= this.#events[this.#first]!.bytes;
    this.#first += 1;
    if (this.#first < 1024) return;
    this.#events.splice(0, this.#first);
    this.#first = 0;
  }
}
