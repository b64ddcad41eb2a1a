// `npm test [-- STAGE…]`: everything that must hold, stage by stage. The last line sums all tests: `N passed, N failed`.
import { buildBundles } from "./bundle/bundles.ts";
import { packVsix } from "./bundle/vsix.ts";
import { runHostTests } from "./stages/host-tests.ts";
import { lint } from "./stages/lint.ts";
import { filesOf, NODE_SUITES, type NodeSuite, runNodeTests } from "./stages/node-tests.ts";
import { asTally, inWords, isFine, sum, type Tally } from "./stages/tally.ts";
import { typecheck } from "./stages/typecheck.ts";

interface Stage {
  readonly name: string;
  readonly run: () => Promise<Tally>;
}

async function build(): Promise<boolean> {
  await buildBundles();
  await packVsix();
  return true;
}

const nodeStage = (suite: NodeSuite): Stage => ({ name: suite, run: () => runNodeTests(suite, filesOf(suite)) });

const STAGES: readonly Stage[] = [
  { name: "build", run: async () => asTally(await build()) },
  { name: "lint", run: async () => asTally(await lint()) },
  { name: "types", run: async () => asTally(await typecheck()) },
  ...NODE_SUITES.map(nodeStage),
  { name: "host", run: () => runHostTests() },
];

/** A stage that breaks down counts as one failed test, and the others still run. */
async function runStage({ name, run }: Stage): Promise<{ readonly tally: Tally; readonly line: string }> {
  console.log(`\n== ${name} ==`);
  const start = performance.now();
  const tally = await run().catch((error: unknown) => {
    console.error(error);
    return asTally(false);
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return { tally, line: `${name.padEnd(8)} ${seconds.padStart(6)} s   ${inWords(tally)}` };
}

function chosen(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0)
    throw new Error(`no stage ${unknown.join(", ")}; there are ${STAGES.map((stage) => stage.name).join(", ")}`);
  return names.length === 0 ? STAGES : STAGES.filter((stage) => names.includes(stage.name));
}

const results: Awaited<ReturnType<typeof runStage>>[] = [];
for (const stage of chosen(process.argv.slice(2))) results.push(await runStage(stage));

const total = sum(results.map((result) => result.tally));
console.log(`\n${results.map((result) => result.line).join("\n")}\n\n${inWords(total)}`);
process.exitCode = isFine(total) ? 0 : 1;
