import assert from "node:assert/strict";
import { test } from "node:test";
import { healthySummary } from "../../../src/checks/healthy.ts";
import { runChecks } from "../../../src/checks/run.ts";
import type { HomeSnapshot } from "../../../src/model/snapshot.ts";
import { checkInput, goodParts, type Parts } from "../../support/checked.ts";
import { database, homeIdentity, judgedLock } from "../../support/model.ts";

function snapshot(parts: Partial<Parts>): HomeSnapshot {
  const input = checkInput({ ...goodParts(), ...parts });
  const { reading, agents, locks } = input.home;
  return { home: reading.home, agents, locks, findings: runChecks(input), skipped: reading.skipped };
}

test("a healthy home says so, and what was checked", () => {
  assert.equal(
    healthySummary(snapshot({})),
    "Nothing is wrong here. Checked: 1 store with 4 rows, beginning and end of 6 transcripts and 1 lock of 1 agent.",
  );
});

test("notes do not make it ill, files that could not be read are mentioned", () => {
  const skipped = [{ path: "/x", reason: "permission denied" }];
  const summary = healthySummary(snapshot({ store: { bytes: 20_000_000 }, locks: [], reading: { skipped } }));
  assert.match(
    summary ?? "",
    /^Nothing is wrong here \(1 note\)\. .* and no locks of 1 agent\. 1 file could not be read\.$/,
  );
});

test("a home of which nothing could be read is not called healthy", () => {
  const skipped = [{ path: "/home/ann/.openclaw/agents", reason: "permission denied" }];
  assert.equal(healthySummary({ ...snapshot({}), agents: [], skipped }), null);
});

test("a home with a problem, a lock that can't be judged, or sessions that were not read is not called healthy", () => {
  assert.equal(healthySummary(snapshot({ locks: [judgedLock()] })), null);
  assert.equal(
    healthySummary(snapshot({ locks: [judgedLock({ verdict: "unknown", reasons: ["restored-home"] })] })),
    null,
  );
  const databases = [database({ state: "no-reader" })];
  assert.equal(healthySummary(snapshot({ databases, home: homeIdentity({ era: "sqlite" }) })), null);
});

test("a home whose databases were read is called healthy like any other", () => {
  const home = homeIdentity({ era: "sqlite" });
  assert.match(healthySummary(snapshot({ databases: [database()], home, locks: [] })) ?? "", /^Nothing is wrong here/);
});
