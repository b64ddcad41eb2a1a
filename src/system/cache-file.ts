/** A cache that outlives the process: one value in one file, outside every home. A broken file is the same as none. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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
    makeFolder(dirname(path));
    writeFileSync(temporary, serialize(value), { mode: 0o600 });
    renameSync(temporary, path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The folder and those above it that are missing. Not by `mkdirSync` with `recursive`: that tries for ever where the system says
 * of a folder in a folder which is there that it is not, as below /proc.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else may just have made it.
    if (!existsSync(path)) throw error;
  }
}
