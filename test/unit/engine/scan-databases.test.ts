// `scan --json` of homes with databases, against the contract to the letter; and nothing of ours in them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as v from "valibot";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { scanDocument } from "../../../src/engine/scan-document.ts";
import { DATABASE, DatabaseHome } from "../../support/database-home.ts";
import { fixtureHome, json, treeState, writeTree } from "../../support/homes.ts";
import { scanSchema, type ScanOutput } from "../../support/scan-schema.ts";
import { only, world } from "../../support/world.ts";

function engineOf(home: string): Engine {
  return createEngine({
    programs: [openclaw],
    world: world(),
    given: only(home),
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: assert.fail,
  });
}

async function scanned(home: string): Promise<ScanOutput> {
  const document = scanDocument(await engineOf(home).scan(), { sessions: true, findings: true });
  return v.parse(scanSchema, JSON.parse(JSON.stringify(document)));
}

/** All that a database can hold of sessions. */
function fullHome(t: TestContext): DatabaseHome {
  const home = new DatabaseHome(t);
  const { database, sessionsFolder } = home;
  const first = database.session("first");
  const entryId = first.user("one");
  first.reset();
  first.user("x".repeat(5000));
  first.running();
  database.session("fork", { forkOf: { key: first.key, sessionId: first.id, entryId } }).user("forked");
  for (const folder of [true, false]) {
    const options = folder ? { sessionsFolder } : {};
    const deleted = database.session(`deleted ${folder}`);
    deleted.reset();
    deleted.delete(options);
    const cold = database.session(`cold ${folder}`);
    cold.reset();
    cold.putIntoColdStorage(options);
  }
  return home;
}

test("a home of a real release keeps the contract, and its bytes", async (t) => {
  const home = fixtureHome(t, "2026.9.6-clean");
  const before = treeState(home);
  const { findings, homes, locks, skipped } = await scanned(home);
  assert.deepEqual(treeState(home), before);
  assert.deepEqual([findings, locks, skipped], [[], [], []]);
  assert.deepEqual(
    homes.map(({ agents, era }) => [era, agents.map(({ storePath }) => storePath)]),
    [["sqlite", ["agents/main/agent/openclaw-agent.sqlite", "agents/ops/agent/openclaw-agent.sqlite"]]],
  );
});

test("all that a database can hold keeps the contract: each window once, each with the one before it", async (t) => {
  const home = fullHome(t);
  const [{ agents, era } = { agents: [], era: "files" }] = (await scanned(home.path)).homes;
  assert.equal(era, "sqlite");
  const sessions = agents.flatMap((agent) => agent.sessions);
  assert.deepEqual(
    sessions
      .toSorted((a, b) => ((a.key ?? "") < (b.key ?? "") ? -1 : 1))
      .map(({ fragments, key, state, status }) => [key, state, status, fragments.map(({ kind }) => kind)]),
    [
      ["agent:main:cold false", "live", "done", ["cold", "cold"]],
      ["agent:main:cold true", "live", "done", ["cold", "cold"]],
      ["agent:main:deleted false", "deleted", undefined, ["deleted", "deleted"]],
      ["agent:main:deleted true", "deleted", undefined, ["deleted", "deleted"]],
      ["agent:main:first", "live", "running", ["window", "window"]],
      ["agent:main:fork", "live", "done", ["window"]],
    ],
  );
  for (const { fragments } of sessions) {
    assert.equal(fragments[0]?.previous, null);
    for (const [at, { path, previous }] of fragments.entries()) {
      if (at === 0) continue;
      assert.deepEqual([previous?.certainty, previous?.path], ["recorded", path]);
      assert.deepEqual(previous?.window, fragments[at - 1]?.window);
    }
  }
});

test("gateway locks of this era are judged; the side files of SQLite beside them are none", async (t) => {
  const home = fullHome(t);
  const payload = {
    pid: 11_789,
    createdAt: "2026-11-21T00:33:19.443Z",
    stateDir: home.path,
    port: 22_900,
    startTime: 266_171,
  };
  writeTree(join(home.path, "tmp/openclaw-0"), {
    "gateway.1f35e827.lock": json(payload),
    "gateway.state.lock": json({ ...payload, stateDir: "/srv/agents/elsewhere/.openclaw" }),
    "gateway.1f35e827.lock.sqlite": "",
    "gateway.state.lock.sqlite": "",
  });
  const { locks } = await scanned(home.path);
  assert.deepEqual(
    locks.map(({ path, pid, reasons, target, verdict }) => [path, target, pid, verdict, reasons]),
    [
      ["tmp/openclaw-0/gateway.1f35e827.lock", ".", 11_789, "stale", ["dead-pid"]],
      ["tmp/openclaw-0/gateway.state.lock", ".", 11_789, "unknown", ["restored-home", "dead-pid"]],
    ],
  );
});

test("files of the releases before make it a mixed home; packed archives do not", async (t) => {
  const home = fullHome(t);
  const eraWith = async (name: string): Promise<string | undefined> => {
    writeTree(home.sessionsFolder, { [name]: "" });
    return (await scanned(home.path)).homes[0]?.era;
  };
  assert.equal(await eraWith("notes.txt"), "sqlite");
  assert.equal(await eraWith("00000000-0000-4000-8000-000000000001.jsonl.reset.2026-11-20T00-00-00.000Z"), "mixed");
});

test("a commit shows in the snapshot, and what it did not touch stays the same object", async (t) => {
  const home = fullHome(t);
  const engine = engineOf(home.path);
  const before = await engine.scan();
  const session = home.database.session("later");
  session.user("just now");
  const after = await engine.changed([join(home.path, `${DATABASE}-wal`)]);
  assert.ok(after.revision > before.revision);
  const sessions = (one: typeof before) => one.homes.flatMap(({ agents }) => agents.flatMap((agent) => agent.sessions));
  assert.ok(sessions(after).some(({ key }) => key === session.key));
  const windows = (one: typeof before) =>
    sessions(one).flatMap(({ fragments }) => fragments.map(({ fragment }) => fragment));
  assert.ok(windows(before).every((fragment) => windows(after).includes(fragment)));
  assert.equal(await engine.changed([join(home.path, `${DATABASE}-shm`)]), after);
});
