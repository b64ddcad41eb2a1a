// Whole chains, where pairs alone leave a tie or go wrong.
import assert from "node:assert/strict";
import { test } from "node:test";

import { refine, type Stretch } from "../../../src/chains/refine.ts";

const ALONE = 20;
const stretch = (given: Partial<Stretch>): Stretch => ({
  startedAt: 0,
  key: -1,
  rowPosition: -1,
  endsIn: -1,
  options: [],
  alone: ALONE,
  ...given,
});
const to = (column: number, cost: number): Stretch["options"][number] => ({ column, cost });

/** Two old stretches that end in archives 0 and 1, begun at 10 and 20, and two current ones that may follow either. */
function twoRows(first: Partial<Stretch>, second: Partial<Stretch>, olds: Partial<Stretch>[] = [{}, {}]): Stretch[] {
  const options = [to(0, 1), to(1, 1)];
  return [
    stretch({ startedAt: 10, endsIn: 0, alone: 0, ...olds[0] }),
    stretch({ startedAt: 20, endsIn: 1, alone: 0, ...olds[1] }),
    stretch({ startedAt: 30, options, ...first }),
    stretch({ startedAt: 40, options, ...second }),
  ];
}

const STRAIGHT = [-1, -1, 0, 1];
const CROSSED = [-1, -1, 1, 0];

test("of two equal answers the one in which chains begin in the order of their rows is taken", () => {
  assert.deepEqual(refine(twoRows({ rowPosition: 0 }, { rowPosition: 1 }), 2, CROSSED, true), STRAIGHT);
  assert.deepEqual(refine(twoRows({ rowPosition: 1 }, { rowPosition: 0 }), 2, STRAIGHT, true), CROSSED);
});

test("where archives were pruned the order says nothing, and the answer stays", () => {
  assert.deepEqual(refine(twoRows({ rowPosition: 0 }, { rowPosition: 1 }), 2, CROSSED, false), CROSSED);
});

test("two keys don't meet in one chain, also when the pairs look better that way", () => {
  const stretches = twoRows({ key: 1, options: [to(0, 0), to(1, 5)] }, { key: 0 }, [{ key: 0 }, { key: 1 }]);
  assert.deepEqual(refine(stretches, 2, STRAIGHT, false), CROSSED);
});

test("keys that would meet over a stretch of unknown key are kept apart as well", () => {
  const stretches = [
    stretch({ startedAt: 10, key: 0, endsIn: 0, alone: 0 }),
    stretch({ startedAt: 20, endsIn: 1, options: [to(0, 1)] }),
    stretch({ startedAt: 30, key: 1, options: [to(1, 1)] }),
  ];
  const chosen = refine(stretches, 2, [-1, 0, 0], false);
  assert.equal(chosen[1] === 0 && chosen[2] === 0, false);
});

test("a cheaper whole is found though the start was worse, and never two followers of one archive", () => {
  const stretches = twoRows(
    { options: [to(0, 9), to(1, 1)], rowPosition: 1 },
    { options: [to(0, 1), to(1, 9)], rowPosition: 0 },
  );
  assert.deepEqual(refine(stretches, 2, STRAIGHT, true), CROSSED);
  assert.deepEqual(refine(stretches, 2, [-1, -1, -1, -1], true), CROSSED);
});

test("of equal answers the first one stays where no key meets another and the rows stand in order", () => {
  for (const initial of [STRAIGHT, CROSSED]) {
    assert.deepEqual(refine(twoRows({}, {}), 2, initial, true), initial);
    assert.deepEqual(refine(twoRows({ key: 0 }, { key: 1 }), 2, initial, true), initial);
  }
});

test("the same question gets the same answer", () => {
  const stretches = twoRows({ rowPosition: 1 }, { rowPosition: 0 });
  assert.deepEqual(refine(stretches, 2, STRAIGHT, true), refine(stretches, 2, STRAIGHT, true));
});

test("with nothing to choose, nothing changes", () => {
  assert.deepEqual(refine([stretch({}), stretch({ options: [to(0, 1)] })], 1, [-1, -1], true), [-1, -1]);
  assert.deepEqual(refine([], 0, [], true), []);
});
