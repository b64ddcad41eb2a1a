/** Whether two files begin with the same bytes, read side by side in constant memory. */
import { chunksOf, type Chunk } from "../system/files.ts";

/** Compares the first `length` bytes of both files; a file that is shorter does not have them. Rejects with FileError. */
export async function isPrefix(
  one: string,
  other: string,
  length: number,
  breathe: () => Promise<void>,
): Promise<boolean> {
  const left = new Cursor(chunksOf(one));
  const right = new Cursor(chunksOf(other));
  try {
    for (let done = 0; done < length;) {
      await breathe();
      const step = Math.min(left.available(), right.available(), length - done);
      if (step === 0 || left.take(step).compare(right.take(step)) !== 0) return false;
      done += step;
    }
    return true;
  } finally {
    left.close();
    right.close();
  }
}

/** A place in a file that is read chunk by chunk. */
class Cursor {
  readonly #chunks: Generator<Chunk>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: Generator<Chunk>) {
    this.#chunks = chunks;
  }

  /** Bytes at hand, at least one unless the file has ended. */
  available(): number {
    if (this.#rest.length === 0) {
      const next = this.#chunks.next();
      if (next.done !== true) this.#rest = next.value.bytes;
    }
    return this.#rest.length;
  }

  take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  close(): void {
    this.#chunks.return(undefined);
  }
}
