/** OpenClaw processes that work on a home now, and the port by which its gateway can be met. */
import { join } from "node:path";

import type { HomeIdentity } from "../../model/home.ts";
import { parseTolerant } from "../../formats/json5.ts";
import { asNumber, asObject } from "../../formats/json-values.ts";
import { readAll, realPath } from "../../system/files.ts";
import type { ProcessInfo } from "../../system/processes.ts";
import { CONFIG_NAMES } from "./config.ts";
import { statePlaces } from "./home-in-use.ts";

/** 2026.5.12: the port of a gateway whose config names none. */
const DEFAULT_PORT = 18789;
const MOST_BYTES = 16 << 20;

/** Whether a process works on this home by its environment: `unknown` where that can't be read. */
export function worksOn(process: ProcessInfo, home: HomeIdentity): "yes" | "no" | "unknown" {
  const env = process.environment;
  if (env === null) return "unknown";
  const userHome = env["HOME"];
  if (userHome === undefined && env["OPENCLAW_STATE_DIR"] === undefined) return "unknown";
  const inUse = statePlaces({ env, userHome: userHome ?? "/" })
    .map(realPath)
    .find((place) => place !== undefined);
  return inUse === home.path ? "yes" : "no";
}

/** `gateway.port` of the home's config, else OpenClaw's own default. */
export function gatewayPort(home: HomeIdentity): number {
  for (const name of CONFIG_NAMES) {
    const config = realPath(join(home.path, name));
    if (config === undefined) continue;
    try {
      const root = asObject(parseTolerant(readAll(config, MOST_BYTES).toString("utf8")).value);
      const port = asNumber(asObject(root?.["gateway"])?.["port"]);
      if (port !== null && Number.isInteger(port) && port > 0 && port < 65_536) return port;
    } catch {
      // A config that can't be read names no port.
    }
    return DEFAULT_PORT;
  }
  return DEFAULT_PORT;
}
