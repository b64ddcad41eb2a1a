/** Finds the OpenClaw homes of a machine: everything that this user's programs and running gateways would use. */
import { createHash } from "node:crypto";
import { basename, dirname, isAbsolute, join } from "node:path";

import type { HomeIdentity, HomeReason, Role } from "../../model/home.ts";
import type { Skipped } from "../../model/reading.ts";
import type { ProcessInfo } from "../../system/processes.ts";
import type { GivenPlaces, ReadingContext, World } from "../program.ts";
import { readConfig } from "./config.ts";
import { searchPlaces } from "./given-places.ts";
import {
  backupSign,
  enclosureOf,
  eraOf,
  isProfileName,
  looksLikeHome,
  realFolder,
  STATE_FOLDER_NAMES,
  type Enclosure,
} from "./home-signs.ts";
import { namedFolder, namedProfile, statePlaces } from "./home-in-use.ts";
import { foldersIn, isFolder, noteLinkToNowhere } from "./layout.ts";

/** A folder that may be a home, and why it is looked at. */
interface Candidate {
  readonly path: string;
  readonly reason: HomeReason;
  /** Somebody named it: then it is said when nothing is there. */
  readonly named: boolean;
}

/** Every home once, canonical ones first, each followed by its shadows. */
export async function discoverHomes(
  context: ReadingContext,
  given: GivenPlaces,
): Promise<{ homes: HomeIdentity[]; skipped: Skipped[] }> {
  const skipped: Skipped[] = [];
  const found = new Map<string, HomeReason[]>();
  const add = (candidate: Candidate): void => addCandidate(candidate, found, skipped);
  if (given.discover) userCandidates(context.world).forEach(add);
  for await (const place of searchPlaces(given.paths, context, skipped)) {
    add({ path: place.home, reason: { rule: "given-folder", text: place.text }, named: true });
  }
  for (const home of found.keys()) {
    await context.breathe();
    const enclosure = enclosureOf(home);
    if (enclosure !== null && !found.has(enclosure.home)) add(around(home, enclosure));
    innerHomes(home, skipped).forEach(add);
  }
  if (given.discover) markInUse(found, context.world);
  const homes = [...found].map(([path, reasons]) => identify(path, reasons, context));
  return { homes: homes.toSorted(canonicalFirst), skipped };
}

/** Where several homes stand side by side, the one that OpenClaw would use from here says so before anything else. */
function markInUse(found: ReadonlyMap<string, HomeReason[]>, world: World): void {
  const sideBySide = [...found.keys()].filter((home) => enclosureOf(home) === null && backupSign(home) === null);
  if (sideBySide.length < 2) return;
  for (const place of statePlaces(world)) {
    const reasons = found.get(realFolder(place) ?? "");
    if (reasons === undefined) continue;
    reasons.unshift({ rule: "in-use", text: "OpenClaw uses it when it is started from here" });
    return;
  }
}

function addCandidate(candidate: Candidate, found: Map<string, HomeReason[]>, skipped: Skipped[]): void {
  const real = realFolder(candidate.path);
  if (real === undefined || !looksLikeHome(real)) {
    const trouble = troubleWithin(candidate.path);
    if (trouble.length > 0)
      skipped.push(...trouble.filter(({ path }) => !skipped.some((known) => known.path === path)));
    if (trouble.length > 0 || !candidate.named) return;
    const reason = real === undefined ? "no such folder" : "no OpenClaw sessions in it";
    skipped.push({ path: candidate.path, reason: `${reason} (${candidate.reason.text})` });
    return;
  }
  const reasons = found.get(real);
  if (reasons === undefined) found.set(real, [candidate.reason]);
  else if (!reasons.some((known) => isSameReason(known, candidate.reason))) reasons.push(candidate.reason);
}

