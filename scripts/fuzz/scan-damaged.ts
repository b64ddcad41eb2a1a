// `node scan-damaged.ts SEED FROM TO`: scans the damaged homes of these numbers, and prints a line of JSON for each.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { DatabaseState } from "../../src/model/database.ts";
import { DamagedHomes } from "../../test/support/damaged-homes.ts";
import { scanDamaged } from "../../test/support/damaged-scan.ts";

export interface Scanned {
  readonly number: number;
  readonly damages: readonly string[];
  readonly states: readonly DatabaseState[];
  /** What was broken; null when all held. */
  readonly failure: string | null;
  readonly elapsedMs: number;
  /** Peak of the resident set of this process so far. */
  readonly peakBytes: number;
}

async function scanned(homes: DamagedHomes, number: number): Promise<Scanned> {
  const { damages, path } = homes.make(number);
  const began = performance.now();
  let states: readonly DatabaseState[] = [];
  let failure: string | null = null;
  try {
    states = await scanDamaged(path);
  } catch (error) {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { number, damages, states, failure, elapsedMs: performance.now() - began, peakBytes };
}

const [seed = 1, from = 0, to = 0] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "session-forensics-fuzz-"));
try {
  const homes = new DamagedHomes(folder, seed);
  for (let number = from; number < to; number++) console.log(JSON.stringify(await scanned(homes, number)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
