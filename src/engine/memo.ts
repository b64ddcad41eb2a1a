/** Facts of files, kept as long as path, size, mtime and inode stay: across scans in memory, across restarts in a cache file. */
import { join } from "node:path";

import type { FactsMemo } from "../agents/program.ts";
import { readCache, writeCache } from "../system/cache-file.ts";
import type { FileStat } from "../system/files.ts";

/** Changes whenever kept facts of an earlier release must not be used. */
const LAYOUT = 3;
const FILE_NAME = "facts.v8";

/** Facts of one file in one state. */
interface Kept {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly dev: number;
  readonly reader: string;
  readonly facts: unknown;
  /** What other readers made of it: next to no file has two. */
  more: Record<string, unknown> | null;
}

export class Memo implements FactsMemo {
  private readonly entries: Map<string, Kept>;
  private readonly file: string | null;
  private unsaved = false;

  /** `folder` outlives the process; null keeps facts in memory only. */
  constructor(folder: string | null) {
    this.file = folder === null ? null : join(folder, FILE_NAME);
    this.entries = this.file === null ? new Map() : entriesOf(readCache(this.file));
  }

  get<T>(file: FileStat, reader: string, read: () => T): T {
    const kept = this.entries.get(file.path);
    const known = kept !== undefined && isSameState(kept, file) ? kept : null;
    const isKept =
      known !== null && (known.reader === reader || (known.more !== null && Object.hasOwn(known.more, reader)));
    // The reader's name stands for the type of its facts, which the cache itself can't know.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (isKept) return (known.reader === reader ? known.facts : known.more?.[reader]) as T;
    const facts = read();
    const { path, size, mtimeMs, ino, dev } = file;
    if (known === null) this.entries.set(path, { size, mtimeMs, ino, dev, reader, facts, more: null });
    else known.more = { ...known.more, [reader]: facts };
    this.unsaved = true;
    return facts;
  }

  /** Forgets the facts of files for which `lives` is false: a cache must not grow with the past. */
  prune(lives: (path: string) => boolean): void {
    for (const path of this.entries.keys()) {
      if (!lives(path)) this.unsaved = this.entries.delete(path);
    }
  }

  /** Writes what is kept, if anything is new. Returns what went wrong, or null: a cache that can't be written is no error. */
  save(): string | null {
    if (this.file === null || !this.unsaved) return null;
    const trouble = writeCache(this.file, { layout: LAYOUT, entries: this.entries });
    if (trouble !== null) return `facts could not be kept in ${this.file}: ${trouble}`;
    this.unsaved = false;
    return null;
  }
}

function isSameState(kept: Kept, file: FileStat): boolean {
  return kept.mtimeMs === file.mtimeMs && kept.size === file.size && kept.ino === file.ino && kept.dev === file.dev;
}

function entriesOf(value: unknown): Map<string, Kept> {
  return isCurrent(value) ? value.entries : new Map();
}

function isCurrent(value: unknown): value is { entries: Map<string, Kept> } {
  return (
    typeof value === "object" &&
    value !== null &&
    "layout" in value &&
    value.layout === LAYOUT &&
    "entries" in value &&
    value.entries instanceof Map
  );
}
