// `npm run format [-- FILE…]`: puts all code, or the named files, into form.
import { codeFolders, runTool } from "./stages/tool.ts";

const named = process.argv.slice(2);
process.exitCode = await runTool("oxfmt", "oxfmt", named.length > 0 ? named : codeFolders());
