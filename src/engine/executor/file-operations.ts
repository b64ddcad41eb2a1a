/**
 * Every system call by which a run changes the disk, one method each: the only door through which anything is written to a
 * home. Whoever wraps it can count the calls, fail any of them, or stop the process before or after each.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";

/** Changing calls. Paths are absolute, times milliseconds UTC. Each throws what the system says. */
export interface FileOperations {
  /** Makes one folder, with at most these permissions. */
  makeFolder(path: string, mode: number): void;
  setFolderMode(path: string, mode: number): void;
  /** Creates a file that must not exist; for writing, closed by `close`. */
  create(path: string, mode: number): number;
  /** Opens an existing file, never through a link. `append` creates nothing either. */
  open(path: string, how: "append" | "update"): number;
  /** Writes all bytes at the offset, or at the end of a file opened for appending (null). */
  write(file: number, bytes: Uint8Array, offset: number | null): void;
  truncate(file: number, bytes: number): void;
  setMode(file: number, mode: number): void;
  /** Sets the modification time of what stands at the path, a link itself included. */
  setTime(path: string, mtimeMs: number): void;
  sync(file: number): void;
  close(file: number): void;
  /** Makes entries of the folder last. */
  syncFolder(path: string): void;
  /** A second name for a file; refused where that name exists. */
  link(existing: string, path: string): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  symlink(target: string, path: string): void;
}

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const OPEN_FLAGS = { append: constants.O_WRONLY | constants.O_APPEND, update: constants.O_RDWR } as const;

export const fileOperations: FileOperations = {
  makeFolder: (path, mode) => {
    mkdirSync(path, { mode });
  },
  setFolderMode: chmodSync,
  create: (path, mode) => openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, mode),
  open: (path, how) => openSync(path, OPEN_FLAGS[how] | NO_FOLLOW),
  write: (file, bytes, offset) => {
    for (let written = 0; written < bytes.length;) {
      const at = offset === null ? null : offset + written;
      written += writeSync(file, bytes, written, bytes.length - written, at);
    }
  },
  truncate: ftruncateSync,
  setMode: fchmodSync,
  setTime,
  sync: fsyncSync,
  close: closeSync,
  syncFolder: (path) => {
    // Windows can't open folders, and makes entries last by itself.
    if (process.platform === "win32") return;
    const folder = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
  link: linkSync,
  rename: renameSync,
  unlink: unlinkSync,
  symlink: (target, path) => {
    symlinkSync(target, path);
  },
};

/** Steps between the seconds that a double can hold for times of this century: 238 ns. */
const DOUBLE_STEP_SECONDS = 2 ** -22;

/**
 * Node takes times as seconds and gives them back as milliseconds, both as doubles of a quarter of a microsecond. So the
 * time asked for may be missed by one such step; of its neighbours one reads back as the very number.
 */
function setTime(path: string, mtimeMs: number): void {
  const accessed = lstatSync(path).atimeMs / 1000;
  const modified = mtimeMs / 1000;
  for (const shift of [0, 1, -1, 2, -2]) {
    lutimesSync(path, accessed, modified + shift * DOUBLE_STEP_SECONDS);
    if (lstatSync(path).mtimeMs === mtimeMs) return;
  }
  lutimesSync(path, accessed, modified);
}
