// Opening databases of other programs: what each state of their files leads to, and that the files stay as they are.
import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, it } from "node:test";

import {
  type DatabaseLook,
  openDatabase,
  type OpenDatabase,
  type OpenOptions,
  readDatabase,
  SqliteError,
  sqliteStamp,
} from "../../../src/system/sqlite.ts";
import { startWriter } from "../../support/gateway-writer.ts";
import { temporaryTree, treeState } from "../../support/homes.ts";
import { AgentDatabase } from "../../support/openclaw-database.ts";

const COUNT = "SELECT count(*) AS n FROM events";
const AGENT_EVENTS = "SELECT count(*) AS n FROM transcript_events";

let folder: string;
let path: string;
let cleanup: (() => void)[];

beforeEach(() => {
  cleanup = [];
  // SQLite's own names for files mean something in its addresses: ? # and %.
  folder = join(temporaryTree({ after: (done: () => void) => cleanup.push(done) }, {}), "a home? #1 100%");
  mkdirSync(folder);
  path = join(folder, "agent.sqlite");
});

afterEach(() => {
  for (const clean of cleanup) clean();
});

/** A database in WAL mode with three events, open like a gateway has it. */
function gateway(): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, text TEXT)");
  database.exec("INSERT INTO events (text) VALUES ('one'), ('two'), ('three')");
  cleanup.push(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

/** The files as a gateway leaves them that is killed. */
function killedGateway(): void {
  const database = gateway();
  const names = readdirSync(folder);
  for (const name of names) copyFileSync(join(folder, name), join(folder, `${name}.kept`));
  database.close();
  for (const name of names) renameSync(join(folder, `${name}.kept`), join(folder, name));
}

/** Makes a folder and has it stand for the system's temporary one, which other tests use at the same time. */
function temporaryFolder(place: string): string {
  const usual = process.env["TMPDIR"];
  mkdirSync(place);
  process.env["TMPDIR"] = place;
  cleanup.unshift(() => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
  });
  return place;
}

function opened(look: DatabaseLook): OpenDatabase {
  if (look.state !== "ok") assert.fail(`${look.state}: ${look.reason}`);
  return look.database;
}

/** An agent's database with two events, closed; the id of its session. */
function agentDatabase(): string {
  const database = new AgentDatabase(path);
  const session = database.session("main");
  session.user("hello");
  database.close();
  return session.id;
}

/** Reads the events; asserts that the folder is as before. */
function read(count = COUNT, options: OpenOptions = {}): { way: string; events: unknown; isLogMissing: boolean } {
  const before = treeState(folder);
  const database = opened(openDatabase(path, options));
  const events = database.get(count)?.["n"];
  assertSame(before);
  database.close();
  assertSame(before);
  return { way: database.way, events, isLogMissing: database.isLogMissing };
}

/** Names the files that changed, not their bytes. */
function assertSame(before: ReadonlyMap<string, string>): void {
  const now = treeState(folder);
  const names = new Set([...before.keys(), ...now.keys()]);
  assert.deepEqual(
    [...names].filter((name) => before.get(name) !== now.get(name)),
    [],
  );
}

/** The way that was taken, of a database that holds nothing without its log. */
function openedBy(): string {
  const before = treeState(folder);
  const database = opened(openDatabase(path));
  database.close();
  assertSame(before);
  return database.way;
}

function refused(options: OpenOptions = {}): string {
  const before = treeState(folder);
  const look = openDatabase(path, options);
  assertSame(before);
  if (look.state === "ok") assert.fail(`opened by ${look.database.way}`);
  assert.match(look.reason, /\w/);
  return look.state;
}

/** What is meant to be tried by somebody whom rights stop; root is stopped by none. */
function asSomebody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid!(65_534);
  try {
    return act();
  } finally {
    process.seteuid!(0);
  }
}

