/** A cache that outlives the process: one value in one file, outside every home. A broken file is the same as none. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";

/** The value kept in the file, or undefined. The caller checks its shape: the file may be of another release. */
export function readCache(path: string): unknown {
  try {
    return deserialize(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Puts the value in place of the one before, at once and readable for this user only. Returns what went wrong, or null. */
export function writeCache(path: string, value: unknown): string | null {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, serialize(value), { mode: 0o600 });
    renameSync(temporary, path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
