/** Finds the sessions that a person means by a key, an id or a file. */
import type { Session } from "../model/session.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import { isInside, pathWithin } from "../system/files.ts";
import { entriesAt } from "./lookup.ts";
import { sessionLabel } from "./present/sessions.ts";

export interface SessionHit {
  readonly home: HomeSnapshot;
  readonly agent: AgentSnapshot;
  readonly session: Session;
}

/** Beginnings of ids shorter than this are too likely to mean something else. */
export const SHORTEST_ID_PREFIX = 6;

function* agentsOf(snapshot: Snapshot): Generator<{ home: HomeSnapshot; agent: AgentSnapshot }> {
  for (const home of snapshot.homes) for (const agent of home.agents) yield { home, agent };
}

/** Every session of every home. */
export const allSessions = (snapshot: Snapshot): SessionHit[] =>
  [...agentsOf(snapshot)].flatMap(({ home, agent }) => agent.sessions.map((session) => ({ home, agent, session })));

/** By a file: a fragment, a file named after one (its lock), or a database. `paths` are absolute forms of the same query. */
function byPath(snapshot: Snapshot, query: string, paths: readonly string[]): SessionHit[] {
  return [...agentsOf(snapshot)].flatMap(({ home, agent }) => {
    const inside = paths
      .filter((path) => isInside(home.home.path, path))
      .map((path) => pathWithin(home.home.path, path));
    const entries = [...inside, query]
      .map((path) => path.replace(/\.lock$/, ""))
      .flatMap((path) => entriesAt(agent, path));
    const sessions = new Set(entries.map((entry) => entry.session));
    return [...sessions].map((session) => ({ home, agent, session }));
  });
}

const byKey = (snapshot: Snapshot, query: string): SessionHit[] =>
  allSessions(snapshot).filter(({ session }) => session.key === query || session.otherKeys.includes(query));

/** By the key without `agent:<name>:`. */
const byLabel = (snapshot: Snapshot, query: string): SessionHit[] =>
  allSessions(snapshot).filter(
    ({ agent, session }) => session.key !== null && sessionLabel(session, agent.reading.name) === query,
  );

/** Every id that a session goes by: of its headers, its file names and its store row. */
export function idsOf(session: Session): string[] {
  const fragments = [...session.fragments.map((one) => one.fragment), ...session.checkpoints];
  const ids = fragments.flatMap((one) => [one.sessionId, one.fileId]);
  return [...new Set([...ids, session.row?.sessionId ?? null])].filter((one) => one !== null);
}

function byId(snapshot: Snapshot, query: string): SessionHit[] {
  const all = allSessions(snapshot);
  const exact = all.filter(({ session }) => session.id === query || idsOf(session).includes(query));
  if (exact.length > 0 || query.length < SHORTEST_ID_PREFIX) return exact;
  return all.filter(({ session }) => idsOf(session).some((id) => id.startsWith(query.toLowerCase())));
}

/**
 * All sessions that the query can mean: by file, else by whole key, else by the short form of a key, else by id (six
 * characters of its beginning are enough). `paths` are the absolute paths that the query names if it is a file.
 */
export function findSessions(snapshot: Snapshot, query: string, paths: readonly string[]): SessionHit[] {
  for (const find of [
    () => byPath(snapshot, query, paths),
    () => byKey(snapshot, query),
    () => byLabel(snapshot, query),
  ]) {
    const hits = find();
    if (hits.length > 0) return hits;
  }
  return byId(snapshot, query);
}

/**
 * The one hit that a person most likely means: the only one in a canonical home, or the only one that its store has a row
 * for; undefined when that leaves several.
 */
export function likeliestHit(hits: readonly SessionHit[]): SessionHit | undefined {
  const canonical = hits.filter(({ home }) => home.home.role === "canonical");
  const current = canonical.filter(({ session }) => session.row !== null);
  const [only, ...others] = canonical.length > 1 ? current : canonical;
  return others.length === 0 ? only : undefined;
}

/** Whether key, title, ids, status or file names hold every one of the words, in any case. */
export function sessionMatches(session: Session, words: string): boolean {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((one) => one !== "");
  if (wanted.length === 0) return true;
  const files = session.fragments.map((one) => one.fragment.path);
  const texts = [
    session.id,
    session.key,
    ...session.otherKeys,
    session.title,
    session.state,
    session.row?.status,
    session.row?.label,
  ];
  const haystack = [...texts, ...idsOf(session), ...files].filter(Boolean).join("\n").toLowerCase();
  return wanted.every((one) => haystack.includes(one));
}
