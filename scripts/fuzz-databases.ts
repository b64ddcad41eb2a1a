// npm run fuzz:databases -- [--count 10000] [--seed 1] [--from 0]: scans homes with damaged databases, and tells what broke. Exit 1 when
// a process died, took too long or too much memory, or a scan broke one of its promises.
import { join } from "node:path";

import { count, size } from "../src/model/amounts.ts";
import { fuzzRun, runBatches } from "./fuzz/batches.ts";
import type { Scanned } from "./fuzz/scan-damaged.ts";

const WORKER = join(import.meta.dirname, "fuzz/scan-damaged.ts");
/** A home that takes longer hangs. */
const PATIENCE_MS = 120_000;
/** Resident set of a process that scans one home after another. */
const MOST_BYTES = 2 ** 30;
/** Homes that one process scans. */
const BATCH = 250;
const SLOWEST = 5;

const run = fuzzRun("fuzz:databases", 10_000);
const scans: Scanned[] = [];
const broken: string[] = [];
await runBatches<Scanned>(run, {
  worker: WORKER,
  size: BATCH,
  patienceMs: PATIENCE_MS,
  take,
  died: (number, how) => broken.push(`home ${number}: ${how}`),
  progress: (done) => console.error(`${count(done, "home")} of ${run.total} scanned, ${broken.length} broken`),
});
report();

function take(one: Scanned): void {
  scans.push(one);
  const where = `home ${one.number} (${one.damages.join(", ")})`;
  if (one.failure !== null) broken.push(`${where}: ${one.failure}`);
  if (one.peakBytes > MOST_BYTES) broken.push(`${where}: ${size(one.peakBytes)} of memory by then`);
}

function report(): void {
  const states = new Map<string, number>();
  for (const state of scans.flatMap((one) => one.states)) states.set(state, (states.get(state) ?? 0) + 1);
  const byTime = scans.toSorted((a, b) => b.elapsedMs - a.elapsedMs);
  const slowest = byTime
    .slice(0, SLOWEST)
    .map(({ damages, elapsedMs, number }) => `  ${Math.round(elapsedMs)} ms  home ${number}: ${damages.join(", ")}`);
  const peak = Math.max(0, ...scans.map(({ peakBytes }) => peakBytes));
  console.log(
    [
      `${count(scans.length, "home")} with damaged databases, seed ${run.seed}`,
      `states   ${[...states].map(([state, number]) => `${state} ${number}`).join(", ")}`,
      `peak     ${size(peak)}`,
      "slowest",
      ...slowest,
      `broken   ${broken.length}`,
      ...broken.map((one) => `  ${one}`),
    ].join("\n"),
  );
  process.exitCode = broken.length === 0 ? 0 : 1;
}
