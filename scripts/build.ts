// `npm run build`: the three bundles in dist/. `--watch` rebuilds on change, for F5.
import { buildBundles, watchBundles } from "./bundle/bundles.ts";

if (process.argv.includes("--watch")) await watchBundles();
else await buildBundles({ production: process.argv.includes("--production") });
