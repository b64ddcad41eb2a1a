// The snapshot as the JSON document of the contract.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";

import { scanDocument } from "../../../src/engine/scan-document.ts";
import { checkSchema, locksSchema, scanSchema } from "../../support/scan-schema.ts";
import {
  aFragment,
  aHome,
  aLock,
  aRow,
  aSession,
  aSnapshot,
  anAgent,
  anArchive,
  anUnattributed,
  at,
  FIRST_ID,
  SECOND_ID,
} from "../../support/snapshots.ts";

/** What a reader of the JSON text gets. */
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("scan, check and locks keep to the contract", () => {
  const snapshot = aSnapshot([
    aHome({ locks: [aLock({ holder: { command: "openclaw-gateway", startedAt: at(1) } })] }),
    aHome({ home: { id: "b", role: "shadow", canonicalPath: "/home/ann/.openclaw", path: "/b" } }),
  ]);
  v.parse(scanSchema, parsed(scanDocument(snapshot, { sessions: true, findings: true })));
  v.parse(checkSchema, parsed(scanDocument(snapshot, { sessions: false, findings: true })));
  v.parse(locksSchema, parsed(scanDocument(snapshot, { sessions: false, findings: false })));
});

test("times are ISO 8601, paths relative, evidence plain texts, unattributed chains have no key", () => {
  const { homes } = scanDocument(aSnapshot(), { sessions: true, findings: true });
  const [session, lost] = homes[0]?.agents[0]?.sessions ?? [];
  assert.equal(session?.status, "done");
  assert.equal(session.updatedAt, "2026-11-21T00:16:39.000Z");
  assert.deepEqual(session.keyEvidence, ["the store row names the session id (agents/main/sessions/sessions.json:2)"]);
  assert.deepEqual(session.fragments[1]?.previous, {
    path: `agents/main/sessions/${FIRST_ID}.jsonl.reset.2026-11-21T00-16-26.256Z`,
    certainty: "recorded",
    evidence: ["the store row lists both ids, in order (agents/main/sessions/sessions.json:9)"],
  });
  assert.equal(lost?.key, null);
  assert.deepEqual(lost.fragments[0]?.alternatives, [anArchive().path]);
  assert.equal(lost.fragments[0].open, "two archives could precede it");
  assert.ok(!("status" in lost));
});

test("a status that the store does not give is left out", () => {
  const silent = aSession({ row: aRow({ status: null }) });
  const document = scanDocument(aSnapshot([aHome({ agents: [anAgent([silent])] })]), {
    sessions: true,
    findings: true,
  });
  assert.ok(!("status" in (document.homes[0]?.agents[0]?.sessions?.[0] ?? { status: "" })));
});

const copyNamed = (name: string, change: Parameters<typeof aFragment>[0]) =>
  aFragment({ kind: "checkpoint", path: `agents/main/sessions/${name}.jsonl`, ...change });

test("a checkpoint stands before the fragment that it is an earlier copy of, and is no link", () => {
  const session = aSession({
    checkpoints: [
      copyNamed("late", { endedAt: at(16, 37) }),
      copyNamed("early", { endedAt: at(16, 30) }),
      copyNamed("of-first", { sessionId: FIRST_ID, startedAt: at(16, 19), endedAt: at(16, 22) }),
      copyNamed("headless", { sessionId: null, endedAt: null }),
    ],
  });
  const document = scanDocument(aSnapshot([aHome({ agents: [anAgent([session])] })]), {
    sessions: true,
    findings: true,
  });
  const fragments = document.homes[0]?.agents[0]?.sessions?.[0]?.fragments ?? [];
  assert.deepEqual(
    fragments.map((one) => one.path.replace("agents/main/sessions/", "").replace(/\.jsonl.*/, "")),
    ["of-first", FIRST_ID, "early", "late", SECOND_ID, "headless"],
  );
  for (const one of fragments.filter(({ kind }) => kind === "checkpoint"))
    assert.deepEqual([one.previous, one.alternatives, one.open], [null, [], null]);
});

test("impossible times become null instead of ending the scan", () => {
  const home = aHome({
    agents: [anAgent([aSession({ updatedAt: 1e300 }), anUnattributed()])],
    locks: [aLock({ createdAt: Number.MAX_VALUE })],
  });
  const document = scanDocument(aSnapshot([home]), { sessions: true, findings: true });
  assert.equal(document.homes[0]?.agents[0]?.sessions?.[0]?.updatedAt, null);
  assert.equal(document.locks[0]?.createdAt, null);
});

test("each place that could not be read is named once", () => {
  const skipped = { path: "/home/ann/.openclaw/x", reason: "permission denied" };
  const snapshot = aSnapshot([aHome({ skipped: [skipped] })], { skipped: [skipped, { path: "/y", reason: "gone" }] });
  assert.deepEqual(scanDocument(snapshot, { sessions: false, findings: false }).skipped, [
    skipped,
    { path: "/y", reason: "gone" },
  ]);
});
