/** A whole transcript as the digests of its entries, in their order: some 18 to 46 bytes for each entry, however long it is. */
import type { FileStat } from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { keptOrRead } from "../memo.ts";
import { linesOfTranscript } from "../transcript-lines.ts";
import { digestOf, digestOfBytes, type EntryDigest } from "./entry-digest.ts";

/** Plain data, as kept across scans. The lists have one place for each entry; the header is none. */
export interface TranscriptDigest {
  readonly contents: BigUint64Array;
  /** Ids, one in each line; empty for an entry without an id. */
  readonly ids: string;
  /** 1 for a message. */
  readonly messages: Uint8Array;
}

const LINES_BETWEEN_BREATHS = 64;
/** No entry is as long; what is becomes no text here. */
const MOST_LINE_BYTES = 1 << 28;

/** Reads the file whole, unless the memo has its digest. Rejects with FileError. */
export function fileDigest(file: FileStat, context: ReadingContext): Promise<TranscriptDigest> {
  return keptOrRead(context.memo, file, "openclaw/digest/3", async () => {
    const digest = new DigestBuilder();
    let lines = 0;
    for (const line of linesOfTranscript(file.path)) {
      if (line.length > MOST_LINE_BYTES) digest.addUnread(line);
      else digest.add(line.toString("utf8"));
      lines += 1;
      if (lines % LINES_BETWEEN_BREATHS === 0) await context.breathe();
    }
    return digest.done();
  });
}

/** The ids of a digest, in the order of its entries. */
export function idsOf({ ids }: TranscriptDigest): string[] {
  return ids.split("\n");
}

/** Takes the lines of a transcript one after the other. */
export class DigestBuilder {
  private contents = new BigUint64Array(256);
  private readonly ids: string[] = [];
  private messages = new Uint8Array(256);
  private count = 0;

  /** One line or event; headers and blank lines are passed over. */
  add(text: string): void {
    const digest = digestOf(text);
    if (digest !== null) this.push(digest);
  }

  /** A line that is not looked into: an entry that equals only itself. */
  addUnread(bytes: Buffer): void {
    this.push(digestOfBytes(bytes));
  }

  private push(digest: EntryDigest): void {
    if (this.count === this.contents.length) this.grow();
    this.contents[this.count] = digest.content;
    this.ids.push(digest.id);
    this.messages[this.count] = digest.isMessage ? 1 : 0;
    this.count += 1;
  }

  done(): TranscriptDigest {
    const { contents, count, ids, messages } = this;
    return { contents: contents.slice(0, count), ids: ids.join("\n"), messages: messages.slice(0, count) };
  }

  private grow(): void {
    const room = this.count * 2;
    const [contents, messages] = [this.contents, this.messages];
    this.contents = new BigUint64Array(room);
    this.messages = new Uint8Array(room);
    this.contents.set(contents);
    this.messages.set(messages);
  }
}
