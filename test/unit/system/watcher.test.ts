import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { appendFileSync, mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { watchFolders, watchTrouble, type FolderWatch, type WatchOptions } from "../../../src/system/watcher.ts";
import { link, temporaryTree, type TreeNode } from "../../support/homes.ts";

/** A watch whose reports can be waited for, path by path. */
class Watched {
  readonly seen: string[] = [];
  readonly watch: FolderWatch;
  private readonly events = new EventEmitter();

  constructor(test: TestContext, folders: readonly string[], options: WatchOptions = {}) {
    this.watch = watchFolders(
      folders,
      (paths) => {
        this.seen.push(...paths);
        this.events.emit("paths");
      },
      { batchMs: 20, ...options },
    );
    test.after(() => this.watch.close());
  }

  /** Acts, and waits until this path is reported. */
  async reports(path: string, act: () => void): Promise<void> {
    await this.watch.ready;
    this.seen.length = 0;
    act();
    while (!this.seen.includes(path)) await once(this.events, "paths", { signal: AbortSignal.timeout(10_000) });
  }
}

function folderWith(test: TestContext, tree: { readonly [name: string]: TreeNode }): string {
  return temporaryTree(test, tree);
}

describe("watching folders", () => {
  it("reports files that appear, grow, are renamed and go, each by its path", async (test) => {
    const folder = folderWith(test, { "a.jsonl": "1\n" });
    const watched = new Watched(test, [folder]);
    const [a, b, archive] = [join(folder, "a.jsonl"), join(folder, "b.jsonl"), join(folder, "a.jsonl.reset")];
    await watched.reports(a, () => appendFileSync(a, "2\n"));
    await watched.reports(b, () => writeFileSync(b, "1\n"));
    await watched.reports(archive, () => renameSync(a, archive));
    await watched.reports(b, () => unlinkSync(b));
  });

  it("reports many changes of one file once in a batch", async (test) => {
    const folder = folderWith(test, { "a.jsonl": "" });
    const watched = new Watched(test, [folder], { batchMs: 300 });
    const path = join(folder, "a.jsonl");
    await watched.reports(path, () => {
      for (let turn = 0; turn < 50; turn += 1) appendFileSync(path, `${turn}\n`);
    });
    assert.deepEqual(watched.seen, [path]);
  });

  it("does not look into folders below", async (test) => {
    const folder = folderWith(test, { below: { "x.jsonl": "" } });
    const watched = new Watched(test, [folder]);
    const beside = join(folder, "beside.jsonl");
    await watched.reports(beside, () => {
      appendFileSync(join(folder, "below", "x.jsonl"), "1");
      writeFileSync(beside, "");
    });
    assert.ok(!watched.seen.some((path) => path.endsWith("x.jsonl")));
  });

  it("sees a folder come that was not there, and what then happens in it", async (test) => {
    const parent = folderWith(test, {});
    const folder = join(parent, "sessions");
    const watched = new Watched(test, [folder]);
    await watched.reports(folder, () => mkdirSync(folder));
    // Once more when what happens in it is seen too.
    await watched.reports(folder, () => undefined);
    const path = join(folder, "a.jsonl");
    await watched.reports(path, () => writeFileSync(path, ""));
  });

  it("says nothing of the neighbours of a folder that is not there yet", async (test) => {
    const parent = folderWith(test, {});
    const folder = join(parent, "sessions");
    const watched = new Watched(test, [folder]);
    await watched.reports(folder, () => {
      writeFileSync(join(parent, "neighbour"), "");
      mkdirSync(folder);
    });
    assert.deepEqual(watched.seen, [folder]);
  });

  it("goes on when a watched folder is removed and made again", async (test) => {
    const parent = folderWith(test, { sessions: { "a.jsonl": "" } });
    const folder = join(parent, "sessions");
    const watched = new Watched(test, [parent, folder]);
    await watched.reports(folder, () => rmSync(folder, { recursive: true }));
    await watched.reports(folder, () => mkdirSync(folder));
    await watched.reports(folder, () => undefined);
    const path = join(folder, "b.jsonl");
    await watched.reports(path, () => writeFileSync(path, ""));
  });

  it("takes up new folders and leaves old ones", async (test) => {
    const parent = folderWith(test, { one: {}, two: {} });
    const [one, two] = [join(parent, "one"), join(parent, "two")];
    const watched = new Watched(test, [one]);
    await watched.watch.ready;
    await watched.reports(two, () => watched.watch.setFolders([two]));
    const path = join(two, "a.jsonl");
    await watched.reports(path, () => {
      writeFileSync(join(one, "a.jsonl"), "");
      writeFileSync(path, "");
    });
    assert.ok(!watched.seen.includes(join(one, "a.jsonl")));
  });

  it("follows a watched folder that is a link", async (test) => {
    const parent = folderWith(test, { real: {}, sessions: link("real") });
    const watched = new Watched(test, [join(parent, "sessions")]);
    await watched.reports(join(parent, "sessions", "a.jsonl"), () =>
      writeFileSync(join(parent, "real", "a.jsonl"), ""),
    );
  });

  it("polls where that is asked for", async (test) => {
    const folder = folderWith(test, { "a.jsonl": "1\n" });
    const watched = new Watched(test, [folder], { usePolling: true, pollingInterval: 20 });
    const path = join(folder, "a.jsonl");
    await watched.reports(path, () => appendFileSync(path, "2\n"));
  });

  it("names the system's limits in plain words", () => {
    const limit = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
    assert.match(watchTrouble(limit), /limit of watched folders \(fs\.inotify\.max_user_watches\)/);
    assert.match(watchTrouble(Object.assign(new Error("EMFILE"), { code: "EMFILE" })), /too many files are open/i);
    assert.equal(watchTrouble(new Error("other")), "other");
  });
});
