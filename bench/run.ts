// npm run bench: makes homes of several sizes, measures scanning them against plainly listing and reading the same files,
// and prints one table; then the same for databases, against counting their rows. A size of 0 leaves a part out.
// Options: --sizes 1000,10000,100000  --databases 1000x200000,10000x2000000  --search 300 (MB)
//   --transcripts 100,400 (MB)  --large 1000 (MB)  --runs 5  --json
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { buildBundles } from "../scripts/bundle/bundles.ts";
import { treeTimes } from "./first-row.ts";
import { largeTranscriptTimes, makeLargeTranscript } from "./large-transcript.ts";
import { makeDatabase, type DatabaseSize } from "./made-database.ts";
import { makeHome } from "./made-home.ts";
import { makeSessions } from "./made-sessions.ts";
import { FREQUENT, makeTranscripts, RARE } from "./made-transcripts.ts";
import {
  type DatabaseResult,
  type LargeResult,
  median,
  type ReadingResult,
  type Result,
  type SearchResult,
} from "./result.ts";
import {
  append,
  checkTimes,
  databaseTimes,
  first,
  historyTimes,
  look,
  memory,
  restart,
  searchTimes,
} from "./stopwatch.ts";
import { databaseTable, largeTable, readingTable, searchTable, table } from "./table.ts";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,10000,100000" },
    databases: { type: "string", default: "1000x200000,10000x2000000" },
    search: { type: "string", default: "300" },
    transcripts: { type: "string", default: "100,400" },
    large: { type: "string", default: "1000" },
    runs: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

const wanted = (list: string): string[] => (list === "0" ? [] : list.split(","));
const sizes = wanted(values.sizes).map(Number);
const databases = wanted(values.databases).map((size): DatabaseSize => {
  const [sessions = NaN, events = NaN] = size.split("x").map(Number);
  return { sessions, events };
});
const runs = Number(values.runs);
const searched = wanted(values.search).map((megabytes) => Number(megabytes) * 1_000_000);
const transcripts = wanted(values.transcripts).map((megabytes) => Number(megabytes) * 1_000_000);
const large = wanted(values.large).map((megabytes) => Number(megabytes) * 1_000_000);
const numbers = [
  runs,
  ...large,
  ...searched,
  ...transcripts,
  ...sizes,
  ...databases.flatMap(({ events, sessions }) => [sessions, events]),
];
if (!numbers.every((number) => Number.isInteger(number) && number > 0)) {
  console.error(
    "usage: npm run bench -- [--sizes 1000,10000,100000] [--databases 1000x200000,10000x2000000] [--search 300] [--transcripts 100,400] [--large 1000] [--runs 5] [--json]",
  );
  process.exit(2);
}

if (sizes.length + large.length > 0) await buildBundles({ production: true });
const results: Result[] = [];
for (const size of sizes) results.push(await measured(size));
const databaseResults: DatabaseResult[] = [];
for (const size of databases) databaseResults.push(await measuredDatabase(size));
const searchResults: SearchResult[] = [];
for (const bytes of searched) searchResults.push(...(await measuredSearch(bytes)));
const readings: ReadingResult[] = [];
for (const bytes of transcripts) readings.push(await measuredReading(bytes));
const largeResults: LargeResult[] = [];
for (const bytes of large) largeResults.push(await measuredLarge(bytes));
if (values.json)
  console.log(
    JSON.stringify(
      { runs, results, databases: databaseResults, searches: searchResults, readings, large: largeResults },
      null,
      2,
    ),
  );
else {
  if (results.length > 0) console.log(table(results, runs));
  if (databaseResults.length > 0) console.log(databaseTable(databaseResults, runs));
  if (searchResults.length > 0) console.log(searchTable(searchResults, runs));
  if (readings.length > 0) console.log(readingTable(readings, runs));
  if (largeResults.length > 0) console.log(largeTable(largeResults, runs));
}

