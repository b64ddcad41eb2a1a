// The server's life: settings, workspace folders, changes on disk, safety scans, and its end.
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { readSettings } from "../../../src/server/settings.ts";
import type { ClientOptions } from "../../support/lsp-client.ts";
import { FULL } from "../../support/lsp-client.ts";
import { serverWorld } from "../../support/server-world.ts";
import type { ServerWorld } from "../../support/server-world.ts";
import { aHome, aLock, aSnapshot } from "../../support/snapshots.ts";

async function opened(options: ClientOptions = {}, snapshot = aSnapshot()): Promise<ServerWorld> {
  const world = await serverWorld(snapshot, { initializationOptions: {}, ...options });
  after(() => world.close());
  await world.client.until(
    () => world.client.notices.some((one) => one.method === "sessionForensics/changed"),
    "a scan",
  );
  return world;
}

const changes = ({ client }: ServerWorld): number =>
  client.notices.filter((one) => one.method === "sessionForensics/changed").length;

suite("settings", () => {
  test("have defaults, field by field", () => {
    const standard = {
      homes: [],
      discoverUserHomes: true,
      locksWarnAfterSeconds: 60,
      locksAutoClean: false,
      quietSeconds: 10,
      rescanSeconds: 60,
      usePolling: false,
    };
    for (const senseless of [
      undefined,
      null,
      7,
      "x",
      [],
      { homes: "x", locks: 3, repairs: [], rescanSeconds: -1, usePolling: "no" },
    ])
      assert.deepEqual(readSettings(senseless), standard);
    assert.deepEqual(
      readSettings({
        homes: ["/a", 3, ""],
        discoverUserHomes: false,
        locks: { warnAfterSeconds: 5, autoClean: true },
        repairs: { quietSeconds: 3 },
        rescanSeconds: 0,
      }),
      {
        ...standard,
        homes: ["/a"],
        discoverUserHomes: false,
        locksWarnAfterSeconds: 5,
        locksAutoClean: true,
        quietSeconds: 3,
        rescanSeconds: 0,
      },
    );
  });

  test("come with the first request, and workspace folders are looked into", async () => {
    const { request } = await opened({
      folders: ["file:///projects/one", "vscode-remote://x/two"],
      initializationOptions: {
        settings: { homes: ["/a"], locks: { warnAfterSeconds: 9 }, discoverUserHomes: false },
        memoFolder: null,
      },
    });
    assert.deepEqual(request.given, { paths: ["/a", "/projects/one"], discover: false });
    assert.equal(request.settings.locksWarnAfterSeconds, 9);
    assert.equal(request.memoFolder, null);
  });

  test("facts are kept in the default folder unless the client names one", async () => {
    assert.equal((await opened()).request.memoFolder, "/home/ann/.cache/session-forensics");
    assert.equal((await opened({ initializationOptions: { memoFolder: "/m" } })).request.memoFolder, "/m");
  });

  test("are asked for where the client can be asked", async () => {
    const { engine } = await opened({ capabilities: FULL, settings: { homes: ["/asked"] } });
    assert.deepEqual(engine.configured.at(-1)?.given, { paths: ["/asked"], discover: true });
  });

  test("may be pushed, under their section or bare", async () => {
    const { client, engine } = await opened();
    for (const settings of [{ sessionForensics: { homes: ["/pushed"] } }, { homes: ["/pushed"] }]) {
      const before = engine.configured.length;
      await client.notify("workspace/didChangeConfiguration", { settings });
      await client.ask("sessionForensics/refresh", {});
      assert.equal(engine.configured.length, before + 1);
      assert.deepEqual(engine.configured.at(-1)?.given?.paths, ["/pushed"]);
    }
  });

  test("polling is switched on by watching anew", async () => {
    const world = await opened({}, aSnapshot());
    await world.client.notify("workspace/didChangeConfiguration", { settings: { usePolling: true } });
    await world.client.until(() => world.watches.length === 2, "a second watch");
    assert.deepEqual(
      world.watches.map((one) => [one.options.usePolling, one.closed]),
      [
        [false, true],
        [true, false],
      ],
    );
  });
});

