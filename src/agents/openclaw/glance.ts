/** A glance at a home: its agents and the rows of their stores, without looking into any transcript or database. */
import { classifySessionFile } from "../../formats/session-file-names.ts";
import type { HomeIdentity } from "../../model/home.ts";
import type { AgentReading, HomeReading, Skipped } from "../../model/reading.ts";
import type { Store } from "../../model/store.ts";
import { FileError, list, pathWithin, statOf } from "../../system/files.ts";
import type { ReadingContext } from "../program.ts";
import { readConfig } from "./config.ts";
import { type AgentPlace, agentPlaces } from "./layout.ts";
import { isBeingRead } from "./memo.ts";
import { type RowPlace, withTranscripts } from "./row-transcript.ts";
import { readStore } from "./store.ts";

/** What names and stores tell. It lacks all that only files tell, and says nothing of trouble: the reading does. */
export async function glanceAtHome(home: HomeIdentity, context: ReadingContext): Promise<HomeReading> {
  const unsaid: Skipped[] = [];
  const config = readConfig(home.path, context.memo, unsaid);
  const agents: AgentReading[] = [];
  for (const place of agentPlaces(home, config, context.world, unsaid)) {
    await context.breathe();
    agents.push(await glanceAtAgent(home, place, context));
  }
  return {
    home,
    agents,
    locks: [],
    skipped: [],
    migrations: [],
    archiveRetentionDays: null,
    archiveRetentionSource: "",
  };
}

async function glanceAtAgent(home: HomeIdentity, place: AgentPlace, context: ReadingContext): Promise<AgentReading> {
  return {
    name: place.name,
    sessionsPath: pathWithin(home.path, place.sessionsFolder),
    store: await glanceAtStore(home, place, context),
    formerStores: [],
    fragments: [],
    claims: [],
    companions: [],
    databases: [],
    coverage: [],
    sessionsLinkTarget: place.linkTarget,
  };
}

/**
 * No rows where they may not be the sessions in use: beside a database, or in a folder that belongs to another home. None
 * either of a store that takes so long that its reading is what this glance interrupts.
 */
async function glanceAtStore(home: HomeIdentity, place: AgentPlace, context: ReadingContext): Promise<Store> {
  const path = pathWithin(home.path, place.storePath);
  const nothing: Store = { path, kind: "file", state: "missing", bytes: 0, modifiedAt: null, rows: [], damage: [] };
  if (place.databases.length > 0 || place.linkTarget !== null) return nothing;
  try {
    const file = statOf(place.storePath);
    if (file?.kind !== "file" || isBeingRead(context.memo, file.path)) return nothing;
    const facts = await readStore(file, context);
    const rows = withTranscripts(facts.rows, rowPlace(home, place));
    return { ...facts, path, kind: "file", bytes: file.size, modifiedAt: file.mtimeMs, rows };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return nothing;
  }
}

function rowPlace(home: HomeIdentity, place: AgentPlace): RowPlace {
  const names = new Set(list(place.sessionsFolder).names);
  return {
    home: home.path,
    agent: place.id,
    folder: place.sessionsFolder,
    sessionsPath: pathWithin(home.path, place.sessionsFolder),
    hasLive: (name) => names.has(name) && classifySessionFile(name).what === "live",
    // Which of several files an id names is told by the reading.
    liveNamesOf: () => [],
    leadsHere: (folder) => folder === place.realFolder,
  };
}
