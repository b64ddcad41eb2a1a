import assert from "node:assert/strict";
import { test } from "node:test";

import { LineStream } from "../../../src/formats/line-stream.ts";

const TEXT = Buffer.from("first\n\nthird größer\r\nno end");

interface Seen {
  readonly seq: number;
  readonly offset: number;
  readonly text: string;
  readonly size: number;
}

function read(
  bytes: Buffer,
  chunk: number,
  mostBytes = 1000,
): { lines: Seen[]; last: string | undefined; offset: number } {
  const stream = new LineStream(mostBytes);
  const lines: Seen[] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    // The bytes of a chunk are the caller's again afterwards.
    const given = Buffer.from(bytes.subarray(at, at + chunk));
    for (const { bytes: kept, offset, seq, size } of stream.take(given))
      lines.push({ seq, offset, text: kept.toString(), size });
    given.fill(0);
  }
  return { lines, last: stream.last?.bytes.toString(), offset: stream.offset };
}

test("lines are the same in whatever chunks they come", () => {
  const whole = read(TEXT, TEXT.length);
  assert.deepEqual(whole, {
    lines: [
      { seq: 0, offset: 0, text: "first", size: 5 },
      { seq: 1, offset: 6, text: "", size: 0 },
      { seq: 2, offset: 7, text: "third größer\r", size: 15 },
    ],
    last: "no end",
    offset: 23,
  });
  for (let chunk = 1; chunk < TEXT.length; chunk += 1) assert.deepEqual(read(TEXT, chunk), whole, `${chunk}`);
});

test("of a line that is too long the beginning is kept, and its size", () => {
  const bytes = Buffer.from(`${"x".repeat(50)}\nshort\n${"y".repeat(30)}`);
  for (const chunk of [1, 7, 16, 100])
    assert.deepEqual(read(bytes, chunk, 10), {
      lines: [
        { seq: 0, offset: 0, text: "x".repeat(10), size: 50 },
        { seq: 1, offset: 51, text: "short", size: 5 },
      ],
      last: "y".repeat(10),
      offset: 57,
    });
});

test("what stood behind the last newline can come again", () => {
  const stream = new LineStream(100);
  assert.deepEqual([...stream.take(Buffer.from("one\ntw"))].length, 1);
  stream.rewind();
  assert.equal(stream.last, undefined);
  const [line] = stream.take(Buffer.from("two\n"));
  assert.deepEqual([line?.bytes.toString(), line?.offset, line?.seq], ["two", 4, 1]);
});