suite("workspace folders", () => {
  test("that come and go are looked into and forgotten", async () => {
    const { client, engine } = await opened({ capabilities: FULL, folders: ["file:///one", "file:///two"] });
    await client.notify("workspace/didChangeWorkspaceFolders", {
      event: { added: [{ uri: "file:///three", name: "three" }], removed: [{ uri: "file:///one", name: "one" }] },
    });
    await client.ask("sessionForensics/refresh", {});
    assert.deepEqual(engine.configured.at(-1)?.given?.paths, ["/two", "/three"]);
  });

  test("without a home in them are nothing that could not be read", async () => {
    const reason = "no OpenClaw home in this folder";
    const snapshot = aSnapshot([aHome()], {
      skipped: [
        { path: "/work", reason },
        { path: "/asked", reason },
      ],
    });
    const settings = { homes: ["/asked"] };
    const { client } = await opened({ folders: ["file:///work"], initializationOptions: { settings } }, snapshot);
    assert.deepEqual((await client.ask("sessionForensics/overview", {})).skipped, [{ path: "/asked", reason }]);
  });
});

suite("changes", () => {
  test("told by the watcher and by the client are read together, and announced once", async () => {
    const world = await opened();
    const { client, engine, watches } = world;
    engine.next = aSnapshot(undefined, { revision: 2 });
    watches[0]?.tell(["/home/ann/.openclaw/a", "/home/ann/.openclaw/b"]);
    await client.notify("workspace/didChangeWatchedFiles", {
      changes: [
        { uri: "file:///home/ann/.openclaw/c", type: 1 },
        { uri: "untitled:x", type: 1 },
      ],
    });
    await client.until(() => changes(world) === 2, "a change");
    assert.deepEqual(engine.changes.flat().toSorted(), [
      "/home/ann/.openclaw/a",
      "/home/ann/.openclaw/b",
      "/home/ann/.openclaw/c",
    ]);
  });

  test("without effect are not announced", async () => {
    const world = await opened();
    world.watches[0]?.tell(["/home/ann/.openclaw/a"]);
    await world.client.ask("sessionForensics/refresh", {});
    await world.client.until(() => world.engine.changes.length === 1, "the change read");
    assert.equal(changes(world), 1);
  });

  test("that no file shows are found where a lock is held: it is judged again and again", async () => {
    const held = aLock({ verdict: "held", reasons: ["live-owner"] });
    const { client, engine } = await opened({}, aSnapshot([aHome({ locks: [held] })]));
    await client.until(() => engine.changes.length > 2, "looks at the lock");
    engine.next = aSnapshot([aHome()], { revision: 2 });
    await client.until(
      () => client.notices.filter((one) => one.method === "sessionForensics/changed").length === 2,
      "a change",
    );
    const looks = engine.changes.length;
    await client.ask("sessionForensics/refresh", {});
    await sleep(250);
    assert.equal(engine.changes.length, looks);
    assert.ok(engine.changes.every((paths) => paths.length === 0));
  });

  test("of the folders that matter are followed", async () => {
    const { client, engine, watches } = await opened();
    engine.folders = ["/home/ann/.openclaw/agents"];
    await client.ask("sessionForensics/refresh", {});
    assert.deepEqual(watches[0]?.folders, ["/home/ann/.openclaw/agents"]);
  });

  test("that can't be read are logged, and the server goes on", async () => {
    const world = await opened();
    world.engine.changed = () => Promise.reject(new Error("disk gone"));
    world.watches[0]?.tell(["/x"]);
    await world.client.until(() => world.client.logs.some((one) => one.includes("disk gone")), "a log line");
    assert.equal((await world.client.ask("sessionForensics/overview", {})).revision, 1);
  });

  test("that nobody told are found by the safety scan", async () => {
    const { client, engine } = await opened({ initializationOptions: { settings: { rescanSeconds: 0.05 } } });
    await client.until(() => engine.scans > 3, "scans that nobody asked for");
  });
});

test("scans are told while they last", async () => {
  const { client } = await opened();
  const told = (): unknown[] =>
    client.notices.filter((one) => one.method === "sessionForensics/progress").map((one) => one.params);
  await client.until(() => told().length === 2, "the end of the scan");
  assert.deepEqual(told(), [
    { scanning: true, text: "Looking at the homes of agents…" },
    { scanning: false, text: "" },
  ]);
});

test("at the end facts are kept and nothing watches any more", async () => {
  const world = await serverWorld(aSnapshot(), { initializationOptions: {} });
  await world.client.until(() => changes(world) === 1, "a scan");
  await world.close();
  assert.equal(world.engine.closed, true);
  assert.ok(world.watches.every((one) => one.closed));
});
