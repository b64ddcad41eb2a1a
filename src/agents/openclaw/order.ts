/** The order of everything that has a path, and exchanging single items in it without sorting anew. */

interface Placed {
  readonly path: string;
}

/** By path, in UTF-16 order as names are sorted. */
export function byPath(a: Placed, b: Placed): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Ordered items with those of `path` replaced by others of the same path; the same array when there are none of either. */
export function exchanged<T extends Placed>(items: readonly T[], path: string, fresh: readonly T[]): readonly T[] {
  const start = firstAt(items, path);
  let end = start;
  while (items[end]?.path === path) end += 1;
  return start === end && fresh.length === 0 ? items : items.toSpliced(start, end - start, ...fresh);
}

/** Where the first item stands that is not before `path`. */
function firstAt(items: readonly Placed[], path: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.path ?? "") < path) low = middle + 1;
    else high = middle;
  }
  return low;
}
