/** Finds things in a snapshot by id, path or session. Indexes are kept with the parts that they describe, so a change rebuilds only its own. */
import { byTime } from "../chains/sessions.ts";
import { byWeight } from "../checks/run.ts";
import type { EventPlace } from "../model/evidence.ts";
import type { Finding, Severity } from "../model/finding.ts";
import { type Fragment, type FragmentPlace, placeId, type WindowExtent } from "../model/fragment.ts";
import { keptAlong } from "../model/lineage.ts";
import type { Lock } from "../model/lock.ts";
import type { LinkedFragment, Session } from "../model/session.ts";
import type { ShadowComparison, ShadowPair } from "../model/shadow.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../model/snapshot.ts";

/** Where one file stands in the chains. */
export interface FragmentEntry {
  readonly session: Session;
  readonly fragment: Fragment;
  /** Absent for a checkpoint. */
  readonly linked?: LinkedFragment;
  /** Place in the chain, counted from 0; absent for a checkpoint. */
  readonly position?: number;
}

/** Computes a value once per key object; it is forgotten with the object. */
function kept<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const values = new WeakMap<K, V>();
  return (key) => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    values.set(key, value);
    return value;
  };
}

export const homeById = (snapshot: Snapshot, id: string): HomeSnapshot | undefined =>
  snapshot.homes.find((one) => one.home.id === id);

export const agentByName = (home: HomeSnapshot, name: string): AgentSnapshot | undefined =>
  home.agents.find((one) => one.reading.name === name);

/** Entries by name, of which an item may have several, and a name may have several. */
type Table<Entry> = Map<string, Entry[]>;

/** A table of all items of a list; where the list came of another, that one's, with what changed. */
function keptTable<T, Entry>(
  named: (item: T) => Iterable<readonly [name: string, entry: Entry]>,
  itemOf: (entry: Entry) => T,
): (items: readonly T[]) => ReadonlyMap<string, readonly Entry[]> {
  const add = (table: Table<Entry>, item: T): void => {
    for (const [name, entry] of named(item)) {
      const known = table.get(name);
      if (known === undefined) table.set(name, [entry]);
      else known.push(entry);
    }
  };
  const remove = (table: Table<Entry>, item: T): void => {
    for (const [name] of named(item)) {
      const left = table.get(name)?.filter((entry) => itemOf(entry) !== item) ?? [];
      if (left.length === 0) table.delete(name);
      else table.set(name, left);
    }
  };
  return keptAlong(
    (items: readonly T[]) => {
      const table: Table<Entry> = new Map();
      for (const item of items) add(table, item);
      return table;
    },
    (table, changes) => {
      for (const { removed } of changes) for (const item of removed) remove(table, item);
      for (const change of changes) for (const item of change.added) add(table, item);
      return table;
    },
  );
}

const sessionsById = keptTable(
  (session: Session) => [[session.id, session]],
  (session) => session,
);

export const sessionById = ({ sessions }: AgentSnapshot, id: string): Session | undefined =>
  sessionsById(sessions).get(id)?.[0];

/** Sessions with a key, and chains without one; the newest first in each. */
export const sessionGroups = kept((agent: AgentSnapshot) => {
  const newestFirst = agent.sessions.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
  return {
    keyed: newestFirst.filter((one) => one.key !== null),
    unattributed: newestFirst.filter((one) => one.key === null),
  };
});

/** A key that was deleted and born again names two sessions: the one that the store's row means counts. */
const claimTo = (key: string, session: Session): number => (session.row?.key === key ? 2 : session.key === key ? 1 : 0);

const sessionsByKey = keptTable(
  (session: Session) =>
    [session.key, ...session.otherKeys].flatMap((key): [string, Session][] => (key === null ? [] : [[key, session]])),
  (session) => session,
);

/** The session that goes by this key, also by one of its other keys. */
export function sessionByKey({ sessions }: AgentSnapshot, key: string): Session | undefined {
  const [first, ...others] = sessionsByKey(sessions).get(key) ?? [];
  return others.reduce(
    (best, one) => ((claimTo(key, one) - claimTo(key, best!) || byTime(best!, one)) > 0 ? one : best),
    first,
  );
}

const entriesOf = (session: Session): FragmentEntry[] => [
  ...session.fragments.map((linked, position) => ({ session, fragment: linked.fragment, linked, position })),
  ...session.checkpoints.map((fragment) => ({ session, fragment })),
];

const entriesByPath = kept((agent: AgentSnapshot) => {
  const byPath = new Map<string, FragmentEntry[]>();
  const add = (entry: FragmentEntry): void => {
    const known = byPath.get(entry.fragment.path);
    if (known === undefined) byPath.set(entry.fragment.path, [entry]);
    else known.push(entry);
  };
  for (const session of agent.sessions) for (const entry of entriesOf(session)) add(entry);
  return byPath;
});

