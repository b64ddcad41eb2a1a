/** The environment in which OpenClaw's own commands work on one certain home, wherever they are typed. */
import { basename, dirname, join } from "node:path";

import type { HomeIdentity } from "../../model/home.ts";
import type { VariableSetting, World } from "../program.ts";
import { CONFIG_NAMES } from "./config.ts";
import { isFile } from "./layout.ts";
import { homeAround, STATE_FOLDER_NAMES } from "./home-signs.ts";

/**
 * Without OPENCLAW_STATE_DIR the state folder hangs on HOME alone, whatever the config path says (2026.3.24 to 2026.9.6), so
 * both are set; everything that could lead elsewhere is unset.
 */
export function environmentFor({ path }: HomeIdentity, world: Pick<World, "userHome">): VariableSetting[] {
  const config = CONFIG_NAMES.map((name) => join(path, name)).find(isFile) ?? null;
  return [
    { name: "HOME", value: userHomeOf(path, world.userHome) },
    { name: "OPENCLAW_STATE_DIR", value: path },
    { name: "OPENCLAW_CONFIG_PATH", value: config },
    { name: "OPENCLAW_CONFIG_DIR", value: null },
    { name: "OPENCLAW_HOME", value: null },
    { name: "OPENCLAW_PROFILE", value: null },
  ];
}

/** The folder around `~/.openclaw`; for a home under any other name the user's own, unless that lies in a home itself. */
function userHomeOf(home: string, userHome: string): string {
  const isNamedSo = STATE_FOLDER_NAMES.some((name) => name === basename(home));
  return isNamedSo || homeAround(userHome) !== null ? dirname(home) : userHome;
}
