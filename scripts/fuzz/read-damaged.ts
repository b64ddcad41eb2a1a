// Reads the mutated transcripts from one number up to another, and prints a line of JSON for each: scripts/fuzz-transcripts.ts runs it.
import { assertSound, deepReading } from "../../test/support/checked-transcript.ts";
import { mutatedTranscript, realTranscripts } from "../../test/support/mutated-transcripts.ts";

/** How one transcript went. */
export interface ReadTranscript {
  readonly number: number;
  readonly mutations: readonly string[];
  readonly bytes: number;
  readonly damage: number;
  readonly elapsedMs: number;
  /** Resident set of the process after it. */
  readonly residentBytes: number;
  /** What was wrong; null when nothing was. */
  readonly failure: string | null;
}

/** Chunks of a prime number of bytes end anywhere in lines. */
const CHUNK = 4093;

const [seed = 0, first = 0, end = 0] = process.argv.slice(2).map(Number);
const real = realTranscripts();
for (let number = first; number < end; number += 1) console.log(JSON.stringify(read(number)));

function read(number: number): ReadTranscript {
  const { bytes, mutations } = mutatedTranscript(real, seed, number);
  const began = performance.now();
  let damage = 0;
  let failure: string | null = null;
  try {
    const reading = deepReading(bytes, CHUNK);
    damage = reading.damage.length;
    assertSound(bytes, reading);
  } catch (error) {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const elapsedMs = performance.now() - began;
  const residentBytes = process.memoryUsage.rss();
  return { number, mutations, bytes: bytes.length, damage, elapsedMs, residentBytes, failure };
}
