/** The gateway's own locks: outside the home in the temporary folder, and since 2026.9 inside it. */
import { dirname, join } from "node:path";

import type { HomeIdentity } from "../../model/home.ts";
import type { LockFile } from "../../model/lock.ts";
import type { Skipped } from "../../model/reading.ts";
import { asObject, asText } from "../../formats/json-values.ts";
import { FileError, list, pathWithin, readAll, statOf, troubleText, type FileStat } from "../../system/files.ts";
import type { World } from "../program.ts";
import { isFolder } from "./layout.ts";
import { readLock } from "./lock-file.ts";
import { byPath } from "./order.ts";

/** `gateway.<hash>.lock`, `gateway.state.lock`. */
const GATEWAY_LOCK = /^gateway\..+\.lock$/;
/** `<temporary folder>/openclaw-<uid>`; without the uid where the system has none. */
const LOCK_FOLDER = /^openclaw(?:-\d+)?$/;

/** The gateway locks that belong to this home, by path. */
export function gatewayLocks(home: HomeIdentity, world: World, skipped: Skipped[]): LockFile[] {
  const locks: LockFile[] = [];
  for (const folder of lockFolders(join(home.path, "tmp"))) collect(folder, home, () => true, locks, skipped);
  for (const folder of lockFolders(temporaryFolder(world))) {
    collect(folder, home, (file) => namesHome(file, home), locks, skipped);
  }
  return locks.toSorted(byPath);
}

/** Folders inside the home that may hold gateway locks, for watching. */
export function lockFolders(parent: string): string[] {
  return namesIn(parent)
    .filter((name) => LOCK_FOLDER.test(name))
    .map((name) => join(parent, name))
    .filter((folder) => isFolder(folder, []));
}

function temporaryFolder(world: World): string {
  return world.env["TMPDIR"] ?? world.env["TEMP"] ?? "/tmp";
}

function collect(
  folder: string,
  home: HomeIdentity,
  belongs: (file: FileStat) => boolean,
  locks: LockFile[],
  skipped: Skipped[],
): void {
  for (const name of namesIn(folder)) {
    if (!GATEWAY_LOCK.test(name)) continue;
    const path = join(folder, name);
    try {
      const file = statOf(path);
      if (file === undefined || !belongs(file)) continue;
      const lock = readLock(file, { path: pathWithin(home.path, path), of: "gateway", target: "." });
      if (lock !== undefined) locks.push(lock);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      skipped.push({ path, reason: troubleText(error) });
    }
  }
}

/** A lock in the common temporary folder names its home by state directory or config path (the former since 2026.9). */
function namesHome(file: FileStat, home: HomeIdentity): boolean {
  if (file.kind !== "file") return false;
  try {
    const payload = asObject(JSON.parse(readAll(file.path, 64 * 1024).toString("utf8")));
    const stateDir = asText(payload?.["stateDir"]);
    if (stateDir !== null) return stateDir === home.path;
    const configPath = asText(payload?.["configPath"]);
    return configPath !== null && dirname(configPath) === home.path;
  } catch {
    return false;
  }
}

/** A folder that isn't there, or isn't ours to read, holds no lock of this home. */
function namesIn(folder: string): readonly string[] {
  try {
    return list(folder).names;
  } catch {
    return [];
  }
}
