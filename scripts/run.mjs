// Starts a script of this project on any machine that has Node 20 and npm: brings a newer Node and the packages first.
// Usage: node scripts/run.mjs SCRIPT [ARGUMENT…]
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { ensureDependencies } from "./toolchain/dependencies.mjs";
import { suitableNode } from "./toolchain/node.mjs";
import { withNodeFirst } from "./toolchain/npm.mjs";
import { whenNpmIsGone } from "./toolchain/orphaned.mjs";
import { ROOT } from "./toolchain/paths.mjs";

/** Runs this file again under another Node and ends as it ends. Ctrl-C reaches the child by itself; it decides when to go. */
function restartUnder(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit", env: withNodeFirst(node) });
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  whenNpmIsGone(() => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** The script to run here and now; undefined when it runs in a child under a newer Node. */
async function prepare() {
  const [script, ...rest] = process.argv.slice(2);
  const file = path.resolve(ROOT, script ?? "");
  if (!script || !existsSync(file)) throw new Error(`There is no script ${script ?? "(none named)"} in this project.`);
  const node = await suitableNode();
  if (node !== process.execPath) return restartUnder(node);
  await ensureDependencies();
  process.argv = [process.argv[0], file, ...rest];
  return pathToFileURL(file).href;
}

/** One plain sentence for a person; DEBUG=1 adds where it came from. */
function complain(error) {
  console.error(error instanceof Error && !process.env.DEBUG ? error.message : error);
  process.exitCode = 1;
}

const script = await prepare().catch(complain);
if (script) await import(script).catch(complain);
