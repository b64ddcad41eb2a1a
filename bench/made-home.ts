/**
 * A made-up home of any size, the same for the same size: agents of both releases, chains with reused file names, usage
 * families, trajectories for some, store rows, locks and checkpoints.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Random } from "../test/support/random.ts";
import { conversation, END } from "./conversation.ts";
import { live, type Life, type MadeFragment, type Release } from "./lives.ts";

export interface MadeHome {
  readonly path: string;
  readonly fragments: number;
  /** Files in the sessions folders. */
  readonly files: number;
  /** Absolute path of a live transcript to append to. */
  readonly grownTranscript: string;
}

/** Shares of the fragments. Those of 2026.3.24 have next to no sure evidence: their links must be weighed. */
const AGENTS: readonly { readonly name: string; readonly release: Release; readonly share: number }[] = [
  { name: "main", release: "2026.5.12", share: 0.5 },
  { name: "ops", release: "2026.5.12", share: 0.25 },
  { name: "research", release: "2026.5.12", share: 0.15 },
  { name: "early", release: "2026.3.24", share: 0.1 },
];
const SEED = 20_261_120;
/** Where the home was when its rows were written. */
const WRITTEN_AT = "/srv/agents/home/.openclaw";
const WITH_TRAJECTORY = 0.7;
const WITH_CHECKPOINT = 0.03;
const LOCKED = 0.002;
/** A pid above every system's limit: its lock is that of a dead process. */
const DEAD_PID = 99_999_999;
/** Rows carry prompts and reports of several kilobytes; a little of that. */
const ROW_NOISE = { prompt: "skills and their descriptions ".repeat(30) };

/** Writes a home with this many fragments at `path`. */
export function makeHome(path: string, fragments: number): MadeHome {
  const random = new Random(SEED);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "openclaw.json"), JSON.stringify({ meta: { lastTouchedVersion: "2026.5.12" } }));
  const agents = AGENTS.map(({ name, release, share }) =>
    new MadeAgent(path, name, release, random).fill(fragments * share),
  );
  return {
    path,
    fragments: agents.reduce((sum, agent) => sum + agent.fragments, 0),
    files: agents.reduce((sum, agent) => sum + readdirSync(agent.folder).length, 0),
    grownTranscript: agents[0]!.newestLive,
  };
}

class MadeAgent {
  readonly folder: string;
  fragments = 0;
  newestLive = "";
  private readonly name: string;
  private readonly release: Release;
  private readonly random: Random;

  constructor(home: string, name: string, release: Release, random: Random) {
    this.folder = join(home, "agents", name, "sessions");
    this.name = name;
    this.release = release;
    this.random = random;
    mkdirSync(this.folder, { recursive: true });
  }

  fill(fragments: number): this {
    const rows: { readonly key: string; readonly createdAt: number; readonly row: object }[] = [];
    while (this.fragments < fragments) {
      const key = `agent:${this.name}:topic-${rows.length}-${this.fragments}`;
      const life = live(key, this.release, fragments - this.fragments, this.random);
      for (const fragment of life.fragments) this.write(fragment, life.key);
      const newest = life.fragments.at(-1)!;
      const createdAt = life.fragments[0]!.startedAt;
      if (newest.endedBy === null) rows.push({ key, createdAt, row: this.row(life, newest) });
    }
    // A store's rows stand in the order in which their keys were created.
    const inOrder = rows.toSorted((a, b) => a.createdAt - b.createdAt).map(({ key, row }) => [key, row]);
    writeFileSync(join(this.folder, "sessions.json"), JSON.stringify(Object.fromEntries(inOrder), null, 2));
    return this;
  }

  private write(fragment: MadeFragment, key: string): void {
    const { sessionId, fileId, startedAt, opening, endedBy, until } = fragment;
    const name = `${fileId}.jsonl`;
    const text = conversation(sessionId, opening, startedAt, until, this.random);
    this.add(endedBy === null ? name : `${name}.${endedBy}.${stamp(until)}`, text);
    if (this.release === "2026.5.12" && opening !== "header-only") this.writeBeside(fragment, key, text);
    if (endedBy !== null) return;
    this.newestLive = join(this.folder, name);
    if (this.random.chance(LOCKED)) {
      const createdAt = new Date(END - 3_600_000).toISOString();
      writeFileSync(
        join(this.folder, `${name}.lock`),
        JSON.stringify({ pid: DEAD_PID, createdAt, starttime: 1 }, null, 2),
      );
    }
  }

  private writeBeside({ fileId, sessionId, startedAt }: MadeFragment, key: string, text: string): void {
    if (this.random.chance(WITH_CHECKPOINT)) this.add(`${fileId}.checkpoint.${this.random.uuid()}.jsonl`, text);
    if (!this.random.chance(WITH_TRAJECTORY)) return;
    const ts = new Date(startedAt + 1).toISOString();
    const common = { traceSchema: "openclaw-trajectory", schemaVersion: 1, source: "runtime" };
    const line = {
      ...common,
      type: "session.started",
      ts,
      seq: 1,
      sessionId,
      sessionKey: key,
      runId: sessionId,
      data: {},
    };
    writeFileSync(join(this.folder, `${fileId}.trajectory.jsonl`), `${JSON.stringify(line)}\n`, { flag: "a" });
  }

  /** A file that holds a transcript. */
  private add(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
    this.fragments += 1;
  }

  private row({ family, key }: Life, { sessionId, fileId, startedAt, opening }: MadeFragment): object {
    const sessionFile = `${WRITTEN_AT}/agents/${this.name}/sessions/${fileId}.jsonl`;
    const common = { sessionId, sessionFile, updatedAt: END - 1000, systemSent: true, abortedLastRun: false };
    const ended = { status: "done", startedAt, endedAt: startedAt + 60_000, runtimeMs: 60_000, compactionCount: 0 };
    const turns = opening === "header-only" ? {} : ended;
    const lists = family.length === 0 ? {} : { usageFamilyKey: key, usageFamilySessionIds: family };
    const since = this.release === "2026.5.12" ? { sessionStartedAt: startedAt, ...lists } : {};
    return { ...common, ...turns, ...since, skillsSnapshot: ROW_NOISE };
  }
}

function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(":", "-");
}
