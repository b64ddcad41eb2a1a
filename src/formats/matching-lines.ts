/** Lines of a stream of bytes that hold one of some texts: found by byte search, without looking at the other lines. */

const NEWLINE = 0x0a;

/** A line that holds one of the texts. */
export interface MatchingLine {
  /** Counted from 1. */
  readonly number: number;
  readonly bytes: Buffer;
  /** The nearest line before it that holds the companion text; null without one. To be asked for before the next chunk is taken. */
  readonly companion: () => Buffer | null;
}

/** Takes chunks one after the other, and gives the matching lines of each as soon as they are whole. */
export class MatchingLines {
  private readonly needles: readonly Buffer[];
  private readonly companion: Buffer | null;
  /** The last line with the companion text in what was taken. */
  private lastCompanion: Buffer | null = null;
  /** The line that has no newline yet, as it came. */
  private carried: Buffer[] = [];
  private carriedBytes = 0;
  private line = 1;

  /** `companion`: what the line must hold that each match can be asked for. */
  constructor(texts: readonly string[], companion: string | null = null) {
    this.needles = texts.map((text) => Buffer.from(text));
    this.companion = companion === null ? null : Buffer.from(companion);
  }

  /** Whole lines that were taken so far. */
  get wholeLines(): number {
    return this.line - 1;
  }

  /** Bytes of the line that has no newline yet. */
  get openBytes(): number {
    return this.carriedBytes;
  }

  /** The matching lines that end in this chunk. Their bytes are copies. */
  take(chunk: Buffer): MatchingLine[] {
    const lastNewline = chunk.lastIndexOf(NEWLINE);
    if (lastNewline === -1) {
      this.carry(chunk);
      return [];
    }
    const whole = chunk.subarray(0, lastNewline + 1);
    const block = this.carriedBytes === 0 ? whole : Buffer.concat([...this.carried, whole]);
    const found = this.search(block);
    this.lastCompanion = this.companionBefore(block, block.length, this.lastCompanion);
    this.line += newlinesIn(block, 0, block.length);
    this.dropCarried();
    if (lastNewline + 1 < chunk.length) this.carry(chunk.subarray(lastNewline + 1));
    return found;
  }

  /** A last line without newline, if it matches. */
  end(): MatchingLine[] {
    const found = this.search(Buffer.concat(this.carried));
    this.dropCarried();
    return found;
  }

  /** Keeps a copy: chunks may be read into the same memory. */
  private carry(bytes: Buffer): void {
    this.carried.push(Buffer.from(bytes));
    this.carriedBytes += bytes.length;
  }

  private dropCarried(): void {
    this.carried = [];
    this.carriedBytes = 0;
  }

  private search(block: Buffer): MatchingLine[] {
    const starts = new Set<number>();
    for (const needle of this.needles) {
      for (let at = block.indexOf(needle); at !== -1;) {
        starts.add(block.lastIndexOf(NEWLINE, at) + 1);
        const end = block.indexOf(NEWLINE, at);
        at = end === -1 ? -1 : block.indexOf(needle, end);
      }
    }
    const earlier = this.lastCompanion;
    let counted = 0;
    let number = this.line;
    return [...starts]
      .toSorted((a, b) => a - b)
      .map((start) => {
        number += newlinesIn(block, counted, start);
        counted = start;
        const newline = block.indexOf(NEWLINE, start);
        return {
          number,
          bytes: Buffer.from(block.subarray(start, newline === -1 ? block.length : newline)),
          companion: () => this.companionBefore(block, start, earlier),
        };
      });
  }

  /** The last line with the companion text that begins before `end`; `earlier` where the block has none. */
  private companionBefore(block: Buffer, end: number, earlier: Buffer | null): Buffer | null {
    const at = this.companion === null || end === 0 ? -1 : block.lastIndexOf(this.companion, end - 1);
    if (at === -1) return earlier;
    const newline = block.indexOf(NEWLINE, at);
    const start = block.lastIndexOf(NEWLINE, at) + 1;
    return Buffer.from(block.subarray(start, newline === -1 ? block.length : newline));
  }
}

function newlinesIn(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at !== -1 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
