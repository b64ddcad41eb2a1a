/** Which lines of a text are new, gone or the same, with a few lines around each change. */

export interface DiffedLine {
  readonly kind: "same" | "added" | "removed" | "gap";
  readonly text: string;
}

/** Lines shown around a change. */
const CONTEXT = 2;
/** Pairs of lines that are compared at most; beyond that all of one side is gone and all of the other new. */
const MOST_PAIRS = 4_000_000;

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

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): DiffedLine[] {
  const removed = before.map((text) => ({ kind: "removed", text }) as const);
  const added = after.map((text) => ({ kind: "added", text }) as const);
  if (before.length * after.length > MOST_PAIRS) return [...removed, ...added];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const lines: DiffedLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ kind: "same", text: before[i]! });
      i += 1;
      j += 1;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) lines.push(removed[i++]!);
    else lines.push(added[j++]!);
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
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
