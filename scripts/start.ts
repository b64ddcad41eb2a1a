// `npm start [-- --no-open --port N]`: what is on this machine, at once in the terminal and then in a real VS Code.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { buildBundles } from "./bundle/bundles.ts";
import { packVsix } from "./bundle/vsix.ts";
import { openDesktop } from "./editor/desktop.ts";
import { cleanEnvironment } from "./editor/environment.ts";
import { serveEditor } from "./editor/serve.ts";
import { type Home, ownHome, sampleHome } from "./editor/homes.ts";
import { whenNpmIsGone } from "./toolchain/orphaned.mjs";
import { DIST } from "./toolchain/paths.mjs";

const { values } = parseArgs({
  options: { "no-open": { type: "boolean", default: false }, port: { type: "string" } },
});

async function chooseHome(): Promise<Home> {
  const own = await ownHome();
  if (own !== undefined) return own;
  const sample = await sampleHome();
  console.log(
    `No agent has a home on this machine. A sample home shows what there is to see: a copy in ${sample.folder}`,
  );
  return sample;
}

/** The sample is named by its folder: "~" is to mean the person's own home, as in any other terminal. */
async function printScan({ folder }: Home): Promise<void> {
  const places = folder === homedir() ? [] : [folder];
  const args = [path.join(DIST, "cli.cjs"), "scan", ...places];
  const child = spawn(process.execPath, args, { env: cleanEnvironment(), stdio: "inherit" });
  await once(child, "exit");
}

async function serveUntilStopped(home: Home, port: number | undefined, stopping: AbortSignal): Promise<void> {
  const served = await serveEditor({
    vsix: await packVsix(),
    home: home.folder,
    ...(port === undefined ? {} : { port }),
  });
  const folder = encodeURIComponent(home.workspace).replaceAll("%2F", "/");
  console.log(`\nVS Code with Session Forensics:\n\n    ${served.url}/?folder=${folder}\n`);
  console.log(
    "The last icon of the bar on its left side opens the sessions and what was found. It answers this machine only;",
  );
  console.log("Ctrl-C stops it.");
  const stopped = stopping.aborted ? Promise.resolve() : once(stopping, "abort");
  await Promise.race([stopped, served.ended]);
  await served.stop();
  console.log("Stopped.");
}

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`--port takes a number between 1 and 65535, not ${text}`);
}

/** Aborts when this process is asked to end, so that what it made is removed first. Asked a second time, it ends at once. */
function askedToStop(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopping.abort());
  whenNpmIsGone(() => stopping.abort());
  return stopping.signal;
}

async function show(home: Home, stopping: AbortSignal): Promise<void> {
  const isOpened = !values["no-open"] && (await openDesktop(home, stopping));
  if (!isOpened && !stopping.aborted) await serveUntilStopped(home, port, stopping);
}

const port = portFrom(values.port);
const stopping = askedToStop();
await buildBundles();
const home = await chooseHome();
try {
  for (const step of [printScan, show]) if (!stopping.aborted) await step(home, stopping);
} finally {
  await home.remove();
}
