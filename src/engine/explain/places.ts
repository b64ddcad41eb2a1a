/** Where in the homes lies what a message names: locks, sessions, files that have moved. */
import { basename } from "node:path";

import type { NamesInText } from "../../checks/symptoms/names-in-text.ts";
import type { Lock } from "../../model/lock.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { isInside, pathFrom, pathWithin } from "../../system/files.ts";
import { entriesAt, lockOfSession } from "../lookup.ts";
import { allSessions, idsOf, type SessionHit } from "../query.ts";

/** A session that the message is about, and by what. */
export interface NamedSession {
  readonly hit: SessionHit;
  /** What names it: "the key agent:main:main". */
  readonly by: string;
  /** The file is named elsewhere than it lies, so the message comes from another machine or from before a move. */
  readonly movedFrom: string | null;
}

/** A lock that the message names, and what became of it. */
export interface NamedLock {
  readonly home: HomeSnapshot | null;
  /** Absolute path, as it is here. */
  readonly path: string;
  /** Null when no such lock is there now. */
  readonly lock: Lock | null;
  /** Process that the message says holds it; null when it does not say. */
  readonly pid: number | null;
}

/** The sessions that the message names, each once, best reason first. */
export function sessionsNamed(snapshot: Snapshot, names: NamesInText): NamedSession[] {
  const found = new Map<SessionHit["session"], NamedSession>();
  const add = (hit: SessionHit, by: string, movedFrom: string | null = null): void => {
    if (!found.has(hit.session)) found.set(hit.session, { hit, by, movedFrom });
  };
  const all = allSessions(snapshot);
  for (const path of names.paths) {
    const target = path.replace(/\.lock$/, "");
    for (const hit of at(snapshot, target)) add(hit, `the file ${path}`);
  }
  for (const key of names.keys)
    for (const hit of all)
      if (hit.session.key === key || hit.session.otherKeys.includes(key)) add(hit, `the key ${key}`);
  for (const path of names.paths) {
    const name = basename(path.replace(/\.lock$/, ""));
    // Every agent has a store of that name.
    if (!name.includes(".jsonl")) continue;
    const isKnown = at(snapshot, path.replace(/\.lock$/, "")).length > 0;
    for (const hit of isKnown ? [] : all)
      if (hit.session.fragments.some(({ fragment }) => basename(fragment.path) === name))
        add(hit, `the file name ${name}`, path);
  }
  for (const id of names.ids) for (const hit of all) if (idsOf(hit.session).includes(id)) add(hit, `the id ${id}`);
  return [...found.values()];
}

/** The sessions of the file at this path; none when it lies in no home. */
function at(snapshot: Snapshot, path: string): SessionHit[] {
  return snapshot.homes.flatMap((home) => {
    if (!isInside(home.home.path, path)) return [];
    return home.agents.flatMap((agent) => {
      const sessions = new Set(entriesAt(agent, pathWithin(home.home.path, path)).map(({ session }) => session));
      return [...sessions].map((session) => ({ home, agent, session }));
    });
  });
}

/** The locks that the message names by path, by the process that holds them, or by the session they lock. */
export function locksNamed(snapshot: Snapshot, names: NamesInText, sessions: readonly NamedSession[]): NamedLock[] {
  const found = new Map<string, NamedLock>();
  const add = (home: HomeSnapshot, lock: Lock): void => {
    const path = pathFrom(home.home.path, lock.path);
    if (!found.has(path)) found.set(path, { home, path, lock, pid: names.pids[0] ?? null });
  };
  for (const path of names.paths.filter((one) => one.endsWith(".lock"))) {
    const home = snapshot.homes.find((one) => isInside(one.home.path, path));
    const lock = home?.locks.find((one) => one.path === pathWithin(home.home.path, path)) ?? null;
    if (home !== undefined && lock !== null) add(home, lock);
    else if (home !== undefined || !sessions.some(({ movedFrom }) => movedFrom === path))
      found.set(path, { home: home ?? null, path, lock: null, pid: names.pids[0] ?? null });
  }
  for (const { hit, movedFrom } of sessions) {
    const lock = lockOfSession(hit.home, hit.session);
    if (lock !== undefined) add(hit.home, lock);
    else if (movedFrom?.endsWith(".lock") === true) {
      // Here the lock would stand beside the transcript of that name.
      const name = basename(movedFrom, ".lock");
      const target = hit.session.fragments.find(({ fragment }) => basename(fragment.path) === name)?.fragment.path;
      const path = `${pathFrom(hit.home.home.path, target ?? "")}.lock`;
      found.set(path, { home: hit.home, path, lock: null, pid: names.pids[0] ?? null });
    }
  }
  if (found.size === 0)
    for (const home of snapshot.homes)
      for (const lock of home.locks) if (lock.pid !== null && names.pids.includes(lock.pid)) add(home, lock);
  return [...found.values()];
}

/** Ids, keys and paths that nothing here goes by. */
export function namesOfNothing(
  { ids, keys, paths }: NamesInText,
  sessions: readonly NamedSession[],
  locks: readonly NamedLock[],
): string[] {
  const known = (name: string): boolean =>
    sessions.some(({ by, hit, movedFrom }) => {
      const { session } = hit;
      return by.endsWith(name) || movedFrom === name || session.key === name || idsOf(session).includes(name);
    }) || locks.some(({ path }) => path === name);
  return [...keys, ...ids, ...paths].filter((name) => !known(name));
}
