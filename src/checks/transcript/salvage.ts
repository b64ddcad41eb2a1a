/** What stands in a line that is no JSON object: NUL bytes, raw control characters, several entries, or a part of one. */
import type { ByteRange } from "../../model/damage.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { blanksEnd, blanksStart, MOST_OBJECTS, objectsIn, type Stretch } from "../../formats/json-records.ts";
import { escapedControls, rawControls } from "../../formats/raw-controls.ts";

/** How a line of the program reads; total. */
export type ReadEntry = (line: string) => TranscriptEntry;

/** An entry that could be read in the line. */
export interface Salvaged extends Stretch {
  readonly entry: TranscriptEntry;
}

/**
 * nul: runs of NUL bytes. control: raw control characters inside strings. joined: nothing but whole entries. bad: something
 * that is none. `damage` is what exactly, counted from the beginning of the line.
 */
export interface Salvage {
  readonly kind: "nul" | "control" | "joined" | "bad";
  readonly damage: Stretch;
  readonly entries: readonly Salvaged[];
  /** Whether the entries stand there as they were written, to be cut out of the line. */
  readonly isSeparable: boolean;
  /** Something that was an entry, or part of one, can't be read. */
  readonly hasLost: boolean;
  /** How many NUL bytes or control characters there are. */
  readonly count: number;
}

const NUL = 0;
const ENTRY_START = Buffer.from('{"type":"');
/** Places inside a line at which a whole entry is looked for. */
const MOST_TRIES = 16;

/** Takes the line apart. `bytes` are all of it, without its newline. */
export function salvage(bytes: Buffer, read: ReadEntry): Salvage {
  if (bytes.includes(NUL)) return underNuls(bytes, read);
  return underControls(bytes, read) ?? pieces(bytes, read);
}

function underNuls(bytes: Buffer, read: ReadEntry): Salvage {
  const first = bytes.indexOf(NUL);
  const last = bytes.lastIndexOf(NUL) + 1;
  const stripped = Buffer.from(bytes.filter((byte) => byte !== NUL));
  const texts = textsBetweenNuls(bytes);
  const found = (texts ?? []).flatMap((one) => readIn(bytes, one, read));
  const common = { kind: "nul", damage: { start: first, end: last }, count: bytes.length - stripped.length } as const;
  if (found.length === texts?.length)
    return { ...common, entries: found, isSeparable: true, hasLost: found.length === 0 };
  const entry = read(stripped.toString("utf8"));
  if (entry.kind === "unreadable") return { ...common, entries: found, isSeparable: true, hasLost: true };
  return { ...common, entries: [{ start: 0, end: bytes.length, entry }], isSeparable: false, hasLost: false };
}

/** The stretches without a NUL that hold more than blanks; null for more than may be told apart. */
function textsBetweenNuls(bytes: Buffer): Stretch[] | null {
  const found: Stretch[] = [];
  for (let start = 0; start < bytes.length;) {
    const nul = bytes.indexOf(NUL, start);
    const end = nul === -1 ? bytes.length : nul;
    if (blanksEnd(bytes, start) < end) found.push({ start, end });
    if (found.length > MOST_OBJECTS) return null;
    start = end;
    while (start < bytes.length && bytes[start] === NUL) start += 1;
  }
  return found;
}

function underControls(bytes: Buffer, read: ReadEntry): Salvage | null {
  const controls = rawControls(bytes);
  if (controls.length === 0) return null;
  const entry = read(escapedControls(bytes, controls));
  if (entry.kind === "unreadable") return null;
  return {
    kind: "control",
    damage: { start: controls[0]!, end: controls.at(-1)! + 1 },
    entries: [{ start: 0, end: bytes.length, entry }],
    isSeparable: false,
    hasLost: false,
    count: controls.length,
  };
}

/** Whole entries, and what stands between them. */
function pieces(bytes: Buffer, read: ReadEntry): Salvage {
  const entries: Salvaged[] = [];
  const bad: Stretch[] = [];
  const end = blanksStart(bytes, bytes.length);
  let tries = MOST_TRIES;
  for (let at = blanksEnd(bytes, 0); at < end;) {
    for (const one of objectsIn(bytes, at)) {
      const found = entries.length < MOST_OBJECTS ? readIn(bytes, one, read) : [];
      if (found.length === 0) break;
      entries.push(...found);
      at = blanksEnd(bytes, one.end);
    }
    if (at >= end) break;
    const start = at;
    at = end;
    for (let next = bytes.indexOf(ENTRY_START, start + 1); next !== -1; next = bytes.indexOf(ENTRY_START, next + 1)) {
      tries -= 1;
      if (tries < 0) break;
      if (!beginsEntry(bytes, next, read)) continue;
      at = next;
      break;
    }
    bad.push({ start, end: blanksStart(bytes, at) });
  }
  const rest = { entries, isSeparable: true, count: 0 } as const;
  if (bad.length === 0)
    return { ...rest, kind: "joined", damage: { start: entries[1]?.start ?? 0, end }, hasLost: false };
  return { ...rest, kind: "bad", damage: { start: bad[0]!.start, end: bad.at(-1)!.end }, hasLost: true };
}

function beginsEntry(bytes: Buffer, at: number, read: ReadEntry): boolean {
  const [first] = objectsIn(bytes, at);
  return first !== undefined && readIn(bytes, first, read).length > 0;
}

function readIn(bytes: Buffer, { end, start }: Stretch, read: ReadEntry): Salvaged[] {
  const entry = read(bytes.toString("utf8", start, end));
  return entry.kind === "unreadable" ? [] : [{ start, end, entry }];
}

/** A stretch of a line as a range of the file. */
export function rangeIn(offset: number, { end, start }: Stretch): ByteRange {
  return { offset: offset + start, bytes: end - start };
}
