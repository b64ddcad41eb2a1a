import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { LineIndex } from "../../../src/formats/line-index.ts";

/** Lines of all lengths from 0 up, none at all among them. */
const TEXT = Buffer.from(Array.from({ length: 60 }, (_, number) => "é".repeat((number * 7) % 23)).join("\n"));

/** Where each line begins, found the slow way. */
const BEGINNINGS = [0, ...[...TEXT.keys()].filter((at) => TEXT[at] === 0x0a).map((at) => at + 1)];

function indexOf(bytes: Buffer, chunk: number, stretch: number): LineIndex {
  const index = new LineIndex(stretch);
  for (let at = 0; at < bytes.length; at += chunk) index.take(bytes.subarray(at, at + chunk));
  return index;
}

describe("an index of lines", () => {
  for (const chunk of [1, 2, 7, 64, TEXT.length])
    it(`leads to every line, taken in chunks of ${chunk} bytes`, () => {
      for (const stretch of [1, 16, 100, 10_000]) {
        const index = indexOf(TEXT, chunk, stretch);
        assert.deepEqual([index.bytes, index.lines], [TEXT.length, BEGINNINGS.length]);
        for (const [line, offset] of BEGINNINGS.entries()) {
          const mark = index.before(line);
          assert.equal(mark.offset, BEGINNINGS[mark.line]);
          assert.ok(mark.line <= line && offset - mark.offset < stretch + 50, `${mark.line} before ${line}`);
          assert.deepEqual(index.beforeOffset(offset), mark);
          assert.deepEqual(index.last, { line: BEGINNINGS.length - 1, offset: BEGINNINGS.at(-1) });
        }
      }
    });

  it("counts no line behind a newline at the end, and one as soon as something stands there", () => {
    const index = new LineIndex();
    assert.equal(index.lines, 0);
    index.take(Buffer.from("one\ntwo\n"));
    assert.deepEqual([index.lines, index.last], [2, { line: 2, offset: 8 }]);
    index.take(Buffer.from("thr"));
    assert.equal(index.lines, 3);
    index.take(Buffer.from("ee\n"));
    assert.deepEqual([index.lines, index.last], [3, { line: 3, offset: 14 }]);
  });

  it("keeps one line in each stretch at most", () => {
    const index = new LineIndex(1000);
    for (let at = 0; at < 100; at += 1) index.take(Buffer.from("0123456789\n".repeat(100)));
    const kept = new Set(Array.from({ length: index.lines }, (_, line) => index.before(line).offset));
    assert.ok(kept.size <= 110_000 / 1000 + 1, String(kept.size));
  });
});
