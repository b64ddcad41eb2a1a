/** Reads a whole transcript and gathers what mends its damaged lines: edits of single bytes, and what is put beside. */
import type { Stretch } from "../../formats/json-records.ts";
import type { FindingRange } from "../../model/finding.ts";
import type { ByteEdit } from "../../model/plan.ts";
import { ConversationReader, isHeader, objectIn, type Reach, reachOf } from "./conversation.ts";
import type { FileLine, FileLines } from "./file-lines.ts";
import { mendedLine, type MendedLine } from "./mended-line.ts";
import { mayHavePartialJson, withoutPartialJson } from "./partial-json.ts";

/**
 * What is wrong with a line as the one thing that a repair is about. torn: the last line, without its end. nul: NUL bytes in it.
 * control: raw control characters in its strings. joined: several whole records. bad: something that is part of no whole
 * record. partial: a whole line with leftovers of a call.
 */
export type LineTrouble = "torn" | "nul" | "control" | "joined" | "bad" | "partial";

/** What is looked at of something lost. */
const MOST_GAP_BYTES = 4096;
/** More is no entry with line breaks in it. */
const MOST_RUN_LINES = 64;
const MOST_RUN_BYTES = 1 << 20;

/** More lines than these are not mended in one go: the plan is data, and is shown. */
export const MOST_LINES = 5000;

/** A line that was mended. */
export interface LineMending {
  /** Counted from 1. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly trouble: LineTrouble;
  /** Records that stand on lines of their own afterwards. */
  readonly records: number;
  /** Where NULs stood in it: each run. Offsets in the file. */
  readonly nuls: readonly Stretch[];
  /** Control characters that are escaped in it: where, and as what. Offsets in the file. */
  readonly escaped: readonly { readonly offset: number; readonly text: string }[];
  /** Where something that was an entry, or a part of one, is lost or may be: the last such place in the line. */
  readonly gap: Gap | null;
}

export interface Gap {
  /** Byte offset in the file. */
  readonly offset: number;
  /** What is left of it. */
  readonly text: string;
  /** False where NULs stood inside an entry that can be read: they may have taken the place of others. */
  readonly isSure: boolean;
}

export interface Mending {
  /** In ascending order, for the whole file. */
  readonly edits: readonly ByteEdit[];
  /** What is part of no record any more, in the file. */
  readonly lost: readonly Stretch[];
  readonly lines: readonly LineMending[];
  /** What can be reached in the transcript as it is. */
  readonly before: Reach;
  /** Bytes that were read. */
  readonly bytes: number;
  /** Lines of the kind that were not mended, because there are too many. */
  readonly left: number;
  /** What other repairs would find in lines that stay as they are. */
  readonly others: {
    /** Where something is lost there. */
    readonly gaps: readonly { readonly gap: Gap; readonly line: number }[];
    /** Ids of entries that can be had from them. */
    readonly ids: ReadonlySet<string>;
  };
}

const NUL = 0x00;

/**
 * Mends the lines with these troubles, and the one that the finding names, whatever is wrong with it. The first line is left to
 * the repair of headers unless a header is whole in it.
 */
export async function mendLines(
  lines: FileLines,
  wanted: ReadonlySet<LineTrouble>,
  named: FindingRange | undefined,
): Promise<Mending> {
  const gathering = new Gathering(wanted, named);
  for await (const stretch of lines) for (const line of stretch) gathering.take(line);
  return gathering.end();
}

class Gathering {
  private readonly edits: ByteEdit[] = [];
  private readonly lost: Stretch[] = [];
  private readonly lines: LineMending[] = [];
  private readonly reader = new ConversationReader();
  private readonly wanted: ReadonlySet<LineTrouble>;
  private readonly named: FindingRange | undefined;
  /** Lines in a row with nothing whole in them: a line break inside a text makes several of one. */
  private run: FileLine[] = [];
  private isFirst = true;
  private bytes = 0;
  private left = 0;
  private readonly otherGaps: { readonly gap: Gap; readonly line: number }[] = [];
  private readonly otherIds = new Set<string>();

  constructor(wanted: ReadonlySet<LineTrouble>, named: FindingRange | undefined) {
    this.wanted = wanted;
    this.named = named;
  }

  take(line: FileLine): void {
    this.bytes = line.offset + line.length + (line.ended ? 1 : 0);
    if (line.isBlank) {
      if (this.run.length > MOST_RUN_LINES) this.endRun();
      else if (this.run.length > 0) this.run.push(line);
      return;
    }
    const { isFirst } = this;
    this.isFirst = false;
    const value = objectIn(line);
    if (value === undefined && line.isWhole) this.takeBroken(line, isFirst);
    else this.endRun();
    if (value === undefined) return;
    this.reader.add(line, value);
    if (this.wanted.has("partial") && line.isWhole) this.takeLeftovers(line, value);
  }

  end(): Mending {
    this.endRun();
    const { edits, lost, lines, bytes, left } = this;
    const others = { gaps: this.otherGaps, ids: this.otherIds };
    return { others, edits, lost, lines, bytes, left, before: reachOf(this.reader.end()) };
  }

  private takeLeftovers(line: FileLine, value: Readonly<Record<string, unknown>>): void {
    if (!mayHavePartialJson(line.bytes)) return;
    const edits = withoutPartialJson(line.bytes, value);
    if (edits.length > 0) this.put(line, "partial", { edits, records: [value], lost: [] });
  }

