/** One agent put together: the items of its sessions folder, the rows of its store, and its databases. */
import { basename } from "node:path";

import type { Fragment } from "../../model/fragment.ts";
import type { LockFile } from "../../model/lock.ts";
import type { AgentReading, Companion, KeyClaim, Skipped } from "../../model/reading.ts";
import type { Store } from "../../model/store.ts";
import { FileError, pathWithin, realPath, troubleText } from "../../system/files.ts";
import type { ReadingContext } from "../program.ts";
import { composedAgent, type AgentParts, type DatabaseParts } from "./composed-agent.ts";
import { readAgentDatabase, type DatabaseFacts } from "./database/database-reading.ts";
import type { AgentPlace } from "./layout.ts";
import { withTranscripts, type RowPlace } from "./row-transcript.ts";
import { readFolder, type FolderEntries, type FolderPlace } from "./sessions-folder.ts";
import { readStore } from "./store.ts";
import { readTaskRuns } from "./task-runs.ts";

/** An agent as read, with what is kept to read it again cheaply. */
export interface AgentState {
  readonly place: AgentPlace;
  readonly folder: FolderPlace;
  readonly entries: FolderEntries;
  readonly unusableNames: readonly string[];
  readonly parts: AgentParts;
  readonly reading: AgentReading;
  readonly locks: readonly LockFile[];
  /** Entries of the folder that could not be read. */
  readonly skipped: readonly Skipped[];
  /** Why the store could not be read though it is there; null when it could. */
  readonly storeTrouble: Skipped | null;
}

/** Reads an agent; what did not change since `before` is not read again, and an unchanged agent is the same object. */
export async function readAgent(
  home: string,
  place: AgentPlace,
  context: ReadingContext,
  before: AgentState | undefined,
): Promise<AgentState> {
  const folder = folderPlace(home, place);
  const databases = await readDatabaseParts(home, place, context, before?.parts);
  const sameDatabases = before !== undefined && haveSameDatabases(databases, before.parts);
  try {
    const { entries, unusableNames } = await readFolder(folder, context, before?.entries);
    const isSame = before !== undefined && entries === before.entries && samePlace(place, before.place);
    if (isSame && sameDatabases && unusableNames.join("\n") === before.unusableNames.join("\n")) return before;
    return await assemble(place, folder, entries, unusableNames, databases, context);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const skipped = error.trouble === "gone" ? [] : [{ path: error.path, reason: troubleText(error) }];
    const fresh = withoutFolder(home, place, skipped, databases);
    return before !== undefined && sameDatabases && saysTheSame(fresh, before) ? before : fresh;
  }
}

/** An agent whose session files are read elsewhere (its folder is a link) or can't be listed, or who has none. */
export function withoutFolder(
  home: string,
  place: AgentPlace,
  skipped: readonly Skipped[],
  databases: DatabaseParts,
): AgentState {
  const folder = folderPlace(home, place);
  const fileStore = emptyStore(pathWithin(home, place.storePath), skipped.length > 0 ? "unreadable" : "missing");
  const parts = { ...databases, listed: { fragments: [], claims: [], companions: [] }, fileStore };
  const reading = composedAgent(place, folder.sessionsPath, parts);
  const nothing = { entries: new Map(), unusableNames: [], locks: [], storeTrouble: null };
  return { place, folder, parts, reading, skipped, ...nothing };
}

/** Whether two states without a folder of files say the same. */
export function saysTheSame(a: AgentState, b: AgentState): boolean {
  return (
    haveSameDatabases(a.parts, b.parts) &&
    JSON.stringify([a.place, a.skipped, a.parts.fileStore]) === JSON.stringify([b.place, b.skipped, b.parts.fileStore])
  );
}

/** All that databases say of the agent, each part the very same as before when nothing in it changed. */
export async function readDatabaseParts(
  home: string,
  place: AgentPlace,
  context: ReadingContext,
  before: DatabaseParts | undefined,
): Promise<DatabaseParts> {
  const databases = await readDatabases(home, place, context, before?.databases, true);
  return { databases, taskRuns: await readTaskRuns(home, place.id, context, before?.taskRuns) };
}

function haveSameDatabases(a: DatabaseParts, b: DatabaseParts): boolean {
  return a.databases === b.databases && a.taskRuns === b.taskRuns;
}

/** The agent's databases; the very same list when none of them changed. One that is gone meanwhile is left out. */
export async function readDatabases(
  home: string,
  { databases: paths, sessionsFolder }: AgentPlace,
  context: ReadingContext,
  before: readonly DatabaseFacts[] | undefined,
  thorough: boolean,
): Promise<readonly DatabaseFacts[]> {
  const found: DatabaseFacts[] = [];
  for (const path of paths) {
    const known = before?.find(({ reading }) => reading.path === path);
    const facts = await readAgentDatabase({ home, path, sessionsFolder }, context, known, thorough);
    if (facts !== undefined) found.push(facts);
  }
  return before?.length === found.length && found.every((one, at) => one === before[at]) ? before : found;
}

