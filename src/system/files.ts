/** Files, read only: listing, stats and bounded reads that never block on a FIFO and never follow a link unasked. */
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
  type Stats,
} from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";

export type FileKind = "file" | "directory" | "symlink" | "other";

/** A stat, as needed to recognise a file that did not change. Times are milliseconds, UTC. */
export interface FileStat {
  /** Absolute path. */
  readonly path: string;
  readonly kind: FileKind;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly dev: number;
  readonly mode: number;
}

/** Why a file could not be read. */
export type FileTrouble = "gone" | "denied" | "not-a-file" | "not-a-folder" | "too-big" | "link-loop" | "io";

/** The only error that this module throws. */
export class FileError extends Error {
  readonly trouble: FileTrouble;
  readonly path: string;

  constructor(trouble: FileTrouble, path: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "FileError";
    this.trouble = trouble;
    this.path = path;
  }
}

/** What a listing found: names that can be used in paths, and names that are no valid text, escaped for showing. */
export interface Listing {
  readonly names: string[];
  readonly unusable: readonly string[];
}

/** Beginning and end of a file, from one open. They overlap when the file is short. */
export interface HeadAndTail {
  /** Size at the time of reading. */
  readonly size: number;
  readonly head: Buffer;
  readonly tail: Buffer;
  /** Byte offset of the tail's first byte. */
  readonly tailOffset: number;
}

/** O_NOFOLLOW and O_NONBLOCK do not exist on Windows, where neither FIFOs nor such links are met in these folders. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const SCAN_CHUNK = 1 << 20;
const NO_THROW = { throwIfNoEntry: false } as const;

/** The names in a folder, unsorted. Links to folders are followed. Throws FileError. */
export function list(folder: string): Listing {
  const names = guarded(folder, () => readdirSync(folder));
  // A name that is not UTF-8 arrives with replacement characters and can't be opened under that name.
  if (!names.some((name) => name.includes("\uFFFD"))) return { names, unusable: [] };
  const raw = guarded(folder, () => readdirSync(folder, { encoding: "buffer" }));
  const usable: string[] = [];
  const unusable: string[] = [];
  for (const bytes of raw) {
    const name = bytes.toString("utf8");
    if (Buffer.from(name, "utf8").equals(bytes)) usable.push(name);
    else unusable.push(escapedName(bytes));
  }
  return { names: usable, unusable };
}

/** A name in a folder, and what it is by the folder's own word: a link is a link. */
export interface ListedEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/** The entries of a folder with their kinds, unsorted, without a stat of each. Throws FileError. */
export function listKinds(folder: string): { readonly entries: ListedEntry[]; readonly unusable: readonly string[] } {
  const entries = guarded(folder, () => readdirSync(folder, { withFileTypes: true })).map((entry) => ({
    name: entry.name,
    kind: kindOf(entry),
  }));
  if (!entries.some(({ name }) => name.includes("\uFFFD"))) return { entries, unusable: [] };
  const { names, unusable } = list(folder);
  const usable = new Set(names);
  return { entries: entries.filter(({ name }) => usable.has(name)), unusable };
}

/** Stat of the path itself: a link is a link. Undefined when nothing is there; throws FileError for other trouble. */
export function statOf(path: string): FileStat | undefined {
  let stats: Stats | undefined;
  try {
    stats = lstatSync(path, NO_THROW);
  } catch (error) {
    throw fileError(path, error);
  }
  return stats === undefined ? undefined : fileStat(path, stats);
}

/** Stat of what the path leads to through links. Undefined when nothing is there; throws FileError for other trouble. */
export function statThroughLinks(path: string): FileStat | undefined {
  const stats = guarded(path, () => statSync(path, NO_THROW));
  return stats === undefined ? undefined : fileStat(path, stats);
}

