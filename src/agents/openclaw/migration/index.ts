/** What a migration from files to databases left in a home, joined to the readings of its agents. */
import { join } from "node:path";

import { type Fragment, placeId } from "../../../model/fragment.ts";
import type { HomeIdentity } from "../../../model/home.ts";
import { listChanges } from "../../../model/list-changes.ts";
import type { Coverage, MigrationRun } from "../../../model/migration.ts";
import { type AgentReading, type Skipped, usesDatabase } from "../../../model/reading.ts";
import { isInside } from "../../../system/files.ts";
import type { ReadingContext } from "../../program.ts";
import { isFolder, type AgentPlace } from "../layout.ts";
import { coverageOf } from "./coverage.ts";
import { withHeldEvents } from "./held-events.ts";
import { archiveFolders, claimsOf, formerStores, readImportArchive, type ImportArchive } from "./import-archive.ts";
import { isLeftCopy, isLeftFile } from "./left-files.ts";
import { readMigrationRuns, RUNS_FOLDER } from "./runs.ts";

/** An agent as its folder and its databases alone were read. */
export interface MigratedAgent {
  readonly place: AgentPlace;
  readonly reading: AgentReading;
}

/** What a migration left, with what is kept to read it again cheaply. */
export interface Migration {
  /** The agents with all of it, in their order; those with nothing of it are the very objects that were given. */
  readonly readings: readonly AgentReading[];
  readonly runs: readonly MigrationRun[];
  /** Records of runs that could not be read. */
  readonly records: readonly Skipped[];
  /** Those and whatever else could not be. */
  readonly skipped: readonly Skipped[];
  readonly archives: ReadonlyMap<string, ImportArchive>;
  readonly joined: ReadonlyMap<AgentReading, Joined>;
}

/** An agent with its import archive, and then with its coverage. */
interface Joined {
  readonly archive: ImportArchive | null;
  readonly withArchive: AgentReading;
  readonly coverage: readonly Coverage[];
  readonly reading: AgentReading;
}

/** What was read before, and the absolute paths that may have changed since: all, unless they are named. */
export interface MigrationBefore {
  readonly migration: Migration;
  readonly touched?: readonly string[];
}

/** Reads what is new or changed; agents and runs that did not change stay the same objects. */
export async function readMigration(
  home: HomeIdentity,
  agents: readonly MigratedAgent[],
  context: ReadingContext,
  last?: MigrationBefore,
): Promise<Migration> {
  const migrated = agents.filter(({ place }) => place.databases.length > 0);
  if (migrated.length === 0) return unmigrated(agents);
  const before = last?.migration;
  const skipped: Skipped[] = [];
  const { records, runs } = await runsOf(home, context, last);
  skipped.push(...records);
  const archives = new Map<string, ImportArchive>();
  const complete: AgentReading[] = [];
  for (const { place, reading } of agents) {
    const archive = place.databases.length > 0 ? await archiveOf(home, place, context, last) : null;
    if (archive !== null) archives.set(place.sessionsFolder, archive);
    skipped.push(...(archive?.skipped ?? []));
    complete.push(await joinArchive(home, reading, archive, context, before));
  }
  const coverage = await coverageWhereNew(home, complete, context, before);
  const joined = new Map<AgentReading, Joined>();
  const readings = agents.map(({ place, reading }, index) => {
    const one = joinedReading(complete[index]!, archives.get(place.sessionsFolder) ?? null, coverage, reading, before);
    joined.set(reading, one);
    return one.reading;
  });
  return { readings, runs, records, skipped, archives, joined };
}

async function runsOf(
  home: HomeIdentity,
  context: ReadingContext,
  last: MigrationBefore | undefined,
): Promise<Pick<Migration, "runs" | "records">> {
  if (last !== undefined && !isTouched(join(home.path, RUNS_FOLDER), last)) return last.migration;
  const records: Skipped[] = [];
  const runs = await readMigrationRuns(home.path, context, records);
  const known = last?.migration.runs ?? NO_RUNS;
  return { records, runs: JSON.stringify(runs) === JSON.stringify(known) ? known : runs };
}

async function archiveOf(
  home: HomeIdentity,
  place: AgentPlace,
  context: ReadingContext,
  last: MigrationBefore | undefined,
): Promise<ImportArchive> {
  const known = last?.migration.archives.get(place.sessionsFolder);
  const isSame = last !== undefined && !archiveFolders(place).some((folder) => isTouched(folder, last));
  return known !== undefined && isSame ? known : readImportArchive(home.path, place, context, known);
}

function isTouched(folder: string, { touched }: MigrationBefore): boolean {
  return touched === undefined || touched.some((path) => isInside(folder, path));
}

/** Folders to watch, without descending, as far as they are there: absolute. Their parents are watched anyway. */
export function migrationFolders(home: string, agents: readonly MigratedAgent[]): string[] {
  const migrated = agents.filter(({ place }) => place.databases.length > 0);
  if (migrated.length === 0) return [];
  const folders = [join(home, RUNS_FOLDER), ...migrated.flatMap(({ place }) => archiveFolders(place))];
  return folders.filter((folder) => isFolder(folder, []));
}

const NO_RUNS: readonly MigrationRun[] = [];
const NOTHING: readonly Coverage[] = [];

