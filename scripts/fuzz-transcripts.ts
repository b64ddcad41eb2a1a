// npm run fuzz:transcripts -- [--count 30000] [--seed 1] [--from 0]: reads transcripts of real releases with random damage whole, and tells
// what broke. Exit 1 when a process died, took too long or too much memory, or a reading broke one of its promises.
import { join } from "node:path";

import { count, size } from "../src/model/amounts.ts";
import { fuzzRun, runBatches } from "./fuzz/batches.ts";
import type { ReadTranscript } from "./fuzz/read-damaged.ts";

const WORKER = join(import.meta.dirname, "fuzz/read-damaged.ts");
/** A transcript that takes longer hangs. */
const PATIENCE_MS = 30_000;
/** Resident set of a process that reads one transcript after another. */
const MOST_BYTES = 512 << 20;
/** Transcripts that one process reads. */
const BATCH = 10_000;
const SLOWEST = 5;

const run = fuzzRun("fuzz:transcripts", 30_000);
let read = 0;
let bytes = 0;
let damage = 0;
let peak = 0;
let slowest: ReadTranscript[] = [];
const broken: string[] = [];
await runBatches<ReadTranscript>(run, {
  worker: WORKER,
  size: BATCH,
  patienceMs: PATIENCE_MS,
  take,
  died: (number, how) => broken.push(`transcript ${number}: ${how}`),
  progress: (done) => console.error(`${done} of ${count(run.total, "transcript")} read, ${broken.length} broken`),
});
report();

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
      `${count(read, "transcript")} with random damage, seed ${run.seed}: ${size(bytes)}, ${damage} places found`,
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
