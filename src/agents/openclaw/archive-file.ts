/** A transcript that a release since 2026.9 put away as one zstd frame in a file: its windows as fragments. */
import type { Fragment, FragmentKind } from "../../model/fragment.ts";
import type { SessionFileName } from "../../formats/session-file-names.ts";
import { decompressZstd } from "../../formats/zstd.ts";
import { FileError, readAll, type FileStat } from "../../system/files.ts";
import type { FactsMemo } from "../program.ts";
import { archivedFragments, archivedWindows, storedLines, type ArchivedWindow } from "./archived-windows.ts";

type ArchiveName = Extract<SessionFileName, { what: "archive" }>;

const MOST_STORED_BYTES = 64 << 20;
const MOST_BYTES = 256 << 20;

/** The fragments of the archive at `path`, home-relative. Throws FileError. */
export function archiveFragments(path: string, name: ArchiveName, file: FileStat, memo: FactsMemo): Fragment[] {
  const { archivedAt, fileId, reason, topic } = name;
  const kind: FragmentKind = reason === "bak" ? "backup" : reason;
  const place = { path, kind, fileId, topic, archivedAt, modifiedAt: file.mtimeMs, storedBytes: file.size };
  return archivedFragments(place, windowsOfFile(file, memo));
}

/** The windows in a compressed archive, unless the memo has them. Throws FileError. */
export function windowsOfFile(file: FileStat, memo: FactsMemo): readonly ArchivedWindow[] {
  return memo.get(file, "openclaw/archived-windows/1", () => archivedWindows(storedLines(unpackedFile(file.path))));
}

/** What a compressed archive holds. Throws FileError. */
export function unpackedFile(path: string): Buffer {
  return unpackedArchive(readAll(path, MOST_STORED_BYTES), true, path);
}

/** What an archive holds. Throws FileError, which names `path`, when it can't be unpacked. */
export function unpackedArchive(stored: Uint8Array, isZstd: boolean, path: string): Buffer {
  const bytes = isZstd ? decompressZstd(stored, MOST_BYTES) : Buffer.from(stored);
  if (bytes === null) throw new FileError("io", path, "is no zstd data that can be unpacked");
  return bytes;
}
