/** One measurement in this process: `node --expose-gc measurements.ts first|look|restart|append|memory|database HOME [PATH [SESSION]]` prints it as JSON. */
import { appendFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

import type { Engine } from "../src/engine/engine.ts";
import { localEngine, localWorld } from "../src/engine/local-engine.ts";
import { startWriter } from "../test/support/gateway-writer.ts";
import { END, line } from "./conversation.ts";
import { listPlainly, readPlainly, warmUp } from "./plain.ts";
import { median } from "./result.ts";

export interface FirstScan {
  readonly listMs: number;
  readonly readMs: number;
  readonly firstMs: number;
  readonly rescanMs: number;
}

export interface FirstLook {
  /** Plain reading in the same process. */
  readonly lookReadMs: number;
  readonly lookMs: number;
}

export interface Restart {
  readonly restartMs: number;
}

export interface Appends {
  readonly appendMs: number;
}

export interface Memory {
  readonly peakBytes: number;
  readonly keptBytes: number;
}

export interface DatabaseTimes {
  /** `SELECT count(*)` of the tables that a scan asks, in a new process, and again. */
  readonly firstCountMs: number;
  readonly countMs: number;
  readonly firstMs: number;
  readonly rescanMs: number;
  readonly commitMs: number;
}

/** Tables that listing sessions asks. */
const COUNTED = ["session_nodes", "session_windows", "transcript_events", "transcript_event_identities"];
const COMMITS = 15;
const RESCANS = 5;
const APPENDS = 9;

const MEASUREMENTS: Readonly<Record<string, (home: string, path: string, session: string) => Promise<object>>> = {
  async first(home, memoFolder): Promise<FirstScan> {
    warmUp(home);
    const readMs = await timed(() => readPlainly(home));
    const engine = engineOver(home, null);
    const firstMs = await timed(() => engine.scan());
    const rescans: number[] = [];
    const lists: number[] = [];
    while (rescans.length < RESCANS) {
      lists.push(await timed(() => listPlainly(home)));
      rescans.push(await timed(() => engine.scan()));
    }
    const keeping = engineOver(home, memoFolder);
    await keeping.scan();
    await keeping.close();
    return { listMs: median(lists), readMs, firstMs, rescanMs: median(rescans) };
  },

  async look(home): Promise<FirstLook> {
    warmUp(home);
    const lookReadMs = await timed(() => readPlainly(home));
    const engine = engineOver(home, null);
    const began = performance.now();
    const looks: number[] = [];
    engine.onDidChange(() => looks.push(performance.now() - began));
    await engine.scan();
    return { lookReadMs, lookMs: looks[0]! };
  },

  async restart(home, memoFolder): Promise<Restart> {
    warmUp(home);
    return { restartMs: await timed(() => engineOver(home, memoFolder).scan()) };
  },

  async append(home, transcript): Promise<Appends> {
    const engine = engineOver(home, null);
    await engine.scan();
    const times: number[] = [];
    while (times.length < APPENDS) {
      appendFileSync(transcript, line(END + times.length * 1000, "and one more thing"));
      times.push(await timed(() => engine.changed([transcript])));
    }
    return { appendMs: median(times) };
  },

  async database(home, path, session): Promise<DatabaseTimes> {
    const firstCountMs = await timed(() => countRows(path));
    const engine = engineOver(home, null);
    const firstMs = await timed(() => engine.scan());
    const counts: number[] = [];
    const rescans: number[] = [];
    while (rescans.length < RESCANS) {
      counts.push(await timed(() => countRows(path)));
      rescans.push(await timed(() => engine.scan()));
    }
    const commits = await commitsSeen(engine, path, session);
    return { firstCountMs, countMs: median(counts), firstMs, rescanMs: median(rescans), commitMs: median(commits) };
  },

  async memory(home): Promise<Memory> {
    gc?.();
    const before = { heap: process.memoryUsage().heapUsed, peak: process.resourceUsage().maxRSS };
    const engine = engineOver(home, null);
    await engine.scan();
    const peak = process.resourceUsage().maxRSS;
    gc?.();
    const heap = process.memoryUsage().heapUsed;
    // The snapshot must live until here.
    if (engine.snapshot === null) throw new Error("the scan left no snapshot");
    return { peakBytes: (peak - before.peak) * 1024, keptBytes: heap - before.heap };
  },
};

function engineOver(home: string, memoFolder: string | null): Engine {
  return localEngine(
    // The clock goes on from where the history ends.
    { ...localWorld(), now: () => END + performance.now() },
    {
      given: { paths: [home], discover: false },
      settings: { locksWarnAfterSeconds: 60 },
      memoFolder,
      log: console.error,
    },
  );
}

/** Counts every row, of a database that nobody writes. */
function countRows(path: string): void {
  const database = new DatabaseSync(`${pathToFileURL(path).href}?mode=ro&immutable=1`);
  for (const table of COUNTED) database.prepare(`SELECT count(*) FROM ${table}`).get();
  database.close();
}

/** How long it takes each time to show what a process has just committed that keeps the database open, as a gateway does. */
async function commitsSeen(engine: Engine, path: string, session: string): Promise<number[]> {
  const endings: (() => unknown)[] = [];
  const test = { after: (end: () => unknown) => endings.push(end) };
  const writer = await startWriter(test, path, session, { commitsPerSecond: 0 });
  // With the first one the log appears.
  await engine.changed([`${path}-wal`]);
  const times: number[] = [];
  while (times.length < COMMITS) {
    await writer.commit();
    const before = engine.snapshot;
    times.push(await timed(() => engine.changed([`${path}-wal`])));
    if (engine.snapshot === before) throw new Error("the commit was not seen");
  }
  await writer.stop();
  for (const end of endings) await end();
  return times;
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const [what = "", home = "", path = "", session = ""] = process.argv.slice(2);
const measure = MEASUREMENTS[what];
if (measure === undefined) throw new Error(`there is no measurement ${what}`);
console.log(JSON.stringify(await measure(home, path, session)));
