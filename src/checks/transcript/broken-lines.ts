/** Lines that can't be read as they stand: each is one damage, or several in a row are one. What can be read in them counts. */
import { count as counted } from "../../model/amounts.ts";
import type { TranscriptDamage } from "../../model/damage.ts";
import { escapedControls, rawControls } from "../../formats/raw-controls.ts";
import { brief, damageAt, type DamageDraft, type EntryRecord, type LinePlace, type RawLine } from "./record.ts";
import { rangeIn, type ReadEntry, salvage, type Salvage } from "./salvage.ts";

/** What a broken line comes to. */
export interface BrokenLine {
  /** Null while further lines may show what it is. */
  readonly damage: TranscriptDamage | null;
  readonly entries: readonly EntryRecord[];
  /** Whether an entry may be lost with it. */
  readonly hasLost: boolean;
  /** Why, for a first line: a plain sentence part. */
  readonly reason: string;
}

/** Lines in a row that can't be read: what is a line break inside a text makes two of them. */
interface Held {
  readonly first: LinePlace;
  /** All of them with their newlines, as long as they may still be one entry. */
  readonly bytes: Buffer | null;
  readonly lines: number;
  /** Offset behind the last one. */
  readonly end: number;
}

/** More is no entry with line breaks in it. */
const MOST_HELD_LINES = 64;
const MOST_HELD_BYTES = 1 << 20;

/** Takes broken lines as they come; several in a row are held until it is known whether they are one entry. */
export class BrokenLines {
  readonly #read: ReadEntry;
  #held: Held | null = null;

  constructor(read: ReadEntry) {
    this.#read = read;
  }

  /** A line of which all bytes are at hand. */
  take(line: RawLine): BrokenLine {
    const found = salvage(line.bytes, this.#read);
    if (found.kind === "bad" && found.entries.length === 0 && line.line !== null) return this.#hold(line);
    return brokenLine(line, found);
  }

  /** The lines that were held, now that a line follows which can be read, or none at all. */
  flush(): TranscriptDamage | null {
    const held = this.held;
    this.#held = null;
    return held;
  }

  /** The same without forgetting them. */
  get held(): TranscriptDamage | null {
    return this.#held === null ? null : runDamage(this.#held);
  }

  #hold(line: RawLine): BrokenLine {
    const run = extended(this.#held, line);
    const entry = run.lines === 1 || run.bytes === null ? null : this.#broken(run, run.bytes);
    this.#held = entry === null ? run : null;
    return entry ?? { damage: null, entries: [], hasLost: true, reason: "it is no JSON object" };
  }

  /** One entry that is broken over several lines; null when the lines are none together. */
  #broken(run: Held, bytes: Buffer): BrokenLine | null {
    const controls = rawControls(bytes);
    const entry = this.#read(controls.length === 0 ? bytes.toString("utf8") : escapedControls(bytes, controls));
    if (entry.kind === "unreadable") return null;
    const place = placeOf(run);
    const draft: DamageDraft =
      controls.length === 0
        ? {
            code: "transcript/bad-line",
            message: `One entry is broken over ${run.lines} lines; OpenClaw reads line by line.`,
          }
        : { ...controlDraft(bytes, controls, place.offset) };
    const record = { place, entry, bytes, start: place.offset };
    return {
      damage: damageAt(place, draft, entry),
      entries: [record],
      hasLost: false,
      reason: "it is broken by a line break",
    };
  }
}

function extended(held: Held | null, { bytes, line, offset, seq, size }: RawLine): Held {
  const end = offset + size;
  if (held === null) {
    const kept = size > MOST_HELD_BYTES ? null : Buffer.from(bytes);
    return { first: { seq, line, offset, size }, bytes: kept, lines: 1, end };
  }
  const lines = held.lines + 1;
  const isShort = lines <= MOST_HELD_LINES && end - held.first.offset <= MOST_HELD_BYTES;
  const joined = held.bytes === null || !isShort ? null : Buffer.concat([held.bytes, Buffer.from("\n"), bytes]);
  return { ...held, bytes: joined, lines, end };
}

