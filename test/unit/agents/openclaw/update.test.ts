import assert from "node:assert/strict";
import { appendFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { ReadingUpdate } from "../../../../src/agents/program.ts";
import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { HomeIdentity } from "../../../../src/model/home.ts";
import type { HomeReading } from "../../../../src/model/reading.ts";
import { json, lines, message, temporaryTree, writeTree } from "../../../support/homes.ts";
import { homeTree, row, sessionId, transcript } from "../../../support/openclaw.ts";
import { memo, only, readingContext } from "../../../support/world.ts";

const [ONE, TWO, THREE] = [sessionId(1), sessionId(2), sessionId(3)];
const LATER = "2026-11-21T00:30:00.000Z";

/** A home under observation: what `update` makes of each change, held against a fresh reading. */
class Observed {
  readonly sessions: string;
  readonly facts = memo();
  reading: HomeReading;
  private readonly home: HomeIdentity;
  private readonly context = readingContext({}, this.facts);

  private constructor(home: HomeIdentity, reading: HomeReading) {
    this.home = home;
    this.reading = reading;
    this.sessions = join(home.path, "agents/main/sessions");
  }

  static async of(test: TestContext): Promise<Observed> {
    const state = temporaryTree(test, {
      ...homeTree(
        { "agent:main:main": row(ONE) },
        { [`${ONE}.jsonl`]: transcript(ONE), [`${TWO}.jsonl`]: transcript(TWO) },
      ),
    });
    writeTree(join(state, "agents/ops/sessions"), { "sessions.json": "{}" });
    const context = readingContext();
    const [home] = (await openclaw.discover(context, only(state))).homes;
    assert.ok(home !== undefined);
    const observed = new Observed(home, await openclaw.read(home, context));
    observed.reading = await openclaw.read(home, observed.context);
    observed.facts.reads.length = 0;
    return observed;
  }

  path(name: string): string {
    return join(this.sessions, name);
  }

  /** The update after these names changed, which must be what a fresh reading shows. */
  async update(...names: string[]): Promise<ReadingUpdate> {
    return this.updatePaths(names.map((name) => this.path(name)));
  }

  async updatePaths(paths: readonly string[]): Promise<ReadingUpdate> {
    this.facts.reads.length = 0;
    const update = await openclaw.update(this.home, this.reading, paths, this.context);
    assert.ok(update !== null);
    assert.deepEqual(update.reading, await openclaw.read(this.home, readingContext()));
    this.reading = update.reading;
    return update;
  }

  async needsWholeRead(path: string): Promise<boolean> {
    return (await openclaw.update(this.home, this.reading, [path], this.context)) === null;
  }
}

describe("an update after a change", () => {
  it("of a growing transcript reads that file alone, and says what changed", async (test) => {
    const observed = await Observed.of(test);
    const [, ops] = observed.reading.agents;
    const before = observed.reading.agents[0]?.fragments[0];
    appendFileSync(observed.path(`${ONE}.jsonl`), lines(message("user", "more", LATER)));
    const { changed, structural, reading } = await observed.update(`${ONE}.jsonl`);
    assert.equal(structural, false);
    assert.deepEqual(
      changed.map(({ agent, before: old, after }) => [agent, old === before, after.endedAt]),
      [["main", true, Date.parse(LATER)]],
    );
    assert.equal(reading.agents[1], ops);
    assert.equal(observed.facts.reads.length, 1);
  });

  it("that is none gives the same reading", async (test) => {
    const observed = await Observed.of(test);
    const { reading } = observed;
    const update = await observed.update(`${ONE}.jsonl`, "sessions.json", "never-there.jsonl");
    assert.equal(update.reading, reading);
    assert.deepEqual([update.changed, update.structural, observed.facts.reads], [[], false, []]);
  });

  it("of names is structural: a new transcript, a reset, a deletion", async (test) => {
    const observed = await Observed.of(test);
    writeFileSync(observed.path(`${THREE}.jsonl`), transcript(THREE));
    assert.equal((await observed.update(`${THREE}.jsonl`)).structural, true);
    const archive = `${ONE}.jsonl.reset.2026-11-21T00-16-38.936Z`;
    renameSync(observed.path(`${ONE}.jsonl`), observed.path(archive));
    assert.equal((await observed.update(`${ONE}.jsonl`, archive)).structural, true);
    unlinkSync(observed.path(`${TWO}.jsonl`));
    assert.equal((await observed.update(`${TWO}.jsonl`)).structural, true);
    assert.deepEqual(
      observed.reading.agents[0]?.fragments.map(({ path }) => path.split("/").at(-1)),
      [archive, `${THREE}.jsonl`],
    );
  });

  it("of the store is structural, and of its rows", async (test) => {
    const observed = await Observed.of(test);
    writeFileSync(observed.path("sessions.json"), json({ "agent:main:main": row(TWO, { status: "running" }) }));
    const { structural, reading } = await observed.update("sessions.json");
    assert.equal(structural, true);
    assert.deepEqual(
      reading.agents[0]?.store.rows.map(({ sessionId: id, status }) => [id, status]),
      [[TWO, "running"]],
    );
  });

  it("of a lock changes the locks and nothing else", async (test) => {
    const observed = await Observed.of(test);
    const [agent] = observed.reading.agents;
    const name = `${ONE}.jsonl.lock`;
    writeFileSync(observed.path(name), json({ pid: 1, createdAt: LATER }));
    const made = await observed.update(name);
    assert.deepEqual(
      [made.structural, made.changed, made.reading.locks.length, made.reading.agents[0] === agent],
      [false, [], 1, true],
    );
    writeFileSync(observed.path(name), json({ pid: 12345, createdAt: LATER }));
    assert.equal((await observed.update(name)).reading.locks[0]?.pid, 12345);
    unlinkSync(observed.path(name));
    assert.equal((await observed.update(name)).reading.locks.length, 0);
  });

  it("of a trajectory is structural only when it claims something new", async (test) => {
    const observed = await Observed.of(test);
    const name = `${ONE}.trajectory.jsonl`;
    const claim = { ts: LATER, sessionId: ONE, sessionKey: "agent:main:main", runId: "r1" };
    writeFileSync(observed.path(name), lines(claim));
    assert.equal((await observed.update(name)).structural, true);
    appendFileSync(observed.path(name), lines(claim));
    assert.equal((await observed.update(name)).structural, false);
    appendFileSync(observed.path(name), lines({ ...claim, runId: "r2" }));
    assert.equal((await observed.update(name)).structural, true);
  });

  it("elsewhere in the home is none of ours", async (test) => {
    const observed = await Observed.of(test);
    const { reading } = observed;
    const home = reading.home.path;
    writeTree(home, { logs: { "gateway.log": "x" }, "notes.txt": "x" });
    const update = await observed.updatePaths([join(home, "logs"), join(home, "notes.txt"), "/elsewhere/x"]);
    assert.equal(update.reading, reading);
  });

  it("of what a home is made of needs a whole read", async (test) => {
    const observed = await Observed.of(test);
    const home = observed.reading.home.path;
    for (const name of [
      "",
      "openclaw.json",
      "agents",
      "agents/new",
      "agents/main/sessions",
      "agents/main/agent",
      "agents/main/agent/openclaw-agent.sqlite",
    ]) {
      assert.ok(await observed.needsWholeRead(join(home, name)), name);
    }
  });

  it("can't be asked of a reading that is not the newest", async (test) => {
    const observed = await Observed.of(test);
    const old = observed.reading;
    appendFileSync(observed.path(`${ONE}.jsonl`), lines(message("user", "more", LATER)));
    await observed.update(`${ONE}.jsonl`);
    assert.equal(await openclaw.update(old.home, old, [observed.path(`${ONE}.jsonl`)], readingContext()), null);
  });
});

describe("the folders to watch", () => {
  it("are those whose direct entries matter", async (test) => {
    const observed = await Observed.of(test);
    const home = observed.reading.home.path;
    assert.deepEqual(openclaw.watched(observed.reading).toSorted(), [
      home,
      join(home, ".session-forensics/links"),
      join(home, "agents"),
      join(home, "agents/main"),
      join(home, "agents/main/agent"),
      join(home, "agents/main/sessions"),
      join(home, "agents/ops"),
      join(home, "agents/ops/agent"),
      join(home, "agents/ops/sessions"),
    ]);
  });
});
