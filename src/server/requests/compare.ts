/** Answers `compareWithCanonical`: the file of a shadow home and its counterpart. */
import type { Connection } from "vscode-languageserver/node";

import {
  agentByName,
  counterpartOfFragment,
  counterpartOfSession,
  locateById,
  locateFragment,
} from "../../engine/lookup.ts";
import { relationName } from "../../engine/present/homes.ts";
import { escaped } from "../../engine/present/names.ts";
import { sessionLabel } from "../../engine/present/sessions.ts";
import type { ShadowPair } from "../../model/shadow.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import type { CompareParams, Comparison } from "../../protocol/documents.ts";
import { Refusal } from "../../protocol/errors.ts";
import type { FileTarget } from "../../protocol/items.ts";
import { Method } from "../../protocol/methods.ts";
import type { SessionRef } from "../../protocol/sessions.ts";
import { pathFrom } from "../../system/files.ts";
import { homeOrRefuse, newest, refusal, sessionOrRefuse } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { fileTarget } from "../paths.ts";
import { storeTarget, wholeTarget } from "../targets.ts";
import { answer } from "./register.ts";

const nothing = (snapshot: Snapshot, what: string): Error =>
  refusal(Refusal.refused, `The canonical home has no counterpart of ${what}.`, snapshot);

/** One side of a pair. */
function sideOf(home: HomeSnapshot, pair: ShadowPair, path: string): FileTarget {
  const agent = agentByName(home, pair.agent);
  if (agent === undefined) return fileTarget(pathFrom(home.home.path, path));
  const row = pair.what === "key" ? agent.reading.store.rows.find((one) => one.key === pair.name) : undefined;
  return wholeTarget(home, agent, path, pair.what === "key" ? (row?.sessionId ?? null) : pair.name);
}

function ofPair(snapshot: Snapshot, home: HomeSnapshot, pair: ShadowPair | undefined, name: string): Comparison {
  const canonical = snapshot.homes.find((one) => one.home.path === home.home.canonicalPath);
  if (pair === undefined || pair.canonicalPath === null || pair.shadowPath === null || canonical === undefined)
    throw nothing(snapshot, name);
  return {
    title: escaped(`${name}: canonical ↔ ${home.home.role}`),
    canonical: sideOf(canonical, pair, pair.canonicalPath),
    shadow: sideOf(home, pair, pair.shadowPath),
    relation: relationName(pair.relation),
  };
}

/** The stores of the first agent that both homes have. */
function ofStores(snapshot: Snapshot, home: HomeSnapshot, storePath: string | undefined): Comparison {
  const canonical = snapshot.homes.find((one) => one.home.path === home.home.canonicalPath);
  const own = home.agents.filter((one) => storePath === undefined || one.reading.store.path === storePath);
  for (const { reading } of own) {
    const other = canonical?.agents.find((one) => one.reading.name === reading.name);
    if (canonical === undefined || other === undefined) continue;
    return {
      title: escaped(`Store of ${reading.name}: canonical ↔ ${home.home.role}`),
      canonical: storeTarget(canonical, other),
      shadow: storeTarget(home, { reading }),
      relation: null,
    };
  }
  throw nothing(snapshot, storePath ?? home.home.path);
}

function ofSession(snapshot: Snapshot, ref: SessionRef): Comparison {
  const { home, agent, session } = sessionOrRefuse(snapshot, ref);
  const { name } = agent.reading;
  return ofPair(snapshot, home, counterpartOfSession(home, name, session), sessionLabel(session, name));
}

function ofPlace(snapshot: Snapshot, home: HomeSnapshot, place: string): Comparison {
  if (home.agents.some((one) => one.reading.store.path === place)) return ofStores(snapshot, home, place);
  const located = locateById(home, place) ?? locateFragment(home, place);
  if (located === undefined) throw nothing(snapshot, place);
  const { fragment, session } = located.entry;
  const { name } = located.agent.reading;
  const title = fragment.window === undefined ? place.replace(/^.*\//, "") : sessionLabel(session, name);
  return ofPair(snapshot, home, counterpartOfFragment(home, name, fragment), title);
}

export function comparison(host: EngineHost, { homeId, place, session }: CompareParams): Comparison {
  const snapshot = newest(host);
  if (session !== undefined) return ofSession(snapshot, session);
  const home = homeOrRefuse(snapshot, homeId);
  return place === undefined ? ofStores(snapshot, home, undefined) : ofPlace(snapshot, home, place);
}

export function registerCompare(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.compareWithCanonical, (params) => comparison(host(), params));
}
