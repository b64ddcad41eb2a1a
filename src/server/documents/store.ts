/** The rows of a store as JSON in a fixed form: sorted by key, so that two stores can be compared line by line. */
import { createHash } from "node:crypto";

import { escaped } from "../../engine/present/names.ts";
import { placeLabel } from "../../engine/present/places.ts";
import { isoTime } from "../../engine/present/times.ts";
import { inOrder } from "../../formats/json-in-order.ts";
import { scanObject } from "../../formats/json-object.ts";
import { count, size } from "../../model/amounts.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { type Store, type StoreRow, transcriptOf } from "../../model/store.ts";
import type { DocumentContents } from "../../protocol/documents.ts";
import { pathFrom, readAll } from "../../system/files.ts";

/** Stores grow to hundreds of megabytes; an editor, and the wire, take less. */
const MOST_READ = 256 << 20;
const MOST_SHOWN = 8 << 20;

/** A row as text without its key; null for a row that is none. */
type Row = readonly [key: string, text: string];

const rowText = (value: unknown): string => JSON.stringify(inOrder(value), null, 2).replaceAll("\n", "\n  ");

/** Rows of a file as they stand there; what can't be read says so. */
function* rowsOfFile(path: string): Generator<Row> {
  const bytes = readAll(path, MOST_READ);
  for (const one of scanObject(bytes)) {
    if (one.what === "damage") {
      if (one.key !== null) yield [one.key, rowText(`can't be read: ${one.reason}`)];
      continue;
    }
    yield [one.key, rowText(parsed(bytes.toString("utf8", one.offset, one.offset + one.length)))];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return `can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const TIMES = /At$/;

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/** What is known of a row of a database, without what is not: times as ISO texts. */
function known(value: object): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, one]) => !isNothing(one));
  return Object.fromEntries(
    entries.map(([name, one]) => [name, TIMES.test(name) && typeof one === "number" ? isoTime(one) : one]),
  );
}

function databaseRow(row: StoreRow): Row {
  const { key, record, transcriptPath: _path, transcriptWindow: _window, transcriptBy: _by, ...rest } = row;
  const { offset: _offset, length: _length, line: _line, ...stated } = rest;
  const place = transcriptOf(row);
  const facts = {
    ...known(stated),
    ...(record === undefined ? {} : known(record)),
    ...(place === null ? {} : { transcript: placeLabel(place) }),
  };
  return [key, rowText(facts)];
}

function textOf(rows: Iterable<Row>): { readonly text: string; readonly shown: number; readonly total: number } {
  const sorted = [...rows].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const lines: string[] = [];
  let room = MOST_SHOWN;
  for (const [key, text] of sorted) {
    room -= key.length + text.length;
    if (room < 0) break;
    lines.push(`  ${JSON.stringify(key)}: ${text}`);
  }
  return { text: `{\n${lines.join(",\n")}\n}\n`, shown: lines.length, total: sorted.length };
}

function summaryOf(store: Store, shown: number, total: number): string {
  const what = `${store.path} · ${size(store.bytes)} · ${count(total, "session")}, by their keys`;
  return escaped(shown === total ? what : `${what} · the first ${shown} of them: the rest is too much to be shown`);
}

/** Null when no store stands at this home-relative path. Throws FileError when it can't be read. */
export function storeDocument({ home, agents }: HomeSnapshot, path: string): DocumentContents | null {
  const stores = agents.flatMap(({ reading }) => [reading.store, ...reading.formerStores]);
  const store = stores.find((one) => one.path === path);
  if (store === undefined) return null;
  const rows = store.kind === "database" ? store.rows.map(databaseRow) : rowsOfFile(pathFrom(home.path, path));
  const { text, shown, total } = textOf(rows);
  return {
    version: createHash("sha256").update(text).digest("hex"),
    text,
    summary: summaryOf(store, shown, total),
    older: null,
    newer: null,
    newest: null,
    notes: [],
  };
}
