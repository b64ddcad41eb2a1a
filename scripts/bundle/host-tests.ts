// Bundles the tests that run inside an extension host: CommonJS, one file per suite, mocha and vscode left out.
import { globSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";

import * as esbuild from "esbuild";

import { OUT, ROOT } from "../toolchain/paths.mjs";
import { COMMON, OWN_PLACE } from "./bundles.ts";
import { problemMatcher } from "./problem-matcher.ts";

export interface HostTests {
  /** The file that exports run(). */
  readonly entry: string;
  readonly remove: () => Promise<void>;
}

/** Into a folder of this process: two runs side by side must not take each other's files away. */
export async function bundleHostTests(): Promise<HostTests> {
  const outdir = path.join(OUT, `host-${process.pid}`);
  await esbuild.build({
    ...COMMON,
    entryPoints: ["test/host/index.ts", ...globSync("test/host/**/*.test.ts", { cwd: ROOT })],
    outdir,
    outbase: "test/host",
    entryNames: "[name]",
    outExtension: { ".js": ".cjs" },
    banner: { js: OWN_PLACE },
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    plugins: [problemMatcher()],
  });
  return { entry: path.join(outdir, "index.cjs"), remove: () => rm(outdir, { recursive: true, force: true }) };
}
