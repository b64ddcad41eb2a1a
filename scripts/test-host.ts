// `npm run test:host [-- --name PATTERN --home FOLDER]`: the suites of test/host in a real VS Code without a desktop.
import { parseArgs } from "node:util";

import { packVsix } from "./bundle/vsix.ts";
import { runHostTests } from "./stages/host-tests.ts";
import { inWords, isFine } from "./stages/tally.ts";

const { values } = parseArgs({ options: { name: { type: "string" }, home: { type: "string" } } });

await packVsix();
const tally = await runHostTests({
  ...(values.name === undefined ? {} : { name: values.name }),
  ...(values.home === undefined ? {} : { homeFixture: values.home }),
});
console.log(inWords(tally));
process.exitCode = isFine(tally) ? 0 : 1;
