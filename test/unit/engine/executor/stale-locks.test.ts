// A stale lock is moved aside so that, whatever another process does in between, a live lock stays in its place.
import assert from "node:assert/strict";
import { lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { type FileOperations, fileOperations } from "../../../../src/engine/executor/file-operations.ts";
import type { Plan } from "../../../../src/model/plan.ts";
import { executorOn, planFor, ran, surroundings, treeOf } from "../../../support/executor.ts";
import { file, json, temporaryTree } from "../../../support/homes.ts";
import { aside, written } from "../../../support/sample-plan.ts";
import { watched } from "../../../support/cut-points.ts";

const SESSIONS = "agents/main/sessions";
const LOCK = `${SESSIONS}/one.jsonl.lock`;
const OTHER = `${SESSIONS}/two.jsonl.lock`;
const HOUR_AGO = Date.parse("2026-11-21T00:10:00.000Z");
const LIVE = json({ pid: 4242, createdAt: "2026-11-21T01:10:00.000Z", starttime: 5 });
const DEAD = json({ pid: 999, createdAt: "2026-11-21T00:10:00.000Z", starttime: 7 });

function homeWithLocks(test: { after: (action: () => void) => void }): string {
  const stale = file(DEAD, { mtime: HOUR_AGO, mode: 0o644 });
  return temporaryTree(test, { agents: { main: { sessions: { "one.jsonl.lock": stale, "two.jsonl.lock": stale } } } });
}

function movingAside(home: string, ...paths: string[]): Plan {
  return planFor(home, {
    steps: paths.map((path) => aside(home, path)),
    gates: paths.map((path) => ({ gate: "still-stale", path, why: "it is moved aside" })),
  });
}

/** A process that had judged the lock stale before, and now takes it away by its name and puts its own there. */
function reclaim(home: string): number {
  rmSync(join(home, LOCK), { force: true });
  writeFileSync(join(home, LOCK), LIVE, { flag: "wx" });
  return lstatSync(join(home, LOCK)).ino;
}

describe("moving stale locks aside", () => {
  it("keeps their bytes, times and modes, and undo puts them back", async (test) => {
    const home = homeWithLocks(test);
    const before = treeOf(home);
    const executor = executorOn(home);
    const receipt = await ran(executor, movingAside(home, LOCK, OTHER));
    for (const { aside: path } of receipt.steps) assert.equal(readFileSync(join(home, path ?? ""), "utf8"), DEAD);
    assert.deepEqual(
      [...treeOf(home).keys()].filter((path) => path.endsWith(".lock")),
      [],
    );
    await ran(executor, executor.planUndo(null));
    assert.deepEqual(treeOf(home), before);
  });

  it("never moves a live lock that takes the place of a stale one, at whichever call that happens", async (test) => {
    const count = (await triedReclaims(test, Infinity)).calls;
    let survived = 0;
    for (let call = 0; call < count; call += 1) {
      const { home, inode } = await triedReclaims(test, call);
      if (inode === null) continue;
      const now = lstatSync(join(home, LOCK), { throwIfNoEntry: false });
      assert.equal(now?.ino, inode, `before call ${call}`);
      assert.equal(now.nlink, 1, `before call ${call}`);
      assert.equal(readFileSync(join(home, LOCK), "utf8"), LIVE, `before call ${call}`);
      survived += 1;
    }
    assert.ok(survived > 20, `${survived}`);
  });

  it("holds the lock while it is claimed: others read a live process of ours in it", async (test) => {
    const home = homeWithLocks(test);
    const around = surroundings(home);
    let claimed = "";
    const sleep = async (): Promise<void> => {
      claimed = readFileSync(join(home, LOCK), "utf8");
    };
    await ran(executorOn(home, { around: { ...around, sleep } }), movingAside(home, LOCK));
    assert.match(
      claimed,
      /^\{\n  "pid": 77,\n  "createdAt": "2026-11-21T01:10:00\.\d{3}Z",\n  "starttime": 4711\n\}\n *$/,
    );
  });

  it("is the only way in which a lock that stands there is changed", async (test) => {
    const home = homeWithLocks(test);
    const executor = executorOn(home);
    const plan = movingAside(home, LOCK);
    for (const other of [
      planFor(home, { steps: plan.steps }),
      planFor(home, { ...plan, steps: [written(home, LOCK, "{}")] }),
    ]) {
      const result = await executor.run(other);
      assert.ok("refusals" in result);
      assert.match(result.refusals[0]?.reason ?? "", /only a repair that judges it again moves it/);
    }
    await ran(executor, plan);
    const undone = await ran(executor, executor.planUndo(null));
    assert.match(executor.planUndo(undone.id)?.conflicts[0]?.reason ?? "", /repair it again instead/);
  });

  it("refuses a lock that is held by now, or gone, and changes nothing", async (test) => {
    const home = homeWithLocks(test);
    const plan = movingAside(home, LOCK);
    writeFileSync(join(home, LOCK), LIVE);
    const live = surroundings(home, {}, [{ pid: 4242, startTicks: 5 }]);
    const before = treeOf(home);
    const held = await executorOn(home, { around: live }).run(plan);
    assert.ok(held.outcome === "refused" && "refusals" in held);
    assert.deepEqual(new Set(held.refusals.map(({ code }) => code)), new Set(["changed"]));
    const judged = await executorOn(home, { around: live }).run(movingAside(home, LOCK));
    assert.ok("refusals" in judged);
    assert.deepEqual(
      judged.refusals.map(({ code }) => code),
      ["lock-not-stale"],
    );
    assert.deepEqual(treeOf(home), before);
    rmSync(join(home, LOCK));
    const gone = await executorOn(home).run(plan);
    assert.ok("refusals" in gone);
    assert.match(gone.refusals[0]?.reason ?? "", /is not there/);
  });
});

/** Moves a stale lock aside while, right before a call, another process reclaims it. */
async function triedReclaims(
  test: { after: (action: () => void) => void },
  call: number,
): Promise<{ home: string; inode: number | null; calls: number }> {
  const home = homeWithLocks(test);
  const plan = movingAside(home, LOCK);
  let calls = 0;
  let inode: number | null = null;
  const files: FileOperations = watched(
    fileOperations,
    () => {
      // Once it is moved aside the name is free: then a new lock is nobody's matter but its owner's.
      if (calls === call && lstatSync(join(home, LOCK), { throwIfNoEntry: false }) !== undefined) inode = reclaim(home);
      calls += 1;
    },
    null,
  );
  const result = await executorOn(home, { files }).run(plan);
  if (inode !== null) assert.notEqual(result.outcome, "done", `before call ${call}`);
  return { home, inode, calls };
}
