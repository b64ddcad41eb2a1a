// A run can be cut off anywhere: after the next start the home is the old or the new one, and nothing is lost.
import assert from "node:assert/strict";
import { it } from "node:test";

import { cutEverywhere, useMemoryFolder } from "../../../support/cut-points.ts";
import { executorOn, ran } from "../../../support/executor.ts";
import { temporaryTree } from "../../../support/homes.ts";
import { everyKindOfStep, lockAndTranscript, sampleTree } from "../../../support/sample-plan.ts";

/** A process costs as much as a hundred cuts without one: `npm run test:kills` kills at every single point. */
const KILL_EVERY = 13;

useMemoryFolder();

it("cut at every call, by a failure, a full disk or death, a run leaves the old or the new tree", async (test) => {
  const home = temporaryTree(test, sampleTree());
  const report = await cutEverywhere(home, everyKindOfStep(home));
  test.diagnostic(`${report.tried} cuts at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.old > 0 && report.new > 0);
});

it("so does its undo", async (test) => {
  const home = temporaryTree(test, sampleTree());
  const executor = executorOn(home);
  await ran(executor, everyKindOfStep(home));
  const undo = executor.planUndo(null);
  assert.ok(undo !== null);
  const report = await cutEverywhere(home, undo, { kinds: ["dead"] });
  test.diagnostic(`${report.tried} cuts at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.old > 0 && report.new > 0);
});

it("so does a run that takes the agent's lock where a stale one stood", async (test) => {
  const home = temporaryTree(test, sampleTree());
  const report = await cutEverywhere(home, lockAndTranscript(home));
  test.diagnostic(`${report.tried} cuts at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.old > 0 && report.new > 0);
});

it("a process really killed on its way leaves the old or the new tree", async (test) => {
  const home = temporaryTree(test, sampleTree());
  const report = await cutEverywhere(home, everyKindOfStep(home), { kinds: ["killed"], every: KILL_EVERY });
  test.diagnostic(`${report.tried} kills at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.tried > 10);
});
