/** The proof: of a home that a real 2026.5.12 wrote, a database takes over a part. What it did not take is named, no more and no less. */
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { openclaw } from "../../../../../src/agents/openclaw/index.ts";
import { linkChains } from "../../../../../src/chains/link.ts";
import { composeSessions } from "../../../../../src/chains/sessions.ts";
import type { Fragment } from "../../../../../src/model/fragment.ts";
import { isOnlyCopy } from "../../../../../src/model/migration.ts";
import type { AgentReading, HomeReading } from "../../../../../src/model/reading.ts";
import { fixtureHome, json, treeState } from "../../../../support/homes.ts";
import { entriesOf, importedDatabase, type ImportedSession } from "../../../../support/imported-database.ts";
import { only, readingContext } from "../../../../support/world.ts";

type Entries = ImportedSession["entries"];

async function read(path: string): Promise<HomeReading> {
  const context = readingContext();
  const [home] = (await openclaw.discover(context, only(path))).homes;
  return openclaw.read(home!, context);
}

interface Mixed {
  readonly path: string;
  /** As it was before there was a database. */
  readonly files: HomeReading;
  /** Session keys that were imported. */
  readonly keys: readonly string[];
  /** What the database was given. */
  readonly held: readonly Entries[];
}

/** The home with every other key of each agent in a database; `change` says what the database has of a transcript. */
async function halfImported(
  test: TestContext,
  change: (entries: Entries, at: number) => Entries = (all) => all,
): Promise<Mixed> {
  const path = fixtureHome(test, "2026.5.12-random");
  const files = await read(path);
  const keys: string[] = [];
  const held: Entries[] = [];
  for (const agent of files.agents) {
    const rows = JSON.parse(readFileSync(join(path, agent.store.path), "utf8"));
    const imported = agent.store.rows
      .filter(({ transcriptPath }) => agent.fragments.some((one) => one.path === transcriptPath))
      .filter((_, at) => at % 2 === 0)
      .map(({ key, sessionId, transcriptPath }, at): ImportedSession => {
        keys.push(key);
        const entries = change(entriesOf(join(path, transcriptPath!)), at);
        held.push(entries);
        return { key, sessionId: sessionId!, row: rows[key], entries };
      });
    importedDatabase(path, agent.name, imported);
  }
  return { path, files, keys, held };
}

/** What stands in exactly one place, found without any of the code under test: entries compared as JSON without their parent. */
function onlyCopiesByHand(path: string, files: readonly string[], held: readonly Entries[]): string[] {
  const places = new Map<string, Set<string>>();
  const note = (entry: Readonly<Record<string, unknown>>, place: string): void => {
    if (entry["type"] === "session") return;
    const { parentId: _parent, ...rest } = entry;
    const text = JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    places.set(text, (places.get(text) ?? new Set()).add(place));
  };
  for (const file of files) for (const entry of entriesOf(join(path, file))) note(entry, file);
  for (const entries of held) for (const entry of entries) note(entry, "the database");
  const alone = [...places.values()].filter((at) => at.size === 1).flatMap((at) => [...at]);
  return [...new Set(alone)].filter((place) => place !== "the database").toSorted();
}

function onlyCopies(reading: HomeReading): string[] {
  return reading.agents
    .flatMap(({ coverage }) => coverage.filter(isOnlyCopy))
    .map(({ fragment }) => fragment.path)
    .toSorted();
}

function transcripts({ agents }: HomeReading): Fragment[] {
  return agents.flatMap(({ fragments }) => fragments.filter(({ window }) => window === undefined));
}

function expected({ held, path }: Mixed, now: HomeReading): string[] {
  const files = transcripts(now).map((one) => one.path);
  return onlyCopiesByHand(path, files, held);
}

function relations(reading: HomeReading, keys: readonly string[], files: HomeReading): string[] {
  const paths = files.agents.flatMap(({ store }) =>
    store.rows.filter(({ key }) => keys.includes(key)).map((row) => row.transcriptPath),
  );
  const found = reading.agents.flatMap(({ coverage }) =>
    coverage.filter(({ fragment }) => paths.includes(fragment.path)),
  );
  return [...new Set(found.filter(({ entries }) => entries > 0).map(({ relation }) => relation))];
}

