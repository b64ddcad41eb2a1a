// Lines that nobody's program writes: what is kept of one is bounded, whatever it holds.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { MOST_OBJECTS } from "../../../../src/formats/json-records.ts";
import type { TranscriptDamage } from "../../../../src/model/damage.ts";
import { deepReading } from "../../../support/checked-transcript.ts";

const HEADER = '{"type":"session","version":3,"id":"s","timestamp":"2026-01-01T00:00:00.000Z"}';
const FEW_MORE = MOST_OBJECTS + 1000;

function damageOf(...lines: readonly string[]): readonly TranscriptDamage[] {
  const bytes = Buffer.from(`${[HEADER, ...lines].join("\n")}\n`);
  return deepReading(bytes, bytes.length, 16 << 20).damage;
}

describe("a line made to take much", () => {
  it("has so many objects at most that are told apart; the rest of it is bad", () => {
    const [damage, ...others] = damageOf("{}".repeat(FEW_MORE));
    assert.equal(others.length, 0);
    assert.equal(damage?.code, "transcript/bad-line");
    assert.equal(damage.records.length, MOST_OBJECTS);
    assert.deepEqual(
      [damage.offset - damage.within.offset, damage.bytes],
      [2 * MOST_OBJECTS, 2 * (FEW_MORE - MOST_OBJECTS)],
    );
  });

  it("names some of its entries, and all of them as records", () => {
    const entry = (id: number): string => `{"type":"custom","id":"${id}","parentId":null}`;
    const [damage] = damageOf(Array.from({ length: 100 }, (_, id) => entry(id)).join(""));
    assert.equal(damage?.code, "transcript/joined-records");
    assert.deepEqual([damage.records.length, damage.evidence.length], [100, 20]);
  });

  it("is not looked at between more zeros than entries can be", () => {
    const [damage] = damageOf("{}\0".repeat(FEW_MORE));
    assert.equal(damage?.code, "transcript/nul-run");
    assert.deepEqual([damage.records.length, damage.bytes], [0, 3 * FEW_MORE - 2]);
  });

  it("asks for more calls than are followed", () => {
    const answer = (calls: number): string[] => {
      const content = Array.from({ length: calls }, (_, id) => ({ type: "toolCall", id: `c${id}`, name: "exec" }));
      const entries = [
        { role: "assistant", content },
        { role: "user", content: "and?" },
        { role: "assistant", content: "" },
      ];
      return entries.map((message, at) =>
        JSON.stringify({ type: "message", id: `m${at}`, parentId: at === 0 ? null : `m${at - 1}`, message }),
      );
    };
    const codes = (calls: number): number =>
      damageOf(...answer(calls)).filter(({ code }) => code === "transcript/call-without-result").length;
    assert.deepEqual([codes(3), codes(1000)], [3, 0]);
  });
});
