/** Where things stand inside an OpenClaw home: its agents, their session folders, stores and databases. */
import { dirname, join, resolve } from "node:path";

import type { HomeIdentity } from "../../model/home.ts";
import type { Skipped } from "../../model/reading.ts";
import {
  FileError,
  isInside,
  linkText,
  listKinds,
  pathWithin,
  realPath,
  statOf,
  statThroughLinks,
  troubleText,
} from "../../system/files.ts";
import type { World } from "../program.ts";
import type { OpenClawConfig } from "./config.ts";

/** One agent and the folders that make it. Absolute paths. */
export interface AgentPlace {
  /** Id of the agent, as in its session keys. */
  readonly id: string;
  /** The id, unless two places of one home claim it. */
  readonly name: string;
  /** Folder of store and transcripts. */
  readonly sessionsFolder: string;
  /** The store: `sessions.json`, or what the config's template names. */
  readonly storePath: string;
  /** The sessions folder with links resolved. */
  readonly realFolder: string;
  /** That place when it lies outside the home though the folder seems to lie inside; else null. */
  readonly linkTarget: string | null;
  /** Databases of the SQLite era. */
  readonly databases: readonly string[];
}

/** Database of an agent since 2026.8. */
export const AGENT_DATABASE = "openclaw-agent.sqlite";

/** The agents of a home, by name. What can't be listed is named in `skipped`. */
export function agentPlaces(
  home: HomeIdentity,
  config: OpenClawConfig,
  world: World,
  skipped: Skipped[],
): AgentPlace[] {
  const places = new Map<string, AgentPlace>();
  const agentsFolder = join(home.path, "agents");
  for (const name of foldersIn(agentsFolder, skipped)) {
    const sessionsFolder = join(agentsFolder, name, "sessions");
    const databases = databasesOf(home.path, join(agentsFolder, name), skipped);
    if (!isFolder(sessionsFolder, skipped) && databases.length === 0) {
      noteLinkToNowhere(sessionsFolder, skipped);
      continue;
    }
    places.set(name, place(home, name, join(sessionsFolder, "sessions.json"), databases));
  }
  for (const stored of templatePlaces(home, config, world, [...places.keys()])) {
    const usual = places.get(stored.id);
    if (usual?.storePath === stored.storePath) continue;
    // What stands at the usual place was left there before the config named another one.
    const left = usual !== undefined && isFolder(usual.sessionsFolder, skipped);
    if (left) places.set(`${stored.id} (usual place)`, { ...usual, name: `${stored.id} (usual place)` });
    places.set(stored.id, left ? stored : { ...stored, databases: usual?.databases ?? [] });
  }
  const oldest = join(home.path, "sessions");
  if (isOldestStore(oldest)) {
    const name = places.has("main") ? "main (before agents)" : "main";
    places.set(name, { ...place(home, "main", join(oldest, "sessions.json"), []), name });
  }
  return [...places.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of the folders in `folder`, links to folders included, sorted; none when it is not there. */
export function foldersIn(folder: string, skipped: Skipped[]): string[] {
  try {
    const { entries, unusable } = listKinds(folder);
    for (const name of unusable) skipped.push({ path: join(folder, name), reason: "its name is no valid text" });
    return entries
      .filter(({ name, kind }) => kind === "directory" || (kind === "symlink" && isFolder(join(folder, name), skipped)))
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    noteTrouble(folder, error, skipped);
    return [];
  }
}

/** Whether a folder stands at the path, perhaps through links. */
export function isFolder(path: string, skipped: Skipped[]): boolean {
  try {
    return statThroughLinks(path)?.kind === "directory";
  } catch (error) {
    noteTrouble(path, error, skipped);
    return false;
  }
}

/** Names a link that leads nowhere: what it led to may only have been moved. */
export function noteLinkToNowhere(path: string, skipped: Skipped[]): void {
  if (statOf(path)?.kind !== "symlink" || statThroughLinks(path) !== undefined) return;
  skipped.push({ path, reason: `a symbolic link that leads nowhere (${linkText(path)})` });
}

/** Whether a file stands at the path, perhaps through links; trouble counts as no. */
export function isFile(path: string): boolean {
  try {
    return statThroughLinks(path)?.kind === "file";
  } catch {
    return false;
  }
}

/** Before agents had folders of their own (2026.1 and earlier) one store stood at `<home>/sessions`. */
export function isOldestStore(folder: string): boolean {
  return isFile(join(folder, "sessions.json"));
}

function place(home: HomeIdentity, id: string, storePath: string, databases: readonly string[]): AgentPlace {
  const sessionsFolder = dirname(storePath);
  const realFolder = realPath(sessionsFolder) ?? sessionsFolder;
  const leadsOut = isInside(home.path, sessionsFolder) && !isInside(home.path, realFolder);
  return { id, name: id, sessionsFolder, storePath, realFolder, linkTarget: leadsOut ? realFolder : null, databases };
}

/** One that a link leads out of the home to is read where it really lies; that is said unless the sessions folder leads there too. */
function databasesOf(home: string, agentFolder: string, skipped: Skipped[]): string[] {
  const path = join(agentFolder, "agent", AGENT_DATABASE);
  try {
    if (statThroughLinks(path)?.kind !== "file") return [];
    const real = realPath(path) ?? path;
    if (isInside(home, real)) return [pathWithin(home, path)];
    const sessions = realPath(join(agentFolder, "sessions"));
    if (sessions === undefined || isInside(home, sessions)) {
      skipped.push({ path, reason: `a symbolic link that leads out of the home (${real})` });
    }
    return [];
  } catch (error) {
    noteTrouble(path, error, skipped);
    return [];
  }
}

/**
 * Stores named by `session.store`. `{agentId}` stands for each agent; a path without it is one store for all of them.
 * A path that was written on another machine names nothing here and is passed over.
 */
function templatePlaces(
  home: HomeIdentity,
  config: OpenClawConfig,
  world: World,
  agents: readonly string[],
): AgentPlace[] {
  const template = config.storeTemplate;
  if (template === null || template === "") return [];
  const ids = template.includes("{agentId}")
    ? [...new Set([...agents, ...config.agentIds, "main"])]
    : [config.agentIds[0] ?? "main"];
  return ids
    .map((id) => place(home, id, storePathFrom(template, id, world), []))
    .filter((one) => isFile(one.storePath));
}

function storePathFrom(template: string, agentId: string, world: World): string {
  const path = template.replaceAll("{agentId}", agentId);
  return resolve(path.replace(/^~(?=$|[\\/])/, world.env["OPENCLAW_HOME"] ?? world.userHome));
}

function noteTrouble(path: string, error: unknown, skipped: Skipped[]): void {
  if (!(error instanceof FileError)) throw error;
  if (error.trouble !== "gone" && error.trouble !== "not-a-folder") skipped.push({ path, reason: troubleText(error) });
}
