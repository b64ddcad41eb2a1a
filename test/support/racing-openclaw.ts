// Plays OpenClaw in a race until its stdin ends: takes and releases locks, leaves stale ones, writes to store and transcript.
// Usage: node racing-openclaw.ts locks|writes SESSIONS-FOLDER DEAD-PID. Prints what it did as JSON.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { leaveLock, takeLock } from "./openclaw-locker.ts";
import { Random } from "./random.ts";

const [what = "", folder = "", deadPid = ""] = process.argv.slice(2);
process.title = "openclaw";
const random = new Random(7);
const now = Date.now;
const done = { takes: 0, left: 0, lost: 0, lines: 0, updates: 0 };
const over = new AbortController();
process.stdin.resume().on("end", () => over.abort());

while (!over.signal.aborted) {
  if (what === "locks") await takeAndRelease(join(folder, "one.jsonl.lock"));
  else await write();
}
console.log(JSON.stringify(done));

/** Takes the lock, holds it for a moment, and sees whether it is still there; now and then one is left behind. */
async function takeAndRelease(path: string): Promise<void> {
  const lock = await takeLock(path, now);
  done.takes += 1;
  if (random.chance(0.3)) await pause(random.next() * 3);
  if (!lock.isOurs()) done.lost += 1;
  lock.release();
  if (random.chance(0.02) && leaveLock(path, Number(deadPid), now)) {
    done.left += 1;
    await pause(random.next() * 60);
  }
}

/** A turn: a line under the transcript's lock, a change of the store under the store's, and a line without any lock. */
async function write(): Promise<void> {
  const transcript = join(folder, "one.jsonl");
  const store = join(folder, "sessions.json");
  const lock = await takeLock(`${transcript}.lock`, now);
  appendFileSync(transcript, `${JSON.stringify({ line: done.lines })}\n`);
  done.lines += 1;
  lock.release();
  const storeLock = await takeLock(`${store}.lock`, now);
  const rows = JSON.parse(readFileSync(store, "utf8")) as { updates: number };
  writeFileSync(`${store}.tmp`, JSON.stringify({ ...rows, updates: rows.updates + 1 }, null, 2), { mode: 0o600 });
  renameSync(`${store}.tmp`, store);
  done.updates += 1;
  storeLock.release();
  // Now and then a session rests, so that a repair has its chance.
  await pause(random.chance(0.15) ? 400 : random.next() * 15);
}
