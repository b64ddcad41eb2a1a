import assert from "node:assert/strict";
import { test } from "node:test";

import { blanksEnd, blanksStart, objectsIn } from "../../../src/formats/json-records.ts";
import { escapedControls, rawControls } from "../../../src/formats/raw-controls.ts";

const pieces = (text: string, from = 0): string[] => {
  const bytes = Buffer.from(text);
  return Array.from(objectsIn(bytes, from), ({ end, start }) => bytes.toString("utf8", start, end));
};

test("objects on one line are told apart by their braces outside of strings", () => {
  assert.deepEqual(pieces('{"a":1}{"b":"}{"} \t{"c":[{}]}'), ['{"a":1}', '{"b":"}{"}', '{"c":[{}]}']);
  assert.deepEqual(pieces('{"a":1}x{"b":2}'), ['{"a":1}'], "up to what is none");
  assert.deepEqual(pieces('{"a":"\\"}"}{"b":'), ['{"a":"\\"}"}'], "and not one that is cut");
  assert.deepEqual(pieces('xx{"a":1}', 2), ['{"a":1}']);
  assert.deepEqual([pieces(""), pieces("[1]"), pieces("  ")], [[], [], []]);
  assert.deepEqual(pieces("[".repeat(100_000)), []);
  assert.deepEqual(pieces('{"a":'.repeat(100_000)), [], "however deep");
});

test("blanks at both ends are those of JSON", () => {
  const bytes = Buffer.from(" \t\r\n{}\u000b \n");
  assert.deepEqual([blanksEnd(bytes, 0), blanksStart(bytes, bytes.length)], [4, 7]);
  assert.deepEqual([blanksEnd(Buffer.from("  "), 0), blanksStart(Buffer.from("  "), 2)], [2, 0]);
});

test("raw control characters count inside strings only, and escaping them mends the text", () => {
  const bytes = Buffer.from('{\t"a":"x\ty\\\\\u0001 größer\n",\n"b":"\\"\u001f"}');
  const found = rawControls(bytes);
  assert.deepEqual(
    found.map((at) => bytes[at]),
    [9, 1, 10, 31],
  );
  assert.deepEqual(JSON.parse(escapedControls(bytes, found)), { a: "x\ty\\\u0001 größer\n", b: '"\u001f' });
  assert.deepEqual(rawControls(Buffer.from('{"a":"b"}')), []);
});