/** What lies at this home-relative path; several only where one database file holds several windows. */
export const entriesAt = (agent: AgentSnapshot, path: string): readonly FragmentEntry[] =>
  entriesByPath(agent).get(path) ?? [];

/** A fragment with the agent whose it is. */
export interface LocatedFragment {
  readonly agent: AgentSnapshot;
  readonly entry: FragmentEntry;
}

/** The agent and session of the file at this home-relative path; of the first window where several lie there. */
export function locateFragment(home: HomeSnapshot, path: string): LocatedFragment | undefined {
  for (const agent of home.agents) {
    const entry = entriesAt(agent, path)[0];
    if (entry !== undefined) return { agent, entry };
  }
  return undefined;
}

const entriesById = keptTable(
  (session: Session) => entriesOf(session).map((entry) => [placeId(entry.fragment), entry]),
  ({ session }) => session,
);

/** The agent and session of a fragment, by the name of its place (`placeId`). */
export function locateById(home: HomeSnapshot, id: string): LocatedFragment | undefined {
  for (const agent of home.agents) {
    const entry = entriesById(agent.sessions).get(id)?.[0];
    if (entry !== undefined) return { agent, entry };
  }
  return undefined;
}

/** Windows by database and session id; those of archives in it are others. */
const windowsBySession = keptTable(
  (session: Session) =>
    entriesOf(session)
      .filter(({ fragment }) => fragment.archive === undefined)
      .map((entry) => [windowsName(entry.fragment.path, entry.fragment.window?.sessionId), entry]),
  ({ session }) => session,
);

const windowsName = (path: string, sessionId = ""): string => `${path}\n${sessionId}`;

function windowAt(agent: AgentSnapshot, path: string, { sessionId, seq }: EventPlace): FragmentEntry | undefined {
  const windows = windowsBySession(agent.sessions).get(windowsName(path, sessionId)) ?? [];
  return windows.find(({ fragment: { window } }) => window !== undefined && holds(window, seq));
}

/** The window that holds an event of a database. */
export function locateEvent(home: HomeSnapshot, path: string, event: EventPlace): LocatedFragment | undefined {
  for (const agent of home.agents) {
    const entry = windowAt(agent, path, event);
    if (entry !== undefined) return { agent, entry };
  }
  return undefined;
}

const holds = ({ fromSeq, toSeq }: WindowExtent, seq: number): boolean => fromSeq <= seq && seq <= toSeq;

/** Where a window stands among those of its session id that lie in the same database or archive. */
export interface WindowCount {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
}

const windowCounts = kept((session: Session) => {
  const counts = new Map<string, WindowCount>();
  const inPlaces = session.fragments.map(({ fragment }) => fragment).filter(({ window }) => window !== undefined);
  const groups = Map.groupBy(inPlaces, ({ path, archive, window }) => `${path}\n${archive}\n${window?.sessionId}`);
  for (const group of groups.values())
    group.forEach((fragment, index) => counts.set(placeId(fragment), { number: index + 1, of: group.length }));
  return counts;
});

/** Undefined for a fragment that is no window. */
export const windowCount = (session: Session, fragment: Fragment): WindowCount | undefined =>
  windowCounts(session).get(placeId(fragment));

const locksByTarget = kept((locks: readonly Lock[]) => new Map(locks.map((one) => [one.target, one])));

/** The lock on this home-relative path. */
export const lockOn = (home: HomeSnapshot, target: string): Lock | undefined => locksByTarget(home.locks).get(target);

/** The lock on any transcript of the session. */
export function lockOfSession(home: HomeSnapshot, session: Session): Lock | undefined {
  if (home.locks.length === 0) return undefined;
  for (const { fragment } of session.fragments) {
    const lock = lockOn(home, fragment.path);
    if (lock !== undefined) return lock;
  }
  const named = session.row?.transcriptPath;
  return named === null || named === undefined ? undefined : lockOn(home, named);
}

/** What lies at this path, if that is one session's: a database is nobody's own. */
const fileEntryAt = (agent: AgentSnapshot, path: string): FragmentEntry | undefined =>
  agent.reading.databases.some((one) => one.path === path) ? undefined : entriesAt(agent, path)[0];

