/** The lines of one file, however large: read where they are asked for, found by an index that grows as far as it is needed. */
import { linesOf } from "../../formats/json-lines.ts";
import { LineIndex, type LineMark } from "../../formats/line-index.ts";
import { FileError, type FileStat, readStretch, statOf, useStretch } from "../../system/files.ts";

const NEWLINE = 0x0a;
/** Read for the index between two breaths. */
const STEP = 1 << 20;
/** Bytes before the end of what is indexed that must still be there when the file has grown. */
const SEAM = 64;
/** A longer line is cut: no editor shows it, and as a whole it would cost more than it tells. */
export const LONGEST_LINE = 4 << 20;

/** One line of a file. */
export interface FileLine {
  /** Byte offset of its first byte. */
  readonly offset: number;
  /** Without its newline; cut where the line is longer than `LONGEST_LINE`. */
  readonly text: string;
  /** Bytes of the whole line, without its newline. */
  readonly bytes: number;
}

/** Lets other work run, and rejects when nobody waits any more. */
export type Breathe = () => Promise<void>;

/** One file as lines: `look` at it first, then ask for lines. Nothing of its text is kept. */
export class FileLines {
  readonly path: string;
  private index = new LineIndex();
  private seam: Buffer = Buffer.alloc(0);
  private stat: FileStat | undefined;
  private begun = 0;

  /** `path` is absolute. */
  constructor(path: string) {
    this.path = path;
  }

  /** Looks whether the file is still what was indexed; what was only added to keeps its index. Throws FileError when it is gone. */
  look(): FileStat {
    const now = statOf(this.path);
    if (now === undefined) throw new FileError("gone", this.path, "not there (any more)");
    if (this.stat !== undefined && !this.continues(this.stat, now)) {
      this.index = new LineIndex();
      this.seam = Buffer.alloc(0);
      this.begun += 1;
    }
    this.stat = now;
    return now;
  }

  /** Differs when the file is another one, or was written over: what was known of its lines holds no more. */
  get generation(): number {
    return this.begun;
  }

  /** Bytes of the file at the last look. */
  get size(): number {
    return this.stat?.size ?? 0;
  }

  /** Number of lines; null as long as the index has not come to the end. */
  get lines(): number | null {
    return this.isIndexed ? this.index.lines : null;
  }

  get indexedBytes(): number {
    return this.index.bytes;
  }

  get isIndexed(): boolean {
    return this.stat !== undefined && this.index.bytes >= this.stat.size;
  }

  /** Goes on with the index until it is enough, or the file ends. Several may drive it at once. Throws FileError. */
  async indexUntil(isEnough: (index: LineIndex) => boolean, breathe: Breathe): Promise<void> {
    while (!this.isIndexed && !isEnough(this.index)) {
      if (!this.step()) return;
      await breathe();
    }
  }

  indexAll(breathe: Breathe): Promise<void> {
    return this.indexUntil(() => false, breathe);
  }

  /** Where a line (from 0) begins; null when the file has no such line. Throws FileError. */
  async mark(line: number, breathe: Breathe): Promise<LineMark | null> {
    await this.indexUntil(({ lines }) => lines > line, breathe);
    if (line < 0 || line >= this.index.lines) return null;
    const near = this.index.before(line);
    return line === near.line ? near : this.counted(near, (mark) => mark.line < line);
  }

  /** The line that holds this byte, or the last one. Throws FileError. */
  async lineAt(offset: number, breathe: Breathe): Promise<LineMark> {
    await this.indexUntil(({ bytes }) => bytes > offset, breathe);
    return this.counted(this.index.beforeOffset(offset), (_mark, next) => next <= offset);
  }

  /** How many lines begin before this byte, where one begins; null where the index does not reach so far. */
  countedBefore(offset: number): number | null {
    if (offset > this.index.bytes) return null;
    return this.counted(this.index.beforeOffset(offset), (_mark, next) => next <= offset).line;
  }

  /** A line whose place is kept, at or before this one, as far as the index goes. */
  near(line: number): LineMark {
    return this.index.before(line);
  }

  /** A line whose place is kept, that begins at or before this byte, as far as the index goes. */
  nearOffset(offset: number): LineMark {
    return this.index.beforeOffset(offset);
  }

