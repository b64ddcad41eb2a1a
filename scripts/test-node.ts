// `npm run test:unit|ground|built [-- FILE… --name PATTERN]`: one kind of tests, or single files, or single tests.
import { parseArgs } from "node:util";

import { filesOf, NODE_SUITES, runNodeTests } from "./stages/node-tests.ts";
import { preparedForBuiltTests } from "./stages/prepare.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { name: { type: "string" } } });
const suite = NODE_SUITES.find((one) => one === positionals[0]);
if (suite === undefined) throw new Error(`name one of ${NODE_SUITES.join(", ")}`);

if (suite === "built") await preparedForBuiltTests();
const named = positionals.slice(1);
const { passed, failed } = await runNodeTests(named.length > 0 ? named : filesOf(suite), values.name);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
