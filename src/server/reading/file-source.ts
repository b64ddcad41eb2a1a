/** Lines of a file whose text no editor has sent: all of it, or of a huge one its end and more and more of its beginning. */
import { blockAt } from "../../engine/transcripts/file-blocks.ts";
import { beginningAfter, type FileLines, linesFrom } from "../../engine/transcripts/file-lines.ts";
import { ANSWER_SLICE_MS, timeSlices } from "../../engine/time-slices.ts";
import type { LineMark } from "../../formats/line-index.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { lineEntry } from "./line-entry.ts";
import type { LineEntry } from "./line-entry.ts";
import type { Lines, LineSource, TextLine } from "./reading.ts";

/** A file of up to so many bytes is read whole: more than VS Code tells extensions of. */
const WHOLE = 64 << 20;
/** Of a larger one so much of each end at first, and around a line in its middle. */
const STRETCH = 2 << 20;
/** So long somebody waits for the lines to be counted, in milliseconds; after that it goes on in the background. */
const PATIENCE_MS = 150;
/** As many lines of the beginning are read in the background, once all are counted. */
const MOST_READ_AHEAD = 20_000;

/** A stretch of a file that was read. */
interface Stretch {
  readonly entries: readonly LineEntry[];
  /** The line behind it, and where that begins. */
  readonly next: LineMark;
  /** Its last line, where that has no end yet: it may still become another one. */
  readonly unfinished: LineMark | null;
}

/** What was read of a file. */
interface Known {
  readonly generation: number;
  /** Its beginning, as far as it is read, without an unfinished line. */
  head: Stretch | null;
  /** Its end, as it was at this size. */
  tail: { readonly size: number; readonly first: LineMark; readonly entries: readonly LineEntry[] } | null;
}

/** Forgotten with the index of the file. */
const KNOWN = new WeakMap<FileLines, Known>();

/** Files whose lines are being counted, and then read ahead. */
const GOING_ON = new WeakSet<FileLines>();

export function fileSource(file: FileLines, read: (line: string) => TranscriptEntry): LineSource {
  const reader = (signal?: AbortSignal): Reader => new Reader(file, read, timeSlices(signal, ANSWER_SLICE_MS));
  return {
    text: async (line, signal) => (await file.line(line, timeSlices(signal, ANSWER_SLICE_MS)))?.text ?? null,
    around: (line, signal) => reader(signal).around(line),
    lines: (signal) => reader(signal).lines(),
    lastLine: (signal) => reader(signal).lastLine(),
    texts: (signal) => reader(signal).texts(),
  };
}

const holds = (lines: readonly LineEntry[], line: number): boolean =>
  (lines[0]?.line ?? Infinity) <= line && line <= (lines.at(-1)?.line ?? -1);

/** Reads for one request, or in the background. */
class Reader {
  readonly #file: FileLines;
  readonly #read: (line: string) => TranscriptEntry;
  readonly #breathe: () => Promise<void>;

  constructor(file: FileLines, read: (line: string) => TranscriptEntry, breathe: () => Promise<void>) {
    this.#file = file;
    this.#read = read;
    this.#breathe = breathe;
  }

