// npm run fuzz:transcripts -- [--count 30000] [--seed 1] [--from 0]: reads transcripts of real releases with random damage whole, and tells
// what broke. Exit 1 when a process died, took too long or too much memory, or a reading broke one of its promises.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { count, size } from "../src/model/amounts.ts";
import type { ReadTranscript } from "./fuzz/read-damaged.ts";

const WORKER = join(import.meta.dirname, "fuzz/read-damaged.ts");
/** A transcript that takes longer hangs. */
const PATIENCE_MS = 30_000;
/** Resident set of a process that reads one transcript after another. */
const MOST_BYTES = 512 << 20;
/** Transcripts that one process reads. */
const BATCH = 10_000;
const SLOWEST = 5;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "30000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
  },
});
const [total, seed, from] = [Number(values.count), Number(values.seed), Number(values.from)];
if (![total, seed, from].every((number) => Number.isInteger(number) && number >= 0)) {
  console.error("usage: npm run fuzz:transcripts -- [--count 30000] [--seed 1] [--from 0]");
  process.exit(2);
}

let read = 0;
let bytes = 0;
let damage = 0;
let peak = 0;
let slowest: ReadTranscript[] = [];
const broken: string[] = [];
for (let next = from; next < from + total;) {
  next = await readBatch(next, Math.min(next + BATCH, from + total));
  console.error(`${next - from} of ${count(total, "transcript")} read, ${broken.length} broken`);
}
report();

/** Reads these transcripts in a process of their own; the number to go on with. */
async function readBatch(first: number, end: number): Promise<number> {
  const child = spawn(process.execPath, [WORKER, String(seed), String(first), String(end)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  let next = first;
  const hang = (): boolean => child.kill("SIGKILL");
  let watchdog = setTimeout(hang, PATIENCE_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(watchdog);
    watchdog = setTimeout(hang, PATIENCE_MS);
    take(JSON.parse(line) as ReadTranscript);
    next += 1;
  }
  clearTimeout(watchdog);
  const [code, signal] = await ended;
  if (next === end) return end;
  broken.push(`transcript ${next}: its process ended (${signal ?? `exit code ${code}`})`);
  return next + 1;
}

function take(one: ReadTranscript): void {
  read += 1;
  bytes += one.bytes;
  damage += one.damage;
  peak = Math.max(peak, one.residentBytes);
  slowest = [...slowest, one].toSorted((a, b) => b.elapsedMs - a.elapsedMs).slice(0, SLOWEST);
  const where = `transcript ${one.number} (${one.mutations.join(", ")})`;
  if (one.failure !== null) broken.push(`${where}: ${one.failure}`);
  if (one.residentBytes > MOST_BYTES) broken.push(`${where}: ${size(one.residentBytes)} of memory by then`);
}

function report(): void {
  console.log(
    [
      `${count(read, "transcript")} with random damage, seed ${seed}: ${size(bytes)}, ${damage} places found`,
      `peak     ${size(peak)}`,
      "slowest",
      ...slowest.map(
        ({ elapsedMs, mutations, number }) =>
          `  ${Math.round(elapsedMs)} ms  transcript ${number}: ${mutations.join(", ")}`,
      ),
      `broken   ${broken.length}`,
      ...broken.map((one) => `  ${one}`),
    ].join("\n"),
  );
  process.exitCode = broken.length === 0 ? 0 : 1;
}
