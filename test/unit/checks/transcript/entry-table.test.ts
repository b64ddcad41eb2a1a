import assert from "node:assert/strict";
import { test } from "node:test";

import { EntryTable, FLAG, wordsHash } from "../../../../src/checks/transcript/entry-table.ts";

const entry = (id: string, index: number, parent = index - 1): Parameters<EntryTable["add"]>[0] => ({
  id,
  parent,
  seq: index + 1,
  offset: index * 2 ** 33,
  size: index % 1000,
  flags: index % 7 === 0 ? FLAG.prompt : 0,
  words: wordsHash(id),
});

test("what was put in is found again, in tables that have grown many times", () => {
  const table = new EntryTable();
  const count = 40_000;
  for (let index = 0; index < count; index += 1) assert.equal(table.add(entry(index.toString(16), index)), index);
  assert.equal(table.length, count);
  for (let index = 0; index < count; index += 997) {
    assert.equal(table.find(index.toString(16)), index);
    assert.deepEqual(
      [table.parent(index), table.seq(index), table.offset(index), table.size(index), table.words(index)],
      [index - 1, index + 1, index * 2 ** 33, index % 1000, wordsHash(index.toString(16))],
    );
    assert.equal(table.has(index, FLAG.prompt), index % 7 === 0);
    assert.equal(table.has(index, FLAG.hasChild), index < count - 1);
  }
  for (const id of ["x", "", "40000", "00"]) assert.equal(table.find(id), -1);
});

test("an id means the last entry that has it", () => {
  const table = new EntryTable();
  table.add(entry("a", 0));
  table.add(entry("b", 1));
  table.add(entry("a", 2));
  assert.deepEqual([table.find("a"), table.find("b")], [2, 1]);
});
