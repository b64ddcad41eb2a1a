/**
 * One measurement in this process, printed as JSON: `node reading.ts check HOME TRANSCRIPT` reads every byte of a
 * transcript, `node reading.ts history HOME KEY` the pages of a session's history. Each beside plainly parsing the same lines.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

import type { Engine } from "../src/engine/engine.ts";
import { historyPage } from "../src/engine/history/document.ts";
import { localEngine, localWorld } from "../src/engine/local-engine.ts";
import { allSessions } from "../src/engine/query.ts";
import type { ChainCursor } from "../src/engine/reading/cursor.ts";
import { END } from "./conversation.ts";
import { median } from "./result.ts";

/** A deep check of one transcript. Times in ms. */
export interface CheckTimes {
  readonly lines: number;
  /** Reading and JSON.parse of the same lines, one after the other. */
  readonly parseMs: number;
  readonly checkMs: number;
  /** Resident set of the process at its peak. */
  readonly peakBytes: number;
}

/** Pages of 50 messages of one session. Times in ms. */
export interface HistoryTimes {
  readonly fragments: number;
  readonly pages: number;
  /** Reading and JSON.parse of the newest fragment, and of all. */
  readonly parseOneMs: number;
  readonly parseAllMs: number;
  /** The newest page, by a process that has read no transcript yet. */
  readonly newestMs: number;
  /** A page further back. */
  readonly pageMs: number;
  /** All pages, one after the other. */
  readonly allMs: number;
}

const NEWLINE = 0x0a;
const BLOCK_BYTES = 1 << 20;
const PAGE = 50;

const MEASUREMENTS: Readonly<Record<string, (home: string, what: string) => Promise<object>>> = {
  async check(home, transcript): Promise<CheckTimes> {
    const engine = engineOver(home);
    await engine.scan();
    const path = transcript.slice(home.length + 1);
    // All that is on disk is in memory then, and nothing of it in this process.
    const warm = readLines(transcript, () => undefined);
    const began = performance.now();
    const { read, snapshot } = await engine.deepCheck({ home, fragments: [{ path }] });
    const checkMs = performance.now() - began;
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const found = snapshot.homes.flatMap(({ findings }) => findings);
    if (read.lines !== warm || found.length > 0) throw new Error(`${read.lines} lines read, ${found.length} findings`);
    const parseMs = await timed(() => parseLines(transcript));
    return { lines: read.lines, parseMs, checkMs, peakBytes };
  },

  async history(home, key): Promise<HistoryTimes> {
    const engine = engineOver(home);
    const hit = allSessions(await engine.scan()).find(({ session }) => session.key === key);
    if (hit === undefined) throw new Error(`there is no session ${key}`);
    const paths = hit.session.fragments.map(({ fragment }) => join(home, fragment.path));
    for (const path of paths) readLines(path, () => undefined);
    const common = { limit: PAGE, archived: true, now: END, showSecrets: false, mostCharacters: 200_000 };
    const times: number[] = [];
    let before: ChainCursor | null = null;
    do {
      const began = performance.now();
      const { chain } = await historyPage(engine, hit, before === null ? common : { ...common, before });
      times.push(performance.now() - began);
      before = chain.older;
    } while (before !== null);
    const parseAllMs = await timed(() => paths.map(parseLines));
    return {
      fragments: paths.length,
      pages: times.length,
      parseOneMs: await timed(() => parseLines(paths.at(-1)!)),
      parseAllMs,
      newestMs: times[0]!,
      pageMs: median(times),
      allMs: times.reduce((sum, time) => sum + time, 0),
    };
  },
};

function engineOver(home: string): Engine {
  return localEngine(
    { ...localWorld(), now: () => END + performance.now() },
    {
      given: { paths: [home], discover: false },
      settings: { locksWarnAfterSeconds: 60 },
      memoFolder: null,
      log: console.error,
    },
  );
}

/** The plainest way to have each line: in blocks, so that no file need fit into memory. Returns how many there are. */
function readLines(path: string, take: (line: Buffer) => unknown): number {
  const file = openSync(path, "r");
  const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, statSync(path).size + 1));
  let rest: Buffer = Buffer.alloc(0);
  let lines = 0;
  for (let length = readSync(file, block); length > 0; length = readSync(file, block)) {
    const bytes = Buffer.concat([rest, block.subarray(0, length)]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      take(bytes.subarray(start, end));
      lines += 1;
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  closeSync(file);
  return lines;
}

function parseLines(path: string): number {
  return readLines(path, (line) => JSON.parse(line.toString("utf8")));
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const [what = "", home = "", given = ""] = process.argv.slice(2);
const measure = MEASUREMENTS[what];
if (measure === undefined) throw new Error(`there is no measurement ${what}`);
console.log(JSON.stringify(await measure(home, given)));
