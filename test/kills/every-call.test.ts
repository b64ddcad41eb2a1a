// A real process killed with SIGKILL before and after every single system call of a run that changes something.
import assert from "node:assert/strict";
import { it } from "node:test";

import { cutEverywhere, useMemoryFolder } from "../support/cut-points.ts";
import { temporaryTree } from "../support/homes.ts";
import { everyKindOfStep, sampleTree } from "../support/sample-plan.ts";

useMemoryFolder();

it("killed at every call, a run with every kind of step leaves the old or the new tree", async (test) => {
  const home = temporaryTree(test, sampleTree());
  const report = await cutEverywhere(home, everyKindOfStep(home), { kinds: ["killed"] });
  test.diagnostic(`${report.tried} kills at ${report.calls} calls: ${report.old} old, ${report.new} new`);
  assert.ok(report.tried > 2 * report.calls && report.old > 0 && report.new > 0);
});
