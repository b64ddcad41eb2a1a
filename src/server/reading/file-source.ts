/** Lines of a file whose text no editor has sent: all of a smaller one, beginning and end of a large one. */
import { blockAt } from "../../engine/transcripts/file-blocks.ts";
import { beginningAfter, type FileLines, linesFrom } from "../../engine/transcripts/file-lines.ts";
import { timeSlices } from "../../engine/time-slices.ts";
import type { LineMark } from "../../formats/line-index.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { lineEntry } from "./line-entry.ts";
import type { LineEntry } from "./line-entry.ts";
import type { Lines, LineSource, TextLine } from "./reading.ts";

/** A file of up to so many bytes is read whole. */
const WHOLE = 16 << 20;
/** Of a larger one so much of each end, and around a line in its middle. */
const STRETCH = 2 << 20;
/** So long somebody waits for the lines to be counted, in milliseconds; after that it goes on in the background. */
const PATIENCE_MS = 150;

interface Known {
  readonly size: number;
  readonly mtimeMs: number;
  readonly lines: Lines;
}

/** Of each file what was read last; forgotten with its index. */
const KNOWN = new WeakMap<FileLines, Known>();

/** Files whose lines are being counted. */
const COUNTING = new WeakSet<FileLines>();

export function fileSource(file: FileLines, read: (line: string) => TranscriptEntry): LineSource {
  return {
    text: async (line, signal) => (await file.line(line, timeSlices(signal)))?.text ?? null,
    around: (line, signal) => new Reader(file, read, signal).around(line),
    lines: (signal) => new Reader(file, read, signal).lines(),
    lastLine: (signal) => new Reader(file, read, signal).lastLine(),
    texts: (signal) => new Reader(file, read, signal).texts(),
  };
}

/** Reads for one request. */
class Reader {
  readonly #file: FileLines;
  readonly #read: (line: string) => TranscriptEntry;
  readonly #breathe: () => Promise<void>;

  constructor(file: FileLines, read: (line: string) => TranscriptEntry, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#read = read;
    this.#breathe = timeSlices(signal);
  }

  async lines(): Promise<Lines> {
    const { size, mtimeMs } = this.#file.look();
    const known = KNOWN.get(this.#file);
    if (known?.size === size && known.mtimeMs === mtimeMs) return known.lines;
    const lines = size <= WHOLE ? await this.#whole(size) : await this.#ends(size);
    if (lines.rest === null) KNOWN.set(this.#file, { size, mtimeMs, lines });
    return lines;
  }

  async around(line: number): Promise<readonly LineEntry[]> {
    const { stretches } = await this.lines();
    const known = stretches.find((one) => (one[0]?.line ?? Infinity) <= line && line <= (one.at(-1)?.line ?? -1));
    if (known !== undefined) return known;
    const mark = await this.#file.mark(line, this.#breathe);
    if (mark === null) return [];
    return this.#stretch(await this.#file.lineAt(Math.max(0, mark.offset - STRETCH / 2), this.#breathe), STRETCH);
  }

  async lastLine(): Promise<number | null> {
    return (await this.#isCounted()) ? Math.max(0, (this.#file.lines ?? 0) - 1) : null;
  }

  /** Read again: only what a text says is kept. */
  async *texts(): AsyncGenerator<TextLine> {
    for (const stretch of (await this.lines()).stretches) {
      const [first, last] = [stretch[0], stretch.at(-1)];
      const mark = first === undefined ? null : await this.#file.mark(first.line, this.#breathe);
      if (mark === null || last === undefined) continue;
      const bytes = this.#file.size <= WHOLE ? this.#file.size : 2 * STRETCH;
      for (const [index, { text }] of linesFrom(this.#file.path, mark.offset, bytes).lines.entries()) {
        if (mark.line + index > last.line) break;
        yield { line: mark.line + index, text };
        await this.#breathe();
      }
    }
  }

  async #whole(size: number): Promise<Lines> {
    return { stretches: [await this.#stretch({ line: 0, offset: 0 }, size)], gap: null, rest: null };
  }

  async #ends(size: number): Promise<Lines> {
    const head = await this.#stretch({ line: 0, offset: 0 }, STRETCH);
    const { lines: read, end } = linesFrom(this.#file.path, 0, STRETCH);
    const rest = { line: read.length, bytes: size - end };
    if (!(await this.#isCounted())) return { stretches: [head], gap: null, rest };
    const near = await this.#file.lineAt(beginningAfter(this.#file.path, blockAt(size - STRETCH)), this.#breathe);
    const tail = near.offset <= end ? { line: read.length, offset: end } : near;
    const gap = { first: read.length, last: tail.line - 1, bytes: tail.offset - end };
    const stretches = [head, await this.#stretch(tail, size - tail.offset)];
    return { stretches, gap: gap.bytes === 0 ? null : gap, rest: null };
  }

  /** The lines that begin within so many bytes from one beginning on. */
  async #stretch({ line: first, offset }: LineMark, bytes: number): Promise<LineEntry[]> {
    const found: LineEntry[] = [];
    for (const [index, { text }] of linesFrom(this.#file.path, offset, bytes).lines.entries()) {
      if (text.trim() !== "") found.push(lineEntry(first + index, this.#read(text)));
      await this.#breathe();
    }
    return found;
  }

  /** Whether all lines are counted, after a moment of waiting. Counting goes on, whoever stops waiting for it. */
  async #isCounted(): Promise<boolean> {
    const until = performance.now() + PATIENCE_MS;
    await this.#file.indexUntil(() => performance.now() > until, this.#breathe);
    if (!this.#file.isIndexed && !COUNTING.has(this.#file)) {
      COUNTING.add(this.#file);
      // A file that goes away while it is counted is met again by whoever asks for it next.
      void this.#file
        .indexAll(timeSlices())
        .catch(() => undefined)
        .finally(() => COUNTING.delete(this.#file));
    }
    return this.#file.isIndexed;
  }
}
