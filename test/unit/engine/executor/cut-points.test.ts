// A run can be cut off anywhere: after the next start the home is the old or the new one, and nothing is lost.
import assert from "node:assert/strict";
import { it } from "node:test";

import { cutEverywhere } from "../../../support/cut-points.ts";
import { writeTree } from "../../../support/homes.ts";
import { everyKindOfStep, sampleTree } from "../../../support/sample-plan.ts";

/** A process costs as much as a hundred cuts without one. Every single point is killed by `npm run test:kills`. */
const KILL_EVERY = 13;
const SAMPLE = { tree: (home: string) => writeTree(home, sampleTree()), plan: everyKindOfStep };

it("cut at every call, by a failure, a full disk or death, a run leaves the old or the new tree", async (test) => {
  const report = await cutEverywhere(test, SAMPLE);
  test.diagnostic(`${report.tried} cuts at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.old > 0 && report.new > 0);
});

it("a process really killed on its way leaves the old or the new tree", async (test) => {
  const report = await cutEverywhere(test, { ...SAMPLE, killEvery: KILL_EVERY });
  test.diagnostic(`${report.tried} kills at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.tried > 10);
});