describe("a home of which a database holds half of the sessions", () => {
  it("names exactly the only copies, and writes nothing", async (test) => {
    const mixed = await halfImported(test);
    const before = treeState(mixed.path);
    const now = await read(mixed.path);
    assert.deepEqual(treeState(mixed.path), before);
    const found = onlyCopies(now);
    assert.deepEqual(found, expected(mixed, now));
    assert.ok(found.length > 20 && found.length < transcripts(now).length - 5);
    assert.deepEqual(relations(now, mixed.keys, mixed.files), ["covered"]);
  });

  const variants: [name: string, relation: string, change: (entries: Entries) => Entries][] = [
    ["only a beginning of each", "prefix", (all) => (all.length > 3 ? all.slice(0, -2) : all.slice(0, -1))],
    [
      "each with one entry that says something else",
      "diverged",
      (all) => all.map((entry, at) => (at === all.length - 1 && at > 0 ? { ...entry, edited: true } : entry)),
    ],
    ["each with its keys in another order", "covered", (all) => all.map(reversed)],
    [
      "each with a conversation that went on in the database",
      "covered",
      (all) => [
        ...all,
        {
          type: "message",
          id: "later",
          parentId: null,
          timestamp: "2026-11-22T00:00:00.000Z",
          message: { role: "user", content: "and now?" },
        },
      ],
    ],
  ];
  for (const [name, relation, change] of variants) {
    it(`the same with ${name}`, async (test) => {
      const mixed = await halfImported(test, change);
      const now = await read(mixed.path);
      assert.deepEqual(onlyCopies(now), expected(mixed, now));
      assert.ok(relations(now, mixed.keys, mixed.files).includes(relation));
    });
  }

  it("finds a covered transcript under another name, and in an import archive", async (test) => {
    const mixed = await halfImported(test);
    const covered = (await read(mixed.path)).agents
      .find(({ name }) => name === "main")!
      .coverage.filter(({ relation, entries }) => relation === "covered" && entries > 0);
    const [first, second] = covered;
    const archive = join(mixed.path, "agents/main/session-sqlite-import-archive");
    mkdirSync(archive);
    renameSync(join(mixed.path, first!.fragment.path), join(mixed.path, "agents/main/sessions/renamed.jsonl"));
    const id = second!.heldBy[0]!.window!.sessionId;
    const archived = `agent_main_somebody.${id}.jsonl.imported-1795300000000`;
    renameSync(join(mixed.path, second!.fragment.path), join(archive, archived));
    const now = await read(mixed.path);
    const main = now.agents.find(({ name }) => name === "main")!;
    const at = (path: string): string | undefined =>
      main.coverage.find(({ fragment }) => fragment.path === path)?.relation;
    assert.equal(at("agents/main/sessions/renamed.jsonl"), "covered");
    assert.equal(at(`agents/main/session-sqlite-import-archive/${archived}`), "covered");
    assert.deepEqual(onlyCopies(now), expected(mixed, now));
  });

  it("takes a torn line for something that the database can't have", async (test) => {
    const mixed = await halfImported(test);
    const covered = (await read(mixed.path)).agents
      .flatMap(({ coverage }) => coverage)
      .find(({ relation, entries }) => relation === "covered" && entries > 0)!;
    appendFileSync(
      join(mixed.path, covered.fragment.path),
      '{"type":"message","id":"ffff0000","message":{"role":"user","con',
    );
    const now = (await read(mixed.path)).agents
      .flatMap(({ coverage }) => coverage)
      .find(({ fragment }) => fragment.path === covered.fragment.path)!;
    assert.deepEqual([now.relation, now.onlyHere, now.messagesOnlyHere], ["prefix", 1, 0]);
  });

  it("puts archives before the window of the database that goes on from them", async (test) => {
    const mixed = await halfImported(test);
    const now = await read(mixed.path);
    const agents = [mixed.files, now].map(({ agents: all }) => all.find(({ name }) => name === "main")!);
    const [before, after] = agents.map(chainsByKey);
    for (const key of mixed.keys.filter((one) => one.startsWith("agent:main:"))) {
      assert.deepEqual(after!.get(key), before!.get(key), key);
    }
  });
});