/** All figures of one home, which is removed afterwards. */
async function measured(size: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "session-forensics-bench-"));
  try {
    console.error(`making a home of ${size} fragments …`);
    const home = makeHome(join(folder, "home"), size);
    const memoFolder = join(folder, "memo");
    console.error("measuring …");
    const firsts = await repeated(() => first(home.path, memoFolder));
    const looks = await repeated(() => look(home.path));
    const restarts = await repeated(() => restart(home.path, memoFolder));
    const appends = await repeated(() => append(home.path, home.grownTranscript));
    const memories = await repeated(() => memory(home.path));
    const trees = await repeated(() => treeTimes(home.path));
    return {
      fragments: home.fragments,
      files: home.files,
      listMs: median(firsts.map((one) => one.listMs)),
      readMs: median(firsts.map((one) => one.readMs)),
      firstMs: median(firsts.map((one) => one.firstMs)),
      rescanMs: median(firsts.map((one) => one.rescanMs)),
      lookMs: median(looks.map((one) => one.lookMs)),
      lookReadMs: median(looks.map((one) => one.lookReadMs)),
      restartMs: median(restarts.map((one) => one.restartMs)),
      appendMs: median(appends.map((one) => one.appendMs)),
      peakBytes: median(memories.map((one) => one.peakBytes)),
      keptBytes: median(memories.map((one) => one.keptBytes)),
      firstRowMs: median(trees.map((one) => one.firstRowMs)),
      wholeTreeMs: median(trees.map((one) => one.wholeTreeMs)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measuredDatabase(size: DatabaseSize): Promise<DatabaseResult> {
  const folder = mkdtempSync(join(tmpdir(), "session-forensics-bench-"));
  try {
    console.error(`making a database of ${size.sessions} sessions and ${size.events} events …`);
    const { home, path, sessionId } = makeDatabase(join(folder, "home"), size);
    console.error("measuring …");
    const bytes = statSync(path).size;
    const times = await repeated(() => databaseTimes(home, path, sessionId));
    return {
      ...size,
      bytes,
      firstCountMs: median(times.map((one) => one.firstCountMs)),
      countMs: median(times.map((one) => one.countMs)),
      firstMs: median(times.map((one) => one.firstMs)),
      rescanMs: median(times.map((one) => one.rescanMs)),
      commitMs: median(times.map((one) => one.commitMs)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A rare and a frequent text in transcripts of this size. */
async function measuredSearch(bytes: number): Promise<SearchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "session-forensics-bench-"));
  try {
    console.error(`making ${bytes / 1_000_000} MB of transcripts …`);
    const home = join(folder, "home");
    makeTranscripts(home, bytes);
    console.error("measuring …");
    const found: SearchResult[] = [];
    for (const text of [RARE, FREQUENT]) {
      const times = await repeated(() => searchTimes(home, text));
      found.push({
        bytes,
        text,
        hits: median(times.map((one) => one.hits)),
        rgMs: median(times.map((one) => one.rgMs)),
        firstMs: median(times.map((one) => one.firstMs)),
        withMs: median(times.map((one) => one.withMs)),
        ownMs: median(times.map((one) => one.ownMs)),
      });
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A transcript of this size, and a session of many fragments beside it. */
async function measuredReading(bytes: number): Promise<ReadingResult> {
  const folder = mkdtempSync(join(tmpdir(), "session-forensics-bench-"));
  try {
    console.error(`making a transcript of ${bytes / 1_000_000} MB …`);
    const { chainKey, home, transcript } = makeSessions(join(folder, "home"), bytes);
    console.error("measuring …");
    const checks = await repeated(() => checkTimes(home, transcript));
    const histories = await repeated(() => historyTimes(home, chainKey));
    return {
      bytes: statSync(transcript).size,
      lines: median(checks.map((one) => one.lines)),
      parseMs: median(checks.map((one) => one.parseMs)),
      checkMs: median(checks.map((one) => one.checkMs)),
      peakBytes: median(checks.map((one) => one.peakBytes)),
      fragments: median(histories.map((one) => one.fragments)),
      pages: median(histories.map((one) => one.pages)),
      parseOneMs: median(histories.map((one) => one.parseOneMs)),
      parseAllMs: median(histories.map((one) => one.parseAllMs)),
      newestMs: median(histories.map((one) => one.newestMs)),
      pageMs: median(histories.map((one) => one.pageMs)),
      allMs: median(histories.map((one) => one.allMs)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A huge transcript in an editor. */
async function measuredLarge(bytes: number): Promise<LargeResult> {
  const folder = mkdtempSync(join(tmpdir(), "session-forensics-bench-"));
  try {
    console.error(`making a transcript of ${bytes / 1_000_000} MB …`);
    const home = join(folder, "home");
    const file = makeLargeTranscript(home, bytes);
    console.error("measuring …");
    const times = await repeated(() => largeTranscriptTimes(home, file));
    return {
      bytes: statSync(file).size,
      readMs: median(times.map((one) => one.readMs)),
      partMs: median(times.map((one) => one.partMs)),
      middleMs: median(times.map((one) => one.middleMs)),
      outlineMs: median(times.map((one) => one.outlineMs)),
      lastLineMs: median(times.map((one) => one.lastLineMs)),
      lineMs: median(times.map((one) => one.lineMs)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One after the other: two at once would measure each other. */
async function repeated<T>(measure: () => Promise<T>): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < runs) taken.push(await measure());
  return taken;
}
