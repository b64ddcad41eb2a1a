/** What reading needs from OpenClaw's config: where stores stand, how long archives are kept, which release wrote it. */
import { join } from "node:path";

import type { Skipped } from "../../model/reading.ts";
import { parseTolerant } from "../../formats/json5.ts";
import { asObject, asText } from "../../formats/json-values.ts";
import { FileError, readAll, realPath, statThroughLinks, troubleText } from "../../system/files.ts";
import type { FactsMemo } from "../program.ts";

/** Config files by age of their name: 2026.2 and later, then the legacy ones, which OpenClaw still reads. */
export const CONFIG_NAMES = ["openclaw.json", "clawdbot.json", "moldbot.json", "moltbot.json"] as const;

export interface OpenClawConfig {
  /** Home-relative name of the file; null when there is none that can be read. */
  readonly name: string | null;
  /** `meta.lastTouchedVersion`. */
  readonly release: string | null;
  /** `session.store`: a path, with `{agentId}` in it when every agent has a store of its own. */
  readonly storeTemplate: string | null;
  /** Ids of `agents.list`, the default agent first. */
  readonly agentIds: readonly string[];
  readonly maintenanceMode: string | null;
  /** `session.maintenance.resetArchiveRetention`: milliseconds, "off", or null when not set. */
  readonly archiveRetention: number | "off" | null;
  /** `session.maintenance.pruneAfter`, which releases without databases apply to archives as well. */
  readonly pruneAfter: number | "off" | null;
}

const NO_CONFIG: OpenClawConfig = {
  name: null,
  release: null,
  storeTemplate: null,
  agentIds: [],
  maintenanceMode: null,
  archiveRetention: null,
  pruneAfter: null,
};
const MOST_BYTES = 16 << 20;

/** Reads the home's config. What can't be read counts as not set, and is named in `skipped`. */
export function readConfig(home: string, memo: FactsMemo, skipped: Skipped[]): OpenClawConfig {
  for (const name of CONFIG_NAMES) {
    const path = join(home, name);
    try {
      const file = statThroughLinks(path);
      if (file?.kind !== "file") continue;
      return memo.get(file, "openclaw/config/2", () => configOf(name, readConfigText(path)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      skipped.push({ path, reason: troubleText(error) });
    }
  }
  return NO_CONFIG;
}

/** The facts in a config's text; tolerant of comments, trailing commas, bare keys and damage. */
export function configOf(name: string, text: string): OpenClawConfig {
  const root = asObject(parseTolerant(text).value);
  const session = asObject(root?.["session"]);
  const maintenance = asObject(session?.["maintenance"]);
  return {
    name,
    release: asText(asObject(root?.["meta"])?.["lastTouchedVersion"]),
    storeTemplate: asText(session?.["store"])?.trim() ?? null,
    agentIds: agentIdsOf(asObject(root?.["agents"])?.["list"]),
    maintenanceMode: asText(maintenance?.["mode"]),
    archiveRetention: retentionOf(maintenance?.["resetArchiveRetention"]),
    pruneAfter: retentionOf(maintenance?.["pruneAfter"]),
  };
}

/** A config may be a link (dotfile managers make such), so it is read at its real place. */
function readConfigText(path: string): string {
  return readAll(realPath(path) ?? path, MOST_BYTES).toString("utf8");
}

function agentIdsOf(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  const agents = list.map(asObject).filter((agent) => agent !== undefined);
  agents.sort((a, b) => Number(b["default"] === true) - Number(a["default"] === true));
  return agents.map((agent) => asText(agent["id"])).filter((id) => id !== null);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** OpenClaw writes durations as `30d`, `12h` or a number of days; `false` switches the removal off. */
function retentionOf(value: unknown): number | "off" | null {
  if (value === false) return "off";
  if (typeof value === "number") return value > 0 ? value * 86_400_000 : "off";
  if (typeof value !== "string") return null;
  const parts = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)?\s*$/i.exec(value);
  const unit = UNIT_MS[(parts?.[2] ?? "d").toLowerCase()];
  return parts === null || unit === undefined ? null : Number(parts[1]) * unit;
}

/** How long reset archives are kept, in days (null: for ever, or not known), and where that comes from. */
export interface Retention {
  readonly days: number | null;
  readonly source: string;
}

const DEFAULT_DAYS = 30;

/**
 * Archives are removed only in maintenance mode `enforce`: the default is `warn` up to 2026.3 and `enforce` in 2026.5
 * and later. `sinceMay` says whether the home was written by such a release; null when nothing tells. Since sessions are in
 * databases (`hasDatabases`), archives go by age only where `resetArchiveRetention` is set (documentation of 2026.9.6).
 */
export function retentionIn(config: OpenClawConfig, sinceMay: boolean | null, hasDatabases = false): Retention {
  const where = config.name ?? "the config";
  const set = config.archiveRetention ?? (hasDatabases ? null : config.pruneAfter);
  if (set === "off") {
    return { days: null, source: `${where}: session.maintenance.resetArchiveRetention is false` };
  }
  if (config.maintenanceMode !== null && config.maintenanceMode !== "enforce") {
    return { days: null, source: `${where}: session.maintenance.mode is "${config.maintenanceMode}"` };
  }
  if (config.maintenanceMode === null && sinceMay !== true) {
    const source =
      sinceMay === null
        ? "no setting, and the release that would tell the default is not known"
        : "no setting, and this release only warns by default";
    return { days: null, source };
  }
  if (set !== null) return { days: set / 86_400_000, source: `${where}: session.maintenance` };
  if (hasDatabases) return { days: null, source: "no setting, and releases with databases keep archives by default" };
  return { days: DEFAULT_DAYS, source: `no setting: OpenClaw removes reset archives after ${DEFAULT_DAYS} days` };
}
