// Fetches code-server, the real VS Code that opens in a browser: for `npm start` without a desktop and for the host tests.
import { copyFileSync, rmSync } from "node:fs";
import path from "node:path";

import { nodeForCodeServer } from "../toolchain/node.mjs";
import { npm } from "../toolchain/npm.mjs";
import { installTool } from "../toolchain/tools.mjs";

const SPEC = "code-server@4.139.1";

/** Parts of VS Code that nothing here uses; together they are 300 MB. */
const UNUSED = [
  "node_modules/@github",
  "node_modules/@microsoft/mxc-sdk",
  "extensions/copilot",
  "extensions/ms-vscode.js-debug",
  "extensions/ms-vscode.js-debug-companion",
  "extensions/ms-vscode.vscode-js-profile-table",
  "extensions/github-authentication",
  "extensions/microsoft-authentication",
];

export interface CodeServer {
  /** The Node to run it with. */
  readonly node: string;
  readonly entry: string;
}

/** Its package leaves the packages of VS Code itself to an install script; they are installed here, nothing is compiled. */
function finish(folder: string, node: string): void {
  const cwd = path.join(folder, "node_modules", "code-server", "lib", "vscode");
  // Not `npm ci`: the shrinkwrap there does not list all of them.
  npm(["install", "--omit=dev", "--ignore-scripts"], { cwd, node });
  for (const part of UNUSED) rmSync(path.join(cwd, part), { recursive: true, force: true });
  copyFileSync(
    path.join(import.meta.dirname, "log-writer.cjs"),
    path.join(cwd, "node_modules/@vscode/spdlog/index.js"),
  );
}

export async function codeServer(): Promise<CodeServer> {
  const node = await nodeForCodeServer();
  const folder = await installTool(SPEC, {
    tell: `Fetching ${SPEC}, a VS Code for the browser (once, about a minute, 500 MB in .tools) …`,
    finish: (half: string) => finish(half, node),
  });
  return { node, entry: path.join(folder, "node_modules", "code-server", "out", "node", "entry.js") };
}
