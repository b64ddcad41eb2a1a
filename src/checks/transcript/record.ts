/** What the rules about the lines of a transcript are given: lines and entries with their places, and a list for what they find. */
import type { ByteRange, DamageCode, TranscriptDamage } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";

/** Where a line, or a run of lines, stands. */
export interface LinePlace {
  readonly seq: number;
  /** From 1; null in a database. */
  readonly line: number | null;
  /** Byte offset; 0 in a database, where each event is a line of its own. */
  readonly offset: number;
  /** Bytes without the last newline. */
  readonly size: number;
}

/** A line as it comes in. */
export interface RawLine extends LinePlace {
  /** Only valid while it is looked at; the beginning alone where `size` is larger. */
  readonly bytes: Buffer;
}

/** An entry that could be read, and the bytes that it was read from. */
export interface EntryRecord {
  readonly place: LinePlace;
  readonly entry: TranscriptEntry;
  /** Only valid while it is looked at. */
  readonly bytes: Buffer;
  /** Offset of these bytes, counted as the place's. */
  readonly start: number;
}

/** What only the damage itself knows; the rest follows from the line and the entry. */
export type DamageDraft = Pick<TranscriptDamage, "code" | "message"> & Partial<TranscriptDamage>;

/** The damage at a place; without a range of its own it is the whole line. */
export function damageAt(place: LinePlace, draft: DamageDraft, entry?: TranscriptEntry): TranscriptDamage {
  return {
    seq: place.seq,
    line: place.line,
    offset: place.offset,
    bytes: place.size,
    within: rangeOf(place),
    records: [],
    entryId: entry?.id ?? null,
    at: entry?.at ?? null,
    evidence: [],
    ...draft,
  };
}

/** The whole line as a range. */
export function rangeOf({ offset, size }: LinePlace): ByteRange {
  return { offset, bytes: size };
}

/** Where `"name":"value"` stands in an entry: the value with its quotes. Whole, where the entry is not written that way. */
export function valueRange(
  { bytes, start }: Pick<EntryRecord, "bytes" | "start">,
  name: string,
  value: string,
): ByteRange {
  const json = JSON.stringify(value);
  // Quotes inside of strings are escaped, so this can't be somebody's text.
  const property = `"${name}":${json}`;
  const at = bytes.indexOf(property);
  if (at !== -1) {
    const length = Buffer.byteLength(json);
    return { offset: start + at + Buffer.byteLength(property) - length, bytes: length };
  }
  const bare = bytes.indexOf(json);
  if (bare !== -1) return { offset: start + bare, bytes: Buffer.byteLength(json) };
  return { offset: start, bytes: bytes.length };
}

/** Ids and texts come from files and may have any length. */
export function brief(text: string, most = 80): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** Damage of one kind that is listed one by one. */
const MOST_LISTED = 200;

/** What was found, in any order, of each kind at most so many. */
export class DamageList {
  readonly #found: TranscriptDamage[] = [];
  readonly #counts = new Map<DamageCode, number>();

  add(damage: TranscriptDamage): void {
    const count = (this.#counts.get(damage.code) ?? 0) + 1;
    this.#counts.set(damage.code, count);
    if (count <= MOST_LISTED) this.#found.push(damage);
  }

  /** This list and another one together, in the order of the lines; the last of a kind says how many more there are. */
  with(other: DamageList): TranscriptDamage[] {
    const all = [...this.#found, ...other.#found].toSorted((a, b) => a.seq - b.seq || a.offset - b.offset);
    const last = new Map<DamageCode, number>();
    const listed = new Map<DamageCode, number>();
    const shown = all.filter(({ code }) => {
      const count = (listed.get(code) ?? 0) + 1;
      listed.set(code, count);
      return count <= MOST_LISTED;
    });
    shown.forEach(({ code }, at) => last.set(code, at));
    for (const [code, at] of last) {
      const unlisted =
        (this.#counts.get(code) ?? 0) + (other.#counts.get(code) ?? 0) - Math.min(listed.get(code)!, MOST_LISTED);
      if (unlisted > 0) shown[at] = { ...shown[at]!, unlisted };
    }
    return shown;
  }
}