describe("the way to a database", () => {
  it("reads beside a gateway that has it open", async (test) => {
    const id = agentDatabase();
    const writer = await startWriter(test, path, id, { commitsPerSecond: 0 });
    assert.deepEqual(read(AGENT_EVENTS), { way: "shared-memory", events: 3, isLogMissing: false });
    await writer.stop();
    assert.deepEqual(read(AGENT_EVENTS), { way: "immutable", events: 3, isLogMissing: false });
    assert.deepEqual(readdirSync(folder), ["agent.sqlite"]);
  });

  it("reads what a killed gateway left in the log", () => {
    killedGateway();
    assert.deepEqual(read(), { way: "shared-memory", events: 3, isLogMissing: false });
  });

  it("copies a database whose log lacks its index", () => {
    killedGateway();
    rmSync(`${path}-shm`);
    assert.deepEqual(read(), { way: "private-copy", events: 3, isLogMissing: false });
  });

  it("copies where the index can't be shared", () => {
    gateway();
    assert.deepEqual(read(COUNT, { platform: "darwin" }), { way: "private-copy", events: 3, isLogMissing: false });
  });

  it("reads a database that was closed as it lies there", () => {
    gateway().close();
    assert.deepEqual(read(), { way: "immutable", events: 3, isLogMissing: false });
  });

  it("tells that a log is gone, and reads what stands without it", () => {
    gateway().close();
    writeFileSync(`${path}-shm`, Buffer.alloc(32_768));
    assert.deepEqual(read(), { way: "immutable", events: 3, isLogMissing: true });
  });

  it("tells when all stood in the log that is gone", () => {
    killedGateway();
    rmSync(`${path}-wal`);
    assert.equal(refused(), "wal-missing");
    rmSync(`${path}-shm`);
    assert.equal(refused(), "wal-missing");
  });

  it("reads beside a program that keeps a rollback journal", () => {
    const database = new DatabaseSync(path);
    database.exec("CREATE TABLE events (id INTEGER PRIMARY KEY); INSERT INTO events VALUES (1)");
    assert.deepEqual(read(), { way: "shared-lock", events: 1, isLogMissing: false });
    database.exec("BEGIN IMMEDIATE; INSERT INTO events VALUES (2)");
    assert.equal(read().events, 1, "what is not committed yet does not count");
    database.exec("COMMIT; BEGIN EXCLUSIVE");
    assert.equal(refused(), "busy");
    database.close();
  });

  it("rolls a journal back in its copy that a killed program left", () => {
    const database = new DatabaseSync(path);
    database.exec("CREATE TABLE events (id INTEGER PRIMARY KEY, text); PRAGMA cache_size = 1; PRAGMA cache_spill = 1");
    const many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
    database.exec(`BEGIN; ${many} INSERT INTO events SELECT i, hex(randomblob(100)) FROM n`);
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(folder, `killed-${name}`));
    database.close();
    path = join(folder, "killed-agent.sqlite");
    assert.ok(statSync(path).size > 100_000, "half of it is in the database");
    assert.deepEqual(read(), { way: "private-copy", events: 0, isLogMissing: false });
  });

  it("copies a database with a log and a journal, of which SQLite rolls the journal back", () => {
    killedGateway();
    writeFileSync(`${path}-journal`, "no journal");
    assert.deepEqual(read(), { way: "private-copy", events: 3, isLogMissing: false });
  });

  it("copies a database whose log is none, instead of waiting for somebody to mend it", () => {
    killedGateway();
    const log = readFileSync(`${path}-wal`);
    for (const at of [0, 4, 10, 16, 24]) {
      const damaged = Buffer.from(log);
      damaged[at] = damaged[at]! ^ 1;
      writeFileSync(`${path}-wal`, damaged);
      assert.equal(openedBy(), "private-copy", `byte ${at}`);
    }
    writeFileSync(`${path}-wal`, log.subarray(0, 31));
    rmSync(`${path}-shm`);
    assert.equal(openedBy(), "private-copy", "a log that is cut off within its header");
  });

  it("takes a log of zero bytes for none", () => {
    gateway().close();
    writeFileSync(`${path}-wal`, "");
    assert.equal(read().events, 3);
    writeFileSync(`${path}-shm`, "");
    assert.equal(read().events, 3);
  });

  it("follows a link to the file that log and index lie beside", () => {
    killedGateway();
    const real = path;
    path = join(folder, "link.sqlite");
    symlinkSync(real, path);
    assert.deepEqual(read(), { way: "shared-memory", events: 3, isLogMissing: false });
  });

  it("reads with no right but reading", () => {
    killedGateway();
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
    chmodSync(folder, 0o555);
    chmodSync(join(folder, ".."), 0o755);
    try {
      assert.deepEqual(
        asSomebody(() => read()),
        { way: "shared-memory", events: 3, isLogMissing: false },
      );
    } finally {
      chmodSync(folder, 0o755);
    }
  });
});

