// What differs between two lists, and what is made of one carried over to the other.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { keptAlong, succeeds } from "../../../src/model/lineage.ts";
import { listChanges, mappedAgain, sortedAgain } from "../../../src/model/list-changes.ts";
import { Random } from "../../support/random.ts";

interface Item {
  readonly name: number;
}

const items = (count: number): Item[] => Array.from({ length: count }, (_, name) => ({ name }));

/** The list with a few items replaced, taken out or put in. */
function disturbed(list: readonly Item[], random: Random): Item[] {
  const copy = [...list];
  for (let left = random.below(6); left > 0; left -= 1) {
    const fresh = Array.from({ length: random.below(3) }, () => ({ name: random.below(1000) }));
    copy.splice(random.below(copy.length + 1), random.below(3), ...fresh);
  }
  return copy;
}

describe("what differs between two lists", () => {
  it("is nothing between lists of the same objects", () => {
    const list = items(9);
    assert.deepEqual(listChanges(list, [...list]), []);
  });

  it("is told stretch by stretch, with what went and what came", () => {
    const list = items(9);
    const [one, two] = items(2);
    const now = [list[0]!, one!, ...list.slice(2, 5), ...list.slice(6), two!];
    assert.deepEqual(listChanges(list, now), [
      { from: 1, at: 1, removed: [list[1]], added: [one] },
      { from: 5, at: 5, removed: [list[5]], added: [] },
      { from: 9, at: 8, removed: [], added: [two] },
    ]);
  });

  it("is not told where all may count as new", () => {
    assert.equal(listChanges(items(100), items(100)), null);
  });
});

describe("what was made of a list", () => {
  it("becomes what would be made of the other, and is made for new items alone", () => {
    const random = new Random(7);
    const name = ({ name: own }: Item): string => `item ${own}`;
    for (let round = 0; round < 500; round += 1) {
      const before = items(40);
      const results = before.map(name);
      const now = disturbed(before, random);
      const asked: Item[] = [];
      const made = mappedAgain({ items: before, results }, now, (item) => (asked.push(item), name(item)));
      assert.deepEqual(made, now.map(name));
      assert.ok(asked.every((item) => !before.includes(item)));
    }
  });

  it("is the same array when nothing changed", () => {
    const before = items(3);
    const results = before.map(({ name }) => name);
    assert.equal(
      mappedAgain({ items: before, results }, [...before], () => NaN),
      results,
    );
  });

  it("stays sorted", () => {
    const random = new Random(11);
    const compare = (a: Item, b: Item): number => a.name - b.name;
    for (let round = 0; round < 500; round += 1) {
      const before = items(40);
      const now = [...new Map(disturbed(before, random).map((item) => [item.name, item])).values()];
      const removed = before.filter((item) => !now.includes(item));
      const added = now.filter((item) => !before.includes(item));
      assert.deepEqual(sortedAgain(before, removed, added, compare), now.toSorted(compare));
    }
  });

  it("is made anew where nothing says what the list came of, or too much differs", () => {
    const made: string[] = [];
    const total = keptAlong(
      (list: readonly Item[]) => {
        made.push("whole");
        return { sum: list.reduce((sum, { name }) => sum + name, 0) };
      },
      ({ sum }, changes) => {
        made.push("change");
        const part = (list: readonly Item[]): number => list.reduce((all, { name }) => all + name, 0);
        return { sum: changes.reduce((all, { added, removed }) => all + part(added) - part(removed), sum) };
      },
    );
    const first = items(60);
    const second = first.with(30, { name: 1000 });
    const [third, fourth] = [items(60), items(61)];
    assert.equal(total(first).sum, 1770);
    succeeds(second, first);
    assert.equal(total(second).sum, 2740);
    assert.equal(total(second), total(second));
    succeeds(third, second);
    assert.equal(total(third).sum, 1770);
    assert.equal(total(fourth).sum, 1830);
    assert.deepEqual(made, ["whole", "change", "whole", "whole"]);
  });
});
