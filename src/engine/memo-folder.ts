/** The folder in which facts are kept across restarts: the user's cache folder, never a home. */
import { posix, win32 } from "node:path";

import type { World } from "../agents/program.ts";

const NAME = "session-forensics";

/** SESSION_FORENSICS_CACHE, else the cache folder of the system (XDG_CACHE_HOME, ~/Library/Caches, LOCALAPPDATA). */
export function memoFolder({ env, platform, userHome }: Pick<World, "env" | "platform" | "userHome">): string {
  const path = platform === "win32" ? win32 : posix;
  const named = env["SESSION_FORENSICS_CACHE"];
  if (named !== undefined && path.isAbsolute(named)) return named;
  if (platform === "win32")
    return path.join(env["LOCALAPPDATA"] || path.join(userHome, "AppData", "Local"), NAME, "cache");
  if (platform === "darwin") return path.join(userHome, "Library", "Caches", NAME);
  // The XDG base directory specification says that a relative path is to be ignored.
  const xdg = env["XDG_CACHE_HOME"];
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(userHome, ".cache"), NAME);
}
