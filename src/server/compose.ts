/** The server's dependencies on this machine. */
import manifest from "../../package.json" with { type: "json" };
import { localEngine, localWorld } from "../engine/local-engine.ts";
import { memoFolder } from "../engine/memo-folder.ts";
import { watchFolders } from "../system/watcher.ts";
import type { ServerDependencies } from "./ports.ts";

export function localDependencies(): ServerDependencies {
  const world = localWorld();
  return {
    createEngine: (request) => localEngine(world, request),
    watchFolders,
    judgeLocksEachMs: 10_000,
    now: world.now,
    userHome: world.userHome,
    memoFolder: memoFolder(world),
    version: manifest.version,
  };
}
