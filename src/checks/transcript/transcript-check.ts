/**
 * Reads a transcript line by line and finds what is wrong in it, in one pass. Memory does not grow with the text: the longest line
 * that is parsed, a bounded list of damage, and the table of ids (see entry-table.ts). Each line is parsed once.
 *
 * One damage is told once. A line that can't be read may take an entry with it: then neither the unknown parent nor the unpaired
 * call that follows from it is told as well.
 */
import type { DamageCode, DamageEvidence, DeepReading, TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { isBlank } from "../../formats/json-lines.ts";
import { blanksEnd, blanksStart } from "../../formats/json-records.ts";
import { topLevelScalars } from "../../formats/json-prefix.ts";
import { type BrokenLine, brokenLine, BrokenLines } from "./broken-lines.ts";
import { EntryTree } from "./entry-tree.ts";
import { brokenHeader, headerDamage, noHeader } from "./header.ts";
import { MOST_EVENT_BYTES, oversizedLine } from "./oversized-line.ts";
import { mayHoldPartialJson, partialJson } from "./partial-json.ts";
import { damageAt, DamageList, type EntryRecord, type RawLine } from "./record.ts";
import { type ReadEntry, salvage } from "./salvage.ts";
import { TimeOrder } from "./time-order.ts";
import { tornTail } from "./torn-tail.ts";
import { ToolPairs } from "./tool-pairs.ts";
import { Turns } from "./turns.ts";

/** How the lines of a transcript are read. */
export interface TranscriptCheckOptions {
  /** How a line of this program reads. */
  readonly readEntry: ReadEntry;
  /** Whether the first line must be a header. */
  readonly hasHeader: boolean;
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What was read so far. */
export interface Finished {
  readonly reading: DeepReading;
  /** Whether further lines may follow. */
  readonly canGoOn: boolean;
}

/** Reads one transcript: `take` each line in order, then `finish`; of a file that grows, `take` and `finish` again. */
export class TranscriptCheck {
  readonly #read: ReadEntry;
  readonly #list = new DamageList();
  readonly #broken: BrokenLines;
  readonly #tree = new EntryTree();
  readonly #pairs = new ToolPairs();
  readonly #turns = new Turns();
  readonly #times = new TimeOrder();
  #awaitsHeader: boolean;
  #bytes = 0;
  #lines = 0;
  #entries = 0;

  constructor({ hasHeader, readEntry }: TranscriptCheckOptions) {
    this.#read = readEntry;
    this.#broken = new BrokenLines(readEntry);
    this.#awaitsHeader = hasHeader;
  }

  /** The next line, which ended with a newline; or the next event of a database. */
  take(line: RawLine): void {
    this.#count(line, line.line === null ? 0 : 1);
    if (!isBlankLine(line) && !this.#readable(line)) this.#unreadable(line, this.#broken.take(line));
  }

  /** An event that a database holds but that can't be had; `trouble` says why. */
  lost(line: RawLine, trouble: string): void {
    this.#count(line, 0);
    this.#flush();
    this.#awaitsHeader = false;
    this.#list.add(damageAt(line, { code: "transcript/bad-line", message: `This event can't be read: ${trouble}.` }));
    this.#gap(line);
  }

  /** What was found, at the end of all lines; `last` is what stands behind the last newline. */
  finish(last?: RawLine): Finished {
    if (last === undefined || isBlankLine(last)) return { reading: this.#reading(last?.size ?? 0), canGoOn: true };
    const torn = this.#torn(last);
    // Half a line changes nothing of what was read: it may be whole the next time.
    if (torn !== null) return { reading: this.#reading(last.size, torn), canGoOn: true };
    this.#takeLast(last);
    return { reading: this.#reading(0), canGoOn: false };
  }

  /** A last line without newline that is an entry, or has one in it. */
  #takeLast(last: RawLine): void {
    this.#count(last, 0);
    if (this.#readable(last)) return;
    const broken = brokenLine(last, salvage(last.bytes, this.#read));
    const damage = broken.damage!;
    const isCut = damage.code === "transcript/bad-line" && damage.offset + damage.bytes === last.offset + last.size;
    this.#unreadable(last, isCut ? { ...broken, damage: tornTail(last, damage) } : broken);
  }

  /** The damage of a last line without newline of which nothing can be read; null when something can. */
  #torn(last: RawLine): TranscriptDamage | null {
    const isLong = last.size > last.bytes.length;
    // A file system that lost the end of a file may leave any number of zeros there.
    if (isLong && last.bytes[0] === 0)
      return tornTail(last, damageAt(last, { code: "transcript/nul-run", message: "" }));
    if (isLong || this.#read(last.bytes.toString("utf8")).kind !== "unreadable") return null;
    const broken = brokenLine(last, salvage(last.bytes, this.#read));
    return broken.entries.length > 0 ? null : this.#tornTail(last, broken.damage!);
  }

  #tornTail(last: RawLine, damage: TranscriptDamage): TranscriptDamage {
    if (this.#awaitsHeader && this.#entries === 0) return brokenHeader(damage, "line 1 is cut");
    return tornTail(last, damage);
  }

  /** Takes a line that is an entry, or too long to be looked at; false for any other. */
  #readable(line: RawLine): boolean {
    if (line.size > line.bytes.length) {
      this.#tooLong(line);
      return true;
    }
    if (!isBraced(line.bytes)) return false;
    const text = line.bytes.toString("utf8");
    const entry = this.#read(text);
    if (entry.kind === "unreadable") return false;
    this.#whole(line, entry, text);
    return true;
  }

  #count({ size }: RawLine, newline: number): void {
    this.#lines += 1;
    this.#bytes += size + newline;
  }

  #whole(line: RawLine, entry: TranscriptEntry, text: string): void {
    this.#flush();
    if (this.#awaitsHeader) {
      const damage = headerDamage(line, entry);
      if (damage !== null) this.#list.add(damage);
      this.#awaitsHeader = false;
    }
    const record = { place: line, entry, bytes: line.bytes, start: line.offset };
    if (line.size > MOST_EVENT_BYTES) this.#list.add(oversizedLine(line, entry));
    // Nobody but a model calls tools; what these give back is most of the text.
    const mayHold = entry.role === "assistant" && mayHoldPartialJson(line.bytes);
    const partial = mayHold ? partialJson(record, text) : null;
    if (partial !== null) this.#list.add(partial);
    this.#entry(record);
  }

  #unreadable(line: RawLine, { damage, entries, hasLost, reason }: BrokenLine): void {
    if (damage !== null) {
      this.#flush();
      this.#list.add(this.#awaitsHeader ? brokenHeader(damage, reason) : damage);
      this.#awaitsHeader = false;
    }
    if (hasLost) this.#gap(line);
    for (const record of entries) this.#entry(record);
  }

  /** Of a line that is too long to be parsed its beginning still tells which entry it is. */
  #tooLong(line: RawLine): void {
    this.#flush();
    const entry = this.#read(JSON.stringify(Object.fromEntries(topLevelScalars(line.bytes))));
    const header = this.#awaitsHeader ? headerDamage(line, entry) : null;
    this.#awaitsHeader = false;
    this.#list.add(header ?? oversizedLine(line, entry));
    if (entry.id === null) this.#gap(line);
    else this.#tree.take({ place: line, entry, bytes: line.bytes, start: line.offset }, this.#list);
    this.#pairs.gap();
    this.#turns.gap();
  }

  #entry(record: EntryRecord): void {
    this.#entries += 1;
    this.#times.take(record, this.#list);
    if (record.entry.kind === "header") return;
    const place = this.#tree.take(record, this.#list);
    if (place === "copy") return;
    // The entries between may be lost, with calls and results.
    if (place === "unknown-parent") this.#pairs.gap();
    this.#pairs.take(record, this.#list);
    this.#turns.take(record, this.#pairs.open, this.#list);
  }

  #gap(line: RawLine): void {
    this.#tree.gap(line);
    this.#pairs.gap();
    this.#turns.gap();
  }

  /** Lines that could have been one entry together, and are none. */
  #flush(): void {
    const damage = this.#broken.flush();
    if (damage === null) return;
    this.#list.add(this.#awaitsHeader ? brokenHeader(damage, "line 1 is no JSON object") : damage);
    this.#awaitsHeader = false;
  }

  /** `rest` are the bytes behind the last newline that were not taken as a line. */
  #reading(rest: number, torn?: TranscriptDamage): DeepReading {
    const atEnd = new DamageList();
    const { held } = this.#broken;
    if (held !== null) atEnd.add(this.#awaitsHeader ? brokenHeader(held, "line 1 is no JSON object") : held);
    if (torn !== undefined) atEnd.add(torn);
    const bytes = this.#bytes + rest;
    if (this.#awaitsHeader && held === null && torn === undefined && bytes > 0) atEnd.add(noHeader(bytes));
    const lost = this.#tree.end(atEnd);
    if (torn === undefined) this.#pairs.end(atEnd);
    this.#turns.end(this.#pairs.open, atEnd, torn !== undefined);
    return {
      damage: withLost(this.#list.with(atEnd), lost),
      bytes,
      lines: this.#lines + (rest > 0 ? 1 : 0),
      entries: this.#entries,
      isFollowedWhole: this.#tree.isWhole,
    };
  }
}

/** Whether it begins and ends as an object does: parsing what can't be one costs an exception each time. */
function isBraced(bytes: Buffer): boolean {
  return bytes[blanksEnd(bytes, 0)] === OPEN_BRACE && bytes[blanksStart(bytes, bytes.length) - 1] === CLOSE_BRACE;
}

function isBlankLine({ bytes, size }: RawLine): boolean {
  return size === bytes.length && isBlank(bytes, { start: 0, end: bytes.length, ended: true });
}

/** Damage that takes an entry, or its id, with it. */
const TAKING: ReadonlySet<DamageCode> = new Set([
  "transcript/bad-header",
  "transcript/bad-line",
  "transcript/nul-run",
  "transcript/duplicate-id",
  "transcript/oversized-line",
]);

/** The damage with what was probably lost in it. */
function withLost(damage: TranscriptDamage[], lost: ReadonlyMap<number, DamageEvidence>): readonly TranscriptDamage[] {
  for (const [seq, evidence] of lost) {
    const at = damage.findLastIndex((one) => one.seq <= seq && TAKING.has(one.code));
    if (at !== -1) damage[at] = { ...damage[at]!, evidence: [...damage[at]!.evidence, evidence] };
  }
  return damage;
}
