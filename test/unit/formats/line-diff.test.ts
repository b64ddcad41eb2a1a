// A diff tells what is new, gone and the same, and leaves out what is far from any change.
import assert from "node:assert/strict";
import { test } from "node:test";

import { lineDiff } from "../../../src/formats/line-diff.ts";

const MARKS = { same: " ", added: "+", removed: "-", gap: "…" } as const;
const seen = (before: string, after: string): string[] =>
  lineDiff(before, after).map(({ kind, text }) => `${MARKS[kind]}${text}`);
const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, step) => `${from + step}\n`).join("");

test("equal texts have no difference", () => {
  assert.deepEqual(seen("", ""), []);
  assert.deepEqual(seen("a\nb\n", "a\r\nb"), ["…"]);
});

test("changes stand among the lines around them", () => {
  assert.deepEqual(seen("a\nb\nc\n", "a\nx\nc\nd\n"), [" a", "-b", "+x", " c", "+d"]);
  assert.deepEqual(seen("", "a\nb\n"), ["+a", "+b"]);
  assert.deepEqual(seen("a\nb", ""), ["-a", "-b"]);
});

test("what is far from any change is left out", () => {
  const after = `${numbers(1, 20).replace("10\n", "")}21\n`;
  assert.deepEqual(seen(numbers(1, 20), after), ["…", " 8", " 9", "-10", " 11", " 12", "…", " 19", " 20", "+21"]);
});

test("two large texts without a common line are told as one gone and one new", () => {
  const [before, after] = [numbers(1, 3000), numbers(5001, 8000)];
  assert.equal(seen(before, after).filter((line) => line.startsWith("-")).length, 3000);
  assert.equal(seen(before, after).filter((line) => line.startsWith("+")).length, 3000);
});

test("texts too different to be compared keep what they have in common at both ends", () => {
  const around = (middle: string): string => `a\nb\n${middle}y\nz\n`;
  const lines = seen(around(numbers(1, 2000)), around(numbers(3001, 5000)));
  assert.deepEqual([lines.length, ...lines.slice(0, 3), ...lines.slice(-2)], [4004, " a", " b", "-1", " y", " z"]);
});