  private takeBroken(line: FileLine, isFirst: boolean): void {
    const mended = mendedLine(line.bytes);
    if (mended.records.length === 0 && !isFirst) this.takeIntoRun(line);
    else {
      this.endRun();
      if (!isFirst || isHeader(mended.records[0] ?? {})) this.putIfWanted(line, mended);
      else this.leave(line, mended);
    }
  }

  private takeIntoRun(line: FileLine): void {
    this.run.push(line);
    if (this.run.length === 1) return;
    const joined = joinedLines(this.run);
    if (this.run.length > MOST_RUN_LINES || joined.length > MOST_RUN_BYTES) {
      this.endRun();
      return;
    }
    const mended = mendedLine(joined.bytes);
    if (mended.records.length !== 1 || mended.lost.length > 0) return;
    this.run = [];
    this.putIfWanted(joined, mended);
  }

  /** Nothing whole came of the lines that were held. */
  private endRun(): void {
    for (const line of this.run.splice(0)) if (!line.isBlank) this.putIfWanted(line, mendedLine(line.bytes));
  }

  private putIfWanted(line: FileLine, mended: MendedLine): void {
    const trouble = troubleOf(line, mended);
    if (this.wanted.has(trouble) || this.isNamed(line)) this.put(line, trouble, mended);
    else this.leave(line, mended);
  }

  private leave(line: FileLine, mended: MendedLine): void {
    const gap = gapIn(line, mended);
    if (gap !== null) this.otherGaps.push({ gap, line: line.number });
    for (const { id } of mended.records) if (typeof id === "string") this.otherIds.add(id);
  }

  private isNamed({ offset, length }: FileLine): boolean {
    const { named } = this;
    return named !== undefined && named.offset >= offset && named.offset <= offset + length;
  }

  private put(line: FileLine, trouble: LineTrouble, mended: MendedLine): void {
    if (this.lines.length >= MOST_LINES) {
      this.left += 1;
      this.leave(line, mended);
      return;
    }
    const { number, offset, length } = line;
    for (const edit of editsOf(line, mended)) this.edits.push(edit);
    for (const { start, end } of mended.lost) {
      if (end > start) this.lost.push({ start: start + offset, end: end + offset });
    }
    const records = mended.records.length;
    const escaped = mended.edits.filter(({ text }) => text.startsWith("\\"));
    this.lines.push({
      line: number,
      offset,
      length,
      trouble,
      records,
      nuls: nulsIn(line),
      escaped: escaped.map((edit) => ({ offset: edit.offset + offset, text: edit.text })),
      gap: gapIn(line, mended),
    });
  }
}

/** Lines in a row, and those between them, as one. */
function joinedLines(lines: readonly FileLine[]): FileLine {
  const [first, last] = [lines[0]!, lines.at(-1)!];
  const newline = Buffer.from("\n");
  const bytes = Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line.bytes] : [newline, line.bytes])));
  return { ...first, length: last.offset + last.length - first.offset, ended: last.ended, bytes };
}

function troubleOf(line: FileLine, { edits, records, lost }: MendedLine): LineTrouble {
  if (!line.ended) return "torn";
  if (line.bytes.includes(NUL)) return "nul";
  if (records.length === 0 || lost.length > 0) return "bad";
  if (records.length > 1) return "joined";
  // A line break between the parts of a record is none of its characters.
  return edits.some(({ text }) => text !== "") ? "control" : "bad";
}

/** Edits in the file. A line with nothing whole in it goes with its line end; a record at the end of the file gets one. */
function editsOf({ offset, length, ended }: FileLine, { edits, records }: MendedLine): ByteEdit[] {
  if (records.length === 0) return [{ offset, length: length + (ended ? 1 : 0), text: "" }];
  const own = edits.map((edit) => ({ ...edit, offset: edit.offset + offset }));
  return ended ? own : [...own, { offset: offset + length, length: 0, text: "\n" }];
}

function gapIn({ bytes, offset }: FileLine, { lost, records }: MendedLine): Gap | null {
  const last = lost.at(-1);
  if (last !== undefined) {
    const text = bytes.toString("utf8", last.start, Math.min(last.end, last.start + MOST_GAP_BYTES));
    return { offset: offset + last.start, text, isSure: true };
  }
  const isDoubtful = records.length > 0 && bytes.includes(NUL);
  return isDoubtful ? { offset: offset + bytes.length, text: "", isSure: false } : null;
}

function nulsIn({ bytes, offset }: FileLine): Stretch[] {
  const runs: Stretch[] = [];
  for (let at = bytes.indexOf(NUL); at !== -1;) {
    let end = at;
    while (end < bytes.length && bytes[end] === NUL) end += 1;
    runs.push({ start: offset + at, end: offset + end });
    at = bytes.indexOf(NUL, end);
  }
  return runs;
}

/** Edits of a copy that leave of the file these stretches alone, each on a line of its own. */
export function onlyStretches(stretches: readonly Stretch[], bytes: number): ByteEdit[] {
  const edits: ByteEdit[] = [];
  let at = 0;
  for (const { start, end } of stretches) {
    if (start > at) edits.push({ offset: at, length: start - at, text: at === 0 ? "" : "\n" });
    at = end;
  }
  return at < bytes ? [...edits, { offset: at, length: bytes - at, text: "" }] : edits;
}
