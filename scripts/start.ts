// `npm start [-- --no-open --port N]`: what is on this machine, at once in the terminal and then in a real VS Code.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { parseArgs } from "node:util";

import { buildBundles } from "./bundle/bundles.ts";
import { packVsix } from "./bundle/vsix.ts";
import { openDesktop } from "./editor/desktop.ts";
import { cleanEnvironment } from "./editor/environment.ts";
import { serveEditor } from "./editor/serve.ts";
import { type Home, ownHome, sampleHome } from "./editor/homes.ts";
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

async function printScan(home: Home): Promise<void> {
  const env = cleanEnvironment({ HOME: home.folder, USERPROFILE: home.folder });
  const child = spawn(process.execPath, [path.join(DIST, "cli.cjs"), "scan"], { env, stdio: "inherit" });
  await once(child, "exit");
}

async function serveUntilStopped(home: Home, port: number | undefined): Promise<void> {
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
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopped.resolve());
  await Promise.race([stopped.promise, served.ended]);
  await served.stop();
  console.log("Stopped.");
}

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`--port takes a number between 1 and 65535, not ${text}`);
}

const port = portFrom(values.port);
await buildBundles();
const home = await chooseHome();
try {
  await printScan(home);
  if (values["no-open"] || !(await openDesktop(home))) await serveUntilStopped(home, port);
} finally {
  await home.remove();
}
