/** One measurement in this process: `node searching.ts HOME TEXT` searches the home's files with rg alone, then with ours, and prints both. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { rgPath } from "@vscode/ripgrep";

import { searchSessions } from "../src/engine/search/search.ts";
import { localEngine, localWorld } from "../src/engine/local-engine.ts";
import type { SearchEnd } from "../src/model/search.ts";
import { warmUp } from "./plain.ts";

export interface SearchTimes {
  /** Lines found. */
  readonly hits: number;
  /** `rg --count` over the same files. */
  readonly rgMs: number;
  /** The first line, and all lines, with ripgrep. */
  readonly firstMs: number;
  readonly withMs: number;
  /** All lines, read by ourselves. */
  readonly ownMs: number;
}

const [home = "", text = ""] = process.argv.slice(2);
warmUp(home);
const sessions = join(home, "agents", "main", "sessions");
const rg = [
  "--no-config",
  "-uuu",
  "--ignore-case",
  "--fixed-strings",
  "--count",
  "--glob=*.jsonl*",
  "-e",
  text,
  sessions,
];
execFileSync(rgPath, rg);
const rgBegan = performance.now();
execFileSync(rgPath, rg);
const rgMs = performance.now() - rgBegan;
const engine = localEngine(localWorld(), {
  given: { paths: [home], discover: false },
  settings: { locksWarnAfterSeconds: 60 },
  memoFolder: null,
  log: (line) => console.error(line),
});
const snapshot = await engine.scan();

/** Searches to the end. */
async function searched(ripgrep: string | null): Promise<{ end: SearchEnd | null; firstMs: number; allMs: number }> {
  const began = performance.now();
  let firstMs = NaN;
  let end: SearchEnd | null = null;
  for await (const event of searchSessions(engine, snapshot, { text, limit: 1_000_000, ripgrep })) {
    if (event.what === "hit" && Number.isNaN(firstMs)) firstMs = performance.now() - began;
    if (event.what === "end") end = event.end;
  }
  return { end, firstMs, allMs: performance.now() - began };
}

const own = await searched(null);
const helped = await searched(rgPath);
if (own.end?.hits !== helped.end?.hits) throw new Error("ripgrep changed what was found");
const times: SearchTimes = {
  hits: own.end?.hits ?? 0,
  rgMs,
  firstMs: helped.firstMs,
  withMs: helped.allMs,
  ownMs: own.allMs,
};
console.log(JSON.stringify(times));
