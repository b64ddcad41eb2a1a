// A home with a database that lives: after each commit the snapshot is what a fresh engine shows, and what the commit did not
// touch stays the same.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { Engine } from "../../../src/engine/engine.ts";
import type { AgentSnapshot } from "../../../src/model/snapshot.ts";
import { DATABASE, DatabaseHome } from "../../support/database-home.ts";
import { agentIn, engineOn, homeAt, lookedUp, sessionOf, toldBy } from "../../support/engines.ts";
import type { DatabaseSession, SessionOptions } from "../../support/openclaw-database.ts";
import { Random } from "../../support/random.ts";

/** A home whose engine is told of each commit. */
class Live {
  readonly home: DatabaseHome;
  readonly engine: Engine;

  constructor(test: TestContext) {
    this.home = new DatabaseHome(test);
    this.engine = engineOn([this.home.path]);
  }

  /** Shows what was committed, which must be what a fresh engine shows. */
  async committed(what = ""): Promise<AgentSnapshot> {
    const files = readdirSync(this.home.sessionsFolder).map((name) => join(this.home.sessionsFolder, name));
    const snapshot = await this.engine.changed([join(this.home.path, `${DATABASE}-wal`), ...files]);
    const fresh = await engineOn([this.home.path]).scan();
    assert.deepEqual(toldBy(snapshot), toldBy(fresh), what);
    assert.deepEqual(lookedUp(snapshot), lookedUp(fresh), what);
    return this.agent;
  }

  get agent(): AgentSnapshot {
    assert.ok(this.engine.snapshot !== null);
    return agentIn(homeAt(this.engine.snapshot, this.home.path), "main");
  }

  get findings(): readonly object[] {
    assert.ok(this.engine.snapshot !== null);
    return homeAt(this.engine.snapshot, this.home.path).findings;
  }
}

/** Three sessions of two windows each, whose last messages wait for an answer. */
async function scanned(test: TestContext): Promise<{ readonly live: Live; readonly sessions: DatabaseSession[] }> {
  const live = new Live(test);
  const sessions = ["one", "two", "three"].map((name) => {
    const session = live.home.database.session(name);
    session.user("before the reset");
    session.reset();
    session.user("after it");
    return session;
  });
  await live.engine.scan();
  assert.equal(live.findings.length, 3);
  return { live, sessions };
}

/** Sessions and findings that are the same objects as before. */
function kept(before: AgentSnapshot, findings: readonly object[], live: Live): [sessions: string[], findings: number] {
  const same = live.agent.sessions.filter((session) => before.sessions.includes(session));
  return [same.map(({ id }) => id).toSorted(), live.findings.filter((one) => findings.includes(one)).length];
}

const OTHERS = ["agent:main:three", "agent:main:two"];

describe("a commit", () => {
  it("that adds a message touches its session alone", async (test) => {
    const { live, sessions } = await scanned(test);
    const [before, findings] = [live.agent, live.findings];
    sessions[0]!.assistant("an answer");
    await live.committed();
    assert.deepEqual(kept(before, findings, live), [OTHERS, 2]);
    assert.equal(live.findings.length, 2);
    sessions[0]!.user("one more question");
    const after = await live.committed();
    assert.equal(sessionOf(after, "agent:main:one").fragments.at(-1)?.fragment.turn, "waits-for-model");
    assert.deepEqual(kept(before, findings, live), [OTHERS, 2]);
  });

  it("that resets a session links that one alone", async (test) => {
    const { live, sessions } = await scanned(test);
    const [before, findings] = [live.agent, live.findings];
    sessions[0]!.reset();
    sessions[0]!.user("a third time");
    const after = await live.committed();
    assert.deepEqual(
      sessionOf(after, "agent:main:one").fragments.map(({ link }) => link?.certainty ?? null),
      [null, "recorded", "recorded"],
    );
    assert.deepEqual(kept(before, findings, live), [OTHERS, 2]);
  });

  it("that begins a session leaves the others as they are", async (test) => {
    const { live } = await scanned(test);
    const [before, findings] = [live.agent, live.findings];
    live.home.database.session("four").user("hello");
    const after = await live.committed();
    assert.equal(after.sessions.length, 4);
    assert.deepEqual(kept(before, findings, live), [["agent:main:one", ...OTHERS], 3]);
  });
});

describe("a long life in a database", () => {
  /** One thing that a gateway does. */
  function step(home: DatabaseHome, open: DatabaseSession[], random: Random): string {
    const some = random.pick(open);
    // A row's time tells of its change.
    home.database.tick();
    const key = `key-${random.below(6)}`;
    const begin = (options: SessionOptions = {}): void => {
      const session = home.database.session(key, options);
      session.user("good morning");
      const known = open.findIndex((one) => one.key === session.key);
      if (known >= 0) open.splice(known, 1);
      open.push(session);
    };
    switch (random.below(11)) {
      case 0:
        begin();
        return `${key} began`;
      case 1:
        begin({ previousSessionId: some.id, reason: "rollover" });
        return `${key} follows ${some.key}`;
      case 2:
        begin({ entry: { usageFamilySessionIds: [some.id] } });
        return `${key} has ${some.key} in its family`;
      case 3:
        begin({ spawnedBy: some.key });
        return `${key} was spawned by ${some.key}`;
      case 4:
        if (open.length > 1) {
          some.delete({ sessionsFolder: home.sessionsFolder });
          open.splice(open.indexOf(some), 1);
        }
        return `${some.key} was deleted`;
      case 5:
      case 6:
        some.reset();
        return `${some.key} was reset`;
      case 7:
        some.running();
        return `${some.key} runs`;
      case 8:
        some.ended("done");
        return `${some.key} is done`;
      case 9:
        some.user("what now?");
        return `${some.key} was asked`;
      default:
        some.assistant("that's it");
        return `${some.key} answered`;
    }
  }

  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`leaves nothing behind that a fresh engine would not tell (${seed})`, async (test) => {
      const live = new Live(test);
      const open = [live.home.database.session("main")];
      open[0]!.user("hello");
      await live.engine.scan();
      const random = new Random(seed);
      const done: string[] = [];
      for (let count = 0; count < 40; count += 1) {
        for (let steps = random.below(3); steps >= 0; steps -= 1) done.push(step(live.home, open, random));
        await live.committed(done.join(", "));
      }
    });
  }
});
