/** Edits that several repairs want in one file, as one list. */
import type { ByteEdit } from "../model/plan.ts";

/** Both lists in ascending order, what both want once; null when they are about the same bytes and want different things. */
export function joinedEdits(some: readonly ByteEdit[], others: readonly ByteEdit[]): readonly ByteEdit[] | null {
  if (some.length === 0) return others;
  const known = new Set(some.map(textOf));
  const added = others.filter((edit) => !known.has(textOf(edit)));
  if (added.length === 0) return some;
  const all = [...some, ...added].toSorted((a, b) => a.offset - b.offset || a.length - b.length);
  return all.some((edit, index) => index > 0 && touches(all[index - 1]!, edit)) ? null : all;
}

/** Two insertions at one place have no order. */
function touches(before: ByteEdit, edit: ByteEdit): boolean {
  return (
    before.offset + before.length > edit.offset || (before.offset === edit.offset && before.length === edit.length)
  );
}

function textOf({ offset, length, text }: ByteEdit): string {
  return `${offset} ${length} ${text}`;
}
