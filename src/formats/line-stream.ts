/** Lines of a stream of bytes, each with its place; of a line beyond a size only the beginning is kept. */

const NEWLINE = 0x0a;

/** One line, without its newline. */
export interface StreamedLine {
  /** Counted from 0. */
  readonly seq: number;
  /** Byte offset of its first byte in the stream. */
  readonly offset: number;
  /** Only valid until the next line is asked for; the beginning alone where `size` is larger. */
  readonly bytes: Buffer;
  /** Bytes of the whole line. */
  readonly size: number;
}

/** So much at most of a line that is too long is kept. */
const KEPT_BYTES = 64 << 10;

/** Takes chunks one after the other; what is no whole line yet waits for the next one. */
export class LineStream {
  readonly #mostBytes: number;
  readonly #kept: number;
  #carried: Buffer[] = [];
  /** Bytes carried, and bytes of the line so far; they differ for a line that is too long. */
  #carriedBytes = 0;
  #lineBytes = 0;
  #seq = 0;
  #offset = 0;

  /** A line longer than `mostBytes` is not kept. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.#kept = Math.min(KEPT_BYTES, mostBytes);
  }

  /** Byte offset behind the last whole line. */
  get offset(): number {
    return this.#offset;
  }

  /** The lines that end in this chunk, which may be overwritten afterwards. */
  *take(chunk: Buffer): Generator<StreamedLine> {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      if (this.#lineBytes === 0) {
        const size = at - start;
        const bytes = chunk.subarray(start, size > this.#mostBytes ? start + this.#kept : at);
        start = at + 1;
        yield this.#next(bytes, size);
      } else {
        this.#carry(chunk.subarray(start, at));
        start = at + 1;
        const line = this.last!;
        this.rewind();
        yield this.#next(line.bytes, line.size);
      }
    }
    if (start < chunk.length) this.#carry(chunk.subarray(start));
  }

  /** What stands behind the last newline so far; undefined when nothing does. */
  get last(): StreamedLine | undefined {
    if (this.#lineBytes === 0) return undefined;
    if (this.#carried.length > 1) this.#carried = [Buffer.concat(this.#carried)];
    return { seq: this.#seq, offset: this.#offset, bytes: this.#carried[0]!, size: this.#lineBytes };
  }

  /** Forgets what stands behind the last newline: it will come again. */
  rewind(): void {
    this.#carried = [];
    [this.#carriedBytes, this.#lineBytes] = [0, 0];
  }

  #next(bytes: Buffer, size: number): StreamedLine {
    const line = { seq: this.#seq, offset: this.#offset, bytes, size };
    this.#seq += 1;
    this.#offset += size + 1;
    return line;
  }

  #carry(bytes: Buffer): void {
    this.#lineBytes += bytes.length;
    const isTooLong = this.#lineBytes > this.#mostBytes;
    const room = isTooLong ? this.#kept - this.#carriedBytes : bytes.length;
    if (isTooLong && room < 0) {
      this.#carried = [Buffer.from(Buffer.concat(this.#carried).subarray(0, this.#kept))];
      this.#carriedBytes = this.#kept;
    } else if (room > 0) {
      const kept = Buffer.from(bytes.subarray(0, room));
      this.#carried.push(kept);
      this.#carriedBytes += kept.length;
    }
  }
}
