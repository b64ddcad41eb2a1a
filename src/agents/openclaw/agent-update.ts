/** One agent after single names of its folder, or its databases, changed: each costs what changed, never all of it. */
import type { Fragment } from "../../model/fragment.ts";
import type { LockFile } from "../../model/lock.ts";
import type { Companion, KeyClaim, Skipped } from "../../model/reading.ts";
import type { ReadingContext } from "../program.ts";
import { readDatabases, storeOf, type AgentState } from "./agent-reading.ts";
import { composedAgent, type AgentParts } from "./composed-agent.ts";
import { exchanged } from "./order.ts";
import { readEntry, type FolderItem } from "./sessions-folder.ts";

export interface AgentUpdate {
  readonly state: AgentState;
  /** Fragments that changed in place. */
  readonly changed: readonly { readonly agent: string; readonly before: Fragment; readonly after: Fragment }[];
  /** Whether names, rows or claims changed as well. */
  readonly structural: boolean;
}

/** Lists of an agent, exchanged item by item; a list in which nothing changed stays the same object. */
interface Lists {
  fragments: readonly Fragment[];
  companions: readonly Companion[];
  claims: readonly KeyClaim[];
  locks: readonly LockFile[];
  skipped: readonly Skipped[];
}

/**
 * Reads these names again, and with `databasesTouched` what the newest commits wrote. The folder's entries are updated in
 * place: they belong to the newest state.
 */
export async function updateAgent(
  agent: AgentState,
  names: ReadonlySet<string>,
  databasesTouched: boolean,
  context: ReadingContext,
): Promise<AgentUpdate> {
  const { entries, folder, parts } = agent;
  const { fragments, companions, claims } = parts.listed;
  const lists: Lists = { fragments, companions, claims, locks: agent.locks, skipped: agent.skipped };
  const changed: { agent: string; before: Fragment; after: Fragment }[] = [];
  let structural = false;
  let storeTouched = false;
  for (const name of names) {
    const known = entries.get(name);
    const fresh = readEntry(name, folder, context, known);
    if (fresh === known) continue;
    if (fresh === undefined) entries.delete(name);
    else entries.set(name, fresh);
    const [before, after] = [known?.item, fresh?.item];
    exchangeItem(lists, `${folder.sessionsPath}/${name}`, before, after);
    if (before?.what === "fragment" && after?.what === "fragment") {
      changed.push({ agent: agent.place.name, before: before.fragment, after: after.fragment });
    } else {
      structural ||= isStructural(before, after);
      storeTouched ||= [before, after].some((item) => item?.what === "store" || item?.what === "fragment");
    }
  }
  const stored = storeTouched ? await storeOf(agent.place, folder, entries, context) : null;
  const { locks, skipped, ...listed } = lists;
  // An archive may lie in the folder, in the database, or in both.
  const archivesTouched = [...names].some((name) => name.endsWith(".zst"));
  const databases =
    databasesTouched || archivesTouched
      ? await readDatabases(folder.home, agent.place, context, parts.databases, archivesTouched)
      : parts.databases;
  const next = { ...parts, listed, fileStore: stored?.store ?? parts.fileStore, databases };
  const isSame = isSameParts(parts, next);
  const state: AgentState = {
    ...agent,
    parts: isSame ? parts : next,
    reading: isSame ? agent.reading : composedAgent(agent.place, folder.sessionsPath, next),
    locks,
    skipped,
    storeTrouble: stored === null ? agent.storeTrouble : stored.trouble,
  };
  return { state, changed, structural: structural || databases !== parts.databases };
}

function exchangeItem(lists: Lists, path: string, before: FolderItem | undefined, after: FolderItem | undefined): void {
  const kinds = [before?.what, after?.what];
  if (kinds.includes("fragment") || kinds.includes("archive")) {
    lists.fragments = exchanged(lists.fragments, path, fragmentsIn(after));
  }
  if (kinds.includes("companion")) {
    const companion = after?.what === "companion" ? after : undefined;
    lists.companions = exchanged(lists.companions, path, companion === undefined ? [] : [companion.companion]);
    lists.claims = exchanged(lists.claims, path, companion?.claims ?? []);
  }
  if (kinds.includes("lock")) lists.locks = exchanged(lists.locks, path, after?.what === "lock" ? [after.lock] : []);
  if (before?.what === "skipped") lists.skipped = lists.skipped.filter((skipped) => skipped !== before.skipped);
  if (after?.what === "skipped") lists.skipped = [...lists.skipped, after.skipped];
}

function fragmentsIn(item: FolderItem | undefined): readonly Fragment[] {
  if (item?.what === "archive") return item.fragments;
  return item?.what === "fragment" ? [item.fragment] : [];
}

/** Locks come and go without changing a chain, and so do companions that claim nothing new. */
function isStructural(before: FolderItem | undefined, after: FolderItem | undefined): boolean {
  const items = [before, after].filter((item) => item !== undefined);
  if (items.every((item) => item.what === "lock")) return false;
  if (before?.what !== "companion" || after?.what !== "companion") return true;
  return JSON.stringify(before.claims) !== JSON.stringify(after.claims);
}

function isSameParts(a: AgentParts, b: AgentParts): boolean {
  return (
    a.listed.fragments === b.listed.fragments &&
    a.listed.companions === b.listed.companions &&
    a.listed.claims === b.listed.claims &&
    a.fileStore === b.fileStore &&
    a.databases === b.databases
  );
}
