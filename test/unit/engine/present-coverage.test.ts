import assert from "node:assert/strict";
import { it } from "node:test";

import { coverageMark, coverageOf, coverageText, onlyCopiesText } from "../../../src/engine/present/coverage.ts";
import { copyNote, isNow, sessionSummary } from "../../../src/engine/present/sessions.ts";
import type { Coverage } from "../../../src/model/migration.ts";
import { agentReading, fragment, NOW, resetArchive, session, uuid } from "../../support/model.ts";

function coverage(path: string, given: Partial<Coverage> = {}): Coverage {
  const whole = {
    relation: "covered",
    entries: 7,
    onlyHere: 0,
    messagesOnlyHere: 0,
    heldBy: [],
    evidence: [],
  } as const;
  return { ...whole, fragment: { path }, ...given };
}

const archive = resetArchive(uuid(2), NOW);
const left = fragment();

it("what stands nowhere else is called an only copy at a glance", () => {
  const missing = coverage(archive.path, { relation: "missing", onlyHere: 7, messagesOnlyHere: 4 });
  const agent = agentReading({ fragments: [left, archive], coverage: [missing, coverage(left.path)] });
  assert.equal(coverageMark(coverageOf(agent, archive)), "only copy");
  assert.equal(coverageMark(coverageOf(agent, left)), "also in the database");
  assert.equal(coverageMark(coverageOf(agentReading(), left)), null);
  assert.equal(onlyCopiesText(agent, session([archive, left])), "1 only copy");
  assert.equal(onlyCopiesText(agent, session([left])), "");
});

it("the sentence says how much, and where the rest is", () => {
  const texts = [
    coverage("a", { relation: "missing", onlyHere: 7, messagesOnlyHere: 4 }),
    coverage("a", { relation: "prefix", onlyHere: 1, messagesOnlyHere: 1 }),
    coverage("a"),
    coverage("a", { relation: "diverged" }),
    coverage("a", { entries: 0 }),
  ].map(coverageText);
  assert.deepEqual(texts, [
    "Only copy: 7 of its 7 entries (4 messages) stand nowhere else in this home. The database has nothing of it.",
    "Only copy: 1 of its 7 entries (1 message) stands nowhere else in this home. The database holds the rest.",
    "The database holds all of it.",
    "The database holds a part of it; the rest stands in other files of this home as well.",
    "The file holds nothing but a header.",
  ]);
});

it("a transcript that the database took over is a copy beside the chain, and not where the session goes on", () => {
  const taken = session([fragment({ kind: "window", path: "agents/main/agent/openclaw-agent.sqlite" })], {
    checkpoints: [left, fragment({ kind: "checkpoint", path: "c" })],
  });
  assert.match(sessionSummary(taken, undefined), /^1 fragment · 1 checkpoint · 1 copy · /);
  assert.equal(isNow(taken, left), false);
  assert.match(copyNote(left), /^a copy: /);
  assert.match(copyNote(fragment({ kind: "checkpoint" })), /^a checkpoint: /);
});
