// `npm run test:desktop [-- --name PATTERN --home FOLDER]`: the suites of test/host in a desktop VS Code.
import { packVsix } from "./bundle/vsix.ts";
import { runDesktopTests } from "./stages/desktop-tests.ts";
import { hostRunFromArguments } from "./stages/host-world.ts";
import { inWords, isFine } from "./stages/tally.ts";

await packVsix();
const tally = await runDesktopTests(hostRunFromArguments());
console.log(inWords(tally));
process.exitCode = isFine(tally) ? 0 : 1;
