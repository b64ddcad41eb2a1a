// Runs the suites of test/host inside the extension host of a real VS Code, served by code-server and opened by a headless browser.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { format } from "node:util";

import type { Page } from "playwright-core";

import { bundleHostTests } from "../bundle/host-tests.ts";
import { vsixFile } from "../bundle/vsix.ts";
import { launchBrowser } from "../editor/drive.ts";
import { type Served, serveEditor } from "../editor/serve.ts";
import { OUT } from "../toolchain/paths.mjs";
import { type HostRun, type HostWorld, makeHostWorld, reportHostRun } from "./host-world.ts";
import type { Tally } from "./tally.ts";

/** What this VS Code says of parts that it lacks here on purpose. */
const HARMLESS = /spdlog|authentication provider|AccountPolicy|vsda|ENOTFOUND/;

const WHOLE_RUN_MS = 5 * 60_000;

/** VS Code asks for the tests through the address of the page. */
function addressOf({ url, authority }: Served, world: HostWorld, tests: string): string {
  const remote = (file: string): string => `vscode-remote://${authority}${file}`;
  const payload = [
    ["extensionDevelopmentPath", remote(world.emptyExtension)],
    ["extensionTestsPath", remote(tests)],
    ["skipWelcome", "true"],
  ];
  const query = new URLSearchParams({ folder: world.workspace, payload: JSON.stringify(payload) });
  return `${url}/?${query.toString()}`;
}

/** The page calls back when the suite ends: 0 when run() resolved. */
async function untilExit(page: Page, address: string, lines: string[]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => lines.push(format(...args)));
  await page.exposeFunction("codeAutomationExit", (code: number) => resolve(code));
  await page.goto(address);
  return promise;
}

/** A browser that dies would otherwise be waited for until the very end. */
function broken(page: Page): Promise<string> {
  return new Promise((resolve) => {
    page.once("crash", () => resolve("The page that shows the editor crashed."));
    page
      .context()
      .browser()
      ?.once("disconnected", () => resolve("The browser that shows the editor ended."));
  });
}

async function keepScreenshot(page: Page): Promise<string> {
  const file = path.join(OUT, "host-timeout.png");
  await mkdir(OUT, { recursive: true });
  await page.screenshot({ path: file });
  return file;
}

/** Undefined when the run ended as it should; else what went wrong. */
async function drive(page: Page, served: Served, world: HostWorld, tests: string): Promise<string | undefined> {
  const lines: string[] = [];
  const abort = new AbortController();
  const code = await Promise.race([
    untilExit(page, addressOf(served, world, tests), lines),
    served.ended.then(() => "The editor ended before its tests."),
    broken(page),
    sleep(WHOLE_RUN_MS, "timeout" as const, { signal: abort.signal }),
  ]);
  abort.abort();
  if (code === 0) return undefined;
  const tail = lines
    .filter((line) => !HARMLESS.test(line))
    .map((line) => line.split("\n")[0])
    .slice(-20)
    .join("\n");
  if (code === "timeout")
    return `The host tests did not end within ${WHOLE_RUN_MS / 1000} s; the screen: ${await keepScreenshot(page)}\n${tail}`;
  return typeof code === "string" ? code : `The host tests ended with ${code}.\n${tail}`;
}

export async function runHostTests(options: HostRun = {}): Promise<Tally> {
  await using undo = new AsyncDisposableStack();
  const tests = await bundleHostTests();
  undo.defer(tests.remove);
  const world = await makeHostWorld(options);
  undo.defer(world.remove);
  const served = await serveEditor({ vsix: await vsixFile(), home: world.home, testDriver: true, env: world.env });
  undo.defer(served.stop);
  const browser = await launchBrowser();
  undo.defer(() => browser.close());
  const problem = await drive(await browser.newPage(), served, world, tests.entry);
  return await reportHostRun(world, problem);
}
