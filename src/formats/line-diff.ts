/** Which lines of a text are new, gone or the same, with a few lines around each change. */
import { diffArrays } from "diff";

export interface DiffedLine {
  readonly kind: "same" | "added" | "removed" | "gap";
  readonly text: string;
}

/** Lines shown around a change. */
const CONTEXT = 2;
/** Lines that may be gone or new; beyond that all of one side is gone and all of the other new. The time grows with its square. */
const MOST_EDITS = 2000;

/** The difference of two texts by lines. Lines that did not change and stand far from any change become one gap. */
export function lineDiff(before: string, after: string): DiffedLine[] {
  return withGaps(allLines(linesOf(before), linesOf(after)));
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function allLines(before: readonly string[], after: readonly string[]): DiffedLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return [
    ...before.slice(0, start).map((text) => ({ kind: "same", text }) as const),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((text) => ({ kind: "same", text }) as const),
  ];
}

function middle(before: readonly string[], after: readonly string[]): DiffedLine[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: MOST_EDITS }) ?? [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ];
  return changes.flatMap(({ added, removed, value }) => {
    const kind = added ? "added" : removed ? "removed" : "same";
    return value.map((text): DiffedLine => ({ kind, text }));
  });
}

function withGaps(lines: readonly DiffedLine[]): DiffedLine[] {
  const changes = lines.flatMap(({ kind }, index) => (kind === "same" ? [] : [index]));
  const shown = new Set(
    changes.flatMap((at) => Array.from({ length: 2 * CONTEXT + 1 }, (_, step) => at - CONTEXT + step)),
  );
  return lines.flatMap((line, index): DiffedLine[] => {
    if (shown.has(index)) return [line];
    return index === 0 || shown.has(index - 1) ? [{ kind: "gap", text: "" }] : [];
  });
}
