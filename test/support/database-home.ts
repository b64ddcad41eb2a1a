/** A temporary home with one agent whose sessions are in a database, read through the port as the engine does. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";

import { openclaw } from "../../src/agents/openclaw/index.ts";
import type { TranscriptPage, TranscriptRequest } from "../../src/agents/program.ts";
import type { Fragment, FragmentPlace } from "../../src/model/fragment.ts";
import type { HomeIdentity } from "../../src/model/home.ts";
import type { AgentReading, HomeReading } from "../../src/model/reading.ts";
import type { Session } from "../../src/model/session.ts";
import { composeSessions } from "../../src/chains/sessions.ts";
import { linkChains } from "../../src/chains/link.ts";
import { temporaryTree } from "./homes.ts";
import { AgentDatabase, type AgentDatabaseOptions } from "./openclaw-database.ts";
import { memo, only, readingContext, type CountingMemo } from "./world.ts";

/** Home-relative path of the database. */
export const DATABASE = "agents/main/agent/openclaw-agent.sqlite";

export class DatabaseHome {
  /** Absolute path of the home. */
  readonly path: string;
  /** Absolute path of the folder with what is not in the database. */
  readonly sessionsFolder: string;
  readonly database: AgentDatabase;
  readonly facts: CountingMemo = memo();

  constructor(test: Pick<TestContext, "after">, options: AgentDatabaseOptions = {}) {
    this.path = temporaryTree(test, { "openclaw.json": "{}", agents: { main: { sessions: {} } } });
    this.sessionsFolder = join(this.path, "agents/main/sessions");
    this.database = new AgentDatabase(join(this.path, DATABASE), options);
    test.after(() => {
      if (this.database.sql.isOpen) this.database.close();
    });
  }

  async identity(): Promise<HomeIdentity> {
    const { homes } = await openclaw.discover(readingContext(), only(this.path));
    const [home] = homes;
    assert.ok(home !== undefined);
    return home;
  }

  async read(previous?: HomeReading): Promise<HomeReading> {
    return openclaw.read(await this.identity(), readingContext({}, this.facts), previous);
  }

  /** The reading after a commit, as the engine asks for it. */
  async update(previous: HomeReading, ...paths: string[]): Promise<HomeReading> {
    const changed = paths.length === 0 ? [`${DATABASE}-wal`] : paths;
    const absolute = changed.map((path) => join(this.path, path));
    const update = await openclaw.update(await this.identity(), previous, absolute, readingContext({}, this.facts));
    assert.ok(update !== null);
    return update.reading;
  }

  async agent(): Promise<AgentReading> {
    return onlyAgent(await this.read());
  }

  async sessions(): Promise<Session[]> {
    return sessionsOf(await this.agent());
  }

  async page(place: FragmentPlace, request: TranscriptRequest = {}): Promise<TranscriptPage> {
    return openclaw.readTranscript(await this.identity(), place, request);
  }
}

export function onlyAgent({ agents }: HomeReading): AgentReading {
  const [agent] = agents;
  assert.ok(agent !== undefined && agents.length === 1);
  return agent;
}

export function sessionsOf(agent: AgentReading): Session[] {
  return composeSessions(agent, linkChains(agent));
}

/** "0-4" for each window, in order. */
export function extentsOf(fragments: readonly Fragment[]): string[] {
  return fragments.map(({ window }) => (window === undefined ? "whole" : `${window.fromSeq}-${window.toSeq}`));
}
