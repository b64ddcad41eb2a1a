/** Engines on the homes of tests: OpenClaw alone, in a world that the test owns. */
import assert from "node:assert/strict";

import { openclaw } from "../../src/agents/openclaw/index.ts";
import type { AgentProgram, World } from "../../src/agents/program.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine, EngineOptions } from "../../src/engine/engine.ts";
import {
  findingsOfFragment,
  findingsOfSession,
  locateById,
  locateEvent,
  sessionById,
  sessionByKey,
} from "../../src/engine/lookup.ts";
import { scanDocument } from "../../src/engine/scan-document.ts";
import { placeId } from "../../src/model/fragment.ts";
import type { Session } from "../../src/model/session.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../../src/model/snapshot.ts";
import { only, world } from "./world.ts";

export interface EngineGiven extends Partial<Omit<EngineOptions, "world">> {
  readonly world?: Partial<World>;
}

/** An engine that looks at these paths alone, and keeps its facts in memory. What it logs is an error of the test. */
export function engineOn(paths: readonly string[], given: EngineGiven = {}): Engine {
  return createEngine({
    programs: [openclaw],
    given: only(...paths),
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: (line) => assert.fail(line),
    ...given,
    world: world(given.world),
  });
}

/** OpenClaw, with the names of what is asked of it written down. */
export function observed(calls: string[], given: Partial<AgentProgram> = {}): AgentProgram {
  const program = { ...openclaw, ...given };
  return {
    ...program,
    discover: (...args) => {
      calls.push("discover");
      return program.discover(...args);
    },
    read: (...args) => {
      calls.push("read");
      return program.read(...args);
    },
    update: (...args) => {
      calls.push("update");
      return program.update(...args);
    },
    traceExecs: (home, fragments, ...rest) => {
      for (const { path } of fragments) calls.push(`trace ${path}`);
      return program.traceExecs(home, fragments, ...rest);
    },
  };
}

export function homeAt({ homes }: Snapshot, path: string): HomeSnapshot {
  const home = homes.find((one) => one.home.path === path);
  assert.ok(home !== undefined, `${path} is not among ${homes.map((one) => one.home.path).join(", ")}`);
  return home;
}

export function agentIn(home: HomeSnapshot, name: string): AgentSnapshot {
  const agent = home.agents.find(({ reading }) => reading.name === name);
  assert.ok(agent !== undefined, `no agent ${name}`);
  return agent;
}

export function sessionOf({ sessions }: AgentSnapshot, id: string): Session {
  const session = sessions.find((one) => one.id === id);
  assert.ok(session !== undefined, `${id} is not among ${sessions.map((one) => one.id).join(", ")}`);
  return session;
}

/** All that a snapshot tells, without how long it took. */
export function toldBy(snapshot: Snapshot): unknown {
  const { elapsedMs: _elapsed, ...document } = scanDocument(snapshot, { sessions: true, findings: true });
  return JSON.parse(JSON.stringify(document));
}

/** What is found of each session: by its names, by its fragments and windows, and what is wrong with it. */
export function lookedUp({ homes }: Snapshot): unknown {
  return homes.map((home) =>
    home.agents.map((agent) => agent.sessions.map((session) => foundOf(home, agent, session))),
  );
}

function foundOf(home: HomeSnapshot, agent: AgentSnapshot, session: Session): unknown {
  return {
    byId: sessionById(agent, session.id)?.id,
    byKey: session.key === null ? null : sessionByKey(agent, session.key)?.id,
    findings: findingsOfSession(home, session).map(({ id }) => id),
    fragments: session.fragments.map(({ fragment }) => ({
      at: locateById(home, placeId(fragment))?.entry.position,
      last:
        fragment.window &&
        locateEvent(home, fragment.path, { ...fragment.window, seq: fragment.window.toSeq })?.entry.position,
      findings: findingsOfFragment(home, fragment).map(({ id }) => id),
    })),
  };
}
