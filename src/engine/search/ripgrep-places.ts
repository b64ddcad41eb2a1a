/** The lines of many files that ripgrep names as candidates, or that it can't tell: then we look ourselves. */
import { type FoundLine, RipgrepError, ripgrepLines } from "../../system/ripgrep.ts";

/** Candidates by absolute path; a file without any has none. Null: ripgrep did not look at all of them. */
export type Places = ReadonlyMap<string, readonly FoundLine[]> | null;

/** Windows takes no longer command line than 32,767 characters. */
const MOST_PATH_CHARACTERS = 24_000;

/** Rejects only with the signal's reason. */
export async function ripgrepPlaces(
  program: string,
  pattern: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Places> {
  const places = new Map<string, FoundLine[]>();
  try {
    for (const some of inCommandLines(paths))
      for await (const lines of ripgrepLines(program, pattern, some, signal)) add(places, lines);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RipgrepError) return null;
    throw error;
  }
  return places;
}

function add(places: Map<string, FoundLine[]>, lines: readonly FoundLine[]): void {
  for (const line of lines) {
    const known = places.get(line.path);
    if (known === undefined) places.set(line.path, [line]);
    else known.push(line);
  }
}

function* inCommandLines(paths: readonly string[]): Generator<string[]> {
  let some: string[] = [];
  let characters = 0;
  for (const path of paths) {
    if (some.length > 0 && characters + path.length > MOST_PATH_CHARACTERS) {
      yield some;
      [some, characters] = [[], 0];
    }
    some.push(path);
    characters += path.length + 4;
  }
  if (some.length > 0) yield some;
}
