// `npm run test:unit|ground|built|screen|kills [-- FILE… --name PATTERN]`: one kind of tests, or single files, or single tests.
import { parseArgs } from "node:util";

import { buildBundles } from "./bundle/bundles.ts";
import { packVsix } from "./bundle/vsix.ts";
import { filesOf, NODE_SUITES, runNodeTests, type Suite } from "./stages/node-tests.ts";
import { inWords, isFine } from "./stages/tally.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { name: { type: "string" } } });
const SUITES: readonly Suite[] = [...NODE_SUITES, "kills"];
const suite = SUITES.find((one) => one === positionals[0]);
if (suite === undefined) throw new Error(`name one of ${SUITES.join(", ")}`);

if (suite === "built") await buildBundles();
if (suite === "built" || suite === "screen") await packVsix();
const named = positionals.slice(1);
const tally = await runNodeTests(suite, named.length > 0 ? named : filesOf(suite), values.name);
console.log(inWords(tally));
process.exitCode = isFine(tally) ? 0 : 1;
