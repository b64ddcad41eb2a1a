// The command line as shipped: one file, spawned on real homes.
import assert from "node:assert/strict";
import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";

import * as v from "valibot";

import { emptyHome, exitOf, ownEnvironment, CLI, runCli, spawnBundle } from "../support/bundles.ts";
import { fixtureHome, FIXTURE_HOMES, json, temporaryTree, treeState } from "../support/homes.ts";
import type { FixtureHome } from "../support/homes.ts";
import { checkSchema, locksSchema, scanSchema } from "../support/scan-schema.ts";
import type { ScanOutput } from "../support/scan-schema.ts";

async function scanned(context: TestContext, ...args: string[]): Promise<ScanOutput> {
  const { code, out, err } = await runCli(["scan", "--json", ...args], ownEnvironment(emptyHome(context)));
  assert.equal(err, "");
  assert.equal(code, 0);
  return v.parse(scanSchema, JSON.parse(out));
}

/** Names of transcripts and their archives in a sessions folder, by the rules of OpenClaw's file names. */
const TRANSCRIPT = /^[0-9a-f-]{36}(?:\.checkpoint\.[0-9a-f-]{36})?\.jsonl(?:\.(?:reset|deleted)\.[0-9TZ.-]+)?$/;

suite("scan --json", () => {
  for (const name of FIXTURE_HOMES)
    test(`keeps to the contract and has every transcript of ${name} once`, async (context) => {
      const home = fixtureHome(context, name);
      const { homes } = await scanned(context, home);
      assert.equal(homes[0]?.path, home);
      for (const { path: root, agents } of homes)
        for (const agent of agents) {
          const shown = agent.sessions.flatMap((one) => one.fragments.map((fragment) => fragment.path));
          const folder = path.posix.dirname(agent.storePath);
          const there = readdirSync(path.join(root, folder))
            .filter((file) => TRANSCRIPT.test(file))
            .map((file) => `${folder}/${file}`);
          assert.deepEqual(shown.toSorted(), there.toSorted());
        }
    });

  test("links only to fragments of the same agent, each taken once, never back in time", async (context) => {
    for (const name of FIXTURE_HOMES) {
      const { homes } = await scanned(context, fixtureHome(context, name));
      for (const agent of homes.flatMap((one) => one.agents)) {
        const byPath = new Map(agent.sessions.flatMap((one) => one.fragments).map((one) => [one.path, one]));
        const taken = new Set<string>();
        for (const { previous, startedAt } of byPath.values()) {
          if (previous === null) continue;
          const before = byPath.get(previous.path);
          assert.ok(before, previous.path);
          assert.ok(!taken.has(previous.path), previous.path);
          taken.add(previous.path);
          assert.ok((before.startedAt ?? "") <= (startedAt ?? "9"), previous.path);
        }
      }
    }
  });

  test("finds the homes of this user, the canonical one first", async (context) => {
    const home = emptyHome(context);
    renameSync(fixtureHome(context, "2026.3.24-shadow"), path.join(home, ".openclaw"));
    const { code, out } = await runCli(["scan", "--json"], ownEnvironment(home));
    assert.equal(code, 0);
    const { homes } = v.parse(scanSchema, JSON.parse(out));
    const own = homes.filter((one) => one.path.startsWith(home));
    assert.deepEqual(
      own.map((one) => [path.relative(home, one.path), one.role, one.canonicalPath]),
      [
        [".openclaw", "canonical", undefined],
        [".openclaw/agents/main/agent/codex-home/home/.openclaw", "shadow", path.join(home, ".openclaw")],
      ],
    );
  });

  test("says the same with kept facts as without", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    const cache = temporaryTree(context, {});
    const env = ownEnvironment(emptyHome(context), { SESSION_FORENSICS_CACHE: cache });
    const document = async (...args: string[]): Promise<unknown> => {
      const { out } = await runCli(["scan", "--json", home, ...args], env);
      // Times of the scan itself differ between runs.
      return JSON.parse(out.replaceAll(/"(elapsedMs|ageMs)": \d+/g, '"$1": 0'));
    };
    const first = await document("--no-cache");
    assert.deepEqual(readdirSync(cache), []);
    assert.deepEqual(await document(), first);
    assert.notDeepEqual(readdirSync(cache), []);
    assert.deepEqual(await document(), first);
  });
});

suite("check and locks", () => {
  test("keep to the contract", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    const env = ownEnvironment(emptyHome(context));
    v.parse(checkSchema, JSON.parse((await runCli(["check", "--json", home], env)).out));
    const { locks } = v.parse(locksSchema, JSON.parse((await runCli(["locks", "--json", home], env)).out));
    assert.equal(locks.length, 2);
    assert.ok(locks.every((one) => one.home === home && one.pid === 13_529));
  });

  test("check's exit code follows --fail-on", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    writeFileSync(path.join(home, "agents/ops/sessions/sessions.json"), "{");
    const env = ownEnvironment(emptyHome(context));
    assert.equal((await runCli(["check", home], env)).code, 1);
    assert.equal((await runCli(["check", home, "--fail-on", "error"], env)).code, 1);
    const empty = temporaryTree(context, {
      home: { "openclaw.json": "{}", agents: { main: { sessions: { "sessions.json": "{}" } } } },
    });
    const healthy = await runCli(["check", empty, "--fail-on", "info"], env);
    assert.equal(healthy.code, 0);
    assert.match(healthy.out, /^Nothing is wrong here\./m);
  });
});

