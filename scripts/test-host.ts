// `npm run test:host [-- --name PATTERN --home FOLDER]`: the suites of test/host in a real VS Code without a desktop.
import { packVsix } from "./bundle/vsix.ts";
import { runHostTests } from "./stages/host-tests.ts";
import { hostRunFromArguments } from "./stages/host-world.ts";
import { inWords, isFine } from "./stages/tally.ts";

await packVsix();
const tally = await runHostTests(hostRunFromArguments());
console.log(inWords(tally));
process.exitCode = isFine(tally) ? 0 : 1;
