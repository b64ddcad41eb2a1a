// Runs the suites of test/host in a desktop VS Code: an installed one (VSCODE_EXECUTABLE), or one that @vscode/test-electron fetches.
import { spawnSync } from "node:child_process";
import path from "node:path";

import { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath, runTests } from "@vscode/test-electron";

import { bundleHostTests } from "../bundle/host-tests.ts";
import { vsixFile } from "../bundle/vsix.ts";
import { cleanEnvironment } from "../editor/environment.ts";
import { TOOLS } from "../toolchain/paths.mjs";
import { type HostRun, makeHostWorld, reportHostRun } from "./host-world.ts";
import type { Tally } from "./tally.ts";

async function executable(): Promise<string> {
  const named = process.env["VSCODE_EXECUTABLE"];
  if (named !== undefined) return named;
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(TOOLS, "vscode") });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`VS Code could not be downloaded (${reason}). Name an installed one in VSCODE_EXECUTABLE.`, {
      cause: error,
    });
  }
}

function install(code: string, vsix: string, folders: readonly string[]): void {
  const cli = resolveCliPathFromVSCodeExecutablePath(code);
  const result = spawnSync(cli, [...folders, "--install-extension", vsix], {
    env: cleanEnvironment(),
    shell: process.platform === "win32",
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Error(`the extension could not be installed: ${result.stderr ?? result.error}`);
}

export async function runDesktopTests(options: HostRun = {}): Promise<Tally> {
  await using undo = new AsyncDisposableStack();
  const code = await executable();
  const tests = await bundleHostTests();
  undo.defer(tests.remove);
  const world = await makeHostWorld(options);
  undo.defer(world.remove);
  const own = path.dirname(world.home);
  const folders = [`--user-data-dir=${path.join(own, "user")}`, `--extensions-dir=${path.join(own, "ext")}`];
  install(code, await vsixFile(), folders);
  const problem = await runTests({
    vscodeExecutablePath: code,
    extensionDevelopmentPath: world.emptyExtension,
    extensionTestsPath: tests.entry,
    extensionTestsEnv: { ...world.env, HOME: world.home, USERPROFILE: world.home },
    launchArgs: [world.workspace, ...folders],
  }).then(
    () => undefined,
    (error: Error) => `The host tests failed: ${error.message}`,
  );
  return await reportHostRun(world, problem);
}
