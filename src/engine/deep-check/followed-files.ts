/** Transcripts that somebody looks at: where the last whole read ended is kept, so that growth costs what was appended. */
import type { DeepReading } from "../../model/damage.ts";
import { type FileStat, pathFrom, readStretch } from "../../system/files.ts";
import { type FileCheck, fileCheck, readFile, type ReadingWork } from "./read-transcript.ts";

/** Each keeps a table of the ids in its transcript. */
const MOST_FOLLOWED = 8;
/** Bytes before the place where reading goes on that must still be the same. */
const SEAM = 256;

interface Followed {
  readonly file: FileCheck;
  readonly ino: number;
  readonly dev: number;
  readonly size: number;
  readonly seam: Buffer;
}

/** The transcripts that were read last for somebody who looks at them, a few at most. */
export class FollowedFiles {
  /** By absolute path, those read last at the end. */
  readonly #files = new Map<string, Followed>();

  /** Reads the file, or what was appended to it since. `path` is home-relative. Rejects with FileError. */
  async read(work: ReadingWork, path: string, stat: FileStat): Promise<DeepReading> {
    const absolute = pathFrom(work.home.path, path);
    const known = this.#files.get(absolute);
    // Only one may go on with it.
    this.#files.delete(absolute);
    const file = known !== undefined && goesOn(known, stat) ? known.file : fileCheck(work.program);
    file.lines.rewind();
    const { canGoOn, reading } = await readFile(work, path, file);
    if (canGoOn)
      this.#keep(absolute, { file, ino: stat.ino, dev: stat.dev, size: stat.size, seam: seamOf(absolute, file) });
    return reading;
  }

  #keep(path: string, followed: Followed): void {
    this.#files.set(path, followed);
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST_FOLLOWED && oldest !== undefined) this.#files.delete(oldest);
  }
}

/** Whether the file is still the one that was read, and only longer. */
function goesOn({ dev, file, ino, seam, size }: Followed, stat: FileStat): boolean {
  // One that changed without growing was written over.
  if (stat.ino !== ino || stat.dev !== dev || stat.size <= size) return false;
  return seamOf(stat.path, file).equals(seam);
}

function seamOf(path: string, { lines: { offset } }: FileCheck): Buffer {
  return readStretch(path, Math.max(0, offset - SEAM), Math.min(SEAM, offset));
}
