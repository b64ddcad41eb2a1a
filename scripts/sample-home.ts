// `node scripts/run.mjs scripts/sample-home.ts FOLDER`: a fresh copy of the sample home, for F5.
import path from "node:path";

import { copySampleHome } from "./editor/homes.ts";
import { ROOT } from "./toolchain/paths.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name the folder to fill");
await copySampleHome(path.resolve(ROOT, folder));
