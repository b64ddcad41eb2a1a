/**
 * Facts of files, kept as long as path, size, mtime and inode stay: across scans in memory, across restarts in one file per
 * program in the memo folder. The file is a cache: a broken or foreign one is ignored and written anew.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

import type { FactsMemo } from "../agents/program.ts";
import type { FileStat } from "../system/files.ts";

/** Changes whenever kept facts of an earlier release must not be used. */
const LAYOUT = 1;
const FILE_NAME = "facts.v8";

/** Facts of one file in one state, by reader. */
interface Kept {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly dev: number;
  readonly facts: Map<string, unknown>;
}

export class Memo implements FactsMemo {
  private readonly entries: Map<string, Kept>;
  private readonly folder: string | null;
  private unsaved = false;

  /** `folder` outlives the process; null keeps facts in memory only. */
  constructor(folder: string | null) {
    this.folder = folder;
    this.entries = folder === null ? new Map() : load(join(folder, FILE_NAME));
  }

  get<T>(file: FileStat, reader: string, read: () => T): T {
    let kept = this.entries.get(file.path);
    if (kept !== undefined && isSameState(kept, file) && kept.facts.has(reader)) return kept.facts.get(reader) as T;
    const facts = read();
    if (kept === undefined || !isSameState(kept, file)) {
      kept = { size: file.size, mtimeMs: file.mtimeMs, ino: file.ino, dev: file.dev, facts: new Map() };
      this.entries.set(file.path, kept);
    }
    kept.facts.set(reader, facts);
    this.unsaved = true;
    return facts;
  }

  /** Forgets the facts of files for which `lives` is false: a cache must not grow with the past. */
  prune(lives: (path: string) => boolean): void {
    for (const path of this.entries.keys()) {
      if (!lives(path)) this.entries.delete(path);
    }
  }

  /** Writes what is kept, if anything is new. Returns what went wrong, or null; a cache that can't be written is no error. */
  save(): string | null {
    if (this.folder === null || !this.unsaved) return null;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const path = join(this.folder, FILE_NAME);
      const temporary = `${path}.${process.pid}.tmp`;
      writeFileSync(temporary, serialize({ layout: LAYOUT, entries: this.entries }), { mode: 0o600 });
      renameSync(temporary, path);
      this.unsaved = false;
      return null;
    } catch (error) {
      return `facts could not be kept in ${this.folder}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

function isSameState(kept: Kept, file: FileStat): boolean {
  return kept.mtimeMs === file.mtimeMs && kept.size === file.size && kept.ino === file.ino && kept.dev === file.dev;
}

function load(path: string): Map<string, Kept> {
  try {
    const value: unknown = deserialize(readFileSync(path));
    if (isCurrent(value)) return value.entries;
  } catch {
    // No cache yet, or one that was cut: everything is read again.
  }
  return new Map();
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
