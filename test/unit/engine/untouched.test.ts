// Reading, following and watching leave no trace: not one byte, name, mode or time of a home changes, and nothing of ours is in it.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { watchFolders } from "../../../src/system/watcher.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { engineOn } from "../../support/engines.ts";
import { goodHome } from "../../support/good-home.ts";
import { DATABASE_HOMES, FIXTURE_HOMES, fixtureHome, temporaryTree, treeState } from "../../support/homes.ts";

const SAMPLE = resolve(import.meta.dirname, "../../fixtures/sample-home/home");

function sampleHome(test: TestContext): string {
  const folder = temporaryTree(test, {});
  cpSync(SAMPLE, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return folder;
}

const HOMES: readonly { readonly name: string; readonly make: (test: TestContext) => string }[] = [
  ...[...FIXTURE_HOMES, ...DATABASE_HOMES].map((name) => ({
    name,
    make: (test: TestContext) => fixtureHome(test, name),
  })),
  { name: "the sample home", make: sampleHome },
  { name: "a healthy home", make: goodHome },
];

function transcriptsOf({ homes }: Snapshot): string[] {
  return homes.flatMap(({ home, agents }) =>
    agents.flatMap(({ reading }) => reading.fragments.map(({ path }) => join(home.path, path))),
  );
}

describe("a home", () => {
  for (const { name, make } of HOMES) {
    it(`stays as it is while it is scanned, followed and watched: ${name}`, async (test) => {
      const home = make(test);
      const cache = temporaryTree(test, {});
      const before = treeState(home);
      const engine = engineOn([home], { memoFolder: cache });
      const snapshot = await engine.scan();
      const transcripts = transcriptsOf(snapshot);
      assert.ok(transcripts.length > 0);
      const reported: string[] = [];
      const watch = watchFolders(engine.watchedFolders(), (paths) => reported.push(...paths), { batchMs: 10 });
      test.after(() => watch.close());
      await watch.ready;
      await engine.changed(transcripts);
      await engine.changed(engine.watchedFolders());
      await engine.scan();
      await engine.close();
      await watch.close();
      assert.deepEqual(treeState(home), before);
      assert.deepEqual(reported, []);
    });
  }

  it("that were touched would be noticed", (test) => {
    const home = goodHome(test);
    const before = treeState(home);
    const [path] = [...before.keys()].filter((one) => one.endsWith(".jsonl"));
    assert.ok(path !== undefined);
    utimesSync(path, 1, 1);
    assert.notDeepEqual(treeState(home), before);
  });

  it("is followed by the watcher itself, and only what the agent writes is in it", async (test) => {
    const home = goodHome(test);
    const engine = engineOn([home]);
    const [path] = transcriptsOf(await engine.scan()).filter((one) => one.endsWith(".jsonl"));
    assert.ok(path !== undefined);
    const changes = new Promise<string[]>((settle) => {
      const watch = watchFolders(engine.watchedFolders(), settle, { batchMs: 20 });
      test.after(() => watch.close());
      void watch.ready.then(() => appendFileSync(path, "{}\n"));
    });
    const reported = await changes;
    const written = treeState(home);
    const snapshot = await engine.changed(reported);
    assert.equal(snapshot.revision, 2);
    assert.deepEqual(treeState(home), written);
  });
});
