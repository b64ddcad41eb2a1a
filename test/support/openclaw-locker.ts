/**
 * OpenClaw's lock protocol as 2026.5.12 keeps it (session-write-lock and fs-safe's sidecar lock, read in the release), for a
 * process that plays OpenClaw in races: exclusive creation, payload, judgement of a found lock, reclaiming, release.
 */
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

interface Snapshot {
  readonly raw: string;
  readonly stat: Stats;
}

export interface TakenLock {
  /** Whether the lock file is still the one that was created, with its content. */
  isOurs(): boolean;
  /** Removes it if it is. */
  release(): void;
}

const STALE_MS = 30 * 60_000;
const GRACE_MS = 5000;
/** OpenClaw waits 50 ms; a race wants more meetings. */
const RETRY_MS = 1;

/** Waits for the lock and takes it. `now` is the clock. */
export async function takeLock(path: string, now: () => number): Promise<TakenLock> {
  for (;;) {
    const taken = tryToCreate(path, now);
    if (taken !== null) return taken;
    const found = snapshotOf(path);
    if (found === null) continue;
    if (isStale(path, found.raw, now())) {
      // Reported as stale, read again, judged again, removed by its name: asynchronous calls, with room for others between.
      await pause(0);
      const again = snapshotOf(path);
      if (again === null || !isStale(path, again.raw, now())) continue;
      await pause(0);
      rmSync(path, { force: true });
      continue;
    }
    await pause(RETRY_MS);
  }
}

/** What a process of that number leaves behind when it is killed while it holds the lock; whether there was room for it. */
export function leaveLock(path: string, pid: number, now: () => number): boolean {
  return create(path, payloadOf(pid, 1, now)) !== null;
}

function tryToCreate(path: string, now: () => number): TakenLock | null {
  const own = create(path, payloadOf(process.pid, startTicks(process.pid), now));
  if (own === null) return null;
  const isOurs = (): boolean => {
    const current = snapshotOf(path);
    return current !== null && isSame(current, own);
  };
  return {
    isOurs,
    release: () => {
      if (isOurs()) rmSync(path, { force: true });
    },
  };
}

function create(path: string, raw: string): Snapshot | null {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return null;
    throw error;
  }
  writeSync(file, raw);
  const stat = fstatSync(file);
  closeSync(file);
  return { raw, stat };
}

function payloadOf(pid: number, ticks: number | null, now: () => number): string {
  const payload = { pid, createdAt: new Date(now()).toISOString() };
  return `${JSON.stringify(ticks === null ? payload : { ...payload, starttime: ticks }, null, 2)}\n`;
}

function snapshotOf(path: string): Snapshot | null {
  try {
    const stat = lstatSync(path);
    return { raw: readFileSync(path, "utf8"), stat };
  } catch {
    return null;
  }
}

function isSame(one: Snapshot, other: Snapshot): boolean {
  return one.stat.ino === other.stat.ino && one.stat.dev === other.stat.dev && one.raw === other.raw;
}

function isStale(path: string, raw: string, now: number): boolean {
  let payload: { pid?: number; createdAt?: string; starttime?: number };
  try {
    payload = JSON.parse(raw) as typeof payload;
  } catch {
    return now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > GRACE_MS;
  }
  const { pid = 0, createdAt = "", starttime } = payload;
  if (!isAlive(pid) || now - Date.parse(createdAt) > STALE_MS) return true;
  const ticks = startTicks(pid);
  if (starttime !== undefined && ticks !== null && starttime !== ticks) return true;
  return !looksLikeOpenClaw(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  } catch {
    return null;
  }
}

/** The reason `non-openclaw-owner`; a command line that can't be read speaks for its process. */
function looksLikeOpenClaw(pid: number): boolean {
  let argv: string[];
  try {
    argv = readFileSync(`/proc/${pid}/cmdline`, "utf8")
      .split("\0")
      .map((arg) => arg.trim())
      .filter((arg) => arg !== "");
  } catch {
    return true;
  }
  if (argv.length === 0) return true;
  return argv.some((arg) => arg === "openclaw" || arg.endsWith("/openclaw") || arg.endsWith("openclaw.mjs"));
}
