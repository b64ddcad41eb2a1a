import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { isBlank, linesBackwards, linesOf, objectOf } from "../../../src/formats/json-lines.ts";

function texts(bytes: Buffer, lines: Iterable<{ start: number; end: number }>): string[] {
  return [...lines].map((line) => bytes.toString("utf8", line.start, line.end));
}

describe("splitting JSON Lines by bytes", () => {
  it("keeps a line separator inside a string in one line", () => {
    const entry = { text: "one\u2028two\u0085three" };
    const bytes = Buffer.from(`${JSON.stringify(entry)}\n{"next":1}\n`);
    assert.deepEqual(
      [...linesOf(bytes)].map((line) => objectOf(bytes, line)),
      [entry, { next: 1 }],
    );
  });

  it("says where each line stands and whether it has its newline", () => {
    assert.deepEqual(
      [...linesOf(Buffer.from("ä\n\nb"))],
      [
        { start: 0, end: 2, ended: true },
        { start: 3, end: 3, ended: true },
        { start: 4, end: 5, ended: false },
      ],
    );
  });

  it("finds nothing in nothing", () => {
    assert.deepEqual([...linesOf(Buffer.alloc(0))], []);
    assert.deepEqual([...linesBackwards(Buffer.alloc(0))], []);
  });

  for (const text of ["a\nbb\nccc\n", "a\nbb\nccc", "\n", "\n\n", "a", "\na\n\n"]) {
    it(`gives the same lines backwards for ${JSON.stringify(text)}`, () => {
      const bytes = Buffer.from(text);
      assert.deepEqual([...linesBackwards(bytes)].toReversed(), [...linesOf(bytes)]);
    });
  }

  it("knows blank lines, also with a carriage return", () => {
    const bytes = Buffer.from(" \t\r\nx\n");
    const [first, second] = [...linesOf(bytes)];
    assert.ok(first !== undefined && isBlank(bytes, first));
    assert.ok(second !== undefined && !isBlank(bytes, second));
    assert.deepEqual(texts(bytes, linesOf(bytes, 4)), ["x"]);
  });

  it("takes only objects for entries", () => {
    for (const text of ["[1]", "null", "3", '"x"', "{", ""]) {
      const bytes = Buffer.from(text);
      assert.equal(objectOf(bytes, { start: 0, end: bytes.length, ended: false }), undefined);
    }
  });
});
