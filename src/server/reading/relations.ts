/** How the lines of a transcript refer to each other: parents, calls of tools and their results, what an entry answers. */
import type { BriefCall, LineEntry } from "./line-entry.ts";
import { toolSteps, turnsOf } from "./turns.ts";
import type { ToolStep } from "./turns.ts";

/** The entry with this id: the nearest before the line where several have it, else the first one behind. */
export function entryWithId(lines: readonly LineEntry[], id: string | null, line: number): LineEntry | null {
  if (id === null) return null;
  const all = lines.filter((one) => one.id === id && one.line !== line && one.kind !== "header");
  return all.findLast((one) => one.line < line) ?? all[0] ?? null;
}

/** The entries that follow this one. */
export const childrenOf = (lines: readonly LineEntry[], { id, line }: LineEntry): LineEntry[] =>
  id === null ? [] : lines.filter((one) => one.parentId === id && one.line !== line);

/** The steps of the turn that the line lies in. */
function stepsAround(lines: readonly LineEntry[], line: number): ToolStep[] {
  const turn = turnsOf(lines).findLast((one) => (one.lines[0]?.line ?? 0) <= line);
  return turn === undefined ? [] : toolSteps(turn);
}

/** The call that a result answers. */
export function callOf(lines: readonly LineEntry[], { line, toolResult }: LineEntry): ToolStep | null {
  if (toolResult === null) return null;
  return stepsAround(lines, line).find(({ result }) => result?.line === line) ?? null;
}

/** What the calls of a message were answered with. */
export const stepsOf = (lines: readonly LineEntry[], { line }: LineEntry): ToolStep[] =>
  stepsAround(lines, line).filter(({ caller }) => caller.line === line);

/** What an entry is the answer to. */
export interface Answered {
  readonly to: LineEntry;
  /** Of a result: the call that it answers. */
  readonly call: BriefCall | null;
}

/** Longer ways lead through damage. */
const LONGEST_WAY = 50;

/** A result answers its call; a message the nearest message before it, on the way of parents, or the line before where that breaks off. */
export function answeredBy(lines: readonly LineEntry[], entry: LineEntry): Answered | null {
  if (entry.kind !== "message") return null;
  const step = callOf(lines, entry);
  if (step !== null) return { to: step.caller, call: step.call };
  let way: LineEntry | null = entry;
  for (let steps = 0; way !== null && steps < LONGEST_WAY; steps += 1) {
    way = entryWithId(lines, way.parentId, way.line);
    if (way?.kind === "message") return { to: way, call: null };
  }
  return null;
}
