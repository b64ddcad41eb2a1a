/** Which of several homes OpenClaw would use when it is started from here. */
import { isAbsolute, join } from "node:path";

import type { World } from "../program.ts";
import { STATE_FOLDER_NAMES } from "./home-signs.ts";

/**
 * The state folders in the order in which OpenClaw takes them, absolute; the first that exists is used. (2026.5.12:
 * OPENCLAW_STATE_DIR as it is; else the state folder in OPENCLAW_HOME, else in HOME, with the profile where one is named;
 * a former name only where no newer one exists.)
 */
export function statePlaces(world: Pick<World, "env" | "userHome">): string[] {
  const { env, userHome } = world;
  const stateDir = namedFolder(env["OPENCLAW_STATE_DIR"], userHome);
  if (stateDir !== null) return [stateDir];
  const home = namedFolder(env["OPENCLAW_HOME"], userHome) ?? userHome;
  const profile = namedProfile(env);
  const names = profile === null ? STATE_FOLDER_NAMES : [`.openclaw-${profile}`];
  return names.map((name) => join(home, name));
}

/** The absolute folder that an environment variable names, `~` resolved; null when it names none. */
export function namedFolder(value: string | undefined, userHome: string): string | null {
  const path = value?.trim().replace(/^~(?=$|[\\/])/, userHome);
  return path === undefined || !isAbsolute(path) ? null : path;
}

/** The profile that OPENCLAW_PROFILE names; null when it names none that a folder could be called after. */
export function namedProfile(env: World["env"]): string | null {
  const profile = env["OPENCLAW_PROFILE"]?.trim();
  return profile !== undefined && /^[\w-]+$/.test(profile) ? profile : null;
}
