// What disks, crashes, second writers and careless hands do to a transcript: any number of them, at random places.
import type { Random } from "./random.ts";

type Accident = (bytes: Buffer, random: Random) => Buffer;

const NEWLINE = 0x0a;

function spliced(bytes: Buffer, at: number, length: number, ...put: readonly Buffer[]): Buffer {
  return Buffer.concat([bytes.subarray(0, at), ...put, bytes.subarray(at + length)]);
}

/** The lines with their newlines. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

/** Changes the list of lines. */
const ofLines =
  (change: (lines: Buffer[], at: number, random: Random) => void): Accident =>
  (bytes, random) => {
    const lines = linesOf(bytes);
    if (lines.length > 0) change(lines, random.below(lines.length), random);
    return Buffer.concat(lines);
  };

/** Puts other bytes at a random place. */
const anywhere =
  (make: (random: Random) => Buffer): Accident =>
  (bytes, random) =>
    spliced(bytes, random.below(bytes.length + 1), 0, make(random));

export const ACCIDENTS: Readonly<Record<string, Accident>> = {
  "cut off": (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  "bits flipped": (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let times = random.between(1, 8); times > 0 && copy.length > 0; times--) {
      const at = random.below(copy.length);
      copy[at] = copy[at]! ^ (1 << random.below(8));
    }
    return copy;
  },
  "zeros over bytes": (bytes, random) => {
    const from = random.below(bytes.length + 1);
    return Buffer.from(bytes).fill(0, from, Math.min(bytes.length, from + random.between(1, 1500)));
  },
  "zeros between bytes": anywhere((random) => Buffer.alloc(random.between(1, 600))),
  "a control character": anywhere((random) => Buffer.from([1 + random.below(31)])),
  "a line break gone": (bytes, random) => {
    const newline = bytes.indexOf(NEWLINE, random.below(bytes.length + 1));
    return newline === -1 ? bytes : spliced(bytes, newline, 1);
  },
  garbage: anywhere((random) => Buffer.from(Array.from({ length: random.between(1, 60) }, () => random.below(256)))),
  "a line gone": ofLines((lines, at) => void lines.splice(at, 1)),
  "a line twice": ofLines((lines, at, random) => void lines.splice(random.below(lines.length), 0, lines[at]!)),
  "lines exchanged": ofLines((lines, at, random) => {
    const other = random.below(lines.length);
    [lines[at], lines[other]] = [lines[other]!, lines[at]!];
  }),
  "a line cut short": ofLines((lines, at, random) => {
    lines[at] = spliced(lines[at]!, random.below(lines[at]!.length), random.between(1, 200));
  }),
  "another id": ofLines((lines, at, random) => {
    const name = random.pick(["id", "parentId", "toolCallId"]);
    lines[at] = Buffer.from(
      lines[at]!.toString("latin1").replace(new RegExp(`"${name}":"[^"]*"`), `"${name}":"e0000004"`),
      "latin1",
    );
  }),
  "carriage returns": (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
};

/** One to four accidents, one after the other. */
export function withAccidents(
  bytes: Buffer,
  random: Random,
): { readonly bytes: Buffer; readonly names: readonly string[] } {
  const names = Array.from({ length: 1 + random.below(4) }, () => random.pick(Object.keys(ACCIDENTS)));
  return { bytes: names.reduce((so, name) => ACCIDENTS[name]!(so, random), bytes), names };
}
