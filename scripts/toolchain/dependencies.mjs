// Keeps node_modules in step with package-lock.json: installs when it is missing or the lock file has changed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { withLock } from "./lock.mjs";
import { npm } from "./npm.mjs";
import { MODULES, ROOT } from "./paths.mjs";

const STAMP = path.join(MODULES, ".installed-from");

const wanted = () =>
  createHash("sha256")
    .update(readFileSync(path.join(ROOT, "package-lock.json")))
    .digest("hex");
const installed = () => (existsSync(STAMP) ? readFileSync(STAMP, "utf8") : undefined);

/** Whether `npm install` by hand has already brought everything that the lock file lists. */
function matchesHiddenLock() {
  const hidden = path.join(MODULES, ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const here = JSON.parse(readFileSync(hidden, "utf8")).packages;
  const there = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8")).packages;
  return Object.entries(there).every(
    ([where, entry]) => where === "" || entry.optional || here[where]?.version === entry.version,
  );
}

export async function ensureDependencies() {
  await withLock("node_modules", () => {
    const hash = wanted();
    if (installed() === hash) return;
    if (!matchesHiddenLock()) {
      console.error("Installing the packages of package-lock.json …");
      // No package here needs its install script: what they would fetch or compile is not used.
      npm(["ci", "--ignore-scripts"], { cwd: ROOT });
    }
    writeFileSync(STAMP, hash);
  });
}
