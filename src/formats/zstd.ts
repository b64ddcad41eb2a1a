/** Unpacking zstd frames, within bounds. */
import * as zlib from "node:zlib";

/** The unpacked bytes; null when they are no zstd data, are cut, or unpack to more than `cap` bytes. */
export function decompressZstd(bytes: Uint8Array, cap: number): Buffer | null {
  try {
    return zlib.zstdDecompressSync(bytes, { maxOutputLength: cap });
  } catch {
    return null;
  }
}
