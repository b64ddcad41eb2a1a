import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { asFlag, asNumber, asObject, asText, asTime } from "../../../src/formats/json-values.ts";

describe("values of foreign JSON", () => {
  const values = [null, undefined, true, 0, Number.NaN, "x", [], {}];
  it("count only with the type that is expected", () => {
    assert.deepEqual(values.map(asObject), [
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      {},
    ]);
    assert.deepEqual(values.map(asText), [null, null, null, null, null, "x", null, null]);
    assert.deepEqual(values.map(asNumber), [null, null, null, 0, null, null, null, null]);
    assert.deepEqual(values.map(asFlag), [null, null, true, null, null, null, null, null]);
  });

  const times: [value: unknown, time: number | null][] = [
    ["2026-11-21T00:16:38.936Z", 1_795_220_198_936],
    ["2026-11-21T01:16:38.936+01:00", 1_795_220_198_936],
    ["2026-11-21", Date.UTC(2026, 10, 21)],
    [1_795_220_198_936, 1_795_220_198_936],
    // Date.parse would take these, in the zone of this machine or as something else altogether.
    ["2026-11-21 00:16:38", null],
    ["2026-11-21T00:16:38", null],
    ["March 5", null],
    ["7", null],
    ["2026-13-45T99:99:99Z", null],
    [null, null],
    [Number.POSITIVE_INFINITY, null],
  ];
  for (const [value, time] of times)
    it(`are times when they say so: ${String(value)}`, () => assert.equal(asTime(value), time));
});
