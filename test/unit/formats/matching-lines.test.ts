import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { MatchingLines, type MatchingLine } from "../../../src/formats/matching-lines.ts";

const TEXT = ["nothing", "has needle here", "", "and needle and pin", "x".repeat(50), "pin", "last needle"].join("\n");
const EXPECTED = [
  [2, "has needle here"],
  [4, "and needle and pin"],
  [6, "pin"],
  [7, "last needle"],
];

describe("the companion of a line that matches", () => {
  const text = ["call one", "x", "call two", "needle a", "needle b", "call needle c", "x", "needle d"].join("\n");
  for (const size of [1, 3, 7, 20, 100]) {
    it(`is the nearest line before it with that text, in chunks of ${size} bytes`, () => {
      const lines = new MatchingLines(["needle"], "call");
      const bytes = Buffer.from(text);
      const found: (string | undefined)[] = [];
      const collect = ({ companion }: MatchingLine): unknown => found.push(companion()?.toString());
      for (let at = 0; at < bytes.length; at += size)
        lines.take(Buffer.from(bytes.subarray(at, at + size))).forEach(collect);
      lines.end().forEach(collect);
      assert.deepEqual(found, ["call two", "call two", "call two", "call needle c"]);
    });
  }

  it("is null before the first, and without a text for it", () => {
    const [first] = new MatchingLines(["needle"], "call").take(Buffer.from("needle\ncall\n"));
    assert.equal(first?.companion(), null);
    const [, second] = new MatchingLines(["needle", "call"]).take(Buffer.from("call\nneedle\n"));
    assert.equal(second?.companion(), null);
  });
});

describe("lines that match", () => {
  for (let size = 1; size <= TEXT.length; size += size < 20 ? 1 : 17) {
    it(`are the same in chunks of ${size} bytes`, () => {
      const lines = new MatchingLines(["needle", "pin"]);
      const bytes = Buffer.from(TEXT);
      const found = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...lines.take(Buffer.from(bytes.subarray(at, at + size))));
      found.push(...lines.end());
      assert.deepEqual(
        found.map((line) => [line.number, line.bytes.toString()]),
        EXPECTED,
      );
    });
  }
});
