// npm run fuzz:databases -- [--count 10000] [--seed 1] [--from 0]: scans homes with damaged databases, and tells what broke. Exit 1 when
// a process died, took too long or too much memory, or a scan broke one of its promises.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { count, size } from "../src/model/amounts.ts";
import type { Scanned } from "./fuzz/scan-damaged.ts";

const WORKER = join(import.meta.dirname, "fuzz/scan-damaged.ts");
/** A home that takes longer hangs. */
const PATIENCE_MS = 120_000;
/** Resident set of a process that scans one home after another. */
const MOST_BYTES = 2 ** 30;
/** Homes that one process scans. */
const BATCH = 250;
const SLOWEST = 5;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
  },
});
const [total, seed, from] = [Number(values.count), Number(values.seed), Number(values.from)];
if (![total, seed, from].every((number) => Number.isInteger(number) && number >= 0)) {
  console.error("usage: npm run fuzz:databases -- [--count 10000] [--seed 1] [--from 0]");
  process.exit(2);
}

const scans: Scanned[] = [];
const broken: string[] = [];
for (let next = from; next < from + total;) {
  next = await scanned(next, Math.min(next + BATCH, from + total));
  console.error(`${count(next - from, "home")} of ${total} scanned, ${broken.length} broken`);
}
report();

/** Scans these homes in a process of their own; the number to go on with. */
async function scanned(first: number, end: number): Promise<number> {
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
    take(JSON.parse(line) as Scanned);
    next += 1;
  }
  clearTimeout(watchdog);
  const [code, signal] = await ended;
  if (next === end) return end;
  broken.push(`home ${next}: its process ended (${signal ?? `exit code ${code}`})`);
  return next + 1;
}

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
      `${count(scans.length, "home")} with damaged databases, seed ${seed}`,
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