function unmigrated(agents: readonly MigratedAgent[]): Migration {
  return {
    readings: agents.map(({ reading }) => reading),
    runs: NO_RUNS,
    records: [],
    skipped: [],
    archives: new Map(),
    joined: new Map(),
  };
}

/** The agent with what its imports put away, and with the stores that are in use no more. */
async function joinArchive(
  home: HomeIdentity,
  reading: AgentReading,
  archive: ImportArchive | null,
  context: ReadingContext,
  before: Migration | undefined,
): Promise<AgentReading> {
  const known = before?.joined.get(reading);
  if (known !== undefined && known.archive === archive) return known.withArchive;
  const stores = await formerStores(home.path, reading.companions, context);
  const isEmpty = archive === null || (archive.fragments.length === 0 && archive.companions.length === 0);
  if (isEmpty && stores.length === 0) return reading;
  return {
    ...reading,
    fragments: [...reading.fragments, ...(archive?.fragments ?? [])],
    companions: [...reading.companions, ...(archive?.companions ?? [])],
    claims: [...reading.claims, ...stores.flatMap(claimsOf), ...(archive?.claims ?? [])],
    formerStores: [...reading.formerStores, ...stores, ...(archive?.stores ?? [])],
  };
}

/** Coverage by agent: compared anew only if a file, or a session that a file may belong to, has changed since. */
async function coverageWhereNew(
  home: HomeIdentity,
  agents: readonly AgentReading[],
  context: ReadingContext,
  before: Migration | undefined,
): Promise<ReadonlyMap<string, readonly Coverage[]>> {
  const compared = agents.filter(usesDatabase);
  const last = [...(before?.joined.values() ?? [])].filter(({ withArchive }) => usesDatabase(withArchive));
  const isKept =
    last.length === compared.length &&
    compared.every(
      (agent, index) => last[index]!.withArchive.name === agent.name && comparesAlike(last[index]!, agent),
    );
  if (isKept) return new Map(last.map(({ coverage, withArchive: { name } }) => [name, coverage]));
  const fresh = await withHeldEvents(home, (events) => coverageOf(home, compared, events, context));
  return new Map([...fresh].map(([name, coverage]) => [name, keptCoverage(coverage, last, name)]));
}

/** The list of before where it says the same: what rests on it need not be done again. */
function keptCoverage(fresh: readonly Coverage[], last: readonly Joined[], name: string): readonly Coverage[] {
  const known = last.find(({ withArchive }) => withArchive.name === name)?.coverage;
  return known !== undefined && JSON.stringify(known) === JSON.stringify(fresh) ? known : fresh;
}

/** Whether nothing changed but sessions of the database that only grew, and that no file lacking something may belong to. */
function comparesAlike({ coverage, withArchive: before }: Joined, after: AgentReading): boolean {
  if (!sameCopies(before, after)) return false;
  if (before.fragments === after.fragments) return true;
  // Most homes have no such files: then a commit costs no look at all sessions.
  if (coverage.length === 0 && !hasLeftFile(before.fragments, after.fragments)) return true;
  const known = new Map(before.fragments.map((fragment) => [placeId(fragment), fragment]));
  if (known.size !== after.fragments.length) return false;
  const changed = after.fragments.filter((fragment) => known.get(placeId(fragment)) !== fragment);
  if (!changed.every((fragment) => hasGrown(known.get(placeId(fragment)), fragment))) return false;
  const open = new Set(coverage.filter(({ relation }) => relation !== "covered").map((one) => placeId(one.fragment)));
  const ids = new Set(
    after.fragments
      .filter((fragment) => open.has(placeId(fragment)))
      .flatMap(({ fileId, sessionId }) => [fileId, sessionId]),
  );
  return changed.every(({ window }) => window !== undefined && !ids.has(window.sessionId));
}

const LEFT = new WeakMap<readonly Fragment[], boolean>();

/** Whether any of the fragments is a file that was left; where none of those before was, only new ones are looked at. */
function hasLeftFile(before: readonly Fragment[], fragments: readonly Fragment[]): boolean {
  const changes = LEFT.get(before) === false ? listChanges(before, fragments) : null;
  const found = changes === null ? fragments.some(isLeftFile) : changes.some(({ added }) => added.some(isLeftFile));
  LEFT.set(fragments, found);
  return found;
}

function sameCopies(before: AgentReading, after: AgentReading): boolean {
  if (before.companions === after.companions) return true;
  return copiesOf(before) === copiesOf(after);
}

function copiesOf({ companions }: AgentReading): string {
  return JSON.stringify(companions.filter(isLeftCopy));
}

function hasGrown(before: Fragment | undefined, after: Fragment): boolean {
  return (
    !isLeftFile(after) &&
    before?.window !== undefined &&
    after.window !== undefined &&
    after.window.toSeq >= before.window.toSeq
  );
}

function joinedReading(
  complete: AgentReading,
  archive: ImportArchive | null,
  found: ReadonlyMap<string, readonly Coverage[]>,
  reading: AgentReading,
  before: Migration | undefined,
): Joined {
  const known = before?.joined.get(reading);
  const coverage = found.get(complete.name) ?? NOTHING;
  if (known?.withArchive === complete && known.coverage === coverage) return known;
  return {
    archive,
    withArchive: complete,
    coverage,
    reading: coverage.length === 0 ? complete : { ...complete, coverage },
  };
}
