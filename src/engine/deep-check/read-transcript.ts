/** Reads one transcript whole, in slices that let other work go on, and gives what is wrong in it. */
import type { AgentProgram, ReadingContext } from "../../agents/program.ts";
import { MOST_PARSED_BYTES } from "../../checks/transcript/oversized-line.ts";
import type { RawLine } from "../../checks/transcript/record.ts";
import { TranscriptCheck } from "../../checks/transcript/transcript-check.ts";
import { LineStream, type StreamedLine } from "../../formats/line-stream.ts";
import type { DamageCode, DeepReading, TranscriptDamage } from "../../model/damage.ts";
import { placeOf } from "../../model/fragment.ts";
import type { HomeIdentity } from "../../model/home.ts";
import { chunksOf, pathFrom, readStretch, realPath } from "../../system/files.ts";
import type { Transcript } from "./transcripts.ts";

/** What reading needs, and whom it tells how far it got. */
export interface ReadingWork {
  readonly program: AgentProgram;
  readonly home: HomeIdentity;
  readonly breathe: ReadingContext["breathe"];
  /** Bytes that were read since it was told last. */
  readonly onBytes: (bytes: number) => void;
}

/** A plain file as far as it was read: what is appended to it later can be read alone. */
export interface FileCheck {
  readonly check: TranscriptCheck;
  readonly lines: LineStream;
}

/** An archive is unpacked anew for each page. */
const PAGE = { mostEvents: 16_384, mostBytes: 16 << 20 } as const;
/** Bytes between two breaths: somebody may wait for an answer meanwhile. */
const SLICE = 128 << 10;

/** Begins with a plain file. */
export function fileCheck(program: AgentProgram): FileCheck {
  return { check: newCheck(program, true), lines: new LineStream(MOST_PARSED_BYTES) };
}

/** Reads on in a plain file from where the last whole line ended. Rejects with FileError. */
export async function readFile(
  { breathe, home, onBytes, program }: ReadingWork,
  path: string,
  { check, lines }: FileCheck,
): Promise<{ readonly reading: DeepReading; readonly canGoOn: boolean }> {
  const absolute = pathFrom(home.path, path);
  const file = realPath(absolute) ?? absolute;
  for (const { bytes } of chunksOf(file, lines.offset)) {
    for (let at = 0; at < bytes.length; at += SLICE) {
      const slice = bytes.subarray(at, at + SLICE);
      takeChunk(check, lines, slice);
      onBytes(slice.length);
      await breathe();
    }
  }
  const finished = finish(check, lines);
  const reading = named(finished.reading, program, ({ bytes, offset }) =>
    readStretch(file, offset, bytes).toString("utf8"),
  );
  return { ...finished, reading };
}

/** Reads a compressed archive, or the windows of a session in a database. Rejects with FileError. */
export async function readStored(work: ReadingWork, transcript: Transcript): Promise<DeepReading> {
  const { home, program } = work;
  const text = program.unpacked(home, placeOf(transcript.fragments[0]!));
  return text === null ? readEvents(work, transcript) : readUnpacked(work, text);
}

async function readUnpacked({ breathe, onBytes, program }: ReadingWork, text: Buffer): Promise<DeepReading> {
  const { check, lines } = fileCheck(program);
  for (let at = 0; at < text.length; at += SLICE) {
    const slice = text.subarray(at, at + SLICE);
    takeChunk(check, lines, slice);
    onBytes(slice.length);
    await breathe();
  }
  const { reading } = finish(check, lines);
  return named(reading, program, ({ bytes, offset }) => text.toString("utf8", offset, offset + bytes));
}

async function readEvents(work: ReadingWork, { fragments }: Transcript): Promise<DeepReading> {
  const { breathe, home, onBytes, program } = work;
  const check = newCheck(program, (fragments[0]?.window?.fromSeq ?? 0) === 0);
  for (const fragment of fragments) {
    for (let from: number | null = fragment.window?.fromSeq ?? 0; from !== null;) {
      const page = await program.readTranscript(home, placeOf(fragment), { ...PAGE, from });
      for (const { seq, text, trouble } of page.events) {
        const bytes = Buffer.from(text);
        const line: RawLine = { seq, line: null, offset: 0, size: bytes.length, bytes };
        if (trouble === undefined) check.take(line);
        else check.lost(line, trouble);
        onBytes(bytes.length);
        await breathe();
      }
      from = page.next;
    }
  }
  const { reading } = check.finish();
  return namedEvents(reading, work, fragments);
}

function newCheck(program: AgentProgram, hasHeader: boolean): TranscriptCheck {
  return new TranscriptCheck({ readEntry: (line) => program.readEntry(line), hasHeader });
}

function takeChunk(check: TranscriptCheck, lines: LineStream, bytes: Buffer): void {
  for (const line of lines.take(bytes)) check.take(numbered(line));
}

function finish(check: TranscriptCheck, lines: LineStream): ReturnType<TranscriptCheck["finish"]> {
  const { last } = lines;
  return check.finish(last === undefined ? undefined : numbered(last));
}

function numbered(line: StreamedLine): RawLine {
  return { ...line, line: line.seq + 1 };
}

/** Found at the end, when the entry was long past: its id is read again. */
const FOUND_LATE: ReadonlySet<DamageCode> = new Set(["transcript/orphan-branch", "transcript/duplicate-prompt"]);

function named(
  reading: DeepReading,
  program: AgentProgram,
  textOf: (range: TranscriptDamage["within"]) => string,
): DeepReading {
  const damage = reading.damage.map((one) =>
    FOUND_LATE.has(one.code) ? withEntry(one, program, textOf(one.within)) : one,
  );
  return { ...reading, damage };
}

async function namedEvents(
  reading: DeepReading,
  { home, program }: ReadingWork,
  fragments: Transcript["fragments"],
): Promise<DeepReading> {
  const damage: TranscriptDamage[] = [];
  for (const one of reading.damage) {
    const holder = fragments.findLast(({ window }) => (window?.fromSeq ?? 0) <= one.seq);
    if (!FOUND_LATE.has(one.code) || holder === undefined) damage.push(one);
    else {
      const page = await program.readTranscript(home, placeOf(holder), { from: one.seq, mostEvents: 1 });
      damage.push(withEntry(one, program, page.events[0]?.text ?? ""));
    }
  }
  return { ...reading, damage };
}

function withEntry(damage: TranscriptDamage, program: AgentProgram, line: string): TranscriptDamage {
  const { at, id, parentId } = program.readEntry(line);
  return { ...damage, entryId: id, at, parentId };
}
