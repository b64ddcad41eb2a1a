import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { byPath, exchanged } from "../../../../src/agents/openclaw/order.ts";

function items(...paths: string[]): { path: string }[] {
  return paths.map((path) => ({ path }));
}

describe("exchanging items in order", () => {
  const before = items("b", "d", "d", "f");
  const cases: [path: string, fresh: string[], after: string[]][] = [
    ["a", ["a"], ["a", "b", "d", "d", "f"]],
    ["c", ["c"], ["b", "c", "d", "d", "f"]],
    ["z", ["z"], ["b", "d", "d", "f", "z"]],
    ["d", [], ["b", "f"]],
    ["d", ["d", "d", "d"], ["b", "d", "d", "d", "f"]],
    ["f", [], ["b", "d", "d"]],
  ];
  for (const [path, fresh, after] of cases) {
    it(`${fresh.length} of ${path}`, () => {
      const result = exchanged(before, path, items(...fresh));
      assert.deepEqual(result, items(...after));
      assert.deepEqual(result.toSorted(byPath), result);
    });
  }

  it("leaves the list alone when there is nothing to exchange", () => {
    assert.equal(exchanged(before, "c", []), before);
    assert.deepEqual(exchanged([], "c", items("c")), items("c"));
  });
});
