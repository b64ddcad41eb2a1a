import assert from "node:assert/strict";
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it, type TestContext } from "node:test";

import type { DatabaseReading } from "../../../../../src/model/database.ts";
import type { AgentReading } from "../../../../../src/model/reading.ts";
import { DATABASE, DatabaseHome, extentsOf, onlyAgent, sessionsOf } from "../../../../support/database-home.ts";
import { json, writeTree } from "../../../../support/homes.ts";
import { row, sessionId } from "../../../../support/openclaw.ts";

/** A home with one session of two windows. */
function homeWithSession(test: TestContext, options: ConstructorParameters<typeof DatabaseHome>[1] = {}): DatabaseHome {
  const home = new DatabaseHome(test, options);
  const session = home.database.session("x");
  session.user("one");
  session.reset();
  session.user("two");
  return home;
}

/** The home with something else in place of its database. */
function replaced(test: TestContext, content: string | Buffer): DatabaseHome {
  const home = homeWithSession(test);
  home.database.close();
  rmSync(join(home.path, DATABASE));
  writeFileSync(join(home.path, DATABASE), content);
  return home;
}

function databaseOf({ databases }: AgentReading): DatabaseReading {
  const [database] = databases;
  assert.ok(database !== undefined);
  return database;
}

describe("the schema of a database", () => {
  it("is named with its version and the release", async (test) => {
    const { appVersion, knownSchemaVersion, schemaVersion, state } = databaseOf(await homeWithSession(test).agent());
    assert.deepEqual([state, schemaVersion, knownSchemaVersion, appVersion], ["ok", 23, 23, "2026.9.6"]);
  });

  it("may be newer: what is known of it is read", async (test) => {
    const home = homeWithSession(test, { schemaVersion: 31, appVersion: "2027.1.1" });
    const { sql } = home.database;
    sql.exec("ALTER TABLE session_nodes ADD COLUMN mood TEXT; ALTER TABLE transcript_events ADD COLUMN weight INTEGER");
    sql.exec("DROP TABLE session_transcript_cold_archives; DROP TABLE trajectory_runtime_events");
    const agent = await home.agent();
    assert.deepEqual([databaseOf(agent).state, databaseOf(agent).schemaVersion], ["newer-schema", 31]);
    assert.equal(agent.store.state, "ok");
    assert.deepEqual(extentsOf(agent.fragments), ["0-1", "2-3"]);
  });

  it("may lack columns and tables that an earlier release did not have", async (test) => {
    const home = homeWithSession(test, { schemaVersion: 9 });
    const { sql } = home.database;
    sql.exec("DROP INDEX idx_agent_session_nodes_archived_at; DROP INDEX idx_agent_session_nodes_active");
    sql.exec("ALTER TABLE session_nodes DROP COLUMN archived_at; ALTER TABLE session_nodes DROP COLUMN pinned_at");
    sql.exec("ALTER TABLE session_windows DROP COLUMN previous_session_id");
    for (const table of [
      "session_transcript_index_state",
      "transcript_rewrite_watermarks",
      "session_transcript_archives",
    ])
      sql.exec(`DROP TABLE ${table}`);
    const agent = await home.agent();
    assert.deepEqual([databaseOf(agent).state, databaseOf(agent).trouble], ["ok", []]);
    assert.deepEqual(extentsOf(agent.fragments), ["0-1", "2-3"]);
    assert.equal(agent.store.rows[0]?.record?.archivedAt, null);
  });

  it("may be that of the first releases with databases, whose tables had other names", async (test) => {
    const home = replaced(test, "");
    const sql = new DatabaseSync(join(home.path, DATABASE));
    sql.exec(`
      PRAGMA user_version = 5;
      CREATE TABLE session_entries (session_key TEXT PRIMARY KEY, session_id TEXT, entry_json TEXT, updated_at INTEGER);
      CREATE TABLE sessions (session_id TEXT PRIMARY KEY, session_key TEXT, created_at INTEGER, updated_at INTEGER);
      CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT NOT NULL, created_at INTEGER,
        PRIMARY KEY (session_id, seq));
      CREATE TABLE transcript_event_identities (session_id TEXT, event_id TEXT, seq INTEGER, event_type TEXT, parent_id TEXT,
        created_at INTEGER, PRIMARY KEY (session_id, event_id));
      INSERT INTO sessions VALUES ('old', 'agent:main:x', 1, 1), ('new', 'agent:main:x', 2, 2);
    `);
    const entry = {
      status: "done",
      previousSessionId: "old",
      archivedAt: 7,
      forkSource: { sessionKey: "agent:main:y" },
    };
    sql.prepare("INSERT INTO session_entries VALUES ('agent:main:x', 'new', ?, 2)").run(JSON.stringify(entry));
    const insert = sql.prepare("INSERT INTO transcript_events VALUES (?, ?, ?, ?)");
    for (const [at, id] of ["old", "new"].entries()) {
      insert.run(id, 0, JSON.stringify({ type: "session", version: 4, id }), at * 1000);
      insert.run(
        id,
        1,
        JSON.stringify({ type: "message", id: "m", message: { role: "user", content: id } }),
        at * 1000,
      );
    }
    sql.close();
    const reading = await home.read();
    const agent = onlyAgent(reading);
    assert.deepEqual(
      [databaseOf(agent).state, databaseOf(agent).schemaVersion, databaseOf(agent).trouble],
      ["ok", 5, []],
    );
    const [one, ...others] = sessionsOf(agent);
    assert.ok(one !== undefined && others.length === 0);
    assert.deepEqual(
      one.fragments.map(({ fragment, link }) => [fragment.sessionId, link?.certainty]),
      [
        ["old", undefined],
        ["new", "recorded"],
      ],
    );
    assert.deepEqual([one.row?.status, one.row?.record?.archivedAt, one.row?.forkedFrom], ["done", 7, "agent:main:y"]);
    assert.equal((await home.page(one.fragments[1]!.fragment)).events.length, 2);
    const again = new DatabaseSync(join(home.path, DATABASE));
    again.exec("INSERT INTO sessions VALUES ('third', 'agent:main:z', 3, 3)");
    again.exec("INSERT INTO session_entries VALUES ('agent:main:z', 'third', '{}', 3)");
    again.close();
    const updated = onlyAgent(await home.update(reading, DATABASE));
    assert.deepEqual(
      updated.store.rows.map(({ key }) => key),
      ["agent:main:x", "agent:main:z"],
    );
  });

  it("without sessions is that of an older release, or of another program", async (test) => {
    const home = homeWithSession(test);
    home.database.sql.exec("PRAGMA foreign_keys = OFF; DROP TABLE session_windows");
    const agent = await home.agent();
    assert.deepEqual([databaseOf(agent).state, agent.store.state, agent.fragments], ["older-schema", "unreadable", []]);
    const foreign = replaced(test, "");
    const sql = new DatabaseSync(join(foreign.path, DATABASE));
    sql.exec("CREATE TABLE bookmarks (url TEXT)");
    sql.close();
    assert.equal(databaseOf(await foreign.agent()).state, "foreign");
  });
});

