// Where two known keys met in one chain, the weighed link with the longest gap between them is the one to cut.
import assert from "node:assert/strict";
import { test } from "node:test";

import { buildNodes, type KnownKey } from "../../../src/chains/node.ts";
import { KeyGroups } from "../../../src/chains/same-key.ts";
import { mixedLinks } from "../../../src/chains/separation.ts";
import { DecidedLinks } from "../../../src/chains/sure-links.ts";
import { archive, KEY, live, OTHER_KEY } from "../../support/linking.ts";

const known = (key: string): KnownKey => ({
  key,
  certainty: "recorded",
  evidence: { kind: "trajectory", text: "a trajectory line carries it" },
});

/** Four fragments one after the other, with gaps of 1, 5 and 2 seconds between them. */
const nodes = buildNodes([archive(1, 0, 10), archive(2, 11, 20), archive(3, 25, 30), live(4, 32)], []);

/** Successors whose links are to be cut, when each follows the one before; `sure` ones were decided already. */
function cuts(keys: readonly (string | null)[], sure: readonly number[] = []): number[] {
  const groups = new KeyGroups(keys.map((key) => (key === null ? null : known(key))));
  const decided = new DecidedLinks(nodes, groups);
  for (const to of sure) assert.ok(decided.take({ from: to - 1, to, certainty: "derived", evidence: [] }));
  return mixedLinks(nodes, groups, decided, (node) => (node === 0 || sure.includes(node) ? null : node - 1));
}

test("a chain of one key, or of none, is left alone", () => {
  assert.deepEqual(cuts([null, null, null, null]), []);
  assert.deepEqual(cuts([KEY, null, null, KEY]), []);
  assert.deepEqual(cuts([null, KEY, null, null]), []);
});

test("between two keys the longest gap is cut", () => {
  assert.deepEqual(cuts([KEY, null, null, OTHER_KEY]), [2]);
  assert.deepEqual(cuts([KEY, OTHER_KEY, null, null]), [1]);
  assert.deepEqual(cuts([null, null, KEY, OTHER_KEY]), [3]);
});

test("each change of key is cut once", () => {
  assert.deepEqual(cuts([KEY, OTHER_KEY, KEY, null]), [1, 2]);
});

test("what is decided is never cut", () => {
  assert.deepEqual(cuts([KEY, null, null, OTHER_KEY], [2]), [3]);
  assert.deepEqual(cuts([KEY, null, null, null], [1, 2]), []);
});