/** The path with every link resolved, or undefined when it leads nowhere (gone, loop, denied). */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** What a link says, unresolved; undefined when it can't be read. */
export function linkText(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Reads the first and last bytes of a regular file through one open. Throws FileError. */
export function readHeadAndTail(path: string, headBytes: number, tailBytes: number): HeadAndTail {
  return headAndTailInto(path, headBytes, tailBytes, undefined);
}

/**
 * The same for thousands of files in a row: the bytes lie in a buffer that the next call uses again, so `use` must
 * neither keep them nor read another file this way. Throws FileError.
 */
export function useHeadAndTail<T>(
  path: string,
  headBytes: number,
  tailBytes: number,
  use: (file: HeadAndTail) => T,
): T {
  scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  return use(headAndTailInto(path, headBytes, tailBytes, headBytes + tailBytes <= SCRATCH_BYTES ? scratch : undefined));
}

const SCRATCH_BYTES = 64 * 1024;
/** Up to this size reading all costs less than reading two ends. */
const READ_WHOLE_BYTES = 16 * 1024;
let scratch: Buffer | undefined;

function headAndTailInto(path: string, headBytes: number, tailBytes: number, space: Buffer | undefined): HeadAndTail {
  const { file, size } = openFile(path);
  try {
    const buffer = space ?? Buffer.allocUnsafe(Math.min(size, headBytes + tailBytes));
    if (size <= Math.min(buffer.length, Math.max(READ_WHOLE_BYTES, headBytes + tailBytes))) {
      const length = readInto(file, path, buffer, 0, size, 0);
      const tailOffset = Math.max(0, length - tailBytes);
      const head = buffer.subarray(0, Math.min(headBytes, length));
      return { size, head, tail: buffer.subarray(tailOffset, length), tailOffset };
    }
    const head = readInto(file, path, buffer, 0, headBytes, 0);
    const tailOffset = size - tailBytes;
    const tail = readInto(file, path, buffer, headBytes, tailBytes, tailOffset);
    return { size, head: buffer.subarray(0, head), tail: buffer.subarray(headBytes, headBytes + tail), tailOffset };
  } finally {
    closeSync(file);
  }
}

/** Reads a regular file whole; one larger than `cap` bytes is refused as too big. Throws FileError. */
export function readAll(path: string, cap: number): Buffer {
  return withOpenFile(path, (file, size) => {
    if (size > cap) throw new FileError("too-big", path, `larger than ${cap} bytes (${size})`);
    return readAt(file, path, 0, size);
  });
}

/** A stretch of a regular file, shorter where the file ends. Throws FileError. */
export function readStretch(path: string, offset: number, length: number): Buffer {
  return withOpenFile(path, (file, size) => readAt(file, path, offset, Math.max(0, Math.min(length, size - offset))));
}

/**
 * The same for many stretches in a row: the bytes lie in a buffer that the next call uses again, so `use` must neither keep
 * them nor read another stretch this way. Throws FileError.
 */
export function useStretch<T>(path: string, offset: number, length: number, use: (bytes: Buffer) => T): T {
  return withOpenFile(path, (file, size) => {
    const wanted = Math.max(0, Math.min(length, size - offset));
    if (stretchSpace === undefined || stretchSpace.length < wanted) stretchSpace = Buffer.allocUnsafeSlow(wanted);
    const space = stretchSpace;
    return use(space.subarray(0, readInto(file, path, space, 0, wanted, offset)));
  });
}

let stretchSpace: Buffer | undefined;

/** A stretch of a file; the bytes are only valid until the next one is asked for. */
export interface Chunk {
  readonly bytes: Buffer;
  /** Byte offset of the first byte. */
  readonly offset: number;
}

/**
 * A regular file from a byte on in chunks of up to 1 MiB, in one reused buffer. The file stays open until the loop ends. Throws
 * FileError.
 */
export function* chunksOf(path: string, from = 0): Generator<Chunk> {
  const { file, size } = openFile(path);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(SCAN_CHUNK, Math.max(1, size - from)));
    for (let offset = from; ;) {
      const at = offset;
      const read = guarded(path, () => readSync(file, buffer, 0, buffer.length, at));
      if (read === 0) return;
      yield { bytes: buffer.subarray(0, read), offset };
      offset += read;
    }
  } finally {
    closeSync(file);
  }
}

