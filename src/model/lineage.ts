/** Which list a list came of, so that what was made of the one need not be made anew of the other. */
import { listChanges, type ListChange } from "./list-changes.ts";

/** The list of before, of the newest ones alone: a chain of them would keep all the past in memory. */
const BEFORE = new WeakMap<readonly unknown[], readonly unknown[]>();

/** Says that the list is what another one has become. */
export function succeeds<T>(after: readonly T[], before: readonly T[]): void {
  if (after === before) return;
  BEFORE.delete(before);
  BEFORE.set(after, before);
}

/** The list that this one came of; undefined when nothing says so. */
export function listBefore<T>(list: readonly T[]): readonly T[] | undefined {
  // A list succeeds only one of its own kind.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return BEFORE.get(list) as readonly T[] | undefined;
}

/**
 * A function of a list whose value is kept, and where the list came of another is made from that one's. `again` may change
 * the value that it is given and give it back.
 */
export function keptAlong<T, Value extends object>(
  make: (items: readonly T[]) => Value,
  again: (before: Value, changes: readonly ListChange<T>[], items: readonly T[]) => Value,
): (items: readonly T[]) => Value {
  const known = new WeakMap<readonly T[], Value>();
  return (items) => {
    const present = known.get(items);
    if (present !== undefined) return present;
    const before = listBefore(items);
    const value = before === undefined ? undefined : known.get(before);
    const changes = value === undefined ? null : listChanges(before!, items);
    const fresh = value === undefined || changes === null ? make(items) : again(value, changes, items);
    if (before !== undefined) known.delete(before);
    known.set(items, fresh);
    return fresh;
  };
}