function placeOf({ end, first }: Held): LinePlace {
  return { ...first, size: end - first.offset };
}

function runDamage(run: Held): TranscriptDamage {
  const which = run.lines === 1 ? "This line is" : `${run.lines} lines in a row are`;
  return damageAt(placeOf(run), {
    code: "transcript/bad-line",
    message: `${which} no JSON object: what was said there can't be read.`,
    evidence: [
      {
        text: `${counted(run.end - run.first.offset, "byte")} can't be parsed`,
        line: run.first.line,
        seq: run.first.seq,
      },
    ],
  });
}

/** A broken line as a damage. `records` of it are at hand only where they stand there as they were written. */
export function brokenLine(line: RawLine, found: Salvage): BrokenLine {
  const { entries, hasLost, isSeparable } = found;
  const records = isSeparable ? entries.map((one) => rangeIn(line.offset, one)) : [];
  const main = entries[0]?.entry;
  const range = rangeIn(line.offset, found.damage);
  const [message, reason] = wordsFor(line, found);
  const draft: DamageDraft = {
    code: CODES[found.kind],
    ...range,
    records,
    message,
    evidence: evidenceFor(line, found),
  };
  return {
    damage: damageAt(line, draft, main),
    entries: entries.map(({ end, entry, start }) => ({
      place: { seq: line.seq, line: line.line, ...asPlace(rangeIn(line.offset, { start, end })) },
      entry,
      bytes: line.bytes.subarray(start, end),
      start: line.offset + start,
    })),
    // Zeros may have taken the place of whole entries, whatever the rest reads like.
    hasLost: hasLost || found.kind === "nul",
    reason,
  };
}

/** Entries of a line that the evidence names one by one. */
const MOST_NAMED = 20;

const CODES = {
  nul: "transcript/nul-run",
  control: "transcript/control-character",
  joined: "transcript/joined-records",
  bad: "transcript/bad-line",
} as const;

const asPlace = ({ bytes, offset }: { bytes: number; offset: number }): { offset: number; size: number } => ({
  offset,
  size: bytes,
});

function wordsFor(
  line: RawLine,
  { count, damage, entries, hasLost, kind }: Salvage,
): [message: string, reason: string] {
  if (kind === "nul") {
    const under = hasLost ? "what stood in their place is lost" : "without them it can be read";
    return [
      `${counted(count, "NUL byte")} in this line: ${under}.`,
      damage.start === 0 ? "begins with NUL bytes" : "has NUL bytes in it",
    ];
  }
  if (kind === "control") {
    const { message } = controlDraft(line.bytes, rawControls(line.bytes), line.offset);
    return [message, "a raw control character stands in it"];
  }
  if (kind === "joined")
    return [
      `${entries.length} entries stand on one line; each can be read by itself.`,
      "other entries follow on the same line",
    ];
  const rest = entries.length === 0 ? "" : `; ${counted(entries.length, "entry")} beside it can be read`;
  return [
    `${counted(damage.end - damage.start, "byte")} of this line are no JSON object${rest}.`,
    "line 1 is no JSON object",
  ];
}

function evidenceFor({ line, seq }: RawLine, { entries, kind }: Salvage): TranscriptDamage["evidence"] {
  if (kind !== "joined") return [];
  return entries.slice(0, MOST_NAMED).map(({ entry }, index) => ({
    text: `entry ${index + 1} is ${entry.id === null ? "without an id" : brief(entry.id)}`,
    line,
    seq,
  }));
}

function controlDraft(bytes: Buffer, controls: readonly number[], offset: number): DamageDraft {
  const name = `U+${bytes[controls[0]!]!.toString(16).toUpperCase().padStart(4, "0")}`;
  const which =
    controls.length === 1
      ? `A raw control character (${name})`
      : `${controls.length} raw control characters (the first is ${name})`;
  return {
    code: "transcript/control-character",
    ...rangeIn(offset, { start: controls[0]!, end: controls.at(-1)! + 1 }),
    message: `${which} inside a text makes the whole line unreadable; written as an escape, it reads.`,
  };
}
