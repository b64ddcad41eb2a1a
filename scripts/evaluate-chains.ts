// npm run evaluate:chains -- DIR…: precision and recall of links and chains, against homes with a TRUTH.json beside state/.
// --without-trajectories measures copies from which the trajectory sidecars were removed. Exit 1 when a sure link or key is wrong.
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { localEngine, localWorld } from "../src/engine/local-engine.ts";
import type { Snapshot } from "../src/model/snapshot.ts";
import { greedyLinks } from "./accuracy/greedy.ts";
import { type Accuracy, type LinkCount, measure } from "./accuracy/measure.ts";
import { trueChains, trueDeletions } from "./accuracy/truth.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "without-trajectories": { type: "boolean", default: false } },
});

const folders = positionals.map((folder) => resolve(folder)).flatMap(recordedHomes);
if (folders.length === 0) {
  console.error(
    "usage: npm run evaluate:chains -- DIR…   (a folder with TRUTH.json and state/, or a folder of such folders)",
  );
  process.exit(2);
}
let breaches = 0;
for (const folder of folders) breaches += await evaluate(folder);
process.exitCode = breaches > 0 ? 1 : 0;

function recordedHomes(folder: string): string[] {
  if (isRecorded(folder)) return [folder];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter(isRecorded)
    .toSorted();
}

function isRecorded(path: string): boolean {
  return existsSync(join(path, "TRUTH.json")) && existsSync(join(path, "state", "agents"));
}

async function evaluate(folder: string): Promise<number> {
  const snapshot = values["without-trajectories"]
    ? await scanWithoutTrajectories(folder)
    : await scan(join(folder, "state"));
  const truth = trueChains(folder);
  const accuracy = measure(snapshot, truth, trueDeletions(folder));
  console.log(report(basename(folder), accuracy, greedyLinks(snapshot, truth)));
  return accuracy.breaches.length;
}

async function scan(home: string): Promise<Snapshot> {
  const given = { paths: [home], discover: false };
  const engine = localEngine(localWorld(), {
    given,
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: console.error,
  });
  return engine.scan();
}

async function scanWithoutTrajectories(folder: string): Promise<Snapshot> {
  const copy = mkdtempSync(join(tmpdir(), "session-forensics-"));
  try {
    cpSync(join(folder, "state"), copy, {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !path.includes(".trajectory"),
    });
    return await scan(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function report(name: string, accuracy: Accuracy, greedy: LinkCount): string {
  const { links, byCertainty, open, amongAlternatives, invented, chains, wholeChains, sureKeys, deletions } = accuracy;
  const right = Object.values(byCertainty).reduce((sum, count) => sum + count.right, 0);
  const wrong = Object.values(byCertainty).reduce((sum, count) => sum + count.wrong, 0);
  const lines = [
    `${name}${values["without-trajectories"] ? ", without trajectories" : ""}`,
    `  links         ${right} of ${links} right (recall ${ratio(right, links)}, precision ${ratio(right, right + wrong)}), ${open} open, ${invented} invented`,
    ...Object.entries(byCertainty)
      .filter(([, count]) => count.right + count.wrong > 0)
      .map(([certainty, count]) => `    ${certainty.padEnd(10)}  ${count.right} right, ${count.wrong} wrong`),
    `    of ${links - right} missed, ${amongAlternatives} stand among the alternatives`,
    `  whole chains  ${wholeChains} of ${chains}`,
    `  sure keys     ${sureKeys.right} right, ${sureKeys.wrong} wrong`,
    ...(deletions.right + deletions.wrong === 0
      ? []
      : [`  deletions     ${deletions.right} with their key, ${deletions.wrong} without`]),
    `  greedy walk   ${greedy.right} right, ${greedy.wrong} wrong`,
    ...accuracy.breaches.map((breach) => `  WRONG though sure: ${breach}`),
  ];
  return lines.join("\n");
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? "-" : (part / whole).toFixed(2);
}
