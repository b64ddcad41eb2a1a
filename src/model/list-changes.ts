/**
 * What differs between two lists of values that stay the same objects as long as nothing about them changes, and how what was
 * made of one list becomes what would be made of the other: at the cost of what differs, and a plain copy of the list.
 */

/** A stretch in which two lists differ. */
export interface ListChange<T> {
  /** Where it begins in the list of before, and in that of now. */
  readonly from: number;
  readonly at: number;
  readonly removed: readonly T[];
  readonly added: readonly T[];
}

/** How many items further the lists are looked through for the one where they agree again. */
const MOST_AHEAD = 24;
/** More stretches at once are not worth telling apart. */
const MOST_CHANGES = 256;

/** What the newest lists differ in from those before them: several ask for it, one after the other. */
const KNOWN = new WeakMap<readonly unknown[], { readonly before: readonly unknown[]; readonly changes: unknown }>();

/** The stretches that differ, in order; none for equal lists, and null when there are so many that all may count as new. */
export function listChanges<T>(before: readonly T[], after: readonly T[]): readonly ListChange<T>[] | null {
  if (before === after) return [];
  const known = KNOWN.get(after);
  // Two lists differ in the same whoever asks.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (known?.before === before) return known.changes as readonly ListChange<T>[] | null;
  const changes = differences(before, after);
  // Else all the past would be kept.
  KNOWN.delete(before);
  KNOWN.set(after, { before, changes });
  return changes;
}

function differences<T>(before: readonly T[], after: readonly T[]): readonly ListChange<T>[] | null {
  const changes: ListChange<T>[] = [];
  let from = 0;
  let at = 0;
  for (;;) {
    while (from < before.length && at < after.length && before[from] === after[at]) {
      from += 1;
      at += 1;
    }
    if (from === before.length && at === after.length) return changes;
    const size = differing(before, after, from, at);
    if (size === null || changes.length === MOST_CHANGES) return null;
    const [removed, added] = size;
    changes.push({ from, at, removed: before.slice(from, from + removed), added: after.slice(at, at + added) });
    from += removed;
    at += added;
  }
}

/** How many items differ on each side before the lists agree again; null when that lies too far ahead. */
function differing<T>(before: readonly T[], after: readonly T[], from: number, at: number): [number, number] | null {
  for (let most = 1; most <= MOST_AHEAD; most += 1) {
    for (let less = 0; less <= most; less += 1) {
      if (agree(before, after, from + most, at + less)) return [most, less];
      if (agree(before, after, from + less, at + most)) return [less, most];
    }
  }
  return null;
}

function agree<T>(before: readonly T[], after: readonly T[], from: number, at: number): boolean {
  if (from >= before.length || at >= after.length) return from === before.length && at === after.length;
  return before[from] === after[at];
}

/** Each item's result, taken over from `before` for items that were there. The same array when no item changed. */
export function mappedAgain<T, R>(
  before: { readonly items: readonly T[]; readonly results: readonly R[] } | undefined,
  items: readonly T[],
  compute: (item: T) => R,
): readonly R[] {
  if (before?.items === items) return before.results;
  const changes = before === undefined ? null : listChanges(before.items, items);
  if (before === undefined || changes === null) return items.map(compute);
  return changes.length === 0 ? before.results : patched(before.results, changes, compute);
}

/** A copy in which each stretch that changed has the results of its new items. */
export function patched<T, R>(results: readonly R[], changes: readonly ListChange<T>[], compute: (item: T) => R): R[] {
  const copy = results.slice();
  // From the end, so that what lies before keeps its place.
  for (const { added, from, removed } of changes.toReversed()) {
    if (added.length === removed.length) added.forEach((item, index) => (copy[from + index] = compute(item)));
    else copy.splice(from, removed.length, ...added.map(compute));
  }
  return copy;
}

/** A sorted list without some of its items and with others. `compare` must tell any two of them apart. */
export function sortedAgain<T>(
  sorted: readonly T[],
  removed: readonly T[],
  added: readonly T[],
  compare: (a: T, b: T) => number,
): T[] {
  const copy = sorted.slice();
  for (const item of removed) {
    const place = placeIn(copy, item, compare);
    const at = copy[place] === item ? place : copy.indexOf(item);
    if (at >= 0) copy.splice(at, 1);
  }
  for (const item of added) copy.splice(placeIn(copy, item, compare), 0, item);
  return copy;
}

/** Where the first item stands that does not come before this one. */
function placeIn<T>(sorted: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle]!, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
