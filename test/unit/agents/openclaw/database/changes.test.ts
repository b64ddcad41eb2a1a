import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";

import type { HomeReading } from "../../../../../src/model/reading.ts";
import { placeId } from "../../../../../src/model/fragment.ts";
import { DatabaseHome, onlyAgent } from "../../../../support/database-home.ts";
import type { DatabaseSession } from "../../../../support/openclaw-database.ts";
import { memo } from "../../../../support/world.ts";

/** A home with two sessions, and what `update` makes of each commit, held against a fresh reading. */
class Observed {
  readonly home: DatabaseHome;
  readonly first: DatabaseSession;
  readonly second: DatabaseSession;
  reading!: HomeReading;

  private constructor(test: TestContext) {
    this.home = new DatabaseHome(test);
    this.first = this.home.database.session("first");
    this.first.user("one");
    this.first.reset();
    this.first.user("two");
    this.second = this.home.database.session("second");
    this.second.user("three");
  }

  static async of(test: TestContext): Promise<Observed> {
    const observed = new Observed(test);
    observed.reading = await observed.home.read();
    return observed;
  }

  /** Reads what the commit changed: by the watcher's news, and by a whole scan. */
  async commit(): Promise<HomeReading> {
    const fresh = plain(await readAnew(this.home));
    const before = this.reading;
    const updated = await this.home.update(before);
    assert.deepEqual(plain(updated), fresh);
    this.reading = updated;
    return updated;
  }
}

async function readAnew(home: DatabaseHome): Promise<HomeReading> {
  const anew = Object.assign(Object.create(Object.getPrototypeOf(home)) as DatabaseHome, home, { facts: memo() });
  return anew.read();
}

/** The order of sessions is no part of what is said. */
function plain(reading: HomeReading): unknown {
  const { claims, databases, fragments, store } = onlyAgent(reading);
  const sorted = <T>(items: readonly T[], name: (item: T) => string): T[] =>
    items.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
  return {
    databases,
    fragments: sorted(fragments, placeId),
    rows: sorted(store.rows, ({ key }) => key),
    claims: sorted(claims, ({ key, sessionId }) => `${key} ${sessionId}`),
  };
}

describe("a commit", () => {
  it("costs the session that it wrote to: the others stay the same objects", async (test) => {
    const observed = await Observed.of(test);
    const before = onlyAgent(observed.reading);
    observed.second.assistant("an answer");
    const after = onlyAgent(await observed.commit());
    const kept = after.fragments.filter((fragment) => before.fragments.includes(fragment));
    assert.deepEqual(
      kept.map(({ sessionId }) => sessionId),
      [observed.first.id, observed.first.id],
    );
    assert.ok(after.store.rows.some((row) => before.store.rows.includes(row) && row.key === observed.first.key));
  });

  it("may reset a session: the window of before stays where it was", async (test) => {
    const observed = await Observed.of(test);
    observed.first.reset();
    observed.first.user("three");
    await observed.commit();
    observed.first.assistant("more");
    await observed.commit();
  });

  it("may begin, delete and bring back a session", async (test) => {
    const observed = await Observed.of(test);
    observed.home.database.session("third").user("new");
    await observed.commit();
    observed.first.delete();
    await observed.commit();
    observed.home.database.session("first").user("reborn");
    await observed.commit();
  });

  it("may take the newest events away and write others in their place", async (test) => {
    const observed = await Observed.of(test);
    const { sql } = observed.home.database;
    sql.prepare("DELETE FROM transcript_events WHERE session_id = ?").run(observed.second.id);
    sql.prepare("UPDATE session_windows SET updated_at = updated_at + 1 WHERE session_id = ?").run(observed.second.id);
    await observed.commit();
    const text = JSON.stringify({ type: "message", id: "x", message: { role: "user", content: "after all" } });
    sql
      .prepare("INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (?, 7, ?, 5)")
      .run(observed.first.id, text);
    await observed.commit();
  });

  it("may leave no time behind", async (test) => {
    const observed = await Observed.of(test);
    observed.home.database.tick(-5000);
    observed.first.user("written when the clock was set back");
    await observed.commit();
  });

  it("may put a session into cold storage", async (test) => {
    const observed = await Observed.of(test);
    observed.first.putIntoColdStorage();
    await observed.commit();
  });

  it("that changes nothing here leaves all rows and windows as they are", async (test) => {
    const observed = await Observed.of(test);
    const before = onlyAgent(observed.reading);
    observed.home.database.sql.exec("INSERT INTO cache_entries (scope, key, updated_at) VALUES ('a', 'b', 1)");
    const after = onlyAgent(await observed.commit());
    assert.ok(after.fragments.every((fragment, at) => fragment === before.fragments[at]));
    assert.ok(after.store.rows.every((row, at) => row === before.store.rows[at]));
  });
});

describe("a database that did not change", () => {
  it("is not opened again: not by an update, nor by a scan, nor after a restart", async (test) => {
    const { home, reading } = await Observed.of(test);
    assert.equal(await home.update(reading), reading);
    const again = await home.read(reading);
    assert.equal(again, reading);
    home.facts.reads.length = 0;
    const restarted = onlyAgent(await home.read());
    assert.deepEqual(home.facts.reads, []);
    assert.deepEqual(restarted.fragments, onlyAgent(reading).fragments);
  });

  it("tells a whole scan of changes that no commit's numbers show", async (test) => {
    const { home, reading } = await Observed.of(test);
    home.database.sql.exec(
      "UPDATE session_nodes SET updated_at = updated_at - 10, label = 'renamed' WHERE session_key LIKE '%first'",
    );
    const after = onlyAgent(await home.read(reading));
    assert.ok(after.store.rows.some(({ label }) => label === "renamed"));
  });
});

describe("trouble with a database", () => {
  it("is told again after each commit, as long as it lasts", async (test) => {
    const { home, reading } = await Observed.of(test);
    const { sql } = home.database;
    sql.exec("ALTER TABLE session_transcript_archives RENAME TO kept");
    sql.exec("CREATE TABLE session_transcript_archives (session_id TEXT)");
    sql.exec("INSERT INTO session_transcript_archives VALUES ('x')");
    let before = reading;
    for (let at = 0; at < 3; at += 1) {
      home.database.session(`more ${at}`).user("on and on");
      before = await home.update(before);
      const [database] = onlyAgent(before).databases;
      assert.deepEqual(
        [database?.state, database?.trouble.map(({ where }) => where)],
        ["corrupt", ["session_transcript_archives"]],
      );
    }
    sql.exec("DROP TABLE session_transcript_archives; ALTER TABLE kept RENAME TO session_transcript_archives");
    assert.equal(onlyAgent(await home.update(before)).databases[0]?.state, "ok");
  });
});
