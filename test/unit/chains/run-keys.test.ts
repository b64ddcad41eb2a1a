import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { writtenKeys } from "../../../src/chains/keys.ts";
import { buildNodes } from "../../../src/chains/node.ts";
import type { Fragment } from "../../../src/model/fragment.ts";
import type { KeyClaim } from "../../../src/model/reading.ts";
import { agentReading, fragment, NOW, store, uuid } from "../../support/model.ts";

const run = (key: string, at: number): KeyClaim => ({
  key,
  sessionId: null,
  fileId: null,
  runId: "run-1",
  at,
  source: "task-run",
  path: "tasks/runs.sqlite",
  line: null,
});

/** A transcript that began so many milliseconds before now. */
const begun = (number: number, ago: number, given: Partial<Fragment> = {}): Fragment =>
  fragment({ sessionId: uuid(number), startedAt: NOW - ago, start: "reset-prompt", ...given });

function keys(fragments: readonly Fragment[], claims: readonly KeyClaim[]): (string | null)[] {
  const agent = agentReading({ fragments, claims, store: store([]) });
  const nodes = buildNodes(fragments, []);
  const known = writtenKeys(nodes, agent);
  return fragments.map((one) => known[nodes.find((node) => node.fragment === one)!.index]?.key ?? null);
}

describe("the record of a run", () => {
  it("gives its key to the one transcript that began with it", () => {
    const one = begun(1, 1000);
    assert.deepEqual(keys([one], [run("agent:main:a", NOW)]), ["agent:main:a"]);
    const nodes = buildNodes([one], []);
    const [known] = writtenKeys(nodes, agentReading({ fragments: [one], claims: [run("a", NOW)], store: store([]) }));
    assert.deepEqual(
      [known?.certainty, known?.evidence.kind, known?.evidence.path],
      ["derived", "task-run", "tasks/runs.sqlite"],
    );
  });

  it("says nothing of two that could be meant", () => {
    assert.deepEqual(keys([begun(1, 1000), begun(2, 2000)], [run("agent:main:a", NOW)]), [null, null]);
  });

  it("says nothing of one that two runs could mean", () => {
    assert.deepEqual(keys([begun(1, 1000)], [run("agent:main:a", NOW), run("agent:main:b", NOW + 500)]), [null]);
  });

  it("says nothing of transcripts that began later, long before, or without the prompt", () => {
    const others = [begun(1, -10), begun(2, 60_000), begun(3, 1000, { start: "turn" })];
    assert.deepEqual(keys(others, [run("agent:main:a", NOW)]), [null, null, null]);
  });
});
