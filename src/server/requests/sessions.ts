/** Answers `agentSessions`, `findSessions` and `locate`. */
import type { Connection } from "vscode-languageserver/node";

import { counterpartOfFragment, locateById, locateFragment, sessionGroups } from "../../engine/lookup.ts";
import { homePath } from "../../engine/present/homes.ts";
import { allSessions, sessionMatches } from "../../engine/query.ts";
import type { Session } from "../../model/session.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { Method } from "../../protocol/methods.ts";
import type { AgentSessions, AgentSessionsParams, FoundSessions, Located } from "../../protocol/sessions.ts";
import { agentOrRefuse, homeOrRefuse, newest, pageOf, sessionOrRefuse, snapshotOf } from "../answers.ts";
import { pathWithin } from "../../system/files.ts";
import { addressOf } from "../documents/addresses.ts";
import type { Address } from "../documents/addresses.ts";
import type { EngineHost } from "../engine-host.ts";
import { placeInHomes } from "../home-places.ts";
import { sessionItem, sessionRef } from "../items/session-item.ts";
import { answer } from "./register.ts";

const newestFirst = (a: Session, b: Session): number => (b.updatedAt ?? 0) - (a.updatedAt ?? 0);

export function agentSessions(host: EngineHost, params: AgentSessionsParams): AgentSessions {
  const snapshot = snapshotOf(host, params.revision);
  const home = homeOrRefuse(snapshot, params.homeId);
  const agent = agentOrRefuse(snapshot, home, params.agent);
  const group = sessionGroups(agent)[params.group];
  const sessions = group.filter((one) => sessionMatches(one, params.filter ?? ""));
  return {
    revision: snapshot.revision,
    total: sessions.length,
    offset: params.offset,
    sessions: pageOf(sessions, params.offset, params.limit).map((session) => sessionItem({ home, agent, session })),
  };
}

export function foundSessions(host: EngineHost, query: string, limit: number): FoundSessions {
  const snapshot = newest(host);
  const subjects = allSessions(snapshot).filter(({ session }) => sessionMatches(session, query));
  const sorted = subjects.toSorted((a, b) => newestFirst(a.session, b.session));
  return {
    revision: snapshot.revision,
    total: sorted.length,
    sessions: pageOf(sorted, 0, limit).map((subject) => ({
      ...sessionItem(subject),
      homeLabel: homePath(subject.home.home.path, host.userHome),
    })),
  };
}

/** What a document of ours shows. */
function locatedAddress(snapshot: Snapshot, address: Address): Located | null {
  const home = snapshot.homes.find((one) => one.home.path === address.home);
  if (home === undefined) return null;
  const path = pathWithin(address.home, address.file);
  const found = address.what === "transcript" ? locateById(home, address.fragment) : undefined;
  const agent = found?.agent ?? home.agents.find((one) => one.reading.store.path === path);
  return {
    revision: snapshot.revision,
    homeId: home.home.id,
    agent: agent?.reading.name ?? null,
    session: found === undefined ? null : sessionRef({ home, agent: found.agent, session: found.entry.session }),
    path,
    hasCanonical:
      found === undefined
        ? home.home.canonicalPath !== undefined
        : counterpartOfFragment(home, found.agent.reading.name, found.entry.fragment) !== undefined,
  };
}

export function located(host: EngineHost, uri: string): Located | null {
  const snapshot = newest(host);
  const address = addressOf(uri);
  if (address !== null) return locatedAddress(snapshot, address);
  const place = placeInHomes(snapshot, uri);
  if (place === null) return null;
  const { home, path } = place;
  const found = locateFragment(home, path.replace(/\.lock$/, ""));
  const isStore = home.agents.some((agent) => agent.reading.store.path === path);
  const agent = found?.agent ?? home.agents.find((one) => path.startsWith(`${one.reading.sessionsPath}/`));
  const fragment = found?.entry.fragment;
  return {
    revision: snapshot.revision,
    homeId: home.home.id,
    agent: agent?.reading.name ?? null,
    session: found === undefined ? null : sessionRef({ home, agent: found.agent, session: found.entry.session }),
    path,
    hasCanonical:
      (isStore && home.home.canonicalPath !== undefined) ||
      (found !== undefined &&
        fragment?.path === path &&
        counterpartOfFragment(home, found.agent.reading.name, fragment) !== undefined),
  };
}

export function registerSessions(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.agentSessions, (params) => agentSessions(host(), params));
  answer(connection, Method.findSessions, ({ query, limit }) => foundSessions(host(), query, limit));
  answer(connection, Method.session, ({ session }) => sessionItem(sessionOrRefuse(newest(host()), session)));
  answer(connection, Method.locate, ({ uri }) => located(host(), uri));
}
