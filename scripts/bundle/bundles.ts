// Bundles the extension, the language server and the command line, each one self-contained CommonJS file, and the script of the
// timeline's page.
import { existsSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import path from "node:path";

import * as esbuild from "esbuild";
import type { BuildOptions, Metafile } from "esbuild";

import { DIST, ROOT } from "../toolchain/paths.mjs";
import { problemMatcher, WatchProgress } from "./problem-matcher.ts";

interface Bundle {
  readonly name: string;
  readonly entry: string;
  readonly external: readonly string[];
  readonly shebang: boolean;
}

const BUNDLES: readonly Bundle[] = [
  { name: "extension", entry: "src/extension/extension.ts", external: ["vscode"], shebang: false },
  { name: "server", entry: "src/server/main.ts", external: [], shebang: false },
  { name: "cli", entry: "src/cli/main.ts", external: [], shebang: true },
];

// A CommonJS file has no import.meta: these two lines give the bundle its own, so that `new Worker(import.meta.filename)` works.
export const OWN_PLACE = "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;";
const IMPORT_META = {
  "import.meta.url": "__bundleUrl",
  "import.meta.filename": "__filename",
  "import.meta.dirname": "__dirname",
};

/** Options that every bundle of this project shares; the lowest Node is the one inside the lowest VS Code. */
export const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node22.15",
  // jsonc-parser's `main` is UMD, which esbuild can't follow: the bundle builds and dies at start.
  mainFields: ["module", "main"],
  conditions: ["node"],
  // The SDK's other validator: its usual one makes code at run time, and weighs seven times as much.
  alias: { "@modelcontextprotocol/server/_shims": "./src/mcp/sdk-shims.ts" },
  define: IMPORT_META,
  logLevel: "silent",
  metafile: true,
} as const satisfies BuildOptions;

/** The page of a webview loads it as a script: no modules, nothing of Node. */
const PAGE = { name: "timeline", entry: "src/webview/timeline/main.ts" } as const;

interface Mode {
  readonly folder: string;
  readonly production?: boolean;
  readonly progress?: WatchProgress;
}

function optionsOf(bundle: Bundle, { folder, production = false, progress }: Mode) {
  if (!existsSync(path.join(ROOT, bundle.entry)))
    throw new Error(`${bundle.entry} does not exist: it is the entry of dist/${bundle.name}.cjs.`);
  return {
    ...COMMON,
    entryPoints: [bundle.entry],
    outfile: path.join(folder, `${bundle.name}.cjs`),
    external: [...bundle.external],
    banner: { js: `${bundle.shebang ? "#!/usr/bin/env node\n" : ""}${OWN_PLACE}` },
    sourcemap: production ? false : ("linked" as const),
    minify: production,
    // Names stay readable in the stack traces that people send.
    keepNames: production,
    legalComments: production ? ("none" as const) : ("inline" as const),
    plugins: [problemMatcher(progress)],
  } satisfies BuildOptions;
}

const makeExecutable = (folder: string): Promise<void> => chmod(path.join(folder, "cli.cjs"), 0o755);

function pageOptions({ folder, production = false, progress }: Mode) {
  return {
    absWorkingDir: ROOT,
    entryPoints: [PAGE.entry],
    outfile: path.join(folder, `${PAGE.name}.js`),
    bundle: true,
    format: "iife",
    platform: "browser",
    // The Chromium of the lowest VS Code.
    target: "chrome134",
    logLevel: "silent",
    metafile: true,
    sourcemap: production ? false : ("inline" as const),
    minify: production,
    legalComments: production ? ("none" as const) : ("inline" as const),
    plugins: [problemMatcher(progress)],
  } satisfies BuildOptions;
}

const allOptions = (mode: Mode) => [...BUNDLES.map((bundle) => optionsOf(bundle, mode)), pageOptions(mode)];

/** Builds all bundles into `folder`; returns what went into them. Errors are already printed when it throws. */
export async function buildBundles({ production = false, folder = DIST } = {}): Promise<Metafile[]> {
  if (production) await rm(folder, { recursive: true, force: true });
  const results = await Promise.all(allOptions({ folder, production }).map((options) => esbuild.build(options)));
  await makeExecutable(folder);
  return results.map((result) => result.metafile);
}

/** Rebuilds on every change until the process is stopped. */
export async function watchBundles(): Promise<void> {
  const progress = new WatchProgress();
  const contexts = await Promise.all(allOptions({ folder: DIST, progress }).map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
  const stop = (): void => void Promise.all(contexts.map((context) => context.dispose())).then(() => process.exit(0));
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
