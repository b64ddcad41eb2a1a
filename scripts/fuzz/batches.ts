// Runs a worker over numbered cases in processes of their own, one batch after the other, so that a crash or a hang costs one case.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

/** Which cases are run; the same seed makes the same ones. */
export interface FuzzRun {
  readonly total: number;
  readonly seed: number;
  /** Number of the first case. */
  readonly from: number;
}

/** Reads `--count`, `--seed` and `--from`; says how to use them and ends the process where they are no numbers. */
export function fuzzRun(script: string, usualCount: number): FuzzRun {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: String(usualCount) },
      seed: { type: "string", default: "1" },
      from: { type: "string", default: "0" },
    },
  });
  const [total, seed, from] = [Number(values.count), Number(values.seed), Number(values.from)];
  if ([total, seed, from].every((number) => Number.isInteger(number) && number >= 0)) return { total, seed, from };
  console.error(`usage: npm run ${script} -- [--count ${usualCount}] [--seed 1] [--from 0]`);
  process.exit(2);
}

export interface Batches<Told> {
  /** Absolute path of the script `SEED FIRST END`, which prints a line of JSON for each case, in order. */
  readonly worker: string;
  /** Cases of one process. */
  readonly size: number;
  /** A case that takes longer hangs; milliseconds. */
  readonly patienceMs: number;
  readonly take: (told: Told) => void;
  /** A process ended in this case. */
  readonly died: (number: number, how: string) => void;
  /** So many cases were run. */
  readonly progress: (done: number) => void;
}

/** Runs all cases; one in which the process dies is told and passed over. */
export async function runBatches<Told>({ from, seed, total }: FuzzRun, batches: Batches<Told>): Promise<void> {
  const end = from + total;
  for (let next = from; next < end;) {
    next = await runBatch(seed, next, Math.min(next + batches.size, end), batches);
    batches.progress(next - from);
  }
}

/** The number to go on with. */
async function runBatch<Told>(seed: number, first: number, end: number, batches: Batches<Told>): Promise<number> {
  const child = spawn(process.execPath, [batches.worker, String(seed), String(first), String(end)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  let next = first;
  const hang = (): boolean => child.kill("SIGKILL");
  let watchdog = setTimeout(hang, batches.patienceMs);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(watchdog);
    watchdog = setTimeout(hang, batches.patienceMs);
    batches.take(JSON.parse(line) as Told);
    next += 1;
  }
  clearTimeout(watchdog);
  const [code, signal] = await ended;
  if (next === end) return end;
  batches.died(next, `its process ended (${signal ?? `exit code ${code}`})`);
  return next + 1;
}