  /** One line, from 0; null when the file has no such line. Throws FileError. */
  async line(line: number, breathe: Breathe): Promise<FileLine | null> {
    const mark = await this.mark(line, breathe);
    return mark === null ? null : (linesFrom(this.path, mark.offset, 1).lines[0] ?? null);
  }

  /** Whether the file is the one that was indexed, with no more than something added to its end. */
  private continues(before: FileStat, now: FileStat): boolean {
    if (before.ino !== now.ino || before.dev !== now.dev || now.size < before.size) return false;
    if (before.size === now.size) return before.mtimeMs === now.mtimeMs;
    return readStretch(this.path, this.index.bytes - this.seam.length, this.seam.length).equals(this.seam);
  }

  /** False when nothing more could be read. */
  private step(): boolean {
    const { bytes } = this.index;
    const read = useStretch(this.path, bytes, Math.min(STEP, this.size - bytes), (chunk) => {
      this.index.take(chunk);
      this.seam = Buffer.from(chunk.subarray(Math.max(0, chunk.length - SEAM)));
      return chunk.length;
    });
    return read > 0;
  }

  /** The last line from `near` on whose successor (which begins at `next`) is still wanted; reads at most one stretch of the index. */
  private counted(near: LineMark, goesOn: (mark: LineMark, next: number) => boolean): LineMark {
    let mark = near;
    for (let at = near.offset; at < this.index.bytes;) {
      const length = Math.min(STEP, this.index.bytes - at);
      const found = useStretch(this.path, at, length, (bytes) => {
        for (let newline = bytes.indexOf(NEWLINE); newline !== -1; newline = bytes.indexOf(NEWLINE, newline + 1)) {
          const next = at + newline + 1;
          if (next >= this.index.bytes || !goesOn(mark, next)) return true;
          mark = { line: mark.line + 1, offset: next };
        }
        return bytes.length === 0;
      });
      if (found) break;
      at += length;
    }
    return mark;
  }
}

/** Lines of a file from one beginning on. */
export interface LinesOfFile {
  readonly lines: readonly FileLine[];
  /** Where the line behind the last of them begins: the size of the file at its end. */
  readonly end: number;
}

/** The lines that begin within `bytes` bytes from `offset` on, where a line begins; at least one unless the file ends. Throws FileError. */
export function linesFrom(path: string, offset: number, bytes: number): LinesOfFile {
  // One more line than begins there may end behind it.
  const read = readStretch(path, offset, bytes + LONGEST_LINE + 1);
  const lines: FileLine[] = [];
  let end = offset;
  for (const { start, end: lineEnd, ended } of linesOf(read)) {
    if (start >= bytes) break;
    const isCut = lineEnd - start > LONGEST_LINE;
    const whole =
      ended || read.length < bytes + LONGEST_LINE + 1 ? lineEnd : endOfLine(path, offset + lineEnd) - offset;
    const text = read.toString("utf8", start, isCut ? start + LONGEST_LINE : lineEnd);
    lines.push({ offset: offset + start, text, bytes: whole - start });
    end = offset + whole + 1;
  }
  return { lines, end };
}

/** Where the first line begins that begins at or behind this byte; the size of the file when none does. Throws FileError. */
export function beginningAfter(path: string, offset: number): number {
  return offset === 0 ? 0 : endOfLine(path, offset - 1) + 1;
}

/** Where the line begins that holds this byte. Throws FileError. */
export function beginningBefore(path: string, offset: number): number {
  for (let end = offset; end > 0;) {
    const start = Math.max(0, end - STEP);
    const newline = useStretch(path, start, end - start, (bytes) => bytes.lastIndexOf(NEWLINE));
    if (newline !== -1) return start + newline + 1;
    end = start;
  }
  return 0;
}

/** Offset of the first newline at or behind this byte; the size of the file when there is none. */
function endOfLine(path: string, offset: number): number {
  for (let at = offset; ;) {
    const [newline, length] = useStretch(path, at, STEP, (bytes) => [bytes.indexOf(NEWLINE), bytes.length] as const);
    if (newline !== -1) return at + newline;
    at += length;
    if (length < STEP) return at;
  }
}