  async lines(): Promise<Lines> {
    const known = this.#known();
    const { size } = this.#file;
    const { entries: head, next } = await this.#head(known, size <= WHOLE ? size : STRETCH);
    if (next.offset >= size) return { stretches: [head], gap: null, rest: null };
    const rest = { line: next.line, bytes: size - next.offset };
    if (!(await this.#isCounted())) return { stretches: [head], gap: null, rest };
    const { entries: tail, first } = await this.#tail(known, next);
    const gap = { first: next.line, last: first.line - 1, bytes: first.offset - next.offset };
    return { stretches: [head, tail], gap: gap.bytes <= 0 ? null : gap, rest: null };
  }

  async around(line: number): Promise<readonly LineEntry[]> {
    const known = this.#known();
    const { entries: head } = await this.#head(known, this.#file.size <= WHOLE ? this.#file.size : STRETCH);
    const read = [head, known.tail?.entries ?? []].find((one) => holds(one, line));
    if (read !== undefined) return read;
    const mark = await this.#file.mark(line, this.#breathe);
    if (mark === null) return [];
    const from = await this.#file.lineAt(Math.max(0, mark.offset - STRETCH / 2), this.#breathe);
    return (await this.#stretch(from, STRETCH)).entries;
  }

  async lastLine(): Promise<number | null> {
    return (await this.#isCounted()) ? Math.max(0, (this.#file.lines ?? 0) - 1) : null;
  }

  /** Read again: only what a text says is kept. */
  async *texts(): AsyncGenerator<TextLine> {
    for (const stretch of (await this.lines()).stretches) {
      const [first, last] = [stretch[0]?.line ?? 0, stretch.at(-1)?.line ?? -1];
      for await (const line of this.#textsFrom(first)) {
        if (line.line > last) break;
        yield line;
      }
    }
  }

  async *#textsFrom(first: number): AsyncGenerator<TextLine> {
    for (let mark = await this.#file.mark(first, this.#breathe); mark !== null && mark.offset < this.#file.size;) {
      const { end, lines } = linesFrom(this.#file.path, mark.offset, STRETCH);
      for (const [index, { text }] of lines.entries()) {
        yield { line: mark.line + index, text };
        await this.#breathe();
      }
      mark = lines.length === 0 ? null : { line: mark.line + lines.length, offset: end };
    }
  }

  /** What is known of the file as it is now; its beginning holds as long as it is only added to. */
  #known(): Known {
    this.#file.look();
    const { generation } = this.#file;
    const before = KNOWN.get(this.#file);
    if (before?.generation === generation) return before;
    const known: Known = { generation, head: null, tail: null };
    KNOWN.set(this.#file, known);
    return known;
  }

  /** The beginning, at least so many bytes of it, or the whole file. */
  async #head(known: Known, bytes: number): Promise<Stretch> {
    let head: Stretch = known.head ?? { entries: [], next: { line: 0, offset: 0 }, unfinished: null };
    while (head.next.offset < Math.min(bytes, this.#file.size)) {
      const more = await this.#stretch(head.next, STRETCH);
      head = { ...more, entries: [...head.entries, ...more.entries] };
    }
    if (head.next.offset > (known.head?.next.offset ?? 0)) known.head = finished(head);
    return head;
  }

  async #tail(known: Known, from: LineMark): Promise<NonNullable<Known["tail"]>> {
    const { path, size } = this.#file;
    if (known.tail?.size === size && known.tail.first.offset >= from.offset) return known.tail;
    const near = await this.#file.lineAt(beginningAfter(path, blockAt(size - STRETCH)), this.#breathe);
    const first = near.offset <= from.offset ? from : near;
    known.tail = { size, first, entries: (await this.#stretch(first, size - first.offset)).entries };
    return known.tail;
  }

  /** The lines that begin within so many bytes from one beginning on. */
  async #stretch({ line: first, offset }: LineMark, bytes: number): Promise<Stretch> {
    const entries: LineEntry[] = [];
    const { end, lines } = linesFrom(this.#file.path, offset, bytes);
    for (const [index, { text }] of lines.entries()) {
      if (text.trim() !== "") entries.push(lineEntry(first + index, this.#read(text)));
      await this.#breathe();
    }
    const last = lines.at(-1);
    // Behind an end without a newline a line would begin where the file does not reach.
    const isUnfinished = last !== undefined && end > this.#file.size;
    return {
      entries,
      next: { line: first + lines.length, offset: last === undefined ? this.#file.size : end },
      unfinished: isUnfinished ? { line: first + lines.length - 1, offset: last.offset } : null,
    };
  }

  /** Whether all lines are counted, after a moment of waiting for the first time. Counting goes on, whoever stops waiting for it. */
  async #isCounted(): Promise<boolean> {
    if (GOING_ON.has(this.#file)) return this.#file.isIndexed;
    const until = performance.now() + PATIENCE_MS;
    await this.#file.indexUntil(() => performance.now() > until, this.#breathe);
    GOING_ON.add(this.#file);
    void new Reader(this.#file, this.#read, timeSlices()).#goOn().finally(() => GOING_ON.delete(this.#file));
    return this.#file.isIndexed;
  }

  /** Counts what is left, then reads on behind the beginning: whoever asks again sees more. */
  async #goOn(): Promise<void> {
    try {
      await this.#file.indexAll(this.#breathe);
      const known = this.#known();
      for (let at = 0; (known.head?.entries.length ?? 0) < MOST_READ_AHEAD && at < this.#file.size;) {
        at = (known.head?.next.offset ?? 0) + STRETCH;
        await this.#head(known, at);
      }
    } catch {
      // A file that goes away meanwhile is met again by whoever asks for it next.
    }
  }
}

/** Without a last line that may still become another one. */
function finished(stretch: Stretch): Stretch {
  const { entries, unfinished } = stretch;
  if (unfinished === null) return stretch;
  return { entries: entries.filter(({ line }) => line < unfinished.line), next: unfinished, unfinished: null };
}
