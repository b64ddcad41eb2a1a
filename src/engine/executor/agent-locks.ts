/**
 * OpenClaw's own locks, held by us while the steps run, so that a real gateway waits for us and we for it.
 *
 * Its protocol, read in 2026.5.12 (session-write-lock, fs-safe's sidecar lock) and the same since 2026.3: the file
 * `<target>.lock`, created exclusively, says `{pid, createdAt, starttime}` pretty-printed. A waiter looks every 50 to 1000 ms; it
 * reclaims a lock whose process is dead or not the one of that start time, which is older than 30 minutes, or whose process is
 * alive but does not look like OpenClaw by its command line. On release the file is removed if it is still the same one with
 * the same content. Here it appears complete, by link(2).
 */
import { join } from "node:path";

import type { LockToTake } from "../../model/plan.ts";
import { readAll, statOf } from "../../system/files.ts";
import { writeFile } from "./copy.ts";
import type { FileOperations } from "./file-operations.ts";
import { keepingFolderTime } from "./folder-times.ts";
import { lockTroubles } from "./gates.ts";
import type { Journal } from "./journal.ts";
import { refuse, RefusedError, systemCode } from "./refused.ts";
import type { RunPlaces } from "./room.ts";
import { assertSafe } from "./safe-paths.ts";
import type { Surroundings } from "./surroundings.ts";

const LOCK_MODE = 0o644;
const MOST_BYTES = 64 << 10;
const LOOK_AGAIN_MS = 50;

/** Locks that are held. */
export interface HeldLocks {
  readonly paths: ReadonlySet<string>;
  /** Throws when one of them is not ours any more. */
  verify(): void;
  /** Lets go of all, once. One that can't be let go stays in the journal as taken, and is let go when the run is settled. */
  release(): void;
}

export interface LockTaking {
  readonly home: string;
  readonly places: RunPlaces;
  readonly journal: Journal;
  readonly files: FileOperations;
  readonly around: Surroundings;
  /** How long to wait for a lock that another one holds; milliseconds. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

interface HeldLock {
  readonly path: string;
  readonly inode: number;
  readonly payload: string;
}

/** Payload by which the agent program knows this process as a lock's holder. */
export function lockPayload({ machine, startTicks, now }: Surroundings): string {
  const payload = { pid: machine.pid, createdAt: new Date(now()).toISOString() };
  return `${JSON.stringify(startTicks === null ? payload : { ...payload, starttime: startTicks }, null, 2)}\n`;
}

/** Takes the locks in their order, waiting for each; all or none. Refuses when one stays held, or may be. */
export async function takeLocks(locks: readonly LockToTake[], taking: LockTaking): Promise<HeldLocks> {
  const held: HeldLock[] = [];
  const release = (): void => {
    for (const lock of held.splice(0).toReversed()) free(lock, taking);
  };
  try {
    for (const [index, lock] of locks.entries()) held.push(await take(lock, `lock-${index}`, taking));
  } catch (error) {
    release();
    throw error;
  }
  return {
    paths: new Set(held.map(({ path }) => path)),
    verify: () => {
      for (const lock of held) {
        if (!isStillOurs(lock, taking.home)) refuse("lock-held", lock.path, `${lock.path} was taken from this run.`);
      }
    },
    release,
  };
}

/** Removes what a run that was cut left of a lock: the file of that inode, if it names that run's process. */
export function freeLeftLock(home: string, path: string, inode: number, pid: number, files: FileOperations): void {
  const stat = statOf(join(home, path));
  if (stat?.kind !== "file" || stat.ino !== inode) return;
  if (!readAll(join(home, path), MOST_BYTES).toString("utf8").includes(`"pid": ${pid},`)) return;
  assertSafe(home, path);
  keepingFolderTime(home, path, files, () => files.unlink(join(home, path)));
}

async function take(lock: LockToTake, name: string, taking: LockTaking): Promise<HeldLock> {
  const { home, around, signal } = taking;
  const until = around.now() + taking.waitMs;
  for (;;) {
    signal?.throwIfAborted();
    assertSafe(home, lock.path);
    const found = around.lockAt(lock.path);
    if (found === null) {
      const taken = create(lock, name, taking);
      if (taken !== null) return taken;
      if (around.now() >= until)
        refuse("lock-held", lock.path, `${lock.path} is taken again and again by another process.`);
    } else if (found.verdict === "stale") {
      refuse("lock-held", lock.path, `${lock.path} is a stale lock: ${found.explanation} Repair that first.`);
    } else if (around.now() >= until) throw new RefusedError(lockTroubles(found, lock.path));
    await around.sleep(LOOK_AGAIN_MS);
  }
}

/** Null when another one was quicker. */
function create({ path }: LockToTake, name: string, taking: LockTaking): HeldLock | null {
  const { home, places, journal, files, around } = taking;
  const ready = join(home, places.staged(name));
  if (statOf(ready) !== undefined) files.unlink(ready);
  const payload = lockPayload(around);
  writeFile(ready, [Buffer.from(payload)], { mode: LOCK_MODE, mtimeMs: null }, files);
  const lock = { path, inode: statOf(ready)?.ino ?? 0, payload };
  journal.append({ entry: "lock-meant", path, inode: lock.inode });
  try {
    keepingFolderTime(home, path, files, () => files.link(ready, join(home, path)));
    files.unlink(ready);
    return lock;
  } catch (error) {
    free(lock, taking);
    if (systemCode(error) === "EEXIST") return null;
    throw error;
  }
}

/** Removes the lock if it is still ours. What can't be done now is done when the run is settled: the journal names it. */
function free(lock: HeldLock, { home, journal, files }: LockTaking): void {
  try {
    if (isStillOurs(lock, home)) keepingFolderTime(home, lock.path, files, () => files.unlink(join(home, lock.path)));
    journal.append({ entry: "lock-freed", path: lock.path });
  } catch {
    // Nobody who waits for the end of a run could do anything about it.
  }
}

function isStillOurs({ path, inode, payload }: HeldLock, home: string): boolean {
  const stat = statOf(join(home, path));
  return stat?.kind === "file" && stat.ino === inode && readAll(stat.path, MOST_BYTES).toString("utf8") === payload;
}
