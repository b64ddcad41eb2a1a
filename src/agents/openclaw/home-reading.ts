/** A whole home: its agents, its locks and what could not be read; and the same again after single files changed. */
import { basename, dirname, join } from "node:path";

import type { AssignedLink } from "../../model/assigned-link.ts";
import type { HomeIdentity } from "../../model/home.ts";
import type { LockFile } from "../../model/lock.ts";
import { LINKS_FOLDER, type SavedArchive } from "../../model/kept-files.ts";
import { FORENSICS_FOLDER } from "../../model/plan.ts";
import type { AgentReading, HomeReading, Skipped } from "../../model/reading.ts";
import { isInside, pathWithin } from "../../system/files.ts";
import { readAssignedLinks } from "../assigned-links.ts";
import type { ReadingContext, ReadingUpdate } from "../program.ts";
import { readSavedArchives } from "../saved-archives.ts";
import { readAgent, readDatabaseParts, saysTheSame, withoutFolder, type AgentState } from "./agent-reading.ts";
import { updateAgent, type AgentUpdate } from "./agent-update.ts";
import { CONFIG_NAMES, readConfig, retentionIn, type OpenClawConfig } from "./config.ts";
import { gatewayLocks, lockFolders } from "./gateway-locks.ts";
import { agentPlaces, type AgentPlace } from "./layout.ts";
import { migrationFolders, readMigration, type Migration } from "./migration/index.ts";
import { byPath } from "./order.ts";

/** What is kept beside a reading, so that the next one costs only what changed. Belongs to the newest reading of a home. */
interface HomeState {
  readonly config: OpenClawConfig;
  readonly agents: readonly AgentState[];
  readonly migration: Migration;
  readonly gatewayLocks: readonly LockFile[];
  readonly kept: KeptFiles;
  /** Trouble outside the agents' folders. */
  readonly skipped: readonly Skipped[];
}

/** What our own folder of the home holds: links that a person set, archives that were copied to safety. */
interface KeptFiles {
  readonly links: readonly AssignedLink[];
  readonly saved: ReadonlyMap<string, readonly SavedArchive[]>;
  readonly skipped: readonly Skipped[];
}

const STATES = new WeakMap<HomeReading, HomeState>();

/** Reads the home; agents unchanged since `previous` keep their identity, and an unchanged home is `previous` itself. */
export async function readHome(
  home: HomeIdentity,
  context: ReadingContext,
  previous?: HomeReading,
): Promise<HomeReading> {
  const before = previous === undefined ? undefined : STATES.get(previous);
  const skipped: Skipped[] = [];
  const config = readConfig(home.path, context.memo, skipped);
  const agents: AgentState[] = [];
  const taken = new Set<string>();
  for (const place of agentPlaces(home, config, context.world, skipped)) {
    await context.breathe();
    const known = before?.agents.find((agent) => agent.place.sessionsFolder === place.sessionsFolder);
    agents.push(await readPlace(home, place, context, known, taken));
  }
  const locks = gatewayLocks(home, context.world, skipped);
  const kept = keptFiles(home, agents, context);
  const migration = await readMigration(home, agents, context, before);
  const state: HomeState = { config, agents, migration, gatewayLocks: locks, kept, skipped };
  return settle(home, state, previous, before);
}

/** Folders to watch without descending. */
export function watchedFolders(reading: HomeReading): string[] {
  const { path } = reading.home;
  const state = STATES.get(reading);
  const folders = new Set([path, join(path, "agents"), join(path, LINKS_FOLDER), ...lockFolders(join(path, "tmp"))]);
  for (const { place } of state?.agents ?? []) {
    folders.add(dirname(place.sessionsFolder));
    folders.add(place.sessionsFolder);
    // A migration makes the database there.
    folders.add(join(path, "agents", place.id, "agent"));
  }
  for (const folder of migrationFolders(path, state?.agents ?? [])) folders.add(folder);
  return [...folders];
}

