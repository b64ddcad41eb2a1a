// npm run cli -- VERB …: the command line as built from this folder, under a Node that is new enough.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { buildBundles } from "./bundle/bundles.ts";
import { ROOT } from "./toolchain/paths.mjs";

await buildBundles({ production: false });
const child = spawn(process.execPath, [join(ROOT, "dist", "cli.cjs"), ...process.argv.slice(2)], { stdio: "inherit" });
const [code] = await once(child, "exit");
process.exitCode = typeof code === "number" ? code : 1;
