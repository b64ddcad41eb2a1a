import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { classifySessionFile, stampTime } from "../../../src/formats/session-file-names.ts";

const ID = "05f39a2c-52cd-415c-8437-b4eb705f32ec";
const STAMP = "2026-11-21T00-16-38.936Z";
const STAMP_MS = Date.parse("2026-11-21T00:16:38.936Z");
const plain = { fileId: ID, topic: null, prefixedAt: null };

describe("names of a sessions folder", () => {
  const cases: [name: string, expected: object][] = [
    [`${ID}.jsonl`, { what: "live", ...plain }],
    ["nightly.report.jsonl", { what: "live", ...plain, fileId: "nightly.report" }],
    [`${ID}-topic-42.jsonl`, { what: "live", ...plain, topic: "42" }],
    [
      `2026-07-15T00-22-18-733Z_${ID}.jsonl`,
      { what: "live", ...plain, prefixedAt: Date.parse("2026-07-15T00:22:18.733Z") },
    ],
    [
      `${ID}.jsonl.reset.${STAMP}`,
      { what: "archive", reason: "reset", archivedAt: STAMP_MS, compressed: false, ...plain },
    ],
    [
      `${ID}-topic-7.jsonl.deleted.2026-11-21T00-16-38Z`,
      {
        what: "archive",
        reason: "deleted",
        archivedAt: Date.parse("2026-11-21T00:16:38Z"),
        compressed: false,
        ...plain,
        topic: "7",
      },
    ],
    [`${ID}.jsonl.bak.${STAMP}`, { what: "archive", reason: "bak", archivedAt: STAMP_MS, compressed: false, ...plain }],
    [
      `${ID}.jsonl.deleted.${STAMP}.248cf49d0d79403cacaa7460643f2123.zst`,
      { what: "archive", reason: "deleted", archivedAt: STAMP_MS, compressed: true, ...plain },
    ],
    [
      `${ID}.checkpoint.11425cf5-f35f-41ce-948e-4920f2c5a1f8.jsonl`,
      { what: "checkpoint", checkpointUuid: "11425cf5-f35f-41ce-948e-4920f2c5a1f8", ...plain },
    ],
    [
      `agent_main_main.${ID}.jsonl.imported-1795220158481`,
      { what: "imported", importedAt: 1_795_220_158_481, ...plain },
    ],
    [
      `agent_main_main.${ID}-topic-3.jsonl.imported-1795220158481.1`,
      { what: "imported", importedAt: 1_795_220_158_481, ...plain, topic: "3" },
    ],
    [
      `archive-tier.${ID}.checkpoint.11425cf5-f35f-41ce-948e-4920f2c5a1f8.jsonl.imported-1795220158481`,
      { what: "checkpoint", checkpointUuid: "11425cf5-f35f-41ce-948e-4920f2c5a1f8", ...plain },
    ],
    [`agent_main_main.${ID}.trajectory.jsonl.imported-1795220158481`, { what: "trajectory", fileId: ID }],
    [`agent_main_main.${ID}.trajectory-path.json.imported-1795220158481`, { what: "migrated" }],
    [`${ID}.trajectory.jsonl`, { what: "trajectory", fileId: ID }],
    [`${ID}.trajectory-path.json`, { what: "trajectory-pointer", fileId: ID }],
    [`${ID}.jsonl.lock`, { what: "lock", of: "transcript" }],
    ["sessions.json", { what: "store" }],
    ["sessions.json.lock", { what: "lock", of: "store" }],
    ["sessions.json.bak.1795220158481", { what: "store-backup" }],
    ["sessions.json.bak", { what: "store-backup" }],
    ["sessions.json.4242.0a1b2c3d.tmp", { what: "store-temporary" }],
    ["legacy-store.sessions.json.imported-1795220158481", { what: "migrated" }],
    ["sessions.json.migrated", { what: "migrated" }],
    [`${ID}.jsonl.migrated`, { what: "migrated" }],
    [`${ID}.jsonl.bak-4242-1795220158481`, { what: "repair-backup" }],
    [`${ID}.jsonl.pre-doctor-branch-repair-${STAMP}.bak`, { what: "repair-backup" }],
    [`${ID}.jsonl.4242.tmp`, { what: "temporary" }],
    ["something.tmp", { what: "temporary" }],
    ["notes.txt", { what: "foreign" }],
    [`${ID}.jsonl.reset.yesterday`, { what: "foreign" }],
    [`${ID}.jsonl.reset.2026-13-41T99-99-99.000Z`, { what: "foreign" }],
    [".jsonl", { what: "foreign" }],
    ["", { what: "foreign" }],
  ];
  for (const [name, expected] of cases) {
    it(name === "" ? "the empty name" : name, () => assert.deepEqual(classifySessionFile(name), expected));
  }

  it("takes a name with a newline for what it is", () => {
    assert.equal(classifySessionFile("a\nb.jsonl").what, "live");
  });
});

describe("stamps", () => {
  it("are read to the millisecond, with or without it", () => {
    assert.equal(stampTime(STAMP), STAMP_MS);
    assert.equal(stampTime("2026-11-21T00-16-38Z"), Date.parse("2026-11-21T00:16:38Z"));
  });
  it("of no date are none", () => {
    assert.equal(stampTime("2026-02-31T25-00-00.000Z"), null);
    assert.equal(stampTime("2026-11-21"), null);
  });
});