/** Reads only these paths again; null when that would not be enough, or `previous` is not the newest reading. */
export async function updateHome(
  home: HomeIdentity,
  previous: HomeReading,
  paths: readonly string[],
  context: ReadingContext,
): Promise<ReadingUpdate | null> {
  const before = STATES.get(previous);
  if (before === undefined) return null;
  const touched = new Map<AgentState, Set<string>>();
  const withDatabase = new Set<AgentState>();
  let gatewayTouched = false;
  let keptTouched = false;
  for (const path of paths) {
    const agent = before.agents.find(({ place }) => standsIn(place, path));
    const owner = before.agents.find(({ place }) => isOfDatabase(home, place, path));
    if (owner !== undefined) withDatabase.add(owner);
    else if (agent !== undefined) touched.set(agent, (touched.get(agent) ?? new Set<string>()).add(basename(path)));
    else if (isInside(join(home.path, FORENSICS_FOLDER), path)) keptTouched = true;
    else if (needsWholeRead(home, before, path)) return null;
    else gatewayTouched ||= path.endsWith(".lock");
  }
  const updates: AgentUpdate[] = [];
  for (const agent of before.agents) {
    const names = touched.get(agent) ?? new Set<string>();
    const databases = withDatabase.has(agent);
    const isTouched = databases || names.size > 0;
    updates.push(
      isTouched
        ? await updateAgent(agent, names, databases, context)
        : { state: agent, changed: [], structural: false },
    );
  }
  const skipped = [...before.skipped];
  const locks = gatewayTouched ? gatewayLocks(home, context.world, skipped) : before.gatewayLocks;
  const agents = updates.map((update) => update.state);
  const migration = await readMigration(home, agents, context, { migration: before.migration, touched: paths });
  const kept = keptTouched ? keptFiles(home, agents, context) : before.kept;
  const state: HomeState = { ...before, agents, migration, gatewayLocks: locks, kept, skipped };
  return {
    reading: settle(home, state, previous, before),
    changed: updates.flatMap((update) => update.changed),
    structural:
      kept !== before.kept || migration.runs !== before.migration.runs || updates.some((update) => update.structural),
  };
}

async function readPlace(
  home: HomeIdentity,
  place: AgentPlace,
  context: ReadingContext,
  known: AgentState | undefined,
  taken: Set<string>,
): Promise<AgentState> {
  // The canonical home shows what a shadow only links to; and two agents may share one folder.
  const elsewhere =
    home.canonicalPath !== undefined && isInside(home.canonicalPath, place.realFolder) && place.linkTarget !== null;
  if (elsewhere || taken.has(place.realFolder)) {
    const databases = await readDatabaseParts(home.path, place, context, known?.parts);
    return knownOr(withoutFolder(home.path, place, [], databases), known);
  }
  taken.add(place.realFolder);
  return readAgent(home.path, place, context, known);
}

/** `known`, when it says the same. */
function knownOr(fresh: AgentState, known: AgentState | undefined): AgentState {
  return known?.entries.size === 0 && saysTheSame(fresh, known) ? known : fresh;
}

/** The reading that the state amounts to: `previous` itself when nothing in it differs. */
function settle(
  home: HomeIdentity,
  state: HomeState,
  previous: HomeReading | undefined,
  before: HomeState | undefined,
): HomeReading {
  const agents = state.migration.readings.map((agent) => withKept(agent, state.kept));
  const hasDatabases = agents.some(({ databases }) => databases.length > 0);
  const retention = retentionIn(state.config, isSinceMay(state.config.release, agents), hasDatabases);
  const reading: HomeReading = {
    home,
    agents,
    locks: [...state.agents.flatMap((agent) => agent.locks), ...state.gatewayLocks].toSorted(byPath),
    skipped: [
      ...state.skipped,
      ...state.kept.skipped,
      ...state.migration.skipped,
      ...state.agents.flatMap(troubleOf),
    ].toSorted(byPath),
    migrations: state.migration.runs,
    archiveRetentionDays: retention.days,
    archiveRetentionSource: retention.source,
  };
  const settled = previous !== undefined && before !== undefined && isEqual(reading, previous) ? previous : reading;
  if (previous !== undefined) STATES.delete(previous);
  STATES.set(settled, state);
  return settled;
}

