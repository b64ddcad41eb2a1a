/** What request handlers share: the newest snapshot, typed refusals, pages, and looking things up or refusing. */
import { ResponseError } from "vscode-languageserver/node";

import { agentByName, homeById, sessionById } from "../engine/lookup.ts";
import type { ChainSubject } from "../engine/present/chain-text.ts";
import { type AgentSnapshot, type HomeSnapshot, isPending, type Snapshot } from "../model/snapshot.ts";
import { Refusal } from "../protocol/errors.ts";
import type { RefusalData } from "../protocol/errors.ts";
import { MOST_AT_ONCE } from "../protocol/pages.ts";
import type { SessionRef } from "../protocol/sessions.ts";
import type { EngineHost } from "./engine-host.ts";

/** Before the first scan there is nothing to ask for: every id is unknown. */
const BEFORE_FIRST_SCAN: Snapshot = {
  revision: 0,
  at: 0,
  elapsedMs: 0,
  environment: [],
  homes: [],
  skipped: [],
  checked: { homes: 0, agents: 0, sessions: 0, fragments: 0, locks: 0, stores: 0 },
};

export const newest = (host: EngineHost): Snapshot => host.snapshot ?? BEFORE_FIRST_SCAN;

/** The homes as a whole: before the first scan has ended there is at best a first look, and who asks may not come back. */
export async function wholeSnapshot(host: EngineHost): Promise<Snapshot> {
  const { snapshot } = host;
  return snapshot === null || snapshot.homes.some(isPending) ? await host.scan() : snapshot;
}

export const refusal = (code: number, message: string, { revision }: Snapshot): ResponseError<RefusalData> =>
  new ResponseError(code, message, { revision });

/** The newest snapshot, if it is the one that the client means. */
export function snapshotOf(host: EngineHost, revision: number): Snapshot {
  const snapshot = newest(host);
  if (snapshot.revision !== revision)
    throw refusal(Refusal.staleRevision, `Revision ${revision} is not the newest, ${snapshot.revision} is.`, snapshot);
  return snapshot;
}

export function homeOrRefuse(snapshot: Snapshot, homeId: string): HomeSnapshot {
  const home = homeById(snapshot, homeId);
  if (home === undefined) throw refusal(Refusal.notFound, `There is no home ${homeId}.`, snapshot);
  return home;
}

export function agentOrRefuse(snapshot: Snapshot, home: HomeSnapshot, name: string): AgentSnapshot {
  const agent = agentByName(home, name);
  if (agent === undefined) throw refusal(Refusal.notFound, `There is no agent ${name} in ${home.home.path}.`, snapshot);
  return agent;
}

export function sessionOrRefuse(snapshot: Snapshot, ref: SessionRef): ChainSubject {
  const home = homeOrRefuse(snapshot, ref.homeId);
  const agent = agentOrRefuse(snapshot, home, ref.agent);
  const session = sessionById(agent, ref.sessionId);
  if (session === undefined)
    throw refusal(Refusal.notFound, `There is no session ${ref.sessionId} any more.`, snapshot);
  return { home, agent, session };
}

export function pageOf<T>(all: readonly T[], offset: number, limit: number): readonly T[] {
  const start = Math.max(0, Math.trunc(offset));
  return all.slice(start, start + Math.min(MOST_AT_ONCE, Math.max(0, Math.trunc(limit))));
}