/** What keeps a folder from being seen as a home though it may be one: folders that can't be listed, links that lead nowhere. */
function troubleWithin(path: string): Skipped[] {
  const trouble: Skipped[] = [];
  if (!isFolder(path, trouble)) return trouble;
  foldersIn(path, trouble);
  if (trouble.length > 0) return trouble;
  const agents = join(path, "agents");
  for (const name of foldersIn(agents, trouble)) {
    const sessions = join(agents, name, "sessions");
    if (isFolder(sessions, trouble)) foldersIn(sessions, trouble);
    else noteLinkToNowhere(sessions, trouble);
  }
  return trouble;
}

/** One running process is reason enough; it has many children. */
function isSameReason(a: HomeReason, b: HomeReason): boolean {
  return a.rule === b.rule && (a.text === b.text || a.rule === "running-gateway");
}

/** Where OpenClaw looks when this user starts it, and what running gateways use. */
function userCandidates(world: World): Candidate[] {
  return [
    ...environmentCandidates(world.env, world.userHome, "the environment"),
    ...folderCandidates(world.userHome),
    ...world.processes
      .list()
      .filter((info) => info.pid !== world.processes.self.pid)
      .flatMap(processCandidates),
  ];
}

/** OpenClaw's order: OPENCLAW_STATE_DIR; else the state folder in OPENCLAW_HOME or HOME. The config path moves no state. */
function environmentCandidates(env: World["env"], userHome: string, whose: string): Candidate[] {
  const candidates: Candidate[] = [];
  const value = (name: string): string | undefined => namedFolder(env[name], userHome) ?? undefined;
  const stateDir = value("OPENCLAW_STATE_DIR");
  if (stateDir !== undefined) {
    const reason = { rule: "openclaw-state-dir", text: `OPENCLAW_STATE_DIR names it in ${whose}` };
    candidates.push({ path: stateDir, reason, named: true });
  }
  const home = value("OPENCLAW_HOME");
  if (home !== undefined) {
    const reason = { rule: "openclaw-home", text: `OPENCLAW_HOME in ${whose} makes it the state folder` };
    candidates.push(...STATE_FOLDER_NAMES.map((name) => ({ path: join(home, name), reason, named: false })));
    candidates.push({ path: home, reason: { ...reason, text: `OPENCLAW_HOME names it in ${whose}` }, named: false });
  }
  for (const name of ["OPENCLAW_CONFIG_PATH", "OPENCLAW_CONFIG_DIR"] as const) {
    const path = value(name);
    if (path === undefined) continue;
    const reason = { rule: "openclaw-config-path", text: `${name} in ${whose} names the config in it` };
    candidates.push({ path: name === "OPENCLAW_CONFIG_DIR" ? path : dirname(path), reason, named: false });
  }
  const profile = namedProfile(env);
  if (profile !== null) {
    const reason = { rule: "profile", text: `OPENCLAW_PROFILE in ${whose} names its profile` };
    candidates.push({ path: join(home ?? userHome, `.openclaw-${profile}`), reason, named: false });
  }
  return candidates;
}

/** State folders in a user's home folder: the current name, legacy names, profiles. */
function folderCandidates(userHome: string): Candidate[] {
  const known = STATE_FOLDER_NAMES.map((name): Candidate => {
    const rule = name === ".openclaw" ? "user-home" : "legacy-name";
    const text = name === ".openclaw" ? `${name} of this user` : `${name} of this user, a name from before .openclaw`;
    return { path: join(userHome, name), reason: { rule, text }, named: false };
  });
  const profiles = foldersIn(userHome, [])
    .filter(isProfileName)
    .map((name): Candidate => {
      const text = `profile "${name.slice(name.indexOf("-") + 1)}" of this user`;
      return { path: join(userHome, name), reason: { rule: "profile", text }, named: false };
    });
  return [...known, ...profiles];
}