function keptFiles(home: HomeIdentity, agents: readonly AgentState[], { memo }: ReadingContext): KeptFiles {
  const skipped: Skipped[] = [];
  const links = readAssignedLinks(home.path, memo, skipped);
  const names = agents.map(({ reading }) => reading.name);
  return { links, saved: new Map(names.map((name) => [name, readSavedArchives(home.path, name)])), skipped };
}

/** Agents with what is kept of them, by the reading that lacks it: so that they keep their identity. */
const WITH_KEPT = new WeakMap<AgentReading, AgentReading>();

type Kept = Pick<AgentReading, "assignedLinks" | "savedArchives">;

function keptOf({ assignedLinks, savedArchives }: Kept): unknown {
  return [assignedLinks, savedArchives];
}

function withKept(agent: AgentReading, { links, saved }: KeptFiles): AgentReading {
  const assignedLinks = links.filter((link) => link.agent === agent.name);
  const savedArchives = saved.get(agent.name) ?? [];
  if (assignedLinks.length === 0 && savedArchives.length === 0) return agent;
  const own: Kept = {
    ...(assignedLinks.length === 0 ? {} : { assignedLinks }),
    ...(savedArchives.length === 0 ? {} : { savedArchives }),
  };
  const known = WITH_KEPT.get(agent);
  if (known !== undefined && JSON.stringify(keptOf(known)) === JSON.stringify(keptOf(own))) return known;
  const reading = { ...agent, ...own };
  WITH_KEPT.set(agent, reading);
  return reading;
}

function troubleOf({ skipped, storeTrouble }: AgentState): readonly Skipped[] {
  return storeTrouble === null ? skipped : [...skipped, storeTrouble];
}

function isEqual(a: HomeReading, b: HomeReading): boolean {
  return (
    a.agents.length === b.agents.length &&
    a.agents.every((agent, at) => agent === b.agents[at]) &&
    a.migrations === b.migrations &&
    JSON.stringify([a.home, a.locks, a.skipped, a.archiveRetentionSource]) ===
      JSON.stringify([b.home, b.locks, b.skipped, b.archiveRetentionSource])
  );
}

/** 2026.5 and later enforce the removal of archives; trajectories are written since then, which tells when no release is named. */
function isSinceMay(release: string | null, agents: readonly AgentReading[]): boolean | null {
  const version = /^(\d{4})\.(\d{1,2})\./.exec(release ?? "");
  if (version !== null) return Number(version[1]) * 100 + Number(version[2]) >= 202_605;
  return agents.some((agent) => agent.claims.length > 0 || agent.databases.length > 0) ? true : null;
}

/** Whether the path is a direct child of the agent's sessions folder. */
function standsIn(place: AgentPlace, path: string): boolean {
  const folder = dirname(path);
  return folder === place.sessionsFolder || folder === place.realFolder;
}

/** Whether the path is one of the agent's databases or its write-ahead log; what readers write beside them is nothing. */
function isOfDatabase(home: HomeIdentity, { databases }: AgentPlace, path: string): boolean {
  const way = pathWithin(home.path, path);
  return databases.some((database) => way === database || way === `${database}-wal`);
}

/** The config, the list of agents, an agent's folders or a database that was not there: what a home is made of. */
function needsWholeRead(home: HomeIdentity, state: HomeState, path: string): boolean {
  const way = pathWithin(home.path, path);
  if (CONFIG_NAMES.some((name) => way === name)) return true;
  if (/^(?:agents|sessions)?\.?$/.test(way) || /^agents\/[^/]+(?:\/sessions|\/agent)?$/.test(way)) return true;
  if (/^agents\/[^/]+\/agent\/openclaw-agent\.sqlite$/.test(way)) return true;
  return state.agents.some(({ place }) => path === place.sessionsFolder || path === place.realFolder);
}
