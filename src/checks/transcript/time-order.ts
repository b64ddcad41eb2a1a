/** Entries whose time turns back. */
import { duration } from "../../model/amounts.ts";
import { utc } from "../../model/time.ts";
import type { TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { damageAt, type DamageList, type EntryRecord, type LinePlace } from "./record.ts";

/** What is written at once is not always written in the order of its times; observed: 0 ms in files, 8 ms in databases. */
const TOLERANCE_MS = 1000;

const TIMESTAMP = Buffer.from('"timestamp":"');
const QUOTE = 0x22;

interface Timed extends TimeRange {
  readonly at: number;
  readonly place: LinePlace;
  readonly entry: TranscriptEntry;
}

/** Where the time is written. */
interface TimeRange {
  readonly offset: number;
  readonly bytes: number;
}

/** Takes entries in order, and tells those whose time lies before that of an earlier one. */
export class TimeOrder {
  #previous: Timed | null = null;
  #beforePrevious: number | null = null;

  take(record: EntryRecord, list: DamageList): void {
    const { entry, place } = record;
    // The header of a fork is younger than the entries that it was made of.
    if (entry.at === null || entry.kind === "header") return;
    const timed = { at: entry.at, place, entry, ...timeRange(record) };
    const [before, previous] = [this.#beforePrevious, this.#previous];
    this.#beforePrevious = previous?.at ?? null;
    this.#previous = timed;
    if (previous === null) return;
    const back = previous.at - timed.at;
    if (back <= TOLERANCE_MS) return;
    // The entry before both shows which of them is out of time.
    const isAhead = before !== null && timed.at >= before - TOLERANCE_MS;
    if (isAhead) list.add(damageOf(previous, `${duration(back)} behind that of the next entry`));
    else list.add(damageOf(timed, `${duration(back)} before that of the entry above`));
  }
}

function damageOf({ at, bytes, entry, offset, place }: Timed, where: string): TranscriptDamage {
  const message = `The time of this entry, ${utc(at)}, lies ${where}.`;
  return damageAt(place, { code: "transcript/out-of-order", offset, bytes, message }, entry);
}

function timeRange({ bytes, start }: EntryRecord): TimeRange {
  const at = bytes.indexOf(TIMESTAMP);
  const from = at + TIMESTAMP.length - 1;
  const end = at === -1 ? -1 : quoteAfter(bytes, from);
  return end === -1 ? { offset: start, bytes: bytes.length } : { offset: start + from, bytes: end + 1 - from };
}

/** A time is short: that is found sooner byte by byte. */
function quoteAfter(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at += 1) if (bytes[at] === QUOTE) return at;
  return -1;
}
