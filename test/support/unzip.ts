// Unpacks a zip file, which a .vsix is: enough of the format for what vsce writes, and an error for anything else.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly packedBytes: number;
  readonly at: number;
  readonly next: number;
}

function entryAt(zip: Buffer, at: number): ZipEntry {
  if (zip.readUInt32LE(at) !== ENTRY) throw new Error("not a zip file that this reads");
  const nameBytes = zip.readUInt16LE(at + 28);
  return {
    name: zip.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
    deflated: zip.readUInt16LE(at + 10) === 8,
    packedBytes: zip.readUInt32LE(at + 20),
    at: zip.readUInt32LE(at + 42),
    next: at + ENTRY_BYTES + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32),
  };
}

function contentOf(zip: Buffer, entry: ZipEntry): Buffer {
  const start = entry.at + LOCAL_BYTES + zip.readUInt16LE(entry.at + 26) + zip.readUInt16LE(entry.at + 28);
  const packed = zip.subarray(start, start + entry.packedBytes);
  return entry.deflated ? inflateRawSync(packed) : packed;
}

/** Returns the names of the files, sorted. */
export function unzip(file: string, into: string): string[] {
  const zip = readFileSync(file);
  const end = zip.length - END_BYTES;
  if (zip.readUInt32LE(end) !== END) throw new Error("not a zip file that this reads");
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const entry = entryAt(zip, at);
    const target = path.join(into, entry.name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, contentOf(zip, entry));
    names.push(entry.name);
    at = entry.next;
  }
  return names.toSorted();
}
