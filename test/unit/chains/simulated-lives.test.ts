// Hundreds of made-up lives of an agent: what linking calls sure is never wrong, and what it does not know it leaves open.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { linkChains } from "../../../src/chains/link.ts";
import type { LinkedFragment } from "../../../src/model/session.ts";
import { type LifeOptions, simulate, type SimulatedLife } from "../../support/simulated-agent.ts";

const LIVES = 60;

interface World {
  readonly name: string;
  readonly options: Omit<LifeOptions, "seed">;
  /** Least share of true links that must be named; what is possible differs with what the release wrote down. */
  readonly recall: number;
}

const BUSY = { keys: 12, operations: 80, paceMs: 1500 };
const QUIET = { keys: 6, operations: 80, paceMs: 30 * 60_000 };

const WORLDS: readonly World[] = [
  { name: "2026.3.24, busy", options: { release: "2026.3.24", trajectories: false, ...BUSY }, recall: 0.6 },
  { name: "2026.3.24, quiet", options: { release: "2026.3.24", trajectories: false, ...QUIET }, recall: 0.75 },
  { name: "2026.5.12, busy", options: { release: "2026.5.12", trajectories: true, ...BUSY }, recall: 0.97 },
  { name: "2026.5.12, quiet", options: { release: "2026.5.12", trajectories: true, ...QUIET }, recall: 0.95 },
  {
    name: "2026.5.12, busy, trajectories removed",
    options: { release: "2026.5.12", trajectories: false, ...BUSY },
    recall: 0.9,
  },
];

for (const { name, options, recall } of WORLDS) {
  describe(name, () => {
    const lives = Array.from({ length: LIVES }, (_, seed) => simulate({ ...options, seed: seed + 1 }));
    const linked = lives.map((life) => ({ life, chains: linkChains(life.agent) }));

    test("every fragment stands in exactly one chain", () => {
      for (const { life, chains } of linked) {
        const shown = chains.flatMap((chain) => chain.fragments.map(({ fragment }) => fragment.path));
        assert.deepEqual(shown.toSorted(), life.agent.fragments.map(({ path }) => path).toSorted());
      }
    });

    test("a chain goes forward in time, step by step, and never mixes keys", () => {
      for (const { life, chains } of linked) {
        for (const { fragments, nodes } of chains) {
          fragments.forEach(({ link, fragment }, index) => {
            const before = fragments[index - 1]?.fragment;
            assert.equal(link?.previous.path, before?.path);
            if (before !== undefined) assert.ok(before.archivedAt! <= fragment.startedAt! + 5);
          });
          const rows = nodes.flatMap(({ row }) => (row === null ? [] : [row.key]));
          assert.ok(rows.length <= 1, `${rows.join()} in one chain of ${life.agent.name}`);
        }
      }
    });

    test("a recorded or derived link is never wrong, nor is a key that rests on such links", () => {
      for (const { life, chains } of linked) {
        for (const { fragments, key } of chains) {
          let sureKey = key === null || key.certainty === "inferred" ? null : key.key;
          for (const one of fragments.toReversed()) {
            if (isSure(one))
              assert.equal(one.link?.previous.path, life.previous.get(one.fragment.path), one.fragment.path);
            if (sureKey !== null) assert.equal(sureKey, life.keyOf.get(one.fragment.path), one.fragment.path);
            if (!isSure(one)) sureKey = null;
          }
        }
      }
    });

    test(`at least ${recall} of the true links are named, and nearly all of the others stand among the alternatives`, () => {
      const all = linked.flatMap(({ life, chains }) =>
        chains.flatMap((chain) => chain.fragments.map((one) => ({ one, truth: truthOf(life, one) }))),
      );
      const links = all.filter(({ truth }) => truth !== null);
      const right = links.filter(({ one, truth }) => one.link?.previous.path === truth);
      const offered = links.filter(({ one, truth }) => one.alternatives.some(({ path }) => path === truth));
      assert.ok(right.length / links.length >= recall, `${right.length} of ${links.length}`);
      assert.ok(
        (right.length + offered.length) / links.length >= 0.98,
        `${offered.length} offered of ${links.length - right.length}`,
      );
    });
  });
}

function isSure({ link }: LinkedFragment): boolean {
  return link !== null && link.certainty !== "inferred";
}

function truthOf(life: SimulatedLife, { fragment }: LinkedFragment): string | null {
  return life.previous.get(fragment.path) ?? null;
}
