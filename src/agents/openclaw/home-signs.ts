/** How an OpenClaw home is recognised by what lies in it, and what its place among other folders says of its role. */
import { basename, dirname, join, relative, sep } from "node:path";

import type { Era, Role } from "../../model/home.ts";
import { list, realPath } from "../../system/files.ts";
import { CONFIG_NAMES } from "./config.ts";
import { AGENT_DATABASE, foldersIn, isFile, isFolder, isOldestStore } from "./layout.ts";

/** State folders by age of their name. `.moltbot` was never written by a release that we know of. */
export const STATE_FOLDER_NAMES = [".openclaw", ".clawdbot", ".moldbot", ".moltbot"] as const;

/**
 * Whether a folder is a home by its content: it holds sessions, or a config beside agents' folders. A config alone makes a
 * home only of a folder that is named as one: configs also lie in home folders and in projects.
 */
export function looksLikeHome(folder: string): boolean {
  if (holdsSessions(folder)) return true;
  return hasConfig(folder) && (isStateFolderName(basename(folder)) || holdsAgents(folder));
}

function holdsAgents(folder: string): boolean {
  const agents = join(folder, "agents");
  return foldersIn(agents, []).some((name) =>
    ["sessions", "agent"].some((part) => isFolder(join(agents, name, part), [])),
  );
}

function hasConfig(folder: string): boolean {
  return CONFIG_NAMES.some((name) => isFile(join(folder, name)));
}

function holdsSessions(folder: string): boolean {
  // An agent's own folder holds its sessions just as the oldest homes did.
  if (basename(dirname(folder)) !== "agents" && isOldestStore(join(folder, "sessions"))) return true;
  const agents = join(folder, "agents");
  return foldersIn(agents, []).some((name) => isAgentFolder(join(agents, name)));
}

/** How the sessions of a home are stored. */
export function eraOf(home: string): Era {
  const agents = foldersIn(join(home, "agents"), []).map((name) => join(home, "agents", name));
  if (!agents.some((agent) => isFile(join(agent, "agent", AGENT_DATABASE)))) return "files";
  return agents.some((agent) => hasFilesOfBefore(join(agent, "sessions"))) ? "mixed" : "sqlite";
}

function isAgentFolder(folder: string): boolean {
  const sessions = join(folder, "sessions");
  if (isFile(join(folder, "agent", AGENT_DATABASE)) || isFile(join(sessions, "sessions.json"))) return true;
  return isFolder(sessions, []) && namesIn(sessions).some((name) => name.includes(".jsonl"));
}

/** A store or transcripts of the kind that releases before the databases wrote: packed archives are not among them. */
function hasFilesOfBefore(sessions: string): boolean {
  return namesIn(sessions).some(
    (name) => name === "sessions.json" || (name.includes(".jsonl") && !/\.(?:zst|lock|tmp)$/.test(name)),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return list(folder).names;
  } catch {
    return [];
  }
}

/** The home that a home lies in, and how: below an agent's folder (an isolated HOME), or directly. */
export interface Enclosure {
  readonly role: Extract<Role, "shadow" | "nested">;
  /** Absolute path of the outermost home. */
  readonly home: string;
}

/** Looks upwards from a home's real path for the home that it is a shadow of, or nested in. */
export function enclosureOf(home: string): Enclosure | null {
  let found: Enclosure | null = null;
  for (let folder = dirname(home); folder !== dirname(folder); folder = dirname(folder)) {
    const way = relative(folder, home).split(sep);
    const role = roleBelow(way);
    if (role === null) continue;
    if (looksLikeHome(folder) || (role === "shadow" && hasConfig(folder))) found = { role, home: folder };
  }
  return found;
}

/** The home that a path lies in, links resolved; null when in none. Nothing needs to stand at the path yet. */
export function homeAround(path: string): string | null {
  const real = realPath(path);
  if (real === undefined) return path === dirname(path) ? null : homeAround(dirname(path));
  for (let folder = real; folder !== dirname(folder); folder = dirname(folder)) {
    if (looksLikeHome(folder)) return folder;
  }
  return enclosureOf(real)?.home ?? null;
}

/** `agents/<a>/agent/…` is what an agent sees as its own HOME or its own files; a state folder directly in a home is nested. */
function roleBelow(way: readonly string[]): Enclosure["role"] | null {
  if (way.length > 3 && way[0] === "agents" && way[2] === "agent") return "shadow";
  return way.length === 1 && isStateFolderName(way[0] ?? "") ? "nested" : null;
}

/** `.openclaw`, the legacy names, and those of profiles. */
export function isStateFolderName(name: string): boolean {
  return STATE_FOLDER_NAMES.some((known) => name === known) || isProfileName(name);
}

/** `.openclaw-<profile>`; `.clawdbot-<profile>` from before the name changed. */
export function isProfileName(name: string): boolean {
  return /^\.(?:openclaw|clawdbot)-[A-Za-z0-9][\w.-]*$/.test(name);
}

/** Why a home's place says that it is a copy; null when it says nothing. Only plain words count. */
export function backupSign(home: string): string | null {
  const name = basename(home);
  if (
    /^\.?(?:openclaw|clawdbot|moldbot|moltbot)(?:[._](?:bak|backup|old|orig|copy|save)\b|-(?:bak|backup)-?\d|~)/i.test(
      name,
    )
  ) {
    return `its folder is named ${name}`;
  }
  const folder = dirname(home)
    .split(sep)
    .find((part) => /^(?:backups?|\.?snapshots?|openclaw-backups?)$/i.test(part));
  return folder === undefined ? null : `it lies in a folder named ${folder}`;
}

/** The real path of a folder, if there is one. */
export function realFolder(path: string): string | undefined {
  const real = realPath(path);
  return real !== undefined && isFolder(real, []) ? real : undefined;
}