describe("a file that is no readable database", () => {
  it("says what it is, and nothing is read", async (test) => {
    const noise = Buffer.from(Array.from({ length: 8192 }, (_, at) => (at * 7919 + 13) % 251));
    const cases: readonly (readonly [string | Buffer, DatabaseReading["state"]])[] = [
      ["", "empty"],
      ["this is a text file, and no database at all\n".repeat(40), "foreign"],
      [noise, "encrypted"],
      ["SQLite format 3\0", "corrupt"],
    ];
    for (const [content, state] of cases) {
      const agent = await replaced(test, content).agent();
      assert.equal(databaseOf(agent).state, state);
      assert.deepEqual([agent.store.kind, agent.store.path, agent.store.rows], ["database", DATABASE, []]);
    }
  });

  it("leaves the file of rows beside it in use", async (test) => {
    const home = replaced(test, "");
    writeTree(home.sessionsFolder, { "sessions.json": json({ "agent:main:old": row(sessionId(1)) }) });
    const { formerStores, store } = await home.agent();
    assert.deepEqual([store.kind, store.rows.map(({ key }) => key), formerStores], ["file", ["agent:main:old"], []]);
  });

  it("that is cut off shows what can still be read", async (test) => {
    const home = homeWithSession(test);
    for (let at = 0; at < 300; at += 1) home.database.session(`more ${at}`).user("x".repeat(1500));
    home.database.close();
    const path = join(home.path, DATABASE);
    const { bytes } = databaseOf(await home.agent());
    truncateSync(path, Math.floor(bytes * 0.9));
    const agent = await home.agent();
    const { state, trouble } = databaseOf(agent);
    assert.equal(state, "corrupt");
    assert.ok(trouble.length > 0 && trouble.every(({ kind }) => kind === "damage"));
    assert.ok(agent.store.state === "damaged" || agent.store.state === "unreadable");
  });
});

describe("a database that can be read", () => {
  it("is the store; a file of rows beside it is a former one, whose keys still count", async (test) => {
    const home = homeWithSession(test);
    const left = `${sessionId(5)}.jsonl.reset.2026-11-20T00-00-00.000Z`;
    writeTree(home.sessionsFolder, {
      "sessions.json": json({ "agent:main:old": row(sessionId(5)) }),
      [left]: `${json({ type: "session", version: 3, id: sessionId(5), timestamp: "2026-11-19T00:00:00.000Z" }).replaceAll("\n", "")}\n`,
    });
    const reading = await home.read();
    const agent = onlyAgent(reading);
    assert.deepEqual([agent.store.kind, agent.formerStores.map(({ kind }) => kind)], ["database", ["file"]]);
    assert.ok(agent.claims.some(({ key, source }) => source === "former-store" && key === "agent:main:old"));
    const old = sessionsOf(agent).find(({ key }) => key === "agent:main:old");
    assert.equal(old?.keyEvidence[0]?.kind, "former-store");
    assert.equal(reading.home.era, "mixed");
  });
});
