/** An agent's reading composed of its parts: what its sessions folder holds, its file of rows, and its databases. */
import { isReadable } from "../../model/database.ts";
import type { AgentReading, KeyClaim } from "../../model/reading.ts";
import type { Store, StoreState } from "../../model/store.ts";
import type { DatabaseFacts } from "./database/database-reading.ts";
import type { AgentPlace } from "./layout.ts";
import type { TaskRuns } from "./task-runs.ts";

/** What databases say of an agent: its own, and the home's records of runs. */
export interface DatabaseParts {
  readonly databases: readonly DatabaseFacts[];
  readonly taskRuns: TaskRuns;
}

export interface AgentParts extends DatabaseParts {
  /** What the folder holds, each list by path. */
  readonly listed: Pick<AgentReading, "fragments" | "claims" | "companions">;
  /** `sessions.json`, or what the config names instead. */
  readonly fileStore: Store;
}

const NONE: readonly never[] = [];

/** The reading that the parts amount to. Without a database it has the very lists of the folder. */
export function composedAgent(
  place: AgentPlace,
  sessionsPath: string,
  { databases, fileStore, listed, taskRuns }: AgentParts,
): AgentReading {
  const { store, formerStores } = storesOf(fileStore, databases);
  const base = {
    name: place.name,
    sessionsPath,
    store,
    formerStores,
    companions: listed.companions,
    coverage: NONE,
    sessionsLinkTarget: place.linkTarget,
  };
  const claims = taskRuns.claims.length === 0 ? listed.claims : [...listed.claims, ...taskRuns.claims];
  if (databases.length === 0) return { ...base, fragments: listed.fragments, claims, databases: NONE };
  return {
    ...base,
    fragments: joined([...databases.flatMap((one) => [one.fragments, one.archives.deleted]), listed.fragments]),
    claims: joined([...databases.map((one) => one.claims), claims, formerStores.flatMap(formerClaims)]),
    databases: databases.map((one) => one.reading),
  };
}

/** All of them as one: the very list, where only one has anything. */
function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = NONE, ...more] = lists.filter((list) => list.length > 0);
  return more.length === 0 ? first : first.concat(...more);
}

/** The database is the store wherever it can be read; the file beside it is what a migration left. */
function storesOf(
  fileStore: Store,
  databases: readonly DatabaseFacts[],
): { readonly store: Store; readonly formerStores: readonly Store[] } {
  const read = databases.find((one) => isReadable(one.reading) && one.contents !== null);
  if (read !== undefined) {
    const formerStores = fileStore.state === "missing" ? NONE : [fileStore];
    return { store: databaseStore(read, read.reading.state === "corrupt" ? "damaged" : "ok"), formerStores };
  }
  const [first] = databases;
  if (first === undefined || fileStore.state !== "missing") return { store: fileStore, formerStores: NONE };
  return { store: databaseStore(first, first.reading.state === "empty" ? "empty" : "unreadable"), formerStores: NONE };
}

const STORES = new WeakMap<DatabaseFacts, Store>();

function databaseStore(facts: DatabaseFacts, state: StoreState): Store {
  const known = STORES.get(facts);
  if (known !== undefined) return known;
  const { bytes, modifiedAt, path } = facts.reading;
  const store: Store = { path, kind: "database", state, bytes, modifiedAt, rows: facts.rows, damage: NONE };
  STORES.set(facts, store);
  return store;
}

/** What a store said of keys while it was in use. */
function formerClaims({ path, rows }: Store): KeyClaim[] {
  return rows
    .filter((row) => row.sessionId !== null)
    .map(({ key, line, sessionId, updatedAt }) => ({
      key,
      sessionId,
      fileId: null,
      runId: null,
      at: updatedAt,
      source: "former-store",
      path,
      line,
    }));
}
