// Reading beside a gateway that writes: every state that is read is one that was committed, and nothing of the reader is left behind.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, it, type TestContext } from "node:test";
import { setImmediate as breathe, setTimeout as wait } from "node:timers/promises";

import {
  openDatabase,
  type OpenDatabase,
  type OpenOptions,
  readDatabase,
  sqliteStamp,
  SqliteError,
} from "../../../src/system/sqlite.ts";
import { startWriter, type Writer } from "../../support/gateway-writer.ts";
import { temporaryTree, treeState } from "../../support/homes.ts";
import { AgentDatabase } from "../../support/openclaw-database.ts";

/** Numbers that each commit moves together. */
const MOVED_TOGETHER =
  "SELECT (SELECT max(seq) FROM transcript_events) AS event, (SELECT count(*) - 1 FROM transcript_events) AS events, " +
  "(SELECT max(seq) FROM transcript_event_identities) AS identity, s.indexed_seq AS indexed, w.updated_at AS updated " +
  "FROM session_transcript_index_state s JOIN session_windows w USING (session_id)";
const FILES = ["agent.sqlite", "agent.sqlite-shm", "agent.sqlite-wal"];
/** Commits after which the reader has seen enough. */
const ENOUGH = 60;

let folder: string;
let path: string;
let sessionId: string;

beforeEach((test) => {
  folder = temporaryTree(test as TestContext, {});
  path = join(folder, "agent.sqlite");
  const database = new AgentDatabase(path);
  const session = database.session("main");
  session.user("hello");
  sessionId = session.id;
  // Pages of their own for what is long, so that a commit touches many.
  for (let number = 0; number < 40; number++) session.user(`${number} `.repeat(300), { packed: false });
  database.close();
});

/** A gateway at full pace, whose log begins anew every few commits. */
const busyWriter = (test: TestContext): Promise<Writer> =>
  startWriter(test, path, sessionId, { commitsPerSecond: 100, checkpointPages: 40 });

/** The last event of the state that is seen; fails when it is no state that was committed. */
function committed(database: OpenDatabase): number {
  const row = database.get(MOVED_TOGETHER);
  const numbers = new Set(Object.values(row ?? {}));
  assert.equal(numbers.size, 1, JSON.stringify(row));
  return Number(row?.["event"]);
}

/** Reads again and again, each time through a connection of its own, until enough commits were seen. */
async function follow(options: OpenOptions): Promise<Set<string>> {
  const ways = new Set<string>();
  let first: number | undefined;
  for (let seen = 0; seen < (first ?? Infinity) + ENOUGH;) {
    const result = await readDatabase(path, options, (database) => {
      ways.add(database.way);
      return committed(database);
    });
    if (result.state !== "ok") assert.fail(`${result.state}: ${result.reason}`);
    assert.ok(result.value >= seen, "time never turns back");
    seen = result.value;
    first ??= seen;
    assert.deepEqual(readdirSync(folder), FILES);
    await breathe();
  }
  return ways;
}

describe("beside a gateway that commits a hundred times a second", () => {
  it("each state read in place is one that was committed", async (test) => {
    await busyWriter(test);
    assert.deepEqual(await follow({}), new Set(["shared-memory"]));
  });

  it("so is each state of a private copy", async (test) => {
    await busyWriter(test);
    assert.deepEqual(await follow({ platform: "win32" }), new Set(["private-copy"]));
  });

  it("a connection that stays open sees commit after commit", async (test) => {
    await busyWriter(test);
    const look = openDatabase(path);
    assert.ok(look.state === "ok");
    const states = new Set<number>();
    while (states.size < 20) {
      try {
        states.add(committed(look.database));
      } catch (error) {
        // The index was just being written; readDatabase asks again by itself.
        if (!(error instanceof SqliteError && error.trouble === "busy")) throw error;
      }
      await wait(2);
    }
    look.database.close();
  });

  it("the stamp tells every commit that a reader sees", async (test) => {
    await busyWriter(test);
    const look = openDatabase(path);
    assert.ok(look.state === "ok");
    const stamps = new Map<number, string>();
    while (stamps.size < 20) {
      const stamp = sqliteStamp(path);
      const event = committed(look.database);
      // Where it changed meanwhile, which of the two the event belongs to is not known.
      if (stamp !== null && stamp === sqliteStamp(path)) stamps.set(event, stamp);
      await breathe();
    }
    assert.equal(new Set(stamps.values()).size, stamps.size);
    look.database.close();
  });
});

describe("after the gateway", () => {
  it("a killed one leaves files that stay as they are while they are read", async (test) => {
    const writer = await busyWriter(test);
    await wait(100);
    await writer.kill();
    const before = treeState(folder);
    const read = await readDatabase(path, {}, committed);
    assert.equal(read.state, "ok");
    assert.deepEqual(readdirSync(folder), FILES);
    for (const [name, state] of treeState(folder)) assert.ok(state === before.get(name), `${name} changed`);
  });

  it("one that was killed is read on when another one starts", async (test) => {
    await (await busyWriter(test)).kill();
    const look = openDatabase(path);
    assert.ok(look.state === "ok");
    const before = committed(look.database);
    const next = await busyWriter(test);
    while (committed(look.database) < before + 10) await wait(5);
    look.database.close();
    await next.stop();
    assert.deepEqual(readdirSync(folder), ["agent.sqlite"]);
  });

  it("looking at the files by their bytes does not cost an open connection its locks", async (test) => {
    const writer = await startWriter(test, path, sessionId, { commitsPerSecond: 0 });
    const look = openDatabase(path);
    assert.ok(look.state === "ok");
    const before = committed(look.database);
    sqliteStamp(path);
    const copy = openDatabase(path, { platform: "win32" });
    assert.ok(copy.state === "ok");
    copy.database.close();
    await writer.stop();
    assert.deepEqual(readdirSync(folder), FILES, "the log stays while somebody reads it");
    assert.equal(committed(look.database), before);
    look.database.close();
  });
});
