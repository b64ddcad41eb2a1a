// Installs a single npm package into .tools/NAME-VERSION, whole or not at all: an interrupted install is never taken for a whole one.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { withLock } from "./lock.mjs";
import { npm } from "./npm.mjs";
import { TOOLS } from "./paths.mjs";

export const toolFolder = (spec) => path.join(TOOLS, spec.replace(/^@/, "").replaceAll(/[@/]/g, "-"));

function removeHalves(folder) {
  for (const name of readdirSync(TOOLS))
    if (name.startsWith(`${path.basename(folder)}.half`))
      rmSync(path.join(TOOLS, name), { recursive: true, force: true });
}

/**
 * `finish(folder)` may complete the package before it is taken for whole; returns the folder that holds node_modules.
 * @param {string} spec name@version
 * @param {{ tell: string, finish?: (folder: string) => void }} options
 * @returns {Promise<string>}
 */
export async function installTool(spec, { tell, finish = () => {} }) {
  const folder = toolFolder(spec);
  if (existsSync(folder)) return folder;
  await withLock(path.basename(folder), () => {
    if (existsSync(folder)) return;
    console.error(tell);
    removeHalves(folder);
    const half = `${folder}.half-${process.pid}`;
    mkdirSync(half, { recursive: true });
    writeFileSync(path.join(half, "package.json"), '{ "private": true }\n');
    npm(["install", "--ignore-scripts", "--no-save", "--no-package-lock", spec], { cwd: half });
    finish(half);
    renameSync(half, folder);
  });
  return folder;
}
