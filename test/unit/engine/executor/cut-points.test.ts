// A run can be cut off anywhere: after the next start the home is the old or the new one, and nothing is lost.
import assert from "node:assert/strict";
import { it } from "node:test";

import { cutEverywhere } from "../../../support/cut-points.ts";
import { writeTree } from "../../../support/homes.ts";
import { everyKindOfStep, sampleTree } from "../../../support/sample-plan.ts";

const SAMPLE = { tree: (home: string) => writeTree(home, sampleTree()), plan: everyKindOfStep };

it("cut at every call, by a failure, a full disk or death, a run leaves the old or the new tree", async (test) => {
  const report = await cutEverywhere(test, SAMPLE);
  test.diagnostic(`${report.tried} cuts at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.old > 0 && report.new > 0);
});

it("a process really killed at every call leaves the old or the new tree", async (test) => {
  const report = await cutEverywhere(test, { ...SAMPLE, kill: true });
  test.diagnostic(`${report.tried} kills at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.old > 0 && report.new > 0);
});