describe("what can't be opened", () => {
  it("is told from what is no database", () => {
    assert.equal(refused(), "missing");
    writeFileSync(path, "");
    assert.equal(refused(), "empty");
    writeFileSync(path, "This is only a note, and a rather long one at that. ".repeat(20));
    assert.equal(refused(), "foreign");
    writeFileSync(path, Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 251)));
    assert.equal(refused(), "encrypted");
    writeFileSync(path, "SQLite format 3\0 and no more");
    assert.equal(refused(), "corrupt");
  });

  it("is named as what stands there instead of a file", () => {
    symlinkSync(join(folder, "nowhere"), path);
    assert.equal(refused(), "missing");
    rmSync(path);
    mkdirSync(path);
    assert.equal(refused(), "unreadable");
  });

  it("is a database with a folder or a link for a log", () => {
    gateway().close();
    mkdirSync(`${path}-wal`);
    assert.equal(refused(), "unreadable");
    renameSync(`${path}-wal`, `${path}-shm`);
    assert.equal(refused(), "unreadable");
    renameSync(`${path}-shm`, join(folder, "other"));
    symlinkSync(join(folder, "other"), `${path}-wal`);
    assert.equal(refused(), "unreadable");
  });

  it("is a database whose pages are gone", () => {
    gateway().close();
    truncateSync(path, 4096);
    const look = openDatabase(path);
    const trouble = look.state === "ok" ? troubleOf(() => look.database.get(COUNT)) : look.state;
    assert.equal(trouble, "corrupt");
    if (look.state === "ok") look.database.close();
  });

  it("is too large for a copy", () => {
    killedGateway();
    rmSync(`${path}-shm`);
    assert.equal(refused({ mostCopied: 4096 }), "too-large-to-copy");
    assert.equal(read(COUNT, { mostCopied: 1 << 20 }).events, 3);
  });

  it("is what rights forbid", () => {
    gateway().close();
    chmodSync(path, 0o000);
    chmodSync(join(folder, ".."), 0o755);
    assert.equal(asSomebody(() => openDatabase(path)).state, "unreadable");
  });
});

function troubleOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof SqliteError, String(error));
    assert.equal(error.path, path);
    return error.trouble;
  }
  assert.fail("nothing was wrong");
}

describe("a private copy", () => {
  it("is for this user alone, never in the home, and gone afterwards", () => {
    killedGateway();
    rmSync(`${path}-shm`);
    const temporary = temporaryFolder(join(folder, "../tmp"));
    const database = opened(openDatabase(path, { home: folder }));
    const [copy = "", ...more] = readdirSync(temporary);
    assert.match(copy, /^session-forensics-/);
    assert.deepEqual(more, []);
    assert.equal(statSync(join(temporary, copy)).mode & 0o777, 0o700);
    database.close();
    database.close();
    assert.deepEqual(readdirSync(temporary), []);
  });

  it("is made somewhere else when the temporary folder lies in the home", () => {
    killedGateway();
    rmSync(`${path}-shm`);
    const temporary = temporaryFolder(join(folder, "tmp"));
    const database = opened(openDatabase(path, { home: folder }));
    assert.deepEqual(readdirSync(temporary), []);
    database.close();
    assert.equal(read(COUNT, { home: folder }).events, 3);
    assert.deepEqual(refused({ home: "/" }), "unreadable");
  });
});

