// What rules look for among fragments, after growth and other changes: the same as sorted anew; and what is kept is kept rightly.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { keptWhile } from "../../../src/checks/kept.ts";
import { sortedFragments } from "../../../src/checks/sorted-fragments.ts";
import type { Fragment } from "../../../src/model/fragment.ts";
import { succeeds } from "../../../src/model/lineage.ts";
import type { AgentReading } from "../../../src/model/reading.ts";
import { agentReading, fragment, NOW, resetArchive, store, uuid } from "../../support/model.ts";

const BARE: Partial<Fragment> = { start: "header-only" };
const TORN: Partial<Fragment> = { tail: { state: "torn", offset: 10, bytes: 3, reason: "cut" } };

const live = (number: number, given: Partial<Fragment> = {}): Fragment =>
  fragment({
    sessionId: uuid(number),
    fileId: uuid(number),
    path: `agents/main/sessions/${uuid(number)}.jsonl`,
    ...given,
  });

const FIRST: readonly Fragment[] = [
  live(1),
  live(2, BARE),
  live(3, TORN),
  resetArchive(uuid(4), NOW - 5000, {}),
  resetArchive(uuid(5), NOW - 9000, {}),
];

/** What the agent has become. */
function grown(agent: AgentReading, fragments: readonly Fragment[]): AgentReading {
  succeeds(fragments, agent.fragments);
  return { ...agent, fragments };
}
const sortedAnew = (fragments: readonly Fragment[]) => sortedFragments(agentReading({ fragments, store: store([]) }));

describe("sorted fragments", () => {
  const changes: readonly (readonly [what: string, after: readonly Fragment[]])[] = [
    ["a transcript grew", FIRST.with(0, live(1, { bytes: 99_999 }))],
    ["a header got its first turn", FIRST.with(1, live(2, { bytes: 99_999 }))],
    ["a transcript was wiped", FIRST.with(0, live(1, BARE))],
    ["a turn waits for its answer", FIRST.with(0, live(1, { turn: "waits-for-model" }))],
    ["a torn end was finished", FIRST.with(2, live(3))],
    ["an end was torn", FIRST.with(0, live(1, TORN))],
    ["a transcript was put away", FIRST.with(0, resetArchive(uuid(1), NOW - 20_000, {}))],
    ["one came", [...FIRST, live(6)]],
    ["one went", FIRST.slice(1)],
    ["one went and another came", FIRST.with(0, live(7))],
  ];
  for (const [what, after] of changes) {
    it(`are the same as sorted anew after ${what}`, () => {
      const agent = agentReading({ fragments: FIRST, store: store([]) });
      sortedFragments(agent);
      assert.deepEqual(sortedFragments(grown(agent, after)), sortedAnew(after));
      assert.deepEqual(sortedFragments(agent), sortedAnew(FIRST));
    });
  }

  it("keep the places of live transcripts while these only grow", () => {
    const agent = agentReading({ fragments: FIRST, store: store([]) });
    const { livePlaces } = sortedFragments(agent);
    const bigger = grown(agent, FIRST.with(0, live(1, { bytes: 99_999 })));
    assert.equal(sortedFragments(bigger).livePlaces, livePlaces);
    assert.notEqual(sortedFragments(grown(bigger, FIRST.slice(1))).livePlaces, livePlaces);
  });
});

describe("a kept value", () => {
  it("is computed again when any of its parts is another object, and only then", () => {
    let computed = 0;
    const sum = keptWhile((...parts: [{ value: number }, ...{ value: number }[]]) => {
      computed += 1;
      return parts.reduce((total, { value }) => total + value, 0);
    });
    const [one, two] = [{ value: 1 }, { value: 2 }];
    assert.deepEqual([sum(one, two), sum(one, two), computed], [3, 3, 1]);
    assert.deepEqual([sum(one, { value: 5 }), sum(one), sum(two, one), computed], [6, 1, 3, 4]);
  });
});
