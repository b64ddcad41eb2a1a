/** The lines of one fragment in which a text may stand: read by ourselves, or at the places that ripgrep named. */
import { linesOf } from "../../formats/json-lines.ts";
import type { SearchedText } from "../../formats/searched-text.ts";
import { type Fragment, placeOf } from "../../model/fragment.ts";
import { chunksOf, FileError, readStretch } from "../../system/files.ts";
import type { FoundLine } from "../../system/ripgrep.ts";
import type { TranscriptSource } from "../reading/chain-reader.ts";

/** A line that is worth reading. */
export interface CandidateLine {
  /** Number of the event: in a database the program's own, in a file the line's, from 0. */
  readonly seq: number;
  /** Byte offset of its first byte in a plain file; null elsewhere. */
  readonly offset: number | null;
  readonly text: string;
}

/** What lets other work go on, and ends the search when nobody wants it any more. */
export type Breathe = () => Promise<void>;

const NEWLINE = 0x0a;
/** Not even half of what a text may have in JavaScript. */
const LONGEST_LINE = 192 << 20;

/** The lines of a plain file, looked at by ourselves. Rejects with FileError. */
export async function* ownLines(path: string, searched: SearchedText, breathe: Breathe): AsyncGenerator<CandidateLine> {
  let seq = 0;
  let behind = 0;
  for (const block of blocksOfFile(path)) {
    await breathe();
    const offset = behind;
    behind += block.length;
    // Most blocks hold nothing: one look at all of their lines tells.
    if (!searched.mayStandIn(block.toString("utf8"))) {
      seq += linesIn(block);
      continue;
    }
    for (const { end, start } of linesOf(block)) {
      const text = block.toString("utf8", start, end);
      if (searched.mayStandIn(text)) {
        yield { seq, offset: offset + start, text };
        await breathe();
      }
      seq += 1;
    }
  }
}

/** Stretches of whole lines; their bytes are only valid until the next one is asked for. */
function* blocksOfFile(path: string): Generator<Buffer> {
  let carried: Buffer[] = [];
  let carriedBytes = 0;
  for (const { bytes, offset } of chunksOf(path)) {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const whole = bytes.subarray(0, end);
      yield carried.length === 0 ? whole : Buffer.concat([...carried, whole]);
      carried = [];
      carriedBytes = 0;
    }
    carriedBytes += bytes.length - end;
    if (carriedBytes > LONGEST_LINE) throw tooLong(path, offset + bytes.length - carriedBytes);
    // The chunk's buffer is used again for the next one.
    if (end < bytes.length) carried.push(Buffer.from(bytes.subarray(end)));
  }
  if (carried.length > 0) yield Buffer.concat(carried);
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

const tooLong = (path: string, offset: number): FileError =>
  new FileError("too-big", path, `has a line of more than ${LONGEST_LINE} bytes (from byte ${offset} on)`);

/** A stretch read at once: many candidates lie close together. */
const STRETCH = 256 * 1024;

interface Stretch {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** The file is another one than ripgrep has seen. */
export class ChangedFileError extends Error {
  override readonly name = "ChangedFileError";
}

/** The lines of a plain file at these places. Rejects with FileError, or ChangedFileError where no line begins there any more. */
export async function* linesAt(
  path: string,
  places: readonly FoundLine[],
  breathe: Breathe,
): AsyncGenerator<CandidateLine> {
  let stretch: Stretch = { offset: 0, bytes: Buffer.alloc(0) };
  for (const { number, offset } of places) {
    await breathe();
    // The byte before it shows whether a line begins here.
    const from = Math.max(0, offset - 1);
    let line = lineIn(stretch, from, offset);
    for (let size = STRETCH; line === undefined; size *= 4) {
      const bytes = readStretch(path, from, size);
      stretch = { offset: from, bytes };
      line = lineIn(stretch, from, offset, bytes.length < size);
      if (line === undefined && size > LONGEST_LINE) throw tooLong(path, offset);
    }
    yield { seq: number - 1, offset, text: line };
  }
}

/** The line that begins at `offset`; undefined when the stretch does not hold all of it. */
function lineIn({ bytes, offset: base }: Stretch, from: number, offset: number, isEnd = false): string | undefined {
  if (from < base || offset - base >= bytes.length) {
    if (isEnd) throw new ChangedFileError();
    return undefined;
  }
  if (offset > 0 && bytes[from - base] !== NEWLINE) throw new ChangedFileError();
  const newline = bytes.indexOf(NEWLINE, offset - base);
  if (newline === -1 && !isEnd) return undefined;
  return bytes.toString("utf8", offset - base, newline === -1 ? bytes.length : newline);
}

/** A page may have this much: an archive is unpacked anew for each. */
const PAGE = { mostEvents: 16_384, mostBytes: 32 << 20 } as const;

/** The events of a fragment that is no plain file. Rejects with FileError. */
export async function* eventLines(
  source: TranscriptSource,
  home: string,
  fragment: Fragment,
  searched: SearchedText,
  breathe: Breathe,
): AsyncGenerator<CandidateLine> {
  const place = placeOf(fragment);
  for (let from: number | null = fragment.window?.fromSeq ?? 0; from !== null;) {
    const page = await source.readTranscript(home, place, { ...PAGE, from });
    for (const { seq, text } of page.events) {
      await breathe();
      if (searched.mayStandIn(text)) yield { seq, offset: null, text };
    }
    from = page.next;
  }
}