/** Hands the chunks of a regular file to `onChunk`, which ends the scan by returning false. Throws FileError. */
export function scanBytes(path: string, onChunk: (chunk: Buffer, offset: number) => boolean | void): void {
  for (const { bytes, offset } of chunksOf(path)) {
    if (onChunk(bytes, offset) === false) return;
  }
}

/** Whether `path` is `folder` itself or lies below it; both absolute, no links resolved. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}

/** `path` as seen from `folder` with "/" separators; absolute when it lies outside. */
export function pathWithin(folder: string, path: string): string {
  if (!isInside(folder, path)) return path;
  const way = relative(folder, path);
  return way === "" ? "." : sep === "/" ? way : way.replaceAll(sep, "/");
}

/** The absolute path that `pathWithin` stands for. */
export function pathFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** Why reading failed, as the end of a sentence for a `skipped` row. */
export function troubleText(error: unknown): string {
  return error instanceof FileError ? error.message : String(error);
}

function withOpenFile<T>(path: string, use: (file: number, size: number) => T): T {
  const { file, size } = openFile(path);
  try {
    return use(file, size);
  } finally {
    closeSync(file);
  }
}

/** Opens a regular file and nothing else. */
function openFile(path: string): { readonly file: number; readonly size: number } {
  let file: number | undefined;
  try {
    file = openSync(path, OPEN_FLAGS);
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new FileError("not-a-file", path, `not a file but ${kindText(kindOf(stats))}`);
    return { file, size: stats.size };
  } catch (error) {
    if (file !== undefined) closeSync(file);
    throw asFileError(path, error);
  }
}

/** Up to `length` bytes from `offset`; fewer when the file has shrunk meanwhile. */
function readAt(file: number, path: string, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readInto(file, path, buffer, 0, length, offset));
}

/** Fills `length` bytes of the buffer from `at` on with those from `offset` on; how many there were. */
function readInto(file: number, path: string, buffer: Buffer, at: number, length: number, offset: number): number {
  let filled = 0;
  try {
    while (filled < length) {
      const read = readSync(file, buffer, at + filled, length - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
  } catch (error) {
    throw fileError(path, error);
  }
  return filled;
}

function fileStat(path: string, stats: Stats): FileStat {
  return {
    path,
    kind: kindOf(stats),
    size: stats.size,
    mtimeMs: stats.mtimeMs,
    ino: stats.ino,
    dev: stats.dev,
    mode: stats.mode,
  };
}

function kindOf(stats: Stats | Dirent): FileKind {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "other";
}

function kindText(kind: FileKind): string {
  return kind === "directory" ? "a folder" : kind === "symlink" ? "a symbolic link" : "a pipe, socket or device";
}

function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asFileError(path, error);
  }
}

/** Any error of the file system as the one that this module throws. */
export function asFileError(path: string, error: unknown): FileError {
  return error instanceof FileError ? error : fileError(path, error);
}

function fileError(path: string, error: unknown): FileError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return new FileError("gone", path, "not there (any more)", error);
    case "ENOTDIR":
      return new FileError("not-a-folder", path, "not a folder", error);
    case "EACCES":
    case "EPERM":
      return new FileError("denied", path, "permission denied", error);
    case "ELOOP":
      return new FileError("link-loop", path, "a symbolic link, or a loop of them", error);
    case "EISDIR":
    case "ENXIO": // O_NONBLOCK open of a socket
      return new FileError("not-a-file", path, "not a file", error);
    default:
      return new FileError("io", path, `reading failed (${code === "" ? String(error) : code})`, error);
  }
}

/** Bytes of a name with everything but printable ASCII written as \xNN. */
function escapedName(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const printable = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    text += printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return text;
}
