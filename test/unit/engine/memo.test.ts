// Facts that outlive the process: what did not change is not read again, and a cache that can't be trusted is none.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { serialize } from "node:v8";

import type { Engine } from "../../../src/engine/engine.ts";
import { localEngine } from "../../../src/engine/local-engine.ts";
import { Memo } from "../../../src/engine/memo.ts";
import { memoFolder } from "../../../src/engine/memo-folder.ts";
import { readCache } from "../../../src/system/cache-file.ts";
import { engineOn } from "../../support/engines.ts";
import { link, temporaryTree, treeState } from "../../support/homes.ts";
import { plainHome, sessionId, transcript } from "../../support/openclaw.ts";
import { only, world } from "../../support/world.ts";

const NAME = `agents/main/sessions/${sessionId(1)}.jsonl`;
const [ASKED, REWRITTEN] = ["How are the disks?", "Are the disks full"];

interface Kept {
  readonly home: string;
  readonly folder: string;
}

/** A home whose facts were kept by an engine that has ended. */
async function kept(test: TestContext): Promise<Kept> {
  const home = temporaryTree(test, plainHome());
  const folder = join(temporaryTree(test, {}), "cache");
  await titleAfterRestart({ home, folder });
  return { home, folder };
}

async function ended(engine: Engine): Promise<Engine> {
  await engine.scan();
  await engine.close();
  return engine;
}

/** What a new engine with these facts calls the session. */
async function titleAfterRestart({ home, folder }: Kept, log?: (line: string) => void): Promise<string | undefined> {
  const engine = engineOn([home], { memoFolder: folder, ...(log === undefined ? {} : { log }) });
  return (await ended(engine)).snapshot?.homes[0]?.agents[0]?.sessions[0]?.title;
}

/** Other text in the same file, with the same size and times: only who reads it can tell. */
function rewriteUnseen(home: string): void {
  const path = join(home, NAME);
  const { atimeMs, mtimeMs, size } = statSync(path);
  writeFileSync(path, transcript(sessionId(1), undefined, REWRITTEN));
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000);
  const now = statSync(path);
  assert.deepEqual([now.size, now.mtimeMs], [size, mtimeMs]);
}

function cacheFile(folder: string): string {
  const names = readdirSync(folder);
  assert.equal(names.length, 1, names.join(", "));
  return join(folder, names[0]!);
}