/** A process whose environment can be read shows which state it uses. */
function processCandidates(info: ProcessInfo): Candidate[] {
  const env = info.environment;
  if (env === null || !isOpenClaw(info)) return [];
  const userHome = env["HOME"];
  const hasHome = userHome !== undefined && isAbsolute(userHome);
  const named = environmentCandidates(env, hasHome ? userHome : "/", "the environment");
  const own = hasHome ? STATE_FOLDER_NAMES.map((name) => join(userHome, name)) : [];
  const reason = { rule: "running-gateway", text: `process ${info.pid} (${shortCommand(info)}) uses it` };
  // What another process's environment says is not this user's order: nothing there is nothing to report.
  return [...named.map(({ path }) => path), ...own].map((path) => ({ path, reason, named: false }));
}

function shortCommand(info: ProcessInfo): string {
  const [program = ""] = info.command.split(" ");
  return basename(program);
}

function isOpenClaw(info: ProcessInfo): boolean {
  if (/\b(?:openclaw|clawdbot|moltbot)\b/i.test(info.command)) return true;
  return Object.keys(info.environment ?? {}).some((name) => name.startsWith("OPENCLAW_"));
}

function around(home: string, enclosure: Enclosure): Candidate {
  const text = `${home} lies in it`;
  return { path: enclosure.home, reason: { rule: "around-shadow", text }, named: false };
}

/** An agent's folder is searched this deep for state folders, and no further than this many folders. */
const SHADOW_DEPTH = 4;
const MOST_FOLDERS_PER_AGENT = 400;
const NEVER_ENTERED = new Set(["node_modules", ".git", "sessions", "cache", ".cache", ".npm"]);

/** Homes inside a home: below an agent's folder, or directly. */
function innerHomes(home: string, skipped: Skipped[]): Candidate[] {
  const nested = STATE_FOLDER_NAMES.map((name): Candidate => {
    const reason = { rule: "nested", text: `a state folder directly inside ${home}` };
    return { path: join(home, name), reason, named: false };
  });
  const agents = join(home, "agents");
  return [...nested, ...foldersIn(agents, skipped).flatMap((name) => shadowsOf(join(agents, name, "agent"), name))];
}

function shadowsOf(agentFolder: string, agent: string): Candidate[] {
  const candidates: Candidate[] = [];
  let level = [agentFolder];
  let left = MOST_FOLDERS_PER_AGENT;
  for (let depth = 0; depth < SHADOW_DEPTH && level.length > 0 && left > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      for (const name of foldersIn(folder, [])) {
        const path = join(folder, name);
        left -= 1;
        if (STATE_FOLDER_NAMES.some((known) => known === name)) {
          const rule = path.includes("codex-home") ? "codex-home" : "isolated-home";
          const text = `the HOME that agent "${agent}" runs its tools in is ${folder}`;
          candidates.push({ path, reason: { rule, text }, named: false });
        } else if (left > 0 && !NEVER_ENTERED.has(name)) {
          next.push(path);
        }
      }
    }
    level = next;
  }
  return candidates;
}

function identify(path: string, reasons: readonly HomeReason[], context: ReadingContext): HomeIdentity {
  const enclosure = enclosureOf(path);
  const sign = enclosure === null ? backupSign(path) : null;
  const role: Role = enclosure?.role ?? (sign === null ? "canonical" : "backup");
  const { release } = readConfig(path, context.memo, []);
  const why: HomeReason[] = sign === null ? [] : [{ rule: "backup-copy", text: sign }];
  return {
    id: `openclaw-${createHash("sha256").update(path).digest("hex").slice(0, 12)}`,
    program: "openclaw",
    era: eraOf(path),
    path,
    role,
    ...(enclosure === null ? {} : { canonicalPath: enclosure.home }),
    reasons: [...reasons, ...why],
    ...(release === null ? {} : { release }),
  };
}

/** Canonical homes by path, each followed by the homes inside it; backups last. */
function canonicalFirst(a: HomeIdentity, b: HomeIdentity): number {
  return sortKey(a) < sortKey(b) ? -1 : 1;
}

function sortKey(home: HomeIdentity): string {
  const group = home.role === "backup" ? "1" : "0";
  const inside = home.canonicalPath === undefined ? "" : home.path;
  return `${group}${home.canonicalPath ?? home.path}\u0000${inside}`;
}
