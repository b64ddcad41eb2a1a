/** Files, read only: listing, stats and bounded reads that never block on a FIFO and never follow a link unasked. */

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
