/** Where the lines of a large file begin: not of each, but of one in every stretch, so that a gigabyte takes a few kilobytes. */

const NEWLINE = 0x0a;

/** Bytes between two lines whose places are kept: what has to be searched to find any line between them. */
const USUAL_STRETCH = 256 << 10;

/** The beginning of a line. */
export interface LineMark {
  /** Counted from 0. */
  readonly line: number;
  /** Byte offset of its first byte. */
  readonly offset: number;
}

/** Takes a file from its beginning on, chunk by chunk, and goes on where it stopped when the file has grown. */
export class LineIndex {
  private readonly stretch: number;
  private readonly marked: LineMark[] = [{ line: 0, offset: 0 }];
  private newest: LineMark = { line: 0, offset: 0 };
  private taken = 0;

  constructor(stretch = USUAL_STRETCH) {
    this.stretch = stretch;
  }

  /** Bytes that were taken. */
  get bytes(): number {
    return this.taken;
  }

  /** Lines that begin in what was taken: an end without a newline counts, what comes behind the last newline does not. */
  get lines(): number {
    return this.newest.line + (this.taken > this.newest.offset ? 1 : 0);
  }

  /** The beginning of the line that what is taken next belongs to. */
  get last(): LineMark {
    return this.newest;
  }

  /** The bytes that follow those taken before. */
  take(chunk: Buffer): void {
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
      this.newest = { line: this.newest.line + 1, offset: this.taken + at + 1 };
      if (this.newest.offset - this.marked.at(-1)!.offset >= this.stretch) this.marked.push(this.newest);
    }
    this.taken += chunk.length;
  }

  /** The nearest kept line at or before this one. */
  before(line: number): LineMark {
    return this.nearest(({ line: kept }) => kept <= line);
  }

  /** The nearest kept line that begins at or before this byte. */
  beforeOffset(offset: number): LineMark {
    return this.nearest(({ offset: kept }) => kept <= offset);
  }

  /** The last mark that passes, where all behind one that does not pass fail as well. */
  private nearest(passes: (mark: LineMark) => boolean): LineMark {
    let [low, high] = [0, this.marked.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (passes(this.marked[middle]!)) low = middle;
      else high = middle - 1;
    }
    return this.marked[low]!;
  }
}
