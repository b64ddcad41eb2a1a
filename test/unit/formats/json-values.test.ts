import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { asFlag, asNumber, asObject, asText, asTime } from "../../../src/formats/json-values.ts";
import { Random } from "../../support/random.ts";

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

  it("are the times that Date.parse makes of them, whatever the digits", () => {
    const random = new Random(7);
    const two = (limit: number): string => String(random.below(limit)).padStart(2, "0");
    for (let left = 5000; left > 0; left -= 1) {
      const day = `${random.pick(["0099", "0999", "1000", "1970", "2024", "2026", "9999"])}-${two(14)}-${two(33)}`;
      const text = `${day}T${two(26)}:${two(62)}:${two(62)}.${String(random.below(1000)).padStart(3, "0")}Z`;
      const parsed = Date.parse(text);
      assert.equal(asTime(text), Number.isNaN(parsed) ? null : parsed, text);
    }
  });

  it("are no times when a digit is something else", () => {
    const text = "2026-11-21T00:16:38.936Z";
    for (let at = 0; at < text.length; at += 1)
      for (const other of ["x", " ", "/", ":", "٣"])
        if (text[at] !== other) assert.equal(asTime(`${text.slice(0, at)}${other}${text.slice(at + 1)}`), null);
  });
});