/** Puts the agent together from the entries of its folder, which are in the order of their names. */
async function assemble(
  place: AgentPlace,
  folder: FolderPlace,
  entries: FolderEntries,
  unusableNames: readonly string[],
  databases: DatabaseParts,
  context: ReadingContext,
): Promise<AgentState> {
  const fragments: Fragment[] = [];
  const claims: KeyClaim[] = [];
  const companions: Companion[] = [];
  const locks: LockFile[] = [];
  const skipped: Skipped[] = unusableNames.map((name) => ({
    path: `${folder.folder}/${name}`,
    reason: "its name is no valid text",
  }));
  for (const { item } of entries.values()) {
    if (item.what === "fragment") fragments.push(item.fragment);
    else if (item.what === "archive") fragments.push(...item.fragments);
    else if (item.what === "companion") {
      companions.push(item.companion);
      claims.push(...item.claims);
    } else if (item.what === "lock") locks.push(item.lock);
    else if (item.what === "skipped") skipped.push(item.skipped);
  }
  const { store, trouble } = await storeOf(place, folder, entries, context);
  const parts = { ...databases, listed: { fragments, claims, companions }, fileStore: store };
  const reading = composedAgent(place, folder.sessionsPath, parts);
  return { place, folder, entries, unusableNames, parts, reading, locks, skipped, storeTrouble: trouble };
}

function folderPlace(home: string, place: AgentPlace): FolderPlace {
  return {
    home,
    folder: place.sessionsFolder,
    sessionsPath: pathWithin(home, place.sessionsFolder),
    storeName: basename(place.storePath),
  };
}

/** The store among the entries of the folder, its rows with the transcripts that they mean. */
export async function storeOf(
  place: AgentPlace,
  folder: FolderPlace,
  entries: FolderEntries,
  context: ReadingContext,
): Promise<{ readonly store: Store; readonly trouble: Skipped | null }> {
  const path = pathWithin(folder.home, place.storePath);
  const item = entries.get(folder.storeName)?.item;
  if (item?.what !== "store") {
    return { store: emptyStore(path, item === undefined ? "missing" : "unreadable"), trouble: null };
  }
  const { file } = item;
  try {
    const facts = await readStore(file, context);
    const rows = withTranscripts(facts.rows, rowPlace(place, folder, entries));
    const store: Store = { ...facts, path, kind: "file", bytes: file.size, modifiedAt: file.mtimeMs, rows };
    return { store, trouble: null };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.trouble === "gone") return { store: emptyStore(path, "missing"), trouble: null };
    const trouble = { path: place.storePath, reason: troubleText(error) };
    return { store: emptyStore(path, "unreadable"), trouble };
  }
}

function emptyStore(path: string, state: Store["state"]): Store {
  return { path, kind: "file", state, bytes: 0, modifiedAt: null, rows: [], damage: [] };
}

function rowPlace(place: AgentPlace, folder: FolderPlace, entries: FolderEntries): RowPlace {
  let byFileId: Map<string, string[]> | undefined;
  const leading = new Map<string, boolean>();
  return {
    home: folder.home,
    agent: place.id,
    folder: folder.folder,
    sessionsPath: folder.sessionsPath,
    hasLive: (name) => isLive(entries, name),
    liveNamesOf: (sessionId) => {
      byFileId ??= liveNames(entries);
      return byFileId.get(sessionId) ?? [];
    },
    leadsHere: (path) => {
      const known = leading.get(path) ?? realPath(path) === place.realFolder;
      leading.set(path, known);
      return known;
    },
  };
}

function isLive(entries: FolderEntries, name: string): boolean {
  const item = entries.get(name)?.item;
  return item?.what === "fragment" && item.fragment.kind === "live";
}

function liveNames(entries: FolderEntries): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [name, { item }] of entries) {
    if (item.what !== "fragment" || item.fragment.kind !== "live" || item.fragment.fileId === null) continue;
    const known = names.get(item.fragment.fileId);
    if (known === undefined) names.set(item.fragment.fileId, [name]);
    else known.push(name);
  }
  return names;
}

function samePlace(a: AgentPlace, b: AgentPlace): boolean {
  return (
    a.name === b.name &&
    a.storePath === b.storePath &&
    a.realFolder === b.realFolder &&
    a.databases.join("\n") === b.databases.join("\n")
  );
}
