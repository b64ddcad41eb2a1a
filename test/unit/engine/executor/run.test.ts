// A plan is carried out step by step, and its undo gives back the identical tree.
import assert from "node:assert/strict";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { ABSENT, type FileState, type PathState, type Plan, type Step } from "../../../../src/model/plan.ts";
import { executorOn, planFor, ran, stateAt, treeOf } from "../../../support/executor.ts";
import { file, link, temporaryTree } from "../../../support/homes.ts";
import { everyKindOfStep, sampleTree } from "../../../support/sample-plan.ts";

describe("a run", () => {
  it("does every kind of step, and undo takes every one back", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    const executor = executorOn(home);
    const receipt = await ran(executor, everyKindOfStep(home));
    assert.equal(receipt.outcome, "done");
    assert.equal(readFileSync(join(home, "agents/main/sessions/sessions.json"), "utf8"), '{"b":1}\n');
    const undo = executor.planUndo(null);
    assert.ok(undo !== null);
    assert.deepEqual(undo.conflicts, []);
    await ran(executor, undo);
    assert.deepEqual(treeOf(home), before);
  });
});
