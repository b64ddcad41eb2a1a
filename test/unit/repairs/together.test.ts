// Several repairs in one plan: edits of one store in one write, what gets in each other's way or needs a choice left out.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { planRepair, planTogether } from "../../../src/engine/planning/plan-repairs.ts";
import {
  archiveName,
  conversation,
  doneRow,
  editStore,
  goodHome,
  IDS,
  MAIN,
  OPS,
  settle,
  type Row,
} from "../../support/good-home.ts";
import { json, writeTree } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { done, executorOn, PLANNING, scanned, treeOf, troubles, undone } from "../../support/repairs.ts";
import { NOW } from "../../support/world.ts";

const DAY = 24 * 60 * 60_000;
const COMPACTED = "agent:main:compacted";
const store = (home: string): string => join(home, MAIN, "sessions.json");

/** A row and a lock need repair, both agents have an orphan, and an archive needs a person to say whose it is. */
function damagedHome(t: Parameters<typeof goodHome>[0]): string {
  const home = goodHome(t);
  editStore(home, MAIN, (rows) => Object.assign(rows[COMPACTED]!, { status: "running", endedAt: undefined }));
  writeTree(join(home, MAIN), {
    [`${IDS.compacted}.jsonl.lock`]: json({ pid: 999, createdAt: new Date(NOW - DAY).toISOString() }),
    [`${uuid(7)}.jsonl`]: conversation(uuid(7), NOW - DAY, "orphan"),
    [archiveName(uuid(5), "reset", NOW - 60_000)]: conversation(uuid(5), NOW - 30 * 60_000, "whose am I"),
  });
  writeTree(join(home, OPS), { [`${uuid(8)}.jsonl`]: conversation(uuid(8), NOW - DAY, "orphan of ops") });
  settle(home);
  return home;
}

describe("all that is safe to repair", () => {
  test("is one plan with one write for each store, and can be undone", async (t) => {
    const home = damagedHome(t);
    const before = await scanned(home);
    const tree = treeOf(home);
    const [plan, ...others] = await planTogether(before, troubles(before), PLANNING);
    assert.ok(plan !== undefined && others.length === 0);
    assert.deepEqual(plan.conflicts, []);
    assert.deepEqual(plan.steps.map((step) => `${step.do} ${step.path}`).toSorted(), [
      `move-aside ${MAIN}/${IDS.compacted}.jsonl.lock`,
      `write-file ${MAIN}/sessions.json`,
      `write-file ${OPS}/sessions.json`,
    ]);
    assert.equal(plan.steps[0]?.do, "move-aside");
    assert.match(plan.notes.join("\n"), /Left out: Say where the archive belongs/);
    const executor = executorOn(before, home);
    const receipt = done(await executor.run(plan));
    const after = await scanned(home);
    assert.deepEqual(
      troubles(after).map(({ code }) => code),
      ["chain/unlinked-archive"],
    );
    const rows = JSON.parse(readFileSync(store(home), "utf8")) as Record<string, Row>;
    assert.equal(rows[COMPACTED]?.["status"], "failed");
    assert.equal(readFileSync(store(home), "utf8"), JSON.stringify(rows, null, 2));
    await undone(executor, receipt);
    assert.deepEqual(treeOf(home), tree);
  });

  test("names nothing where nothing is wrong", async (t) => {
    const snapshot = await scanned(goodHome(t));
    assert.deepEqual(await planTogether(snapshot, troubles(snapshot), PLANNING), []);
  });

  test("writes a shadow's sessions through the canonical home", async (t) => {
    const home = damagedHome(t);
    const folder = join(home, "agents/ops/agent/codex-home/home/.openclaw", MAIN);
    writeTree(folder, {
      "sessions.json": json({ "agent:main:scratch": doneRow(folder, uuid(1), NOW - DAY) }),
      [`${uuid(1)}.jsonl`]: conversation(uuid(1), NOW - DAY, "on my own"),
    });
    settle(home);
    const snapshot = await scanned(home);
    const plans = await planTogether(snapshot, troubles(snapshot), PLANNING);
    assert.deepEqual(
      plans.map((plan) => plan.home),
      [home],
    );
    assert.equal(plans[0]?.steps.filter(({ path }) => path === `${MAIN}/sessions.json`).length, 1);
    for (const plan of plans) done(await executorOn(snapshot, home).run(plan));
  });
});

describe("the bytes of a store", () => {
  test("that no repair is about stay as they are spelled, with a byte order of lines and unknown fields", async (t) => {
    const home = goodHome(t);
    const text = json({
      ...rowsOf(home),
      'agent:main:quo"te\n\u2028': { ...doneRow(join(home, MAIN), uuid(9), NOW - DAY), status: "running" },
    })
      .replaceAll("\n", "\r\n")
      .replace('"status": "running"', '"future": 1.50E+1,\r\n    "status" : "running"');
    writeFileSync(store(home), text);
    writeFileSync(join(home, MAIN, `${uuid(9)}.jsonl`), conversation(uuid(9), NOW - DAY, "odd"));
    settle(home);
    const snapshot = await scanned(home);
    const plan = await planRepair(snapshot, { finding: troubles(snapshot)[0]!.id }, PLANNING);
    done(await executorOn(snapshot, home).run(plan));
    const after = readFileSync(store(home), "utf8");
    assert.match(after, /"future": 1\.50E\+1,\r\n {4}"status" : "failed"/);
    assert.equal(after.replaceAll("\r\n", "").includes("\n"), false);
    assert.deepEqual(Object.keys(JSON.parse(after) as object), Object.keys(JSON.parse(text) as object));
  });

  test("are not touched when it was written since it was read", async (t) => {
    const home = goodHome(t);
    editStore(home, MAIN, (rows) => Object.assign(rows[COMPACTED]!, { status: "running", endedAt: undefined }));
    settle(home);
    const snapshot = await scanned(home);
    editStore(home, MAIN, (rows) => (rows["agent:main:new"] = { sessionId: uuid(3) }));
    const plan = await planRepair(snapshot, { finding: troubles(snapshot)[0]!.id }, PLANNING);
    assert.match(plan.conflicts[0]?.reason ?? "", /was written since it was read/);
    assert.deepEqual(plan.steps, []);
  });
});

function rowsOf(home: string): Record<string, Row> {
  return JSON.parse(readFileSync(store(home), "utf8")) as Record<string, Row>;
}
