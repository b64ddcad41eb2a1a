/** The lines of a transcript of any size, read in stretches: at most one stretch and one line are held at a time. */
import { isBlank } from "../../formats/json-lines.ts";
import type { ByteEdit } from "../../model/plan.ts";
import type { RepairPort } from "../port.ts";

const NEWLINE = 0x0a;
const STRETCH_BYTES = 1 << 20;
/** A line longer than this is not held whole: it is left as it is, and only its beginning is looked at. */
export const MOST_LINE_BYTES = 64 << 20;
/** What is held of a longer line: OpenClaw writes type, id and parent of a message first. */
const HEAD_BYTES = 64 << 10;

/** One line of a file, without its newline. */
export interface FileLine {
  /** Counted from 1. */
  readonly number: number;
  /** Byte offset in the file. */
  readonly offset: number;
  readonly length: number;
  /** False for a last line without newline. */
  readonly ended: boolean;
  /** The line; its beginning only when it is not whole. */
  readonly bytes: Buffer;
  /** False when it is too long to be held. */
  readonly isWhole: boolean;
  /** Nothing but blanks. */
  readonly isBlank: boolean;
}

/** The bytes of a file from its beginning, stretch by stretch. Rejects with NotReadable. */
export async function* stretchesOf(port: RepairPort, path: string): AsyncGenerator<Buffer> {
  for (let offset = 0; ;) {
    const bytes = await port.read(path, offset, STRETCH_BYTES);
    if (bytes.length === 0) return;
    yield bytes;
    offset += bytes.length;
  }
}

/** The bytes with these edits done; they ascend and do not overlap. */
export async function* editedStretches(
  stretches: AsyncIterable<Buffer>,
  edits: readonly ByteEdit[],
): AsyncGenerator<Buffer> {
  let start = 0;
  let next = 0;
  /** Up to here the bytes of the file give way to an edit. */
  let dropped = 0;
  for await (const bytes of stretches) {
    const end = start + bytes.length;
    const parts: Buffer[] = [];
    let at = start;
    for (let edit = edits[next]; edit !== undefined && edit.offset < end; edit = edits[next]) {
      const from = Math.max(at, dropped);
      if (edit.offset > from) parts.push(bytes.subarray(from - start, edit.offset - start));
      parts.push(Buffer.from(edit.text));
      at = edit.offset;
      dropped = edit.offset + edit.length;
      next += 1;
    }
    const from = Math.max(at, dropped);
    if (from < end) parts.push(bytes.subarray(from - start));
    start = end;
    if (parts.length > 0) yield Buffer.concat(parts);
  }
  if (next < edits.length)
    yield Buffer.from(
      edits
        .slice(next)
        .map(({ text }) => text)
        .join(""),
    );
}

/** Lines in order, a stretch's at a time: to be looked at one after the other, each stretch before the next is asked for. */
export type FileLines = AsyncIterable<Iterable<FileLine>>;

/** The lines of these bytes; none behind a last newline. */
export async function* linesIn(stretches: AsyncIterable<Buffer>): AsyncGenerator<Iterable<FileLine>> {
  const reader = new LineReader();
  for await (const bytes of stretches) yield reader.linesOf(bytes);
  yield reader.last();
}

class LineReader {
  private readonly pending = new PendingLine();
  private offset = 0;
  private number = 1;

  /** The lines that end in these bytes. */
  *linesOf(bytes: Buffer): Generator<FileLine> {
    for (let from = 0; from < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, from);
      this.pending.add(bytes.subarray(from, newline === -1 ? bytes.length : newline));
      if (newline === -1) return;
      from = newline + 1;
      const line = this.pending.take(this.number, this.offset, true);
      this.offset += line.length + 1;
      this.number += 1;
      yield line;
    }
  }

  /** What stands behind the last newline. */
  last(): FileLine[] {
    return this.pending.isEmpty ? [] : [this.pending.take(this.number, this.offset, false)];
  }
}

/** A line whose end has not been read yet. */
class PendingLine {
  private parts: Buffer[] = [];
  private length = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  add(bytes: Buffer): void {
    if (this.length + bytes.length <= MOST_LINE_BYTES) this.parts.push(bytes);
    else if (this.length <= MOST_LINE_BYTES) {
      this.parts = [Buffer.concat([...this.parts, bytes.subarray(0, HEAD_BYTES)]).subarray(0, HEAD_BYTES)];
    }
    this.length += bytes.length;
  }

  /** The line as read; the next one begins. */
  take(number: number, offset: number, ended: boolean): FileLine {
    const { length } = this;
    const bytes = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts);
    this.parts = [];
    this.length = 0;
    const isBlankLine = isBlank(bytes, { start: 0, end: bytes.length, ended });
    return { number, offset, length, ended, bytes, isWhole: bytes.length === length, isBlank: isBlankLine };
  }
}