describe("facts kept across a restart", () => {
  it("save reading a transcript that stayed the same", async (test) => {
    const given = await kept(test);
    rewriteUnseen(given.home);
    assert.equal(await titleAfterRestart(given), ASKED);
  });

  it("are not used for a file of another time, size or place", async (test) => {
    const given = await kept(test);
    const path = join(given.home, NAME);
    rewriteUnseen(given.home);
    utimesSync(path, 1, 1);
    assert.equal(await titleAfterRestart(given), REWRITTEN);
    writeFileSync(path, transcript(sessionId(1)));
    assert.equal(await titleAfterRestart(given), ASKED);
    rmSync(path);
    writeFileSync(`${path}.new`, "another inode");
    writeFileSync(path, transcript(sessionId(1), undefined, REWRITTEN));
    assert.equal(await titleAfterRestart(given), REWRITTEN);
  });

  it("lie in one file that only this user can read", async (test) => {
    const { folder } = await kept(test);
    assert.equal(statSync(cacheFile(folder)).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("are not written again when nothing is new", async (test) => {
    const given = await kept(test);
    utimesSync(cacheFile(given.folder), 7, 7);
    await titleAfterRestart(given);
    assert.equal(statSync(cacheFile(given.folder)).mtimeMs, 7000);
  });

  for (const [what, broken] of [
    ["torn", () => Buffer.from("torn")],
    ["empty", () => Buffer.alloc(0)],
    ["of another layout", (good: object) => serialize({ ...good, layout: -1 })],
    ["of another shape", (good: object) => serialize({ ...good, entries: "none" })],
    ["no object", () => serialize(7)],
  ] as const) {
    it(`are as good as none in a file that is ${what}, which is then replaced`, async (test) => {
      const given = await kept(test);
      const content = broken(readCache(cacheFile(given.folder)) as object);
      writeFileSync(cacheFile(given.folder), content);
      rewriteUnseen(given.home);
      assert.equal(await titleAfterRestart(given), REWRITTEN);
      writeFileSync(join(given.home, NAME), transcript(sessionId(1), undefined, REWRITTEN));
      assert.equal(await titleAfterRestart(given), REWRITTEN);
      assert.notDeepEqual(readFileSync(cacheFile(given.folder)), content);
    });
  }

  it("that can't be written are a line in the log, no error", async (test) => {
    const home = temporaryTree(test, plainHome());
    const folder = join(temporaryTree(test, { "a-file": "" }), "a-file", "cache");
    const logged: string[] = [];
    assert.equal(await titleAfterRestart({ home, folder }, (line) => logged.push(line)), ASKED);
    assert.match(logged.join("\n"), /^facts could not be kept in .*a-file/);
  });
});

describe("facts of files that are gone", () => {
  it("are forgotten, and those of homes that were not looked at are not", async (test) => {
    const given = await kept(test);
    const other = temporaryTree(test, plainHome());
    await titleAfterRestart({ home: other, folder: given.folder });
    rmSync(join(other, NAME));
    await titleAfterRestart({ home: other, folder: given.folder });
    const paths = pathsIn(given.folder);
    assert.ok(paths.includes(join(given.home, NAME)));
    assert.ok(!paths.includes(join(other, NAME)));
    assert.ok(paths.some((path) => path.startsWith(other)));
  });

  function pathsIn(folder: string): string[] {
    const { entries } = readCache(cacheFile(folder)) as { readonly entries: ReadonlyMap<string, unknown> };
    return [...entries.keys()];
  }
});

describe("a memo", () => {
  const file = { path: "/a", kind: "file", size: 1, mtimeMs: 2, ino: 3, dev: 4, mode: 0o600 } as const;

  it("reads once per reader and state of a file", () => {
    const memo = new Memo(null);
    let reads = 0;
    const read = (): number => (reads += 1);
    assert.deepEqual([memo.get(file, "one", read), memo.get(file, "one", read)], [1, 1]);
    assert.equal(memo.get(file, "two", read), 2);
    assert.equal(memo.get(file, "one", read), 1);
    for (const change of [{ size: 9 }, { mtimeMs: 9 }, { ino: 9 }, { dev: 9 }]) {
      memo.get(file, "one", read);
      const before = reads;
      assert.equal(memo.get({ ...file, ...change }, "one", read), before + 1);
    }
  });

  it("keeps nothing of a read that failed", () => {
    const memo = new Memo(null);
    assert.throws(
      () =>
        memo.get(file, "one", () => {
          throw new Error("torn");
        }),
      /torn/,
    );
    assert.equal(
      memo.get(file, "one", () => 7),
      7,
    );
  });

  it("keeps facts that are null or undefined as facts", () => {
    const memo = new Memo(null);
    memo.get(file, "one", () => undefined);
    memo.get(file, "one", () => assert.fail("read again"));
  });

  it("in memory alone writes nothing", () => {
    const memo = new Memo(null);
    memo.get(file, "one", () => 1);
    assert.equal(memo.save(), null);
  });
});

describe("the folder for facts", () => {
  const userHome = "/home/kim";
  const folderOf = (platform: NodeJS.Platform, env: Record<string, string> = {}, home = userHome): string =>
    memoFolder({ env, platform, userHome: home });

  it("is the user's cache folder, as each system has it", () => {
    assert.equal(folderOf("linux"), "/home/kim/.cache/session-forensics");
    assert.equal(folderOf("linux", { XDG_CACHE_HOME: "/var/cache/kim" }), "/var/cache/kim/session-forensics");
    assert.equal(folderOf("linux", { XDG_CACHE_HOME: "cache" }), "/home/kim/.cache/session-forensics");
    assert.equal(folderOf("darwin"), "/home/kim/Library/Caches/session-forensics");
    const local = { LOCALAPPDATA: "C:\\Users\\kim\\AppData\\Local" };
    const windows = "C:\\Users\\kim\\AppData\\Local\\session-forensics\\cache";
    assert.equal(folderOf("win32", local, "C:\\Users\\kim"), windows);
    assert.equal(folderOf("win32", {}, "C:\\Users\\kim"), windows);
  });

  it("is the one that SESSION_FORENSICS_CACHE names, if it is absolute", () => {
    assert.equal(folderOf("linux", { SESSION_FORENSICS_CACHE: "/tmp/facts" }), "/tmp/facts");
    assert.equal(folderOf("linux", { SESSION_FORENSICS_CACHE: "facts" }), "/home/kim/.cache/session-forensics");
  });

  it("is not used where it lies inside a home, also through a link", async (test) => {
    const folder = temporaryTree(test, { home: plainHome(), alias: link("home") });
    const home = join(folder, "home");
    const before = treeState(home);
    for (const place of ["home/agents/main/agent/codex-home/home", "home", "alias"]) {
      const engine = localEngine(world(), {
        given: only(home),
        settings: { locksWarnAfterSeconds: 60 },
        memoFolder: join(folder, place, ".cache/session-forensics"),
        log: (line) => assert.fail(line),
      });
      await ended(engine);
      assert.deepEqual(treeState(home), before);
    }
  });
});
