/** Transcripts of real releases with random damage, the same ones for the same seed and number. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { Random } from "./random.ts";

const FIXTURES = resolve(import.meta.dirname, "../fixtures/openclaw");
const TRANSCRIPT = /\.jsonl(?:\.(?:reset|deleted)\.[^/]*Z)?$/;

/** Every transcript among the fixtures that lies in a file of its own. */
export function realTranscripts(): readonly Buffer[] {
  return readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
    .filter((path) => TRANSCRIPT.test(path) && path.includes("sessions") && !path.includes(".trajectory."))
    .toSorted()
    .map((path) => readFileSync(join(FIXTURES, path)));
}

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const spliced = (bytes: Buffer, at: number, removed: number, added: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);

const noise = (random: Random, length: number): Buffer => Buffer.from(Array.from({ length }, () => random.below(256)));

/** Somewhere in it, and how much from there: more often a little than a lot. */
function stretch(bytes: Buffer, random: Random): [at: number, length: number] {
  const at = random.below(bytes.length + 1);
  return [at, Math.min(bytes.length - at, random.between(1, 4000))];
}

function withLines(bytes: Buffer, change: (lines: string[]) => void): Buffer {
  // Bytes as characters, so that nothing is lost on the way.
  const lines = bytes.toString("latin1").split("\n");
  change(lines);
  return Buffer.from(lines.join("\n"), "latin1");
}

const anyLine = (lines: readonly string[], random: Random): number => random.below(lines.length);

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "flipped bits": (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let times = random.between(1, 50); times > 0 && changed.length > 0; times -= 1) {
      const at = random.below(changed.length);
      changed[at] = changed[at]! ^ (1 << random.below(8));
    }
    return changed;
  },
  "cut off": (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  "begins later": (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  "a stretch gone": (bytes, random) => spliced(bytes, ...stretch(bytes, random), Buffer.alloc(0)),
  "zeros over a stretch": (bytes, random) => {
    const [at, length] = stretch(bytes, random);
    return spliced(bytes, at, length, Buffer.alloc(length));
  },
  "zeros between": (bytes, random) =>
    spliced(bytes, random.below(bytes.length + 1), 0, Buffer.alloc(random.between(1, 700))),
  "zeros at the end": (bytes, random) => Buffer.concat([bytes, Buffer.alloc(random.between(1, 700))]),
  "noise over a stretch": (bytes, random) => {
    const [at, length] = stretch(bytes, random);
    return spliced(bytes, at, length, noise(random, length));
  },
  "a control character": (bytes, random) =>
    spliced(bytes, random.below(bytes.length + 1), 0, Buffer.from([random.below(32)])),
  "a character of JSON": (bytes, random) =>
    spliced(
      bytes,
      random.below(bytes.length + 1),
      0,
      Buffer.from(random.pick(['"', "{", "}", "[", "]", ",", ":", "\\"])),
    ),
  "a line break gone": (bytes, random) => {
    const at = bytes.indexOf(10, random.below(bytes.length + 1));
    return at === -1 ? bytes : spliced(bytes, at, 1, Buffer.alloc(0));
  },
  "all line breaks gone": (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", ""), "latin1"),
  "other line breaks": (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
  "a line twice": (bytes, random) =>
    withLines(bytes, (lines) => lines.splice(anyLine(lines, random), 0, lines[anyLine(lines, random)]!)),
  "a line gone": (bytes, random) => withLines(bytes, (lines) => void lines.splice(anyLine(lines, random), 1)),
  "lines exchanged": (bytes, random) =>
    withLines(bytes, (lines) => {
      const [a, b] = [anyLine(lines, random), anyLine(lines, random)];
      [lines[a], lines[b]] = [lines[b]!, lines[a]!];
    }),
  "ids exchanged": (bytes, random) =>
    withLines(bytes, (lines) => {
      const ids = [...bytes.toString("latin1").matchAll(/"(?:id|parentId)":"([^"]*)"/g)].map(([, id = ""]) => id);
      const at = anyLine(lines, random);
      if (ids.length > 0) lines[at] = lines[at]!.replace(random.pick(ids), () => random.pick(ids));
    }),
  "another transcript behind it": (bytes, _random, other) => Buffer.concat([bytes, other]),
  "another transcript between": (bytes, random, other) => {
    const [at, length] = stretch(other, random);
    return spliced(bytes, random.below(bytes.length + 1), 0, other.subarray(at, at + length));
  },
  "nested without end": (bytes, random) =>
    spliced(
      bytes,
      random.below(bytes.length + 1),
      0,
      Buffer.from(random.pick(["[", '{"a":', '{"type":"']).repeat(random.between(1, 20_000))),
    ),
  "lines of nothing": (bytes, random) =>
    spliced(
      bytes,
      random.below(bytes.length + 1),
      0,
      Buffer.from(random.pick(["\n", " \n", "x\n", "{\n", "\0\n", "\r"]).repeat(random.between(1, 3000))),
    ),
};

export interface MutatedTranscript {
  readonly bytes: Buffer;
  /** Names of what was done to it, in order. */
  readonly mutations: readonly string[];
}

/** Transcript number `number` of the seed: one to four mutations of a real one. */
export function mutatedTranscript(real: readonly Buffer[], seed: number, number: number): MutatedTranscript {
  const random = new Random(seed * 1_000_003 + number);
  for (let warm = 0; warm < 4; warm += 1) random.next();
  let bytes = random.pick(real);
  const mutations: string[] = [];
  for (let times = random.between(1, 4); times > 0; times -= 1) {
    const name = random.pick(Object.keys(MUTATIONS));
    bytes = MUTATIONS[name]!(bytes, random, random.pick(real));
    mutations.push(name);
  }
  return { bytes, mutations };
}