describe("statements", () => {
  it("can't write", () => {
    gateway();
    const database = opened(openDatabase(path));
    const before = treeState(folder);
    for (const statement of [
      "INSERT INTO events (text) VALUES ('ours')",
      "CREATE TABLE ours (x)",
      "PRAGMA user_version = 7",
      "PRAGMA journal_mode = DELETE",
      "VACUUM",
    ]) {
      // Some of these are refused, and some are ignored.
      try {
        database.all(statement);
      } catch (error) {
        assert.ok(error instanceof SqliteError);
      }
    }
    database.close();
    assertSame(before);
  });

  it("say what went wrong", () => {
    gateway();
    const database = opened(openDatabase(path));
    assert.equal(
      troubleOf(() => database.get("SELECT colour FROM events")),
      "schema",
    );
    assert.equal(
      troubleOf(() => database.all("SELECT * FROM nowhere")),
      "schema",
    );
    assert.equal(
      troubleOf(() => database.get("SELECT FROM WHERE")),
      "other",
    );
    assert.equal(
      troubleOf(() => database.get("SELECT load_extension('x')")),
      "other",
    );
    database.close();
  });

  it("end when they take too long", () => {
    gateway();
    const database = opened(openDatabase(path, { statementMs: 20 }));
    const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE";
    for (const bound of ["in_time()", "in_time(n.i)"])
      assert.equal(
        troubleOf(() => database.get(`${endless} ${bound}`)),
        "late",
      );
    database.close();
  });

  it("give no more rows than a file can hold", () => {
    gateway();
    const database = opened(openDatabase(path));
    const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    assert.equal(
      troubleOf(() => database.all(endless)),
      "corrupt",
    );
    database.close();
  });

  it("give integers beyond 2^53 rounded, wherever they stand", () => {
    const writer = gateway();
    writer.exec("INSERT INTO events (id) VALUES (9223372036854775807)");
    const database = opened(openDatabase(path));
    const ids = database.all("SELECT id FROM events ORDER BY id").map(({ id }) => id);
    assert.deepEqual(ids, [1, 2, 3, 2 ** 63]);
    assert.equal(database.get("SELECT max(id) AS id FROM events")?.["id"], 2 ** 63);
    database.close();
  });

  it("can be asked inside the loop over one of them", () => {
    gateway();
    const database = opened(openDatabase(path));
    const pairs: unknown[] = [];
    const all = "SELECT id FROM events ORDER BY id";
    for (const { id } of database.iterate(all))
      pairs.push(...database.all(all).map((row) => `${String(id)}${String(row["id"])}`));
    assert.equal(pairs.join(" "), "11 12 13 21 22 23 31 32 33");
    database.close();
  });

  it("leave the log free when a loop is left early", () => {
    const writer = gateway();
    const database = opened(openDatabase(path));
    for (const row of database.iterate("SELECT id FROM events")) if (row["id"] === 1) break;
    writer.exec("INSERT INTO events (text) VALUES ('four')");
    assert.equal(writer.prepare("PRAGMA wal_checkpoint(RESTART)").get()?.["busy"], 0);
    database.close();
  });
});

describe("a stamp", () => {
  it("changes with each commit, and with nothing else", () => {
    const writer = gateway();
    const stamps = new Set([sqliteStamp(path)]);
    for (let commit = 1; commit <= 50; commit++) {
      writer.exec(`UPDATE events SET text = '${commit}' WHERE id = 1`);
      stamps.add(sqliteStamp(path));
      if (commit % 10 === 0) writer.exec("PRAGMA wal_checkpoint(RESTART)");
      const afterwards = sqliteStamp(path);
      opened(openDatabase(path)).close();
      assert.equal(sqliteStamp(path), afterwards);
    }
    assert.ok(stamps.size >= 51);
  });

  it("tells commits under a rollback journal, and that a database is gone", () => {
    const writer = new DatabaseSync(path);
    writer.exec("CREATE TABLE events (id INTEGER PRIMARY KEY, text)");
    const before = sqliteStamp(path);
    writer.exec("INSERT INTO events (text) VALUES ('one')");
    assert.notEqual(sqliteStamp(path), before);
    writer.close();
    rmSync(path);
    assert.equal(sqliteStamp(path), null);
  });
});

describe("a read that somebody writes into", () => {
  it("is done again when the database was not open before", async () => {
    gateway().close();
    const ways: string[] = [];
    const result = await readDatabase(path, {}, (database) => {
      ways.push(database.way);
      if (ways.length === 1) gateway();
      return database.get(COUNT)?.["n"];
    });
    assert.deepEqual(result, { state: "ok", value: 6 });
    assert.deepEqual(ways, ["immutable", "shared-memory"]);
  });

  it("does not take for damage what somebody wrote meanwhile", async () => {
    gateway().close();
    let attempts = 0;
    const result = await readDatabase(path, {}, (database) => {
      attempts += 1;
      if (attempts > 1) return database.get(COUNT)?.["n"];
      gateway();
      throw new SqliteError("corrupt", path, "malformed");
    });
    assert.deepEqual([result, attempts], [{ state: "ok", value: 6 }, 2]);
  });

  it("hands on what is wrong with a database that nobody writes", async () => {
    gateway().close();
    const failing = readDatabase(path, {}, (database) => database.all("SELECT * FROM nowhere"));
    await assert.rejects(failing, SqliteError);
    assert.deepEqual(readdirSync(folder), ["agent.sqlite"]);
    assert.ok(readFileSync(path).length > 0);
  });
});
