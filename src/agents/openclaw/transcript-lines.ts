/** The lines of a transcript that lies in a file of its own, plain or compressed, one after the other. */
import { decompressZstd } from "../../formats/zstd.ts";
import { chunksOf, FileError, readAll } from "../../system/files.ts";

const MOST_COMPRESSED_BYTES = 64 << 20;
const MOST_DECOMPRESSED_BYTES = 256 << 20;
const NEWLINE = 0x0a;

/**
 * Each line without its newline; its bytes are only valid until the next one is asked for. Of a plain file those from `offset`
 * on, where a line begins. Throws FileError.
 */
export function linesOfTranscript(path: string, offset = 0): Generator<Buffer> {
  return path.endsWith(".zst") ? linesOfArchive(path) : linesOfFile(path, offset);
}

function* linesOfFile(path: string, offset: number): Generator<Buffer> {
  let carried: Buffer[] = [];
  for (const { bytes } of chunksOf(path, offset)) {
    let start = 0;
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, start)) {
      yield carried.length === 0 ? bytes.subarray(start, at) : Buffer.concat([...carried, bytes.subarray(start, at)]);
      carried = [];
      start = at + 1;
    }
    // The chunk's buffer is used again for the next one.
    if (start < bytes.length) carried.push(Buffer.from(bytes.subarray(start)));
  }
  if (carried.length > 0) yield Buffer.concat(carried);
}

/** Archives of deleted sessions since 2026.9: the transcript's lines as one zstd frame. */
function* linesOfArchive(path: string): Generator<Buffer> {
  const bytes = decompressZstd(readAll(path, MOST_COMPRESSED_BYTES), MOST_DECOMPRESSED_BYTES);
  if (bytes === null) throw new FileError("io", path, "is no zstd data that can be unpacked");
  let start = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, start)) {
    yield bytes.subarray(start, at);
    start = at + 1;
  }
  if (start < bytes.length) yield bytes.subarray(start);
}
