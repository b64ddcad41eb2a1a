import assert from "node:assert/strict";
import { it } from "node:test";

import { EntryHolders, SEVERAL } from "../../../../../src/agents/openclaw/migration/entry-holders.ts";

it("knows the one holder of an entry, and that there are several", () => {
  const holders = new EntryHolders();
  holders.add(7n, 0);
  holders.add(7n, 0);
  holders.add(8n, 1);
  holders.add(8n, 2);
  assert.deepEqual([holders.get(7n), holders.get(8n), holders.get(9n), holders.size], [0, SEVERAL, undefined, 2]);
});

it("holds as many as there are, also where their hashes end alike", () => {
  const holders = new EntryHolders();
  const contents = Array.from({ length: 5000 }, (_, at) => (BigInt(at) << 40n) | BigInt(at % 3));
  contents.forEach((content, at) => holders.add(content, at));
  assert.equal(holders.size, contents.length);
  assert.ok(contents.every((content, at) => holders.get(content) === at));
});
