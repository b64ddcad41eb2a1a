/** The server's dependencies on this machine. */
import { hostname, userInfo } from "node:os";
import path from "node:path";

import manifest from "../../package.json" with { type: "json" };
import { localEngine, localWorld } from "../engine/local-engine.ts";
import { memoFolder } from "../engine/memo-folder.ts";
import { createRepairDesk } from "../engine/repair-desk.ts";
import { realPath } from "../system/files.ts";
import { findRipgrep } from "../system/ripgrep.ts";
import { watchFolders } from "../system/watcher.ts";
import { uriOf } from "./paths.ts";
import type { ServerDependencies } from "./ports.ts";

/** The bundles lie in dist/, the documentation beside it; run from source there is none. */
function shippedDocumentation(): string | undefined {
  const folder = path.resolve(import.meta.dirname, "..", "docs");
  return realPath(path.join(folder, "findings.md")) === undefined ? undefined : uriOf(folder);
}

export function localDependencies(): ServerDependencies {
  const world = localWorld();
  return {
    createEngine: (request) => localEngine(world, request),
    watchFolders,
    createRepairDesk: (quietMs) =>
      createRepairDesk({
        world,
        face: "editor",
        version: manifest.version,
        by: `${userInfo().username}@${hostname()}`,
        quietMs,
      }),
    findRipgrep: (candidates) => findRipgrep(candidates, world.env, world.platform),
    judgeLocksEachMs: 10_000,
    now: world.now,
    localOffset: (ms) => -new Date(ms).getTimezoneOffset(),
    userHome: world.userHome,
    env: world.env,
    memoFolder: memoFolder(world),
    version: manifest.version,
    documentation: shippedDocumentation(),
  };
}
