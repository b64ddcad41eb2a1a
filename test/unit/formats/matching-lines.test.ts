import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { MatchingLines } from "../../../src/formats/matching-lines.ts";

const TEXT = ["nothing", "has needle here", "", "and needle and pin", "x".repeat(50), "pin", "last needle"].join("\n");
const EXPECTED = [
  [2, "has needle here"],
  [4, "and needle and pin"],
  [6, "pin"],
  [7, "last needle"],
];

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