const plainRun = (context: TestContext, ...args: string[]) => runCli(args, ownEnvironment(emptyHome(context)));

suite("text", () => {
  test("has no colours unless they are forced", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    const escape = "\u001b[";
    const { code, out } = await plainRun(context, "scan", home);
    assert.equal(code, 0);
    assert.ok(!out.includes(escape));
    assert.match(out, /^├─ main /m);
    const forced = await runCli(["scan", home], ownEnvironment(emptyHome(context), { FORCE_COLOR: "1" }));
    assert.ok(forced.out.includes(escape));
  });

  test("shows a chain by key, by the beginning of an id, and by file", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    const file = "agents/main/sessions/17b5706a-97ec-4824-a6f1-8b15314fd80a.jsonl";
    const env = ownEnvironment(emptyHome(context));
    const texts = await Promise.all(
      [
        ["chain", "agent:main:incident", "--home", home],
        ["chain", "incident", "--home", home],
        ["chain", "17b570", "--home", home],
        ["chain", path.join(home, file)],
      ].map((args) => runCli(args, env)),
    );
    for (const { code, out } of texts) {
      assert.equal(code, 0);
      assert.match(out, /^ 1\. bf185efc-9db9-423c-9bbd-b4fbaa9cd312 {2}reset archive$/m);
      assert.match(out, /^ {4}Continues 1: (?:recorded|derived)$/m);
    }
    const relative = await runCli(["chain", file], env, { cwd: home });
    assert.equal(relative.code, 0);
    const unknown = await runCli(["chain", "nobody", "--home", home], env);
    assert.deepEqual([unknown.code, unknown.out], [2, ""]);
  });

  test("ends in peace when its reader goes away", async (context) => {
    const home = fixtureHome(context, "2026.5.12-random");
    const child = spawnBundle(CLI, ["scan", "--json", home], ownEnvironment(emptyHome(context)));
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdout.once("data", () => child.stdout.destroy());
    assert.equal(await exitOf(child), 0);
    assert.equal(err, "");
  });
});

suite("what can't be read", () => {
  test("a folder that is not there, or is none, ends with 3; an empty one is no error", async (context) => {
    const folder = temporaryTree(context, { empty: {}, file: "x" });
    const env = ownEnvironment(emptyHome(context));
    const codes = await Promise.all(
      ["empty", "file", "missing"].map(async (name) => (await runCli(["scan", path.join(folder, name)], env)).code),
    );
    assert.deepEqual(codes, [0, 3, 3]);
    const none = await runCli(["scan", path.join(folder, "empty"), "--json"], env);
    assert.deepEqual(v.parse(scanSchema, JSON.parse(none.out)).homes, []);
  });

  test("damage inside a home is told, and the rest is shown", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    writeFileSync(path.join(home, "agents/main/sessions/sessions.json"), '{"agent:main:main": {"sessionId": "');
    const { homes, findings } = await scanned(context, home);
    assert.ok(findings.some((one) => one.path === "agents/main/sessions/sessions.json"));
    assert.ok((homes[0]?.agents.find((one) => one.name === "ops")?.sessions.length ?? 0) > 0);
  });

  test("an older Node is told which one is needed", async (context) => {
    const folder = temporaryTree(context, {
      "old.cjs": "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });",
    });
    const nodeArgs = ["--require", path.join(folder, "old.cjs")];
    const { code, out, err } = await runCli(["scan"], ownEnvironment(emptyHome(context)), { nodeArgs });
    assert.deepEqual([code, out], [3, ""]);
    assert.match(err, /^session-forensics needs Node\.js 22\.15 or newer; this is 20\.20\.2/);
  });
});

suite("nothing is written", () => {
  const verbs: readonly (readonly string[])[] = [["scan"], ["scan", "--json"], ["check"], ["locks"]];

  for (const name of ["2026.3.24-shadow", "2026.5.12-killed"] satisfies FixtureHome[])
    test(`into ${name}`, async (context) => {
      const home = fixtureHome(context, name);
      const before = treeState(home);
      const env = ownEnvironment(emptyHome(context));
      for (const verb of verbs) await runCli([...verb, home], env);
      await runCli(["chain", "agent:main:main", "--home", home], env);
      assert.deepEqual(treeState(home), before);
    });

  test("into a home that HOME itself lies in, which is said first of all", async (context) => {
    const user = emptyHome(context);
    const home = path.join(user, ".openclaw");
    renameSync(fixtureHome(context, "2026.3.24-shadow"), home);
    const isolated = path.join(home, "agents/main/agent/codex-home/home");
    const before = treeState(home);
    const { out } = await runCli(["scan"], ownEnvironment(isolated));
    assert.match(out, /^! /);
    assert.ok(!existsSync(path.join(isolated, ".cache")));
    assert.deepEqual(treeState(home), before);
  });
});

test("the bundle is one file that can be run by itself", () => {
  assert.ok((statSync(CLI).mode & 0o111) !== 0 || process.platform === "win32");
});

test("lock files and their folders may be anything", async (context) => {
  const home = temporaryTree(context, {
    "openclaw.json": "{}",
    agents: {
      main: {
        sessions: {
          "sessions.json": json({}),
          "a.jsonl.lock": { "a-folder": "" },
          "b.jsonl.lock": "",
          "c.jsonl.lock": "{",
          "d.jsonl.lock": json({ pid: "x", createdAt: {} }),
        },
      },
    },
  });
  const { locks } = await scanned(context, home);
  assert.equal(locks.length, 4);
  assert.ok(locks.every((one) => one.reasons.length > 0));
});
