import assert from "node:assert/strict";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import type { Session } from "../../../../../src/model/session.ts";
import { DATABASE, DatabaseHome, extentsOf, onlyAgent, sessionsOf } from "../../../../support/database-home.ts";
import type { DatabaseSession } from "../../../../support/openclaw-database.ts";

/** A session with a reset in it. */
function parted(home: DatabaseHome, key: string): DatabaseSession {
  const session = home.database.session(key);
  session.user("before");
  session.reset();
  session.user("after");
  return session;
}

function deletedSessions(sessions: readonly Session[]): Session[] {
  return sessions.filter(({ state }) => state === "deleted");
}

describe("a deleted session", () => {
  it("is one transcript with its key, though database and file both hold it", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("gone");
    session.user("remove me");
    const name = session.delete({ sessionsFolder: home.sessionsFolder });
    const agent = await home.agent();
    assert.deepEqual(
      agent.fragments.map(({ kind, path, window }) => [kind, path, window]),
      [["deleted", `agents/main/sessions/${name}`, undefined]],
    );
    assert.deepEqual(agent.databases[0]?.trouble, []);
    const [one] = deletedSessions(sessionsOf(agent));
    assert.deepEqual([one?.key, one?.title, one?.keyCertainty], [session.key, "remove me", "recorded"]);
    assert.equal(one?.keyEvidence[0]?.kind, "archive-record");
  });

  it("is divided at its resets, and read window by window", async (test) => {
    for (const sessionsFolder of [true, false]) {
      const home = new DatabaseHome(test);
      const session = parted(home, "gone");
      const name = session.delete(sessionsFolder ? { sessionsFolder: home.sessionsFolder } : {});
      const [one] = deletedSessions(await home.sessions());
      const fragments = one?.fragments.map(({ fragment }) => fragment) ?? [];
      assert.deepEqual(extentsOf(fragments), ["0-1", "2-3"]);
      assert.equal(one?.fragments[1]?.link?.certainty, "recorded");
      assert.equal(one?.fragments[1]?.link?.evidence[0]?.kind, "reset-event");
      assert.ok(fragments.every(({ archive }) => archive === (sessionsFolder ? undefined : name)));
      const lines = session.lines.trimEnd().split("\n");
      const pages = await Promise.all(fragments.map((fragment) => home.page(fragment)));
      assert.deepEqual(
        pages.flatMap(({ events }) => events.map(({ text }) => text)),
        lines,
      );
      assert.deepEqual(
        pages.map(({ first, last, next }) => [first, last, next]),
        [
          [0, 1, null],
          [2, 3, null],
        ],
      );
    }
  });

  it("whose file is gone is shown from the database, which is said", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("gone");
    session.user("remove me");
    const name = session.delete({ sessionsFolder: home.sessionsFolder });
    const before = await home.read();
    rmSync(join(home.sessionsFolder, name));
    for (const reading of [await home.read(), await home.update(before, `agents/main/sessions/${name}`)]) {
      const agent = onlyAgent(reading);
      assert.deepEqual(
        agent.fragments.map(({ archive, kind, path, window }) => [kind, path, archive, window]),
        [["deleted", DATABASE, name, { sessionId: session.id, fromSeq: 0, toSeq: 1 }]],
      );
      assert.deepEqual(
        agent.databases[0]?.trouble.map(({ kind, where }) => [kind, where]),
        [["archive-missing", name]],
      );
      assert.equal(deletedSessions(sessionsOf(agent))[0]?.key, session.key);
    }
  });

  it("whose file differs from what the database recorded says so", async (test) => {
    const home = new DatabaseHome(test);
    const name = parted(home, "gone").delete({ sessionsFolder: home.sessionsFolder });
    appendFileSync(join(home.sessionsFolder, name), "x");
    const agent = await home.agent();
    assert.deepEqual(
      agent.databases[0]?.trouble.map(({ kind, where }) => [kind, where]),
      [["archive-differs", name]],
    );
  });

  it("that neither file nor database holds is named as lost", async (test) => {
    const home = new DatabaseHome(test);
    const session = parted(home, "cold");
    const name = session.putIntoColdStorage({ sessionsFolder: home.sessionsFolder });
    rmSync(join(home.sessionsFolder, "cold", name));
    const agent = await home.agent();
    assert.deepEqual(
      agent.databases[0]?.trouble.map(({ kind, where }) => [kind, where]),
      [["archive-lost", name]],
    );
    const [one] = sessionsOf(agent);
    assert.deepEqual([one?.key, one?.fragments.length], [session.key, 0]);
  });

  it("may be stored unpacked", async (test) => {
    const home = new DatabaseHome(test);
    const session = parted(home, "plain");
    session.delete({ encoding: "identity" });
    const [first] = (await home.agent()).fragments;
    assert.ok(first !== undefined);
    assert.equal((await home.page(first)).events[1]?.text, session.lines.split("\n")[1]);
  });

  it("does not stand in the way of another under its key", async (test) => {
    const home = new DatabaseHome(test);
    const old = parted(home, "reborn");
    old.delete({ sessionsFolder: home.sessionsFolder });
    const young = home.database.session("reborn");
    young.user("again");
    const sessions = await home.sessions();
    assert.deepEqual(
      sessions.map(({ fragments, id, key, state }) => [key, state, fragments.length, id === key]),
      [
        [young.key, "live", 1, true],
        [old.key, "deleted", 2, false],
      ],
    );
  });
});

describe("a session in cold storage", () => {
  it("is its row's transcript, in the database or in a file", async (test) => {
    for (const sessionsFolder of [true, false]) {
      const home = new DatabaseHome(test);
      const session = parted(home, "cold");
      const name = session.putIntoColdStorage(sessionsFolder ? { sessionsFolder: home.sessionsFolder } : {});
      const [one, ...others] = await home.sessions();
      assert.deepEqual(others, []);
      assert.deepEqual([one?.key, one?.state, one?.row?.transcriptBy], [session.key, "live", "session-id"]);
      const fragments = one?.fragments.map(({ fragment }) => fragment) ?? [];
      assert.deepEqual(
        fragments.map(({ archive, kind, path }) => [kind, path, archive]),
        Array.from({ length: 2 }, () =>
          sessionsFolder ? ["cold", `agents/main/sessions/cold/${name}`, undefined] : ["cold", DATABASE, name],
        ),
      );
      assert.deepEqual(extentsOf(fragments), ["0-1", "2-3"]);
      assert.equal(one?.fragments[1]?.link?.certainty, "recorded");
      const pages = await Promise.all(fragments.map((fragment) => home.page(fragment)));
      assert.deepEqual(pages.flatMap(({ events }) => events.map(({ text }) => `${text}\n`)).join(""), session.lines);
    }
  });
});
