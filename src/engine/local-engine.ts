/** The engine over this machine: its files, its processes and its clock. */
import { homedir } from "node:os";

import type { World } from "../agents/program.ts";
import { systemProcesses } from "../system/processes.ts";
import { createEngine } from "./create-engine.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { PROGRAMS } from "./programs.ts";

/** This process's surroundings. */
export const localWorld = (): World => ({
  env: process.env,
  userHome: homedir(),
  platform: process.platform,
  processes: systemProcesses(),
  now: Date.now,
});

/** Where HOME is a home or an agent's isolated one, the user's cache folder lies inside a home, and there nothing is written. */
const liesInHome = (folder: string): boolean => PROGRAMS.some((program) => program.homeAround(folder) !== null);

/** All agent programs that can be read, in the world given. */
export function localEngine(world: World, options: Omit<EngineOptions, "programs" | "world">): Engine {
  const { memoFolder } = options;
  return createEngine({
    ...options,
    programs: PROGRAMS,
    world,
    memoFolder: memoFolder === null || liesInHome(memoFolder) ? null : memoFolder,
  });
}
