// Repairs from the command line as shipped: planned, run, listed, refused, cut off, settled and undone on real homes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { lutimesSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";

import { emptyHome, ownEnvironment, runCli } from "../support/bundles.ts";
import type { Result } from "../support/bundles.ts";
import { treeOf, withoutFolderTimes } from "../support/executor.ts";
import { fixtureHome, header, json, lines, temporaryTree, treeState } from "../support/homes.ts";

/** Repairs wait until a file has been quiet for a while, and a copy is new. */
const LONG_AGO = new Date("2026-11-20T10:00:00.000Z");
const SESSIONS = "agents/main/sessions";
const ARCHIVE = `${SESSIONS}/203035e1-5341-4983-80b4-374a4ae09108.jsonl.reset.2026-11-21T00-19-06.814Z`;
const STORE = `${SESSIONS}/sessions.json`;

function madeOld(home: string): string {
  const below = readdirSync(home, { recursive: true, encoding: "utf8" }).map((name) => path.join(home, name));
  // Files before the folders that they lie in.
  for (const one of [...below.toReversed(), home]) lutimesSync(one, LONG_AGO, LONG_AGO);
  return home;
}

/** A home with a transcript that no row names and a run that died. */
const troubledHome = (context: TestContext): string => madeOld(fixtureHome(context, "2026.5.12-killed"));

/** A process that has ended: its number, which nobody has now. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

/** A home whose session "one" is locked by this process. */
function lockedHome(context: TestContext, pid: number): string {
  const time = "2026-11-20T09:00:00.000Z";
  return madeOld(
    temporaryTree(context, {
      "openclaw.json": "{}",
      agents: {
        main: {
          sessions: {
            "sessions.json": json({
              "agent:main:one": { sessionId: "one", updatedAt: Date.parse(time), status: "done" },
            }),
            "one.jsonl": lines(header("one", time)),
            "one.jsonl.lock": json({ pid, createdAt: time }),
          },
        },
      },
    }),
  );
}

/** Runs verbs in one user's world. */
function shell(context: TestContext): (...args: string[]) => Promise<Result> {
  const env = ownEnvironment(emptyHome(context));
  return (...args) => runCli(args, env);
}

interface FindingJson {
  readonly id: string;
  readonly code: string;
  readonly repairs: readonly string[];
}

async function findings(sf: ReturnType<typeof shell>, home: string): Promise<readonly FindingJson[]> {
  return (JSON.parse((await sf("check", "--json", home)).out) as { findings: FindingJson[] }).findings;
}

async function idOf(sf: ReturnType<typeof shell>, home: string, code: string): Promise<string> {
  const found = (await findings(sf, home)).find((one) => one.code === code);
  assert.ok(found, code);
  return found.id;
}

interface RunJson {
  readonly outcome: string;
  readonly refusals?: readonly { readonly code: string; readonly reason: string }[];
  readonly receipt?: {
    readonly id: string;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly recovered: boolean;
    readonly steps: readonly {
      readonly do: string;
      readonly path: string;
      readonly state: string;
      readonly at: string;
    }[];
  };
}

function runsOf({ out }: Result): readonly RunJson[] {
  const { schema, runs } = JSON.parse(out) as { schema: string; runs: RunJson[] };
  assert.equal(schema, "session-forensics/receipt/1");
  return runs;
}

