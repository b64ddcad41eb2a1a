// A glance at a home: what it tells, what it leaves to the reading, and that it reads nothing that the reading reads again.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { HomeIdentity } from "../../../../src/model/home.ts";
import type { AgentReading } from "../../../../src/model/reading.ts";
import { type TreeNode, link, temporaryTree } from "../../../support/homes.ts";
import { homeTree, row, sessionId, transcript } from "../../../support/openclaw.ts";
import { memo, only, readingContext } from "../../../support/world.ts";

const [ONE, TWO] = [sessionId(1), sessionId(2)];
const KEY = "agent:main:main";

async function homeOf(test: TestContext, tree: { readonly [name: string]: TreeNode }): Promise<HomeIdentity> {
  const state = temporaryTree(test, tree);
  const [home] = (await openclaw.discover(readingContext(), only(state))).homes;
  assert.ok(home !== undefined);
  return home;
}

async function glanceAt(home: HomeIdentity, context = readingContext()): Promise<AgentReading> {
  const [agent] = (await openclaw.glance(home, context)).agents;
  assert.ok(agent !== undefined);
  return agent;
}

const keysOf = ({ store }: AgentReading): string[] => store.rows.map(({ key }) => key);

describe("a glance", () => {
  it("tells the rows as the reading does, and no fragments", async (test) => {
    const rows = { [KEY]: row(ONE), "agent:main:cron:5": row(TWO), "agent:main:cron:5:run:1": row(TWO) };
    const home = await homeOf(test, homeTree(rows, { [`${ONE}.jsonl`]: transcript(ONE), "x.jsonl.lock": "{}" }));
    const reading = await openclaw.read(home, readingContext());
    const glance = await openclaw.glance(home, readingContext());
    assert.deepEqual(
      glance.agents.map(({ name, store }) => [name, store]),
      reading.agents.map(({ name, store }) => [name, store]),
    );
    assert.deepEqual([glance.agents.flatMap(({ fragments }) => fragments), glance.locks, glance.skipped], [[], [], []]);
  });

  it("reads the store once for both, and no transcript", async (test) => {
    const home = await homeOf(test, homeTree({ [KEY]: row(ONE) }, { [`${ONE}.jsonl`]: transcript(ONE) }));
    const facts = memo();
    await openclaw.glance(home, readingContext({}, facts));
    assert.deepEqual(
      facts.reads.filter((read) => read.includes("transcript")),
      [],
    );
    await openclaw.read(home, readingContext({}, facts));
    assert.equal(facts.reads.filter((read) => read.endsWith("sessions.json")).length, 1);
  });

  it("tells no rows beside a database: they may be of the time before", async (test) => {
    const home = await homeOf(test, homeTree({ [KEY]: row(ONE) }));
    mkdirSync(join(home.path, "agents/main/agent"));
    writeFileSync(join(home.path, "agents/main/agent/openclaw-agent.sqlite"), "SQLite format 3\0");
    assert.deepEqual(keysOf(await glanceAt(home)), []);
  });

  it("tells no rows of a folder that leads elsewhere", async (test) => {
    const other = temporaryTree(test, { "sessions.json": JSON.stringify({ [KEY]: row(ONE) }) });
    const home = await homeOf(test, { "openclaw.json": "{}", agents: { main: { sessions: link(other) } } });
    assert.deepEqual(keysOf(await glanceAt(home)), []);
  });

  for (const [what, store] of [
    ["a folder", { inside: "x" }],
    ["a link to nowhere", link("/nowhere/sessions.json")],
    ["empty", ""],
  ] as const)
    it(`tells no rows where the store is ${what}`, async (test) => {
      const home = await homeOf(test, {
        "openclaw.json": "{}",
        agents: { main: { sessions: { "sessions.json": store } } },
      });
      assert.deepEqual(keysOf(await glanceAt(home)), []);
    });

  it("does not read a store whose reading it interrupts", async (test) => {
    const rows = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`agent:main:${at}`, row(sessionId(at))]));
    const home = await homeOf(test, homeTree(rows));
    const facts = memo();
    const plain = readingContext({}, facts);
    const glances: number[] = [];
    let breaths = 0;
    const breathe = async (): Promise<void> => {
      breaths += 1;
      // The first breath comes before anything is opened, the others while the store's rows are read.
      if (breaths > 1) glances.push((await glanceAt(home, plain)).store.rows.length);
    };
    const { agents } = await openclaw.read(home, { ...plain, breathe });
    assert.equal(agents[0]?.store.rows.length, 40);
    assert.deepEqual([glances.length > 0, glances.every((count) => count === 0)], [true, true]);
    assert.equal(facts.reads.filter((read) => read.endsWith("sessions.json")).length, 1);
    assert.equal((await glanceAt(home, plain)).store.rows.length, 40);
  });
});
