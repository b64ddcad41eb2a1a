import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { trajectoryClaims } from "../../../../src/agents/openclaw/trajectory.ts";
import { lines } from "../../../support/homes.ts";

const AT = "2026-11-21T00:20:50.218Z";

function line(sessionId: string, runId: string, data: unknown = {}): Record<string, unknown> {
  return {
    traceSchema: "openclaw-trajectory",
    type: "session.started",
    ts: AT,
    sessionId,
    sessionKey: "agent:main:main",
    runId,
    data,
  };
}

describe("what a trajectory claims", () => {
  it("is key, id and time of each run, once", () => {
    const text = lines(line("a", "r1"), line("a", "r1"), line("a", "r2"), line("b", "r3"));
    const claims = trajectoryClaims(Buffer.from(text));
    assert.deepEqual(
      claims.map(({ sessionId, runId, line: number, at }) => [sessionId, runId, number, at]),
      [
        ["a", "r1", 1, Date.parse(AT)],
        ["a", "r2", 3, Date.parse(AT)],
        ["b", "r3", 4, Date.parse(AT)],
      ],
    );
    assert.ok(claims.every(({ key }) => key === "agent:main:main"));
  });

  it("stands in the beginning of a line, however long or cut it is", () => {
    const text = JSON.stringify(line("a", "r1", { long: "x".repeat(10_000) }));
    assert.equal(trajectoryClaims(Buffer.from(text.slice(0, 4096))).length, 1);
  });

  it("is nothing where no key stands", () => {
    assert.deepEqual(trajectoryClaims(Buffer.from('{"sessionId":"a"}\n\nnot json\n[1]\n')), []);
    assert.deepEqual(trajectoryClaims(Buffer.alloc(0)), []);
  });
});
