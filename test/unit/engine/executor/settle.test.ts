// A run that was cut off is settled at the next start: completed or taken back, told of, and never against a live session.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { Executor } from "../../../../src/engine/executor/executor.ts";
import { fileOperations } from "../../../../src/engine/executor/file-operations.ts";
import { FORENSICS_FOLDER, type Plan } from "../../../../src/model/plan.ts";
import { watched } from "../../../support/cut-points.ts";
import { executorOn, planFor, ran, surroundings, treeOf, withoutFolderTimes } from "../../../support/executor.ts";
import { temporaryTree, treeState } from "../../../support/homes.ts";
import { everyKindOfStep, renamed, sampleTree, written } from "../../../support/sample-plan.ts";

const SESSIONS = "agents/main/sessions";
const STORE = `${SESSIONS}/sessions.json`;
const RECEIPTS = `${FORENSICS_FOLDER}/receipts`;

/** The next start: the process of the run before is dead. */
function nextStart(home: string, given: Partial<ReturnType<typeof surroundings>> = {}): Executor {
  const around = surroundings(home, { look: () => "dead", ...given });
  return executorOn(home, { around: { ...around, machine: { ...around.machine, pid: 78 } } });
}

/** Runs the plan in a process that dies before the first rename within the folder that the plan changes. */
async function cutOff(home: string, plan: Plan, name: string, number = 1): Promise<void> {
  let seen = 0;
  let isDead = false;
  const calls: string[] = [];
  const files = new Proxy(
    watched(fileOperations, (call) => calls.push(call), null),
    {
      get:
        (target, call: keyof typeof fileOperations) =>
        (...given: unknown[]): unknown => {
          if (call === name) seen += 1;
          isDead ||= call === name && seen === number;
          if (isDead && call !== "close") throw new Error("dead");
          return Reflect.apply(target[call], target, given);
        },
    },
  );
  await executorOn(home, { files }).run(plan);
  assert.ok(isDead, `${seen} calls of ${name}`);
}

function twoSteps(home: string, gates: Plan["gates"] = []): Plan {
  const steps = [
    written(home, STORE, '{"b":1}\n'),
    renamed(home, `${SESSIONS}/three.jsonl`, `${SESSIONS}/three.jsonl.reset.2026-11-21T00-30-00.000Z`),
  ];
  return planFor(home, { title: "Two steps", steps, gates });
}

/** Number of the rename that would begin the second step; the first ones announce the run and replace the store. */
const SECOND_STEP = 3;

describe("a run that was cut off", () => {
  it("is told of by who only looks, but not while its process lives", async (test) => {
    const home = temporaryTree(test, sampleTree());
    assert.deepEqual(nextStart(home).cutOff(), []);
    const plan = twoSteps(home);
    await cutOff(home, plan, "rename", SECOND_STEP);
    const left = treeState(home);
    assert.deepEqual(
      nextStart(home)
        .cutOff()
        .map((one) => [one.plan.id, one.outcome]),
      [[plan.id, "unfinished"]],
    );
    const { startTicks } = surroundings(home);
    const living = { command: "node", argv: ["node"], startTicks, startedAt: null, pidNamespace: null };
    assert.deepEqual(nextStart(home, { look: (pid) => ({ pid, ...living }) }).cutOff(), []);
    assert.deepEqual(treeState(home), left);
    const executor = nextStart(home);
    await executor.settle();
    assert.deepEqual(executor.cutOff(), []);
  });

  it("is taken back at the next start, and the receipt says so", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = withoutFolderTimes(treeOf(home));
    await cutOff(home, twoSteps(home), "rename", SECOND_STEP);
    assert.notDeepEqual(withoutFolderTimes(treeOf(home)), before);
    const executor = nextStart(home);
    assert.equal(executor.journal()[0]?.outcome, "unfinished");
    const { settled, refusals } = await executor.settle();
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      settled.map(({ outcome, recovered }) => [outcome, recovered]),
      [["rolled-back", true]],
    );
    assert.match(settled[0]?.reason ?? "", /cut off before its last step/);
    assert.deepEqual(withoutFolderTimes(treeOf(home)), before);
    assert.deepEqual(await executor.settle(), { settled: [], refusals: [] });
  });

  it("is completed when only its end was missing, and can be undone", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = withoutFolderTimes(treeOf(home));
    await ran(executorOn(home), twoSteps(home));
    const [run] = readdirSync(join(home, RECEIPTS));
    const journal = join(home, RECEIPTS, run ?? "", "journal.jsonl");
    const lines = readFileSync(journal, "utf8").split("\n");
    writeFileSync(journal, `${lines.slice(0, -2).join("\n")}\n{"schema":"session-foren`);
    const executor = nextStart(home);
    const { settled } = await executor.settle();
    assert.deepEqual(
      settled.map(({ outcome, recovered }) => [outcome, recovered]),
      [["done", true]],
    );
    await ran(executor, executor.planUndo(null));
    assert.deepEqual(withoutFolderTimes(treeOf(home)), before);
  });

  it("is settled before anything else is run, and told of", async (test) => {
    const home = temporaryTree(test, sampleTree());
    await cutOff(home, twoSteps(home), "rename", SECOND_STEP);
    const plan = planFor(home, { steps: [written(home, "openclaw.json", '{"c":1}')] });
    const result = await nextStart(home).run(plan);
    assert.equal(result.outcome, "done");
    assert.deepEqual(
      result.settled.map(({ outcome, plan: { title } }) => [outcome, title]),
      [["rolled-back", "Two steps"]],
    );
    assert.equal(readFileSync(join(home, STORE), "utf8"), '{"a":1}\n');
  });

  it("waits while a gateway runs, says so, and lets nothing else run", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const plan = twoSteps(home, [{ gate: "gateway-down", why: "a test" }]);
    await cutOff(home, plan, "rename", SECOND_STEP);
    const between = treeOf(home);
    const owners = (): Promise<{ pid: number; text: string }[]> =>
      Promise.resolve([{ pid: 1, text: "A gateway runs." }]);
    const busy = nextStart(home, { owners });
    const { settled, refusals } = await busy.settle();
    assert.deepEqual(settled, []);
    assert.match(refusals[0]?.reason ?? "", /was cut off and can't be settled yet\. A gateway runs/);
    const other = await busy.run(planFor(home, { steps: [written(home, "openclaw.json", "{}\n")] }));
    assert.ok("refusals" in other);
    assert.equal(other.refusals[0]?.code, "unsettled");
    assert.deepEqual(treeOf(home), between);
    assert.equal((await nextStart(home).settle()).settled[0]?.outcome, "rolled-back");
  });

  it("does not take back what someone else has changed since, and keeps the old beside", async (test) => {
    const home = temporaryTree(test, sampleTree());
    await cutOff(home, twoSteps(home), "rename", SECOND_STEP);
    appendFileSync(join(home, STORE), "written since\n");
    const { settled } = await nextStart(home).settle();
    assert.equal(settled[0]?.outcome, "partial");
    assert.match(settled[0].reason ?? "", /Not all could be: .*sessions\.json has 22 bytes/);
    assert.equal(readFileSync(join(home, STORE), "utf8"), '{"b":1}\nwritten since\n');
    const [kept] = settled[0].steps.filter(({ state }) => state === "kept");
    assert.equal(readFileSync(join(home, kept?.aside ?? ""), "utf8"), '{"a":1}\n');
  });

  it("lets go of the agent's lock that it held, and of no other", async (test) => {
    for (const isOthers of [false, true]) {
      const home = temporaryTree(test, sampleTree());
      const lock = join(home, SESSIONS, "one.jsonl.lock");
      await cutOff(home, everyKindOfStep(home), "rename", 4);
      assert.match(readFileSync(lock, "utf8"), /"pid": 77,/);
      if (isOthers) writeFileSync(lock, '{\n  "pid": 4242,\n}');
      await nextStart(home).settle();
      assert.equal(existsSync(lock), isOthers);
    }
  });

  it("is told in the journal also when its home was copied, and settled there as well", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = withoutFolderTimes(treeOf(home));
    await cutOff(home, twoSteps(home), "rename", SECOND_STEP);
    const copy = temporaryTree(test, {});
    cpSync(home, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    const { settled } = await nextStart(copy).settle();
    assert.equal(settled[0]?.outcome, "rolled-back");
    const names = [...withoutFolderTimes(treeOf(copy))].filter(([path]) => path.endsWith("sessions.json"));
    assert.deepEqual(
      names,
      [...before].filter(([path]) => path.endsWith("sessions.json")),
    );
  });
});

