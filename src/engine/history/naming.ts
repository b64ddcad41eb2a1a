/** How a session is named so that a query finds this very one again. */
import { join } from "node:path";

import type { Session } from "../../model/session.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { ownCommand } from "../present/shell.ts";
import { idsOf, likeliestHit, type SessionHit } from "../query.ts";

type Names = ReadonlyMap<string, readonly SessionHit[]>;

const KEYS = new WeakMap<HomeSnapshot, Names>();
const IDS = new WeakMap<HomeSnapshot, Names>();

/** The sessions of a home by a name of theirs; kept with the home's snapshot. */
function byName(
  known: WeakMap<HomeSnapshot, Names>,
  home: HomeSnapshot,
  namesOf: (session: Session) => readonly string[],
): Names {
  const before = known.get(home);
  if (before !== undefined) return before;
  const names = new Map<string, SessionHit[]>();
  for (const agent of home.agents)
    for (const session of agent.sessions)
      for (const name of namesOf(session)) {
        const hits = names.get(name);
        if (hits === undefined) names.set(name, [{ home, agent, session }]);
        else hits.push({ home, agent, session });
      }
  known.set(home, names);
  return names;
}

const keysOf = ({ key, otherKeys }: Session): string[] => [...(key === null ? [] : [key]), ...otherKeys];

/** Whether it is what is meant by the name, as `likeliestHit` decides. */
function isMeant({ session }: SessionHit, hits: readonly SessionHit[] = []): boolean {
  const chosen = hits.length === 1 ? hits[0] : likeliestHit(hits);
  return chosen?.session === session;
}

/** Its key where that means this session, in its home; else its id, or the path of its newest fragment. */
export function queryFor(hit: SessionHit): string {
  const { home, session } = hit;
  const { key } = session;
  if (key !== null && isMeant(hit, byName(KEYS, home, keysOf).get(key))) return key;
  const newest = session.fragments.at(-1)?.fragment;
  const id = newest?.sessionId ?? null;
  if (id !== null && isMeant(hit, byName(IDS, home, idsOf).get(id))) return id;
  return newest === undefined ? session.id : join(home.home.path, newest.path);
}

/** The command that prints the history, and what stands before `cursor`. */
export function historyCommand(hit: SessionHit, cursor: string | null): string {
  const before = cursor === null ? [] : ["--before", cursor];
  return ownCommand("history", queryFor(hit), "--home", hit.home.home.path, ...before);
}