/** The session that a finding is about: by its key, by its file, or by the file that its lock locks. */
export function sessionOfFinding(
  home: HomeSnapshot,
  finding: Finding,
): { readonly agent: AgentSnapshot; readonly session: Session } | undefined {
  for (const agent of home.agents) {
    if (finding.agent !== undefined && finding.agent !== agent.reading.name) continue;
    const byKey = finding.sessionKey === undefined ? undefined : sessionByKey(agent, finding.sessionKey);
    const byEvent = finding.event === undefined ? undefined : windowAt(agent, finding.path, finding.event);
    const session = byKey ?? (byEvent ?? fileEntryAt(agent, finding.path.replace(/\.lock$/, "")))?.session;
    if (session !== undefined) return { agent, session };
  }
  return undefined;
}

/** Findings by what may lead from a session to them: its keys, its files, the windows in which their events lie. */
const findingsByTrace = keptTable(
  (finding: Finding) => tracesOf(finding).map((trace) => [trace, finding]),
  (finding) => finding,
);

function tracesOf({ event, path, sessionKey }: Finding): string[] {
  return [
    ...(sessionKey === undefined ? [] : [`key ${sessionKey}`]),
    event === undefined ? `file ${path.replace(/\.lock$/, "")}` : `window ${windowsName(path, event.sessionId)}`,
  ];
}

/** In the order of the home's findings. */
export function findingsOfSession(home: HomeSnapshot, session: Session): readonly Finding[] {
  const table = findingsByTrace(home.findings);
  if (table.size === 0) return [];
  const keys = [session.key, ...session.otherKeys, session.row?.key ?? null];
  const traces = new Set(keys.map((key) => `key ${key}`));
  for (const { fragment } of entriesOf(session))
    traces.add(`file ${fragment.path}`).add(`window ${windowsName(fragment.path, fragment.window?.sessionId)}`);
  const found = new Set([...traces].flatMap((trace) => table.get(trace) ?? []));
  return [...found].filter((finding) => sessionOfFinding(home, finding)?.session === session).toSorted(byWeight);
}

const findingsByPath = kept((home: HomeSnapshot) => Map.groupBy(home.findings, (one) => one.path));

export const findingsAt = (home: HomeSnapshot, path: string): readonly Finding[] =>
  findingsByPath(home).get(path) ?? [];

/** The findings about a fragment: about its file, or about an event of it where it is only a part of what lies there. */
export function findingsOfFragment(home: HomeSnapshot, { path, window }: FragmentPlace): readonly Finding[] {
  if (window === undefined) return findingsAt(home, path);
  const all = findingsByTrace(home.findings).get(`window ${windowsName(path, window.sessionId)}`) ?? [];
  return all.filter(({ event }) => event !== undefined && holds(window, event.seq)).toSorted(byWeight);
}

const findingsById = kept((snapshot: Snapshot) => {
  const byId = new Map<string, { readonly home: HomeSnapshot; readonly finding: Finding }>();
  for (const home of snapshot.homes) for (const finding of home.findings) byId.set(finding.id, { home, finding });
  return byId;
});

export const findingById = (
  snapshot: Snapshot,
  id: string,
): { readonly home: HomeSnapshot; readonly finding: Finding } | undefined => findingsById(snapshot).get(id);

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** The worst severity; null when there is none. */
export const worstOf = (findings: readonly Finding[]): Severity | null =>
  SEVERITIES.find((severity) => findings.some((one) => one.severity === severity)) ?? null;

/** 0 for the worst. */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);

const pairsByName = kept((comparison: ShadowComparison) =>
  Map.groupBy(comparison.pairs, (one) => `${one.agent}\n${one.what}\n${one.name}`),
);

const pairOf = (home: HomeSnapshot, agent: string, what: ShadowPair["what"], name: string): ShadowPair | undefined =>
  home.comparison === undefined ? undefined : pairsByName(home.comparison).get(`${agent}\n${what}\n${name}`)?.[0];

/** How a fragment of a shadow home compares with the canonical one; only where both sides have it. */
export function counterpartOfFragment(home: HomeSnapshot, agent: string, fragment: Fragment): ShadowPair | undefined {
  const pair = fragment.sessionId === null ? undefined : pairOf(home, agent, "transcript", fragment.sessionId);
  return pair?.shadowPath === fragment.path && pair.canonicalPath !== null ? pair : undefined;
}

/** How a session of a shadow home compares with the canonical one: by its key, else by its newest transcript. */
export function counterpartOfSession(home: HomeSnapshot, agent: string, session: Session): ShadowPair | undefined {
  const byKey = session.key === null ? undefined : pairOf(home, agent, "key", session.key);
  if (byKey !== undefined && byKey.canonicalPath !== null && byKey.shadowPath !== null) return byKey;
  const newest = session.fragments.at(-1)?.fragment;
  return newest === undefined ? undefined : counterpartOfFragment(home, agent, newest);
}