describe("a journal that came with a foreign home", () => {
  function forge(test: TestContext, move: Record<string, unknown>): string {
    const home = temporaryTree(test, { ...sampleTree(), "..": {} });
    const run = "2026-11-21T01-00-00.000Z-000000000000-0000";
    const folder = join(home, RECEIPTS, run);
    mkdirSync(join(folder, "aside"), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, "aside", "0-x"), "mine now");
    const plan = planFor(home, { steps: [written(home, STORE, "{}")] });
    writeFileSync(join(folder, "plan.json"), JSON.stringify({ schema: "session-forensics/plan/1", ...plan }));
    const line = (entry: Record<string, unknown>): string =>
      `${JSON.stringify({ schema: "session-forensics/journal/1", at: "2026-11-21T01:00:00.000Z", ...entry })}\n`;
    const by = { pid: 1, host: "x", face: "x", version: "0" };
    writeFileSync(
      join(folder, "journal.jsonl"),
      line({ entry: "begin", run, by }) +
        line({ entry: "meant", step: 0, move: { kind: "take", aside: null, claim: null, ...move } }),
    );
    return home;
  }
  const state = { is: "file", bytes: 8, sha256: "0".repeat(64) };
  const folder = `${RECEIPTS}/2026-11-21T01-00-00.000Z-000000000000-0000`;

  for (const [name, move] of Object.entries({
    "out of the home": { live: "../outside", ours: `${folder}/aside/0-x` },
    "to an absolute path": { live: "/tmp/outside", ours: `${folder}/aside/0-x` },
    "from outside our room": { live: "stolen.json", ours: "openclaw.json" },
    "from another run": { live: "stolen.json", ours: `${RECEIPTS}/other/aside/0-x` },
  })) {
    it(`moves nothing ${name}`, async (test) => {
      const home = forge(test, { ...move, state, displaced: { is: "absent" } });
      const before = treeOf(home);
      const { settled, refusals } = await nextStart(home).settle();
      assert.deepEqual(settled, []);
      assert.equal(refusals.length, 1);
      assert.deepEqual(treeOf(home), before);
    });
  }

  it("that is no journal at all is passed over", async (test) => {
    const home = temporaryTree(test, sampleTree());
    mkdirSync(join(home, RECEIPTS, "x"), { recursive: true });
    writeFileSync(join(home, RECEIPTS, "x", "journal.jsonl"), "\u0000\n[1]\n{}\nnull\n");
    writeFileSync(join(home, RECEIPTS, "y"), "a file");
    const executor = nextStart(home);
    assert.deepEqual(executor.journal(), []);
    assert.deepEqual(await executor.settle(), { settled: [], refusals: [] });
  });
});
