// docs/repairs.md says of every repair what it does and what it never does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";

import { FINDING_KINDS } from "../../../src/checks/codes.ts";
import { REPAIRS } from "../../../src/repairs/kinds.ts";
import { repairsPage } from "../../../src/repairs/repairs-page.ts";

test("the page is the table, written out (npm run docs)", () => {
  const page = resolve(import.meta.dirname, "../../../docs/repairs.md");
  assert.equal(readFileSync(page, "utf8"), repairsPage());
});

test("every repair is offered for findings that there are", () => {
  const codes = new Set(Object.keys(FINDING_KINDS));
  for (const { id, codes: own } of REPAIRS) for (const code of own) assert.ok(codes.has(code), `${id}: ${code}`);
});

test("ids are unique, and every text is a sentence", () => {
  assert.equal(new Set(REPAIRS.map(({ id }) => id)).size, REPAIRS.length);
  for (const { id, does, never } of REPAIRS) for (const text of [does, never]) assert.match(text, /^[A-Z].*\.$/s, id);
});
