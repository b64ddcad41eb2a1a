// A process that takes OpenClaw's lock on a transcript and holds it until its stdin ends: `node hold-lock.ts FILE [TITLE]`. It says "taken", and at
// the end "released", or "lost" when the lock is no longer its own.
import { closeSync, fstatSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const [file, title] = process.argv.slice(2);
if (file === undefined) throw new Error("name the transcript");
if (title !== undefined) process.title = title;
const lock = `${file}.lock`;

/** Field 22 of /proc/<pid>/stat. */
function startTicks(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}

async function take(): Promise<number> {
  for (;;) {
    try {
      return openSync(lock, "wx");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      await sleep(50);
    }
  }
}

const handle = await take();
const payload = { pid: process.pid, createdAt: new Date().toISOString(), starttime: startTicks() };
writeSync(handle, `${JSON.stringify(payload, null, 2)}\n`);
const { ino } = fstatSync(handle);
closeSync(handle);
console.log("taken");
process.stdin.resume().on("end", () => {
  const isOurs = statSync(lock, { throwIfNoEntry: false })?.ino === ino;
  if (isOurs) rmSync(lock);
  console.log(isOurs ? "released" : "lost");
});