suite("a repair and its undo", () => {
  test("from the finding to the plan, the run, the journal and back", async (context) => {
    const home = troubledHome(context);
    const sf = shell(context);
    const before = treeState(home);
    const tree = treeOf(home);
    const id = await idOf(sf, home, "store/orphan-transcript");

    const shown = await sf("plan", id, "--home", home);
    assert.equal(shown.code, 0);
    assert.match(shown.out, /^Written in /m);
    assert.ok(shown.out.includes(`  ${path.join(home, STORE)}  (store of sessions)\n`));
    assert.match(shown.out, /^ {2}\+ {3}"agent:main:delete-keep-transcript": \{$/m);
    const { schema, plans } = JSON.parse((await sf("plan", id, "--home", home, "--json")).out) as {
      schema: string;
      plans: { id: string; home: string; refusals: unknown[]; steps: { do: string; path: string }[] }[];
    };
    assert.equal(schema, "session-forensics/plan/1");
    assert.deepEqual(
      plans.map((one) => [one.home, one.refusals, one.steps.map((step) => [step.do, step.path])]),
      [[home, [], [["write-file", STORE]]]],
    );

    const unasked = await sf("repair", id, "--home", home);
    assert.deepEqual([unasked.code, unasked.out], [2, ""]);
    assert.match(unasked.err, /^Nothing was written: there is no terminal to ask on\. Give --yes/);
    assert.deepEqual(treeState(home), before);

    const done = await sf("repair", id, "--home", home, "--yes");
    assert.equal(done.code, 0, done.err);
    const undoing = /^To take it back: session-forensics (undo \S+ --home .*)$/m.exec(done.out)?.[1] ?? "";
    assert.ok(undoing.endsWith(` --home ${home}`));
    assert.ok(!(await findings(sf, home)).some((one) => one.id === id));
    const kept = await sf("journal", "--home", home);
    assert.match(kept.out, /^\S+ \S+ UTC {2}Give the transcript a row in the store {2}done$/m);

    const undone = await sf(...undoing.split(" "), "--yes");
    assert.equal(undone.code, 0, undone.err);
    assert.deepEqual(treeOf(home), tree);
    assert.match((await sf("journal", "--home", home)).out, /^\S+ \S+ UTC {2}Give the .* done, undone$/m);
    assert.ok((await findings(sf, home)).some((one) => one.id === id));
    const again = await sf("undo", "--home", home, "--yes");
    assert.deepEqual([again.code, again.err], [2, "There is nothing to undo.\n"]);
  });

  test("--all-safe repairs what has one way, and --json is one document", async (context) => {
    const home = troubledHome(context);
    const sf = shell(context);
    const tree = treeOf(home);
    const unasked = await sf("repair", "--all-safe", "--home", home, "--json");
    assert.deepEqual([unasked.code, unasked.out], [2, ""]);
    const done = await sf("repair", "--all-safe", "--home", home, "--yes", "--json");
    assert.deepEqual([done.code, done.err], [0, ""]);
    const [run] = runsOf(done);
    assert.equal(run?.outcome, "done");
    assert.deepEqual(
      run.receipt?.steps.map((step) => [step.do, step.path, step.state]),
      [["write-file", STORE, "done"]],
    );
    for (const time of [run.receipt?.startedAt, run.receipt?.endedAt, run.receipt?.steps[0]?.at])
      assert.match(time ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(
      (await findings(sf, home)).filter((one) => one.repairs.length > 0),
      [],
    );
    assert.deepEqual(runsOf(await sf("repair", "--all-safe", "--home", home, "--yes", "--json")), []);

    const journal = JSON.parse((await sf("journal", "--home", home, "--json")).out) as {
      homes: { home: string; receipts: { id: string; undo: { state: string } }[] }[];
    };
    assert.deepEqual(
      journal.homes.map((one) => [one.home, one.receipts.map((receipt) => [receipt.id, receipt.undo.state])]),
      [[home, [[run.receipt?.id, "possible"]]]],
    );
    assert.equal(
      runsOf(await sf("undo", run.receipt?.id ?? "", "--home", home, "--yes", "--json"))[0]?.outcome,
      "done",
    );
    assert.deepEqual(treeOf(home), tree);
  });

  test("an archive is restored by its path, and can be undone", async (context) => {
    const home = troubledHome(context);
    const sf = shell(context);
    const tree = treeOf(home);
    const done = await sf("repair", path.join(home, ARCHIVE), "--repair", "restore-beside", "--yes");
    assert.equal(done.code, 0, done.err);
    assert.match((await sf("scan", "--json", home)).out, /"key": "agent:main:recovered:/);
    assert.equal((await sf("undo", "--home", home, "--yes")).code, 0);
    assert.deepEqual(treeOf(home), tree);
    const mute = await sf("plan", path.join(home, ARCHIVE));
    assert.equal(mute.code, 2);
    assert.match(mute.err, /^Say with --repair what to do with /);
  });

  test("an archive is linked by its path and a choice, and every later scan knows who said it", async (context) => {
    const home = troubledHome(context);
    const sf = shell(context);
    const tree = treeOf(home);
    const link = ["repair", path.join(home, ARCHIVE), "--repair", "link", "--yes"];
    const unsaid = await sf(...link);
    assert.equal(unsaid.code, 1);
    assert.match(unsaid.out, /Say where it belongs: after:<path>/);
    assert.equal((await sf(...link, "--choice", "key:agent:main:told")).code, 0);
    const { out } = await sf("scan", "--json", home);
    assert.match(out, /"key": "agent:main:told"/);
    assert.equal((await sf("undo", "--home", home, "--yes")).code, 0);
    assert.deepEqual(treeOf(home), tree);
  });

  test("--stale-locks moves aside the lock of a dead process", async (context) => {
    const home = lockedHome(context, deadProcess());
    const sf = shell(context);
    const tree = treeOf(home);
    assert.ok(tree.has(`${SESSIONS}/one.jsonl.lock`));
    const done = await sf("repair", "--stale-locks", "--home", home, "--yes");
    assert.equal(done.code, 0, done.out + done.err);
    assert.ok(!treeOf(home).has(`${SESSIONS}/one.jsonl.lock`));
    assert.match(
      (await sf("repair", "--stale-locks", "--home", home, "--yes")).out,
      /^There is nothing to repair here\.$/m,
    );
    assert.equal((await sf("undo", "--home", home, "--yes")).code, 0);
    assert.deepEqual(treeOf(home), tree);
  });
});

suite("what is not done", () => {
  test("unknown findings, receipts and repairs end with 2", async (context) => {
    const home = troubledHome(context);
    const before = treeState(home);
    const sf = shell(context);
    const id = await idOf(sf, home, "store/orphan-transcript");
    const lock = await idOf(sf, home, "lock/unknown");
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["repair", "nope", "--yes"], /^There is no finding "nope" \(any more\)/],
      [["repair", id, "nope", "--yes"], /^There is no finding "nope" \(any more\)/],
      [["repair", id, "--repair", "nope", "--yes"], /has no repair "nope"/],
      [["repair", lock, "--yes"], /^No repair is offered for lock\/unknown/],
      [
        ["repair", path.join(home, ARCHIVE), "--repair", "nope", "--yes"],
        /^There is no repair "nope"; there are stale-lock, /,
      ],
      [["undo", "nope", "--yes"], /^There is no receipt "nope"/],
      [["undo", "--yes"], /^There is nothing to undo/],
      [["repair", id, "--settle"], /^--settle stands alone/],
    ];
    for (const [args, message] of cases) {
      const { code, out, err } = await sf(...args, "--home", home);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(err, message);
    }
    assert.deepEqual(treeState(home), before);
    const folder = emptyHome(context);
    assert.equal((await sf("undo", "--home", folder, "--yes")).code, 2);
    assert.equal((await sf("undo", "--home", path.join(folder, "missing"), "--yes")).code, 3);
  });

  test("while somebody holds the transcript's lock a repair is refused with 1, and nothing is written", async (context) => {
    const home = lockedHome(context, process.pid);
    const sf = shell(context);
    const file = path.join(home, `${SESSIONS}/one.jsonl.lock`);
    const before = treeOf(home);
    const held = await sf("repair", file, "--repair", "stale-lock", "--yes");
    assert.equal(held.code, 1, held.out + held.err);
    assert.match(held.out, /No stale lock stands here/);
    assert.deepEqual(treeOf(home), before);
  });

  test("while somebody holds the store's lock a repair is refused with 1, in text and in JSON", async (context) => {
    const home = troubledHome(context);
    const sf = shell(context);
    writeFileSync(path.join(home, `${STORE}.lock`), json({ pid: process.pid, createdAt: new Date().toISOString() }));
    const before = treeState(home);
    const id = await idOf(sf, home, "store/orphan-transcript");
    assert.equal((await sf("plan", id, "--home", home)).code, 1);
    const refused = await sf("repair", id, "--home", home, "--yes");
    assert.equal(refused.code, 1);
    assert.match(refused.out, /^Refused: nothing was written\.$/m);
    assert.deepEqual(treeState(home), before);
    const document = await sf("repair", id, "--home", home, "--yes", "--json");
    assert.equal(document.code, 1);
    const [run] = runsOf(document);
    assert.equal(run?.outcome, "refused");
    assert.match(run.refusals?.[0]?.code ?? "", /^lock-/);
  });

  test("where the system refuses to write it ends with 3, and nothing is changed", async (context) => {
    const home = troubledHome(context);
    const tree = treeOf(home);
    const preload = temporaryTree(context, { "read-only.cjs": READ_ONLY });
    const nodeArgs = ["--require", path.join(preload, "read-only.cjs")];
    const env = ownEnvironment(emptyHome(context));
    const refused = await runCli(["repair", "--all-safe", "--home", home, "--yes"], env, { nodeArgs });
    assert.equal(refused.code, 3, refused.out + refused.err);
    assert.match(refused.out, /^ *Refused: nothing was written\.$/m);
    assert.deepEqual(treeOf(home), tree);
  });
});

/** Folders can't be made in a home, as on a file system that is mounted for reading only. */
const READ_ONLY = `const fs = require("node:fs");
const { mkdirSync } = fs;
fs.mkdirSync = (path, ...rest) => {
  if (!String(path).includes(".session-forensics")) return mkdirSync(path, ...rest);
  throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
};`;

/** The process dies at the moment when the store has been moved. */
const KILLED = `const fs = require("node:fs");
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  renameSync(from, to);
  if (/[\\\\/]sessions\\.json$/.test(to) || /[\\\\/]sessions\\.json$/.test(from)) process.kill(process.pid, "SIGKILL");
};`;

suite("a run that was killed", () => {
  /** A home in that state, and what it was before. */
  async function killed(context: TestContext): Promise<{ home: string; tree: ReadonlyMap<string, string> }> {
    const home = troubledHome(context);
    const tree = withoutFolderTimes(treeOf(home));
    const preload = temporaryTree(context, { "killed.cjs": KILLED });
    const nodeArgs = ["--require", path.join(preload, "killed.cjs")];
    const env = ownEnvironment(emptyHome(context));
    const { code, out } = await runCli(["repair", "--all-safe", "--home", home, "--yes"], env, { nodeArgs });
    assert.notEqual(code, 0, out);
    return { home, tree };
  }

  test("is told by every look, and settled when that is asked for", async (context) => {
    const { home, tree } = await killed(context);
    const sf = shell(context);
    const left = treeState(home);
    for (const verb of ["scan", "check", "locks"])
      for (const more of [[], ["--json"]]) {
        const { err } = await sf(verb, home, ...more);
        assert.match(err, /^A repair was cut off: Repair all that is safe to repair, begun \S+ \S+ UTC in /);
        assert.ok(err.includes(`session-forensics repair --settle --home ${home} `));
      }
    const unasked = await sf("repair", "--settle", "--home", home);
    assert.deepEqual([unasked.code, unasked.out], [2, ""]);
    assert.deepEqual(treeState(home), left);

    const settled = await sf("repair", "--settle", "--home", home, "--yes", "--json");
    assert.equal(settled.code, 0, settled.out);
    const [run] = runsOf(settled);
    assert.equal(run?.outcome, "rolled-back");
    assert.equal(run.receipt?.recovered, true);
    assert.deepEqual(withoutFolderTimes(treeOf(home)), tree);
    assert.equal((await sf("check", home)).err, "");
    assert.match((await sf("repair", "--settle", "--home", home)).out, /^No repair was cut off here\.$/m);
    assert.match((await sf("journal", "--home", home)).out, /settled after it was cut off/);
  });

  test("is settled before the next repair runs", async (context) => {
    const { home } = await killed(context);
    const sf = shell(context);
    const next = await sf("repair", path.join(home, ARCHIVE), "--repair", "link", "--choice", "first", "--yes");
    assert.equal(next.code, 0, next.out + next.err);
    assert.match(next.out, /^An earlier run had been cut off and was settled first:$/m);
    assert.equal((await sf("check", home)).err, "");
  });
});
