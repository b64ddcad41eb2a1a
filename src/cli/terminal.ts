/** The terminal as the verbs see it: two streams, and whether colours and a width make sense. */
import type { Writable } from "node:stream";

import type { Line, Tone } from "../engine/present/lines.ts";
import { shortened } from "../engine/present/names.ts";
import { EXIT, ExitError } from "./exit.ts";
import { wrapped } from "./wrapping.ts";

export interface Terminal {
  /** Results, piece by piece. When nobody reads any more (`| head`) the rest is not asked for. */
  out(pieces: Iterable<string>): Promise<void>;
  /** Results as lines, coloured and cut to the width where that makes sense. */
  lines(lines: Iterable<Line>): Promise<void>;
  /** Progress, notes and errors. */
  err(text: string): void;
  /** A person watches stderr, so that progress may be drawn over itself. */
  readonly interactive: boolean;
}

export interface TerminalStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** FORCE_COLOR (but "0") says yes; NO_COLOR (not empty) and TERM=dumb say no; else a terminal decides. */
export function wantsColours(env: Environment, isTerminal: boolean): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return isTerminal && env["TERM"] !== "dumb";
}

/** Codes of ECMA-48 "select graphic rendition". */
const CODES: Readonly<Record<Exclude<Tone, "plain">, number>> = { strong: 1, dim: 2, bad: 31, good: 32, warning: 33 };

const painted = (line: Line): string =>
  line.map(({ text, tone }) => (tone === "plain" ? text : `\u001b[${CODES[tone]}m${text}\u001b[0m`)).join("");

const plain = (line: Line): string => line.map((one) => one.text).join("");

const lengthOf = (text: string): number => Array.from(text).length;

/** A terminal narrower than this gets lines as they are: cutting would leave nothing of them. */
const NARROWEST = 40;

/** A broken line would break the picture of a tree, so there names are cut instead. */
const BRANCH = /^[│├└ ]*[│├└]/;

/** Spans shorter than this are never cut: what is left of them would say nothing. */
const SHORTEST_CUT = 16;

/** Blanks that only line columns up: they go first. */
const GAP = /^ {3,}$/;

function withoutGaps(line: Line, excess: number): Line {
  let left = excess;
  return line.map((one, index) => {
    if (index === 0 || left <= 0 || !GAP.test(one.text)) return one;
    const text = " ".repeat(Math.max(2, one.text.length - left));
    left -= one.text.length - text.length;
    return { ...one, text };
  });
}

/**
 * The line cut to `width`: blanks between columns go, then the longest names lose their middle. What else it says stays
 * whole, and may make it longer.
 */
export function fitted(line: Line, width: number): Line {
  const spans = [...withoutGaps(line, lengthOf(plain(line)) - width)];
  for (let excess = lengthOf(plain(spans)) - width; excess > 0; excess = lengthOf(plain(spans)) - width) {
    const lengths = spans.map((one) => (one.isName === true ? lengthOf(one.text) : 0));
    const longest = Math.max(...lengths);
    const index = lengths.indexOf(longest);
    const span = spans[index];
    if (span === undefined || longest <= SHORTEST_CUT) break;
    spans[index] = { ...span, text: shortened(span.text, Math.max(SHORTEST_CUT, longest - excess)) };
  }
  return spans;
}

/** Nobody reads any more. */
const GONE: ReadonlySet<string | undefined> = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED", "EOF"]);

/** Writes a text and waits until it is taken; false as soon as nobody reads any more. Rejects where it can't be written, on a full disk. */
function writer(stream: TerminalStream): (text: string) => Promise<boolean> {
  let open = true;
  // Without a listener a stream's error would end the process.
  stream.on("error", () => {
    open = false;
  });
  return async (text) => {
    const { promise, reject, resolve } = Promise.withResolvers<void>();
    if (open)
      stream.write(text, (error) => {
        open &&= !error;
        if (error && !GONE.has((error as NodeJS.ErrnoException).code))
          reject(new ExitError(EXIT.unreadable, `Can't write what was asked for: ${error.message}`));
        else resolve();
      });
    else resolve();
    await promise;
    return open;
  };
}

/** Text is written in pieces of about this size. */
const PIECE = 1 << 16;

function* inPieces(lines: Iterable<Line>, shown: (line: Line) => string): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += shown(line);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

export function createTerminal(stdout: TerminalStream, stderr: TerminalStream, env: Environment): Terminal {
  const write = writer(stdout);
  const complain = writer(stderr);
  const isTerminal = stdout.isTTY === true;
  const form = wantsColours(env, isTerminal) ? painted : plain;
  const width = isTerminal ? (stdout.columns ?? 0) : 0;
  const parts = (line: Line): Line[] => {
    if (width < NARROWEST) return [line];
    return BRANCH.test(plain(line)) ? [fitted(line, width)] : wrapped(line, width);
  };
  const shown = (line: Line): string =>
    parts(line)
      .map((one) => `${form(one)}\n`)
      .join("");
  const out = async (pieces: Iterable<string>): Promise<void> => {
    for (const piece of pieces) if (!(await write(piece))) return;
  };
  return {
    out,
    lines: (lines) => out(inPieces(lines, shown)),
    err: (text) => void complain(text).catch(() => undefined),
    interactive: stderr.isTTY === true && env["TERM"] !== "dumb",
  };
}
