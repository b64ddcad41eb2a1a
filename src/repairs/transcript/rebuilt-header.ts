/** What gives a transcript a header again: the damaged one mended, or one that is put together from what is known. */
import type { Stretch } from "../../formats/json-records.ts";
import type { ByteEdit } from "../../model/plan.ts";
import type { RepairInput } from "../repair.ts";
import { isHeader, objectIn } from "./conversation.ts";
import type { FileLine, FileLines } from "./file-lines.ts";
import { type KnownHeader, knownHeader } from "./known-header.ts";
import { type MendedLine, mendedLine } from "./mended-line.ts";
import { linesOf, type TranscriptPlace } from "./place.ts";

export interface RebuiltHeader {
  /** In ascending order, for the whole file. */
  readonly edits: readonly ByteEdit[];
  /** What stood in the header's place and is part of no entry, in the file. */
  readonly lost: readonly Stretch[];
  readonly notes: readonly string[];
}

const CARRIAGE_RETURN = 0x0d;
/** Broken lines that are passed over to find the header behind them. */
const MOST_BROKEN = 50;
const MENDED = ["The header itself is whole: only what stands around it goes."];

/** Edits that give the file a header in its first line; null when it has one, or holds nothing. */
export async function rebuiltHeader(place: TranscriptPlace, input: RepairInput): Promise<RebuiltHeader | null> {
  const { broken, next } = await opening(linesOf(place, input));
  const [first] = broken;
  if (next !== null && beginsWithHeader(next)) {
    const mended = mendedOf(next);
    if (first === undefined && mended.edits.length === 0) return null;
    return joined([...broken.map(removed), inFile(next, mended)], MENDED);
  }
  const line = first ?? next;
  if (line === null) return null;
  const header = await knownHeader(place, input, line.bytes);
  return joined([withHeader(line, header)], header.notes);
}

/** The lines in front with nothing whole in them, and the one that follows. */
async function opening(lines: FileLines): Promise<{ readonly broken: FileLine[]; readonly next: FileLine | null }> {
  const broken: FileLine[] = [];
  for await (const stretch of lines) {
    for (const line of stretch) {
      if (line.isBlank) continue;
      if (recordsIn(line).length > 0 || broken.length >= MOST_BROKEN) return { broken, next: line };
      broken.push(line);
    }
  }
  return { broken, next: null };
}

function recordsIn(line: FileLine): readonly Readonly<Record<string, unknown>>[] {
  const value = objectIn(line);
  if (value !== undefined) return [value];
  return line.isWhole ? mendedLine(line.bytes).records : [];
}

function beginsWithHeader(line: FileLine): boolean {
  return isHeader(recordsIn(line)[0] ?? {});
}

/** Nothing to mend where the line is a record already. */
function mendedOf(line: FileLine): MendedLine {
  const value = objectIn(line);
  return value === undefined ? mendedLine(line.bytes) : { edits: [], records: [value], lost: [] };
}

type Part = Pick<RebuiltHeader, "edits" | "lost">;

/** The header in front of what is whole in the line, or in the place of what is not. */
function withHeader(line: FileLine, { fields }: KnownHeader): Part {
  const ending = line.bytes.at(-1) === CARRIAGE_RETURN ? "\r\n" : "\n";
  const value = objectIn(line);
  if (value?.["type"] === "session") return replaced(line, JSON.stringify({ ...value, ...fields }), []);
  const text = JSON.stringify(fields);
  if (recordsIn(line).length === 0 && line.isWhole) return replaced(line, text, mendedOf(line).lost);
  const { edits, lost } = inFile(line, line.isWhole ? mendedOf(line) : { edits: [], records: [], lost: [] });
  return { edits: [{ offset: line.offset, length: 0, text: `${text}${ending}` }, ...edits], lost };
}

/** Another text in place of all that stands in the line. */
function replaced({ bytes, offset, length, ended }: FileLine, text: string, lost: readonly Stretch[]): Part {
  const kept = bytes.at(-1) === CARRIAGE_RETURN ? 1 : 0;
  const edit = { offset, length: length - kept, text: ended ? text : `${text}\n` };
  return { edits: [edit], lost: lost.map((one) => moved(one, offset)) };
}

function removed(line: FileLine): Part {
  const edit = { offset: line.offset, length: line.length + (line.ended ? 1 : 0), text: "" };
  return { edits: [edit], lost: mendedOf(line).lost.map((one) => moved(one, line.offset)) };
}

function inFile({ offset, length, ended }: FileLine, { edits, lost }: MendedLine): Part {
  const own = edits.map((edit) => ({ ...edit, offset: edit.offset + offset }));
  const end = ended || own.length === 0 ? [] : [{ offset: offset + length, length: 0, text: "\n" }];
  return { edits: [...own, ...end], lost: lost.map((one) => moved(one, offset)) };
}

function moved({ start, end }: Stretch, by: number): Stretch {
  return { start: start + by, end: end + by };
}

function joined(parts: readonly Part[], notes: readonly string[]): RebuiltHeader {
  const lost = parts.flatMap((part) => part.lost).filter(({ start, end }) => end > start);
  return { edits: parts.flatMap((part) => part.edits), lost, notes };
}
