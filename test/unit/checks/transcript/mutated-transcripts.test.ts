// Transcripts of real releases, damaged at random: every one is read to its end, and what is found in it stands where it is said to.
// `npm run fuzz:transcripts` does the same for tens of thousands, in a process that is watched for time and memory.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assertSound, deepReading } from "../../../support/checked-transcript.ts";
import { MUTATIONS, mutatedTranscript, realTranscripts } from "../../../support/mutated-transcripts.ts";

const SEED = 20_261_121;
const COUNT = 800;

test(`${COUNT} damaged transcripts are read soundly, whatever pieces they come in`, () => {
  const real = realTranscripts();
  const done = new Set<string>();
  const codes = new Set<string>();
  for (let number = 0; number < COUNT; number += 1) {
    const { bytes, mutations } = mutatedTranscript(real, SEED, number);
    try {
      const reading = deepReading(bytes);
      assertSound(bytes, reading);
      assert.deepEqual(deepReading(bytes, 1 + (number % 5000)), reading, "in pieces");
      for (const { code } of reading.damage) codes.add(code);
    } catch (error) {
      throw new Error(`transcript ${number}: ${mutations.join(", ")}`, { cause: error });
    }
    for (const mutation of mutations) done.add(mutation);
  }
  assert.deepEqual([...done].toSorted(), Object.keys(MUTATIONS).toSorted(), "each kind of damage was done");
  assert.ok(codes.size >= 12, [...codes].join(", "));
});

test("a line that is too long to be parsed is passed over, and what it is named counts", () => {
  for (const bytes of realTranscripts().slice(0, 40)) {
    const [whole, cut] = [deepReading(bytes), deepReading(bytes, 4096, 600)];
    assert.deepEqual([cut.bytes, cut.lines], [whole.bytes, whole.lines]);
    const known = new Set(whole.damage.map(({ code }) => code));
    for (const { code } of cut.damage) assert.ok(known.has(code) || code === "transcript/oversized-line", code);
  }
});

test("the same number is the same transcript", () => {
  const real = realTranscripts();
  for (const number of [3, 1, 4])
    assert.deepEqual(mutatedTranscript(real, 7, number), mutatedTranscript(real, 7, number));
});
