// Texts as rows and tooltips show them: times, counts, and foreign text that must stay text.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { counted } from "../../../src/extension/counting.ts";
import { escapeMarkdown } from "../../../src/extension/plain-markdown.ts";
import { ago } from "../../../src/extension/relative-time.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;

describe("relative times", () => {
  const cases: readonly (readonly [minutes: number, text: string])[] = [
    [0, "just now"],
    [0.9, "just now"],
    [1, "1 min ago"],
    [59.9, "59 min ago"],
    [60, "1 h ago"],
    [24 * 60, "1 day ago"],
    [48 * 60, "2 days ago"],
    [90 * 24 * 60, "2026-08-23"],
    [-0.5, "just now"],
    [-10, "2026-11-21"],
  ];
  for (const [minutes, text] of cases)
    it(`${minutes} minutes: ${text}`, () => assert.equal(ago(NOW - minutes * MINUTE, NOW), text));

  it("does not fail on times that no date can hold", () => {
    for (const at of [8.65e15, -8.65e15, Number.NaN, Number.POSITIVE_INFINITY])
      assert.equal(ago(at, NOW), "at an impossible time");
  });
});

it("counts with the right noun", () => {
  assert.equal(counted(1, "lock"), "1 lock");
  assert.equal(counted(0, "lock"), "0 locks");
  assert.equal(counted(10_000, "copy", "copies"), "10,000 copies");
});

describe("foreign text in Markdown", () => {
  it("has every mark escaped that Markdown could act on", () => {
    const hostile =
      "[x](command:evil) <img src=x> **b** `c` https://e.example www.e.example a@b.c $(zap) &lt; | # ~~s~~";
    const escaped = escapeMarkdown(hostile);
    assert.equal(escaped.replaceAll(/\\(.)/g, "$1"), hostile);
    assert.doesNotMatch(escaped.replaceAll(/\\./g, ""), /[^\w\s]/);
  });

  it("stays on one line", () => {
    assert.equal(escapeMarkdown("a \r\n\n# b\u2028c"), String.raw`a \# b c`);
  });

  it("is cut where it is too long to be read", () => {
    assert.ok(escapeMarkdown("x".repeat(100_000)).length < 1000);
  });
});
