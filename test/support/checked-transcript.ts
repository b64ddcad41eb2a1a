/** A transcript read whole from bytes, and what must be true of what was found in it, whatever the bytes are. */
import assert from "node:assert/strict";

import { readEntry } from "../../src/agents/openclaw/entry-reading.ts";
import { TranscriptCheck } from "../../src/checks/transcript/transcript-check.ts";
import { LineStream } from "../../src/formats/line-stream.ts";
import type { ByteRange, DamageCode, DeepReading } from "../../src/model/damage.ts";

/** As one piece, or in chunks of so many bytes. */
export function deepReading(bytes: Buffer, chunk = bytes.length, mostBytes = 1 << 20): DeepReading {
  const check = new TranscriptCheck({ readEntry, hasHeader: true });
  const lines = new LineStream(mostBytes);
  const space = Buffer.alloc(Math.max(1, chunk));
  for (let at = 0; at < bytes.length; at += space.length) {
    const length = bytes.copy(space, 0, at, at + space.length);
    for (const line of lines.take(space.subarray(0, length))) check.take({ ...line, line: line.seq + 1 });
    // What was given may be overwritten.
    space.fill(0xff);
  }
  const { last } = lines;
  return check.finish(last === undefined ? undefined : { ...last, line: last.seq + 1 }).reading;
}

/** Damage that only a line which can't be read as it stands may have. */
const OF_BROKEN_LINES: ReadonlySet<DamageCode> = new Set([
  "transcript/bad-line",
  "transcript/nul-run",
  "transcript/control-character",
  "transcript/joined-records",
  "transcript/torn-tail",
]);

/** Throws where the reading of these bytes breaks a promise. */
export function assertSound(bytes: Buffer, reading: DeepReading): void {
  const newlines = bytes.filter((byte) => byte === 10).length;
  const isOpen = bytes.length > 0 && bytes.at(-1) !== 10;
  assert.equal(reading.bytes, bytes.length);
  assert.equal(reading.lines, newlines + (isOpen ? 1 : 0));
  const text = ({ bytes: length, offset }: ByteRange): string => bytes.toString("utf8", offset, offset + length);
  const seen = new Set<string>();
  for (const damage of reading.damage) {
    const { code, line, offset, records, seq, within } = damage;
    const name = `${code} at ${offset}`;
    assert.equal(line, seq + 1, name);
    assert.equal(bytes.subarray(0, within.offset).filter((byte) => byte === 10).length, seq, `${name}: its line`);
    assert.ok(within.offset >= 0 && within.offset + within.bytes <= bytes.length, `${name}: inside the file`);
    assert.ok(
      offset >= within.offset && offset + damage.bytes <= within.offset + within.bytes,
      `${name}: inside its line`,
    );
    assert.ok(
      records.every((one) => readEntry(text(one)).kind !== "unreadable"),
      `${name}: its records`,
    );
    // Line breaks between the tokens of an entry make several lines of it, of which none reads.
    if (OF_BROKEN_LINES.has(code) && !text(within).includes("\n"))
      assert.equal(readEntry(text(within)).kind, "unreadable", `${name}: of a line that reads`);
    const place = `${code} ${offset} ${damage.bytes} ${damage.callId ?? ""}`;
    assert.ok(!seen.has(place), `${name}: told twice`);
    seen.add(place);
  }
}
