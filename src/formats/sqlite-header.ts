/**
 * The fixed headers of SQLite's files: database, write-ahead log and wal-index. Only what tells what a file is and whether it changed.
 * Offsets as in https://www.sqlite.org/fileformat2.html and https://www.sqlite.org/walformat.html.
 */

/** Bytes that the readers below want. */
export const DATABASE_HEADER_BYTES = 100;
export const WAL_HEADER_BYTES = 32;
/** The first copy of the header of a wal-index. */
export const WAL_INDEX_HEADER_BYTES = 48;

const MAGIC = Buffer.from("SQLite format 3\0", "latin1");
/** The last bit of a log's magic number tells the byte order of its checksums. */
const WAL_MAGIC = 0x377f0682;
const WAL_VERSION = 3_007_000;

export interface DatabaseHeader {
  readonly pageSize: number;
  /** Whether commits go to a write-ahead log; else a rollback journal guards them. */
  readonly usesWal: boolean;
  /** Pages of the database as its last writer in rollback mode, or its last checkpoint, counted them; 0 when not known. */
  readonly pages: number;
}

/** Null when the bytes are no header of a SQLite database. */
export function databaseHeader(bytes: Buffer): DatabaseHeader | null {
  if (bytes.length < DATABASE_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const size = bytes.readUInt16BE(16);
  const changes = bytes.readUInt32BE(24);
  const validFor = bytes.readUInt32BE(92);
  return {
    pageSize: size === 1 ? 65_536 : size,
    usesWal: bytes[19] === 2,
    pages: changes === validFor ? bytes.readUInt32BE(28) : 0,
  };
}

/** Whether SQLite would take the bytes for the header of a write-ahead log: its checksum must fit as well. */
export function isWalHeader(bytes: Buffer): boolean {
  if (bytes.length < WAL_HEADER_BYTES || (bytes.readUInt32BE(0) & 0xfffffffe) >>> 0 !== WAL_MAGIC) return false;
  const pageSize = bytes.readUInt32BE(8);
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0;
  return bytes.readUInt32BE(4) === WAL_VERSION && isPageSize && fitsChecksum(bytes);
}

function fitsChecksum(header: Buffer): boolean {
  const isBigEndian = (header[3]! & 1) === 1;
  const word = (at: number): number => (isBigEndian ? header.readUInt32BE(at) : header.readUInt32LE(at));
  let [first, second] = [0, 0];
  for (let at = 0; at < 24; at += 8) {
    first = (first + word(at) + second) >>> 0;
    second = (second + word(at + 4) + first) >>> 0;
  }
  return first === header.readUInt32BE(24) && second === header.readUInt32BE(28);
}

/** Whether bytes without SQLite's header look like an encrypted database: whole pages of anything but text. */
export function looksEncrypted(bytes: Buffer, size: number): boolean {
  if (bytes.length < DATABASE_HEADER_BYTES || size % 512 !== 0) return false;
  return new Set(bytes).size > bytes.length / 2 && bytes.some((byte) => byte >= 0x80);
}