/** For each key the header ids of its newest chain, oldest first. */
function chainsByKey(agent: AgentReading): Map<string, (string | null)[]> {
  const sessions = composeSessions(agent, linkChains(agent)).filter(({ key, row }) => key !== null && row !== null);
  return new Map(sessions.map(({ key, fragments }) => [key!, fragments.map(({ fragment }) => fragment.sessionId)]));
}

describe("records of migrations", () => {
  it("say what was moved, what was put off, and where it lies now", async (test) => {
    const { path } = await halfImported(test);
    const runs = join(path, "session-sqlite-migration-runs");
    mkdirSync(runs);
    const was = "/srv/agents/host/.openclaw";
    const move = {
      kind: "transcript",
      sourcePath: `${was}/agents/main/sessions/a.jsonl`,
      archivePath: `${was}/agents/main/session-sqlite-import-archive/agent_main_main.a.jsonl.imported-1`,
      artifact: { classification: "imported", disposal: { state: "retained" } },
    };
    const main = {
      agentId: "main",
      storePath: `${was}/agents/main/sessions/sessions.json`,
      sqlitePath: `${was}/agents/main/agent/openclaw-agent.sqlite`,
      validationBeforeArchive: "passed",
      plannedMoves: [move, { ...move, sourcePath: `${move.sourcePath}b`, archivePath: `${move.archivePath}b` }],
      completedMoves: [move],
      issues: [
        {
          code: "historical_transcript_deferred",
          message: `${was}/agents/main/sessions/my notes.jsonl: Error: Primary transcript header does not match its original filename`,
        },
      ],
    };
    const record = {
      manifestVersion: 3,
      runId: "run-1",
      openClawVersion: "2026.9.5",
      startedAt: "2026-11-22T00:00:00.000Z",
      targets: [main],
    };
    writeFileSync(join(runs, "run-1.json"), json({ ...record, completedAt: "2026-11-22T00:01:00.000Z" }));
    writeFileSync(join(runs, "run-2.json"), json({ ...record, runId: "run-2", startedAt: "2026-11-23T00:00:00.000Z" }));
    writeFileSync(join(runs, "run-3.json"), '{"runId": "run-3", "sta');
    writeFileSync(join(runs, "run-1.failure.json"), "{}");
    const { migrations } = await read(path);
    assert.deepEqual(
      migrations.map(({ id, status }) => [id, status]),
      [
        ["", "unreadable"],
        ["run-1", "completed"],
        ["run-2", "running"],
      ],
    );
    const [target] = migrations[1]!.targets;
    assert.deepEqual(target!.issues[0]!.paths, ["agents/main/sessions/my notes.jsonl"]);
    assert.deepEqual(
      target!.moves.map(({ from, to, isDone, classification, disposal }) => [
        from,
        to,
        isDone,
        classification,
        disposal,
      ]),
      [
        [
          "agents/main/sessions/a.jsonl",
          "agents/main/session-sqlite-import-archive/agent_main_main.a.jsonl.imported-1",
          true,
          "imported",
          "retained",
        ],
        [
          "agents/main/sessions/a.jsonlb",
          "agents/main/session-sqlite-import-archive/agent_main_main.a.jsonl.imported-1b",
          false,
          "imported",
          "retained",
        ],
      ],
    );
  });
});

function reversed(entry: Entries[number]): Entries[number] {
  return Object.fromEntries(Object.entries(entry).toReversed());
}

it("an import archive and records that are links out of the home are not followed", async (test) => {
  const { path } = await halfImported(test);
  const outside = fixtureHome(test, "2026.5.12-random");
  symlinkSync(join(outside, "agents/main/sessions"), join(path, "agents/main/session-sqlite-import-archive"));
  symlinkSync(outside, join(path, "session-sqlite-migration-runs"));
  const { agents, migrations, skipped } = await read(path);
  assert.deepEqual(migrations, []);
  assert.ok(agents.every(({ fragments }) => fragments.every((one) => !one.path.includes("import-archive"))));
  assert.deepEqual(
    skipped.filter(({ reason }) => reason.includes("leads out of the home")).map((one) => one.path),
    [join(path, "agents/main/session-sqlite-import-archive"), join(path, "session-sqlite-migration-runs")],
  );
});
