/** Changes to rows of a `sessions.json`, as edits of the bytes around them: a store of any size is never read whole for it. */
import { entryAfter, keyBefore, objectText, propertyEdits, unitBefore } from "../formats/json-edits.ts";
import type { ByteEdit } from "../model/plan.ts";
import type { Store, StoreRow } from "../model/store.ts";
import type { RowEdit } from "./outline.ts";
import { NotReadable } from "./port.ts";

/** A stretch of the store. */
type ReadStore = (offset: number, length: number) => Promise<Buffer>;

/** As much of a store as stands before a value at least: comma, blanks, and a key of which each character may be escaped. */
const LEAD_BYTES = 1024;
const MOST_ESCAPED = 12;

/** The store of these rows alone. */
export function newStoreText(rows: readonly RowEdit[]): string {
  return objectText(rows.flatMap((one) => (one.edit === "add" ? [[one.key, one.row] as const] : [])));
}

/**
 * Edits that make these changes, in ascending order. The store must be as it was read: NotReadable when a row is not where it
 * stood, or a row that is to be added is there already.
 */
export async function rowEdits(store: Store, rows: readonly RowEdit[], read: ReadStore): Promise<ByteEdit[]> {
  if (store.state === "missing") return [];
  const edits: ByteEdit[] = [];
  const known = new Map(store.rows.map((row) => [row.key, row]));
  for (const [key, set] of joinedSets(rows)) edits.push(...(await setEdits(store, known.get(key), set, read)));
  const added = new Map(rows.flatMap((one) => (one.edit === "add" ? [[one.key, one.row] as const] : [])));
  const taken = new Set(added.size === 0 ? [] : store.rows.map(({ key }) => key.toLowerCase()));
  for (const key of added.keys()) {
    if (taken.has(key.toLowerCase())) {
      throw new NotReadable(store.path, `it has a row ${key} already`);
    }
  }
  const entry = added.size === 0 ? null : await entryEdit(store, [...added], read);
  // New rows stand behind the last one, so behind every change of a row.
  return [...edits.toSorted((a, b) => a.offset - b.offset), ...(entry === null ? [] : [entry])];
}

function joinedSets(rows: readonly RowEdit[]): Map<string, Readonly<Record<string, unknown>>> {
  const sets = new Map<string, Readonly<Record<string, unknown>>>();
  for (const one of rows) if (one.edit === "set") sets.set(one.key, { ...sets.get(one.key), ...one.set });
  return sets;
}

async function setEdits(
  store: Store,
  named: StoreRow | undefined,
  set: Readonly<Record<string, unknown>>,
  read: ReadStore,
): Promise<ByteEdit[]> {
  const row = placed(named);
  if (row === null) throw changed(store);
  const before = await bytesBefore(row, read);
  if (keyBefore(before) !== row.key) throw changed(store);
  const edits = propertyEdits(await read(row.offset, row.length), row.offset, set, unitBefore(before));
  if (edits === null) throw changed(store);
  return edits;
}

interface PlacedRow {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

function placed(row: StoreRow | undefined): PlacedRow | null {
  if (row === undefined || row.offset === null || row.length === null) return null;
  return { key: row.key, offset: row.offset, length: row.length };
}

function bytesBefore({ key, offset }: PlacedRow, read: ReadStore): Promise<Buffer> {
  const length = Math.min(offset, LEAD_BYTES + MOST_ESCAPED * key.length);
  return read(offset - length, length);
}

async function entryEdit(
  store: Store,
  added: readonly (readonly [string, unknown])[],
  read: ReadStore,
): Promise<ByteEdit> {
  const rows = store.rows.map(placed).filter((row) => row !== null);
  const last = rows.reduce<PlacedRow | null>((a, b) => (a === null || b.offset > a.offset ? b : a), null);
  const end = last === null ? 0 : last.offset + last.length;
  const rest = (await read(end, store.bytes - end)).toString("latin1");
  if (last === null) return emptyEdit(store, rest, added);
  const before = await bytesBefore(last, read);
  const edit = entryAfter(before, last, added);
  if (keyBefore(before) !== last.key || !/^\s*\}\s*$/.test(rest) || edit === null) throw changed(store);
  return edit;
}

/** `{}` becomes a store of these rows. */
function emptyEdit(store: Store, text: string, added: readonly (readonly [string, unknown])[]): ByteEdit {
  if (!/^\s*\{\s*\}\s*$/.test(text)) throw changed(store);
  const offset = text.indexOf("{");
  return { offset, length: text.indexOf("}") + 1 - offset, text: objectText(added) };
}

function changed({ path }: Store): NotReadable {
  return new NotReadable(path, "it was written since it was read; look again");
}
