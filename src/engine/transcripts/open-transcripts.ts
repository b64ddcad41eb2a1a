/** The files that somebody reads in: what is known of where their lines begin stays for a while, and grows with them. */
import { FileLines } from "./file-lines.ts";

/** An index has a few kilobytes; more files than this are not read in at the same time. */
const MOST_KEPT = 64;

/** Files by their absolute paths; those used last are kept. */
export class OpenTranscripts {
  /** By path, those used last at the end. */
  private readonly files = new Map<string, FileLines>();

  /** The lines of the file as it is now. `path` is absolute. Throws FileError when it is gone. */
  file(path: string): FileLines {
    const known = this.files.get(path) ?? new FileLines(path);
    this.files.delete(path);
    known.look();
    this.files.set(path, known);
    if (this.files.size > MOST_KEPT) this.forgetOldest();
    return known;
  }

  private forgetOldest(): void {
    const [oldest] = this.files.keys();
    if (oldest !== undefined) this.files.delete(oldest);
  }
}
