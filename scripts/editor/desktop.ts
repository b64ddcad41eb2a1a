// Opens an installed desktop VS Code with the extension, where there is a screen.
import { spawn, spawnSync } from "node:child_process";

import { ROOT } from "../toolchain/paths.mjs";
import { cleanEnvironment } from "./environment.ts";
import type { Home } from "./homes.ts";

const COMMANDS = ["code", "codium", "code-insiders"];
const SHELL = process.platform === "win32";

function hasScreen(): boolean {
  if (process.platform !== "linux") return true;
  return Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
}

const installed = (): string | undefined =>
  COMMANDS.find((command) => spawnSync(command, ["--version"], { shell: SHELL, stdio: "ignore" }).status === 0);

/** False when there is no screen or no VS Code on the PATH. Else it returns when the window is closed. */
export async function openDesktop(home: Home, stopping: AbortSignal): Promise<boolean> {
  const command = hasScreen() ? installed() : undefined;
  if (command === undefined) return false;
  console.log(`\nOpening ${command} with Session Forensics. Close its window, or press Ctrl-C, to end.`);
  const args = ["--new-window", "--wait", `--extensionDevelopmentPath=${ROOT}`, home.workspace];
  const env = cleanEnvironment({ HOME: home.folder, USERPROFILE: home.folder });
  const child = spawn(command, args, { env, shell: SHELL, stdio: "inherit" });
  stopping.addEventListener("abort", () => child.kill());
  await new Promise((resolve) => child.once("exit", resolve));
  return true;
}
