// Runs a program of node_modules under this Node, showing its output as it comes.
import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { MODULES, ROOT } from "../toolchain/paths.mjs";

/** The script behind a package's command: started through Node itself, it needs no shell on any platform. */
function commandFile(packageName: string, command: string): string {
  const folder = path.join(MODULES, packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === "string" ? bin : bin[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}`);
  return path.join(folder, file);
}

/** Ends with the exit code of the tool. */
export function runTool(packageName: string, command: string, args: readonly string[], cwd = ROOT): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [commandFile(packageName, command), ...args], { cwd, stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** Runs a tool whose chatter matters only when it fails: the error holds it. */
export async function runToolQuietly(
  packageName: string,
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  const call = promisify(execFile)(process.execPath, [commandFile(packageName, command), ...args], { cwd });
  await call.catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${command} failed: ${error.stderr ?? ""}${error.stdout ?? ""}`, { cause: error });
  });
}

/** The folders with code that exist in this checkout. */
export function codeFolders(): string[] {
  return ["src", "test", "bench", "scripts"].filter((folder) => existsSync(path.join(ROOT, folder)));
}
