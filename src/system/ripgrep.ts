/** ripgrep, where the machine has one: finds lines of files that match a pattern. Only a help: nothing depends on it. */
import { execFile, spawn } from "node:child_process";
import { delimiter, isAbsolute, join } from "node:path";

import { statThroughLinks } from "./files.ts";

/** A line that matches. */
export interface FoundLine {
  readonly path: string;
  /** Counted from 1. */
  readonly number: number;
  /** Byte offset of its first byte. */
  readonly offset: number;
}

/** It ended without having looked at all files. */
export class RipgrepError extends Error {
  override readonly name = "RipgrepError";
}

/** All that decides what it reads: nobody's settings, no file left out, bytes as they are. */
const OPTIONS = [
  "--no-config",
  "-uuu",
  "--text",
  "--encoding=none",
  // A file that shrinks while it is mapped would end the process.
  "--no-mmap",
  "--no-messages",
  "--color=never",
  "--no-heading",
  "--with-filename",
  "--null",
  "--line-number",
  "--byte-offset",
  // Places, not contents: of a longer line only the number of matches is printed.
  "--max-columns=1",
];

const OLDEST = 13;
const VERSION_WITHIN_MS = 5000;

/** Absolute path of the first of these programs that is a ripgrep which can be used, else of the one in PATH; null when there is none. */
export async function findRipgrep(
  candidates: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | null> {
  const name = platform === "win32" ? "rg.exe" : "rg";
  // Names in the working folder are anybody's.
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
  for (const program of [...candidates.filter(isAbsolute), ...folders.map((folder) => join(folder, name))])
    if (isFile(program) && (await isRipgrep(program))) return program;
  return null;
}

function isFile(path: string): boolean {
  try {
    return statThroughLinks(path)?.kind === "file";
  } catch {
    return false;
  }
}

/** Other programs go by its name, too. */
function isRipgrep(program: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  execFile(
    program,
    ["--no-config", "--version"],
    { timeout: VERSION_WITHIN_MS, windowsHide: true },
    (error, stdout) => {
      const version = /^ripgrep (\d+)\./.exec(stdout)?.[1];
      resolve(error === null && version !== undefined && Number(version) >= OLDEST);
    },
  );
  return promise;
}

/**
 * The lines of these files that match, some at a time; those of one file together and in order, files in any order. `pattern` is a
 * regular expression of Rust. Rejects with RipgrepError when not all files could be looked at; leaving the loop ends the process.
 */
export async function* ripgrepLines(
  program: string,
  pattern: string,
  paths: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<FoundLine[]> {
  const args = [...OPTIONS, `--regexp=${pattern}`, "--", ...paths];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
  const ended = new Promise<string | null>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    // 0: lines were found. 1: none were. 2: something could not be read.
    child.on("close", (code, by) => resolve(code === 0 || code === 1 ? null : `ended with ${by ?? code}`));
  });
  const stop = (): void => void child.kill();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    yield* foundLines(child.stdout);
    const trouble = await ended;
    signal?.throwIfAborted();
    if (trouble !== null) throw new RipgrepError(trouble);
  } finally {
    signal?.removeEventListener("abort", stop);
    child.kill();
  }
}

/** `path NUL number:offset:` and a few words, a line each. A path may hold line breaks. */
async function* foundLines(output: AsyncIterable<Buffer>): AsyncGenerator<FoundLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of output) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines: FoundLine[] = [];
    let at = 0;
    for (;;) {
      const nul = bytes.indexOf(0, at);
      const end = nul === -1 ? -1 : bytes.indexOf(0x0a, nul);
      if (end === -1) break;
      lines.push(foundLine(bytes.toString("utf8", at, nul), bytes.toString("latin1", nul + 1, end)));
      at = end + 1;
    }
    rest = bytes.subarray(at);
    yield lines;
  }
  if (rest.length > 0) throw new RipgrepError("its output is cut off");
}

function foundLine(path: string, place: string): FoundLine {
  const [, number, offset] = /^(\d+):(\d+):/.exec(place) ?? [];
  if (number === undefined || offset === undefined) throw new RipgrepError("its output can't be read");
  return { path, number: Number(number), offset: Number(offset) };
}
