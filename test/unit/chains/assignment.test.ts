// Assignment at the least total cost, held against trying everything on hundreds of small problems.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assign, type AssignmentProblem, type Option } from "../../../src/chains/assignment.ts";
import { Random } from "../../support/random.ts";

const PROBLEMS = 600;
const TOLERANCE = 1e-9;

function problem(seed: number): AssignmentProblem {
  const random = new Random(seed);
  const columns = random.below(5) + 1;
  const cost = (): number => (random.chance(0.3) ? random.below(4) : random.next() * 20 - 8);
  const options = Array.from({ length: random.below(6) + 1 }, () =>
    Array.from({ length: columns }, (_, column) => column)
      .filter(() => random.chance(0.7))
      .map((column): Option => ({ column, cost: cost() })),
  );
  return { columns, options, alone: options.map(cost) };
}

/** The least total there is, by trying all; `fixed` leaves a row one choice only (-1: alone). */
function leastTotal({ options, alone }: AssignmentProblem, fixed?: { row: number; column: number }): number {
  const taken = new Set<number>();
  const from = (row: number): number => {
    if (row === options.length) return 0;
    const may = (column: number): boolean => fixed?.row !== row || fixed.column === column;
    let least = may(-1) ? alone[row]! + from(row + 1) : Infinity;
    for (const { column, cost } of options[row]!) {
      if (taken.has(column) || !may(column)) continue;
      taken.add(column);
      least = Math.min(least, cost + from(row + 1));
      taken.delete(column);
    }
    return least;
  };
  return from(0);
}

function totalOf({ options, alone }: AssignmentProblem, column: Int32Array): number {
  return options.reduce((total, own, row) => {
    if (column[row] === -1) return total + alone[row]!;
    const option = own.find((one) => one.column === column[row]);
    assert.ok(option !== undefined, "a row was given a column that it has no option for");
    return total + option.cost;
  }, 0);
}

test("no other assignment costs less, and no column serves two rows", () => {
  for (let seed = 1; seed <= PROBLEMS; seed += 1) {
    const given = problem(seed);
    const { column } = assign(given);
    const used = [...column].filter((one) => one !== -1);
    assert.equal(new Set(used).size, used.length, `problem ${seed}`);
    const [total, least] = [totalOf(given, column), leastTotal(given)];
    assert.ok(Math.abs(total - least) < TOLERANCE, `problem ${seed}: ${total} where ${least} is possible`);
  }
});

test("a regret is at most what the choice would truly cost more, and 0 for what was chosen", () => {
  for (let seed = 1; seed <= PROBLEMS; seed += 1) {
    const given = problem(seed);
    const { column, regret, regretAlone } = assign(given);
    const least = leastTotal(given);
    given.options.forEach((own, row) => {
      const choices = [
        ...own.map((option) => ({ column: option.column, bound: regret(row, option) })),
        { column: -1, bound: regretAlone(row) },
      ];
      for (const choice of choices) {
        const more = leastTotal(given, { row, column: choice.column }) - least;
        assert.ok(choice.bound <= more + TOLERANCE, `problem ${seed}, row ${row}: ${choice.bound} for ${more}`);
        assert.ok(choice.bound >= 0);
        if (choice.column === column[row]) assert.ok(choice.bound < TOLERANCE, `problem ${seed}, row ${row}`);
      }
    });
  }
});

test("a greedy choice is not taken where it spoils the whole", () => {
  const options = [
    [
      { column: 0, cost: 0 },
      { column: 1, cost: 1 },
    ],
    [{ column: 0, cost: 0.5 }],
  ];
  assert.deepEqual([...assign({ columns: 2, options, alone: [50, 50] }).column], [1, 0]);
});

test("rows without options, and no rows at all, are problems too", () => {
  assert.deepEqual([...assign({ columns: 3, options: [[], []], alone: [1, 2] }).column], [-1, -1]);
  assert.deepEqual([...assign({ columns: 0, options: [], alone: [] }).column], []);
});
