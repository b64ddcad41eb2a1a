/** What can be folded in a transcript: turns, calls of tools with their results, long runs of work and of bookkeeping. */
import type { LineEntry } from "./line-entry.ts";
import { toolSteps, turnsOf } from "./turns.ts";
import type { Turn } from "./turns.ts";

/** Lines of the document, from 0; both belong to it. */
export interface Fold {
  readonly first: number;
  readonly last: number;
}

/** Fewer lines in a row are no run. */
const LONG_RUN = 4;

const isWork = ({ role, text, toolCalls, toolResult }: LineEntry): boolean =>
  toolResult !== null || (role === "assistant" && toolCalls.length > 0 && text.trim() === "");

const isBookkeeping = ({ kind }: LineEntry): boolean => ["model", "setting", "other", "context"].includes(kind);

/** Long stretches of lines that are all of one kind. */
function runs(lines: readonly LineEntry[], isOf: (line: LineEntry) => boolean): Fold[] {
  const found: Fold[] = [];
  let run: LineEntry[] = [];
  for (const line of [...lines, undefined]) {
    if (line !== undefined && isOf(line)) {
      run.push(line);
      continue;
    }
    const [first, last] = [run[0], run.at(-1)];
    if (first !== undefined && last !== undefined && run.length >= LONG_RUN)
      found.push({ first: first.line, last: last.line });
    run = [];
  }
  return found;
}

function foldsOfTurn(turn: Turn): Fold[] {
  const { lines, opening } = turn;
  const whole = opening === null ? [] : [{ first: opening.line, last: lines.at(-1)?.line ?? opening.line }];
  const steps = toolSteps(turn).flatMap(({ caller, result }) =>
    result === null ? [] : [{ first: caller.line, last: result.line }],
  );
  return [...whole, ...runs(lines, isWork), ...steps, ...runs(lines, isBookkeeping)];
}

/** Sorted; at most one begins at each line, the longest, as editors fold no others. A fold that would cross another is left out. */
export function foldsOf(lines: readonly LineEntry[]): Fold[] {
  const all = turnsOf(lines)
    .flatMap(foldsOfTurn)
    .filter(({ first, last }) => last > first)
    .toSorted((a, b) => a.first - b.first || b.last - a.last);
  const folds: Fold[] = [];
  const open: Fold[] = [];
  for (const fold of all) {
    while (open.length > 0 && open.at(-1)!.last < fold.first) open.pop();
    const around = open.at(-1);
    if (around !== undefined && (around.first === fold.first || around.last < fold.last)) continue;
    folds.push(fold);
    open.push(fold);
  }
  return folds;
}
