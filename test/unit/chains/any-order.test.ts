// Odd agents and big ones: every fragment exactly once, the same answer for every order of listing, and soon.
import assert from "node:assert/strict";
import { test } from "node:test";

import { writtenKeys } from "../../../src/chains/keys.ts";
import { linkChains } from "../../../src/chains/link.ts";
import { buildNodes } from "../../../src/chains/node.ts";
import { composeSessions } from "../../../src/chains/sessions.ts";
import type { Fragment } from "../../../src/model/fragment.ts";
import type { AgentReading } from "../../../src/model/reading.ts";
import { agentOf, archive, claim, inFileOf, KEY, live, rowOf } from "../../support/linking.ts";
import { uuid } from "../../support/model.ts";
import { Random } from "../../support/random.ts";
import { simulate } from "../../support/simulated-agent.ts";

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.below(rest.length), 1)[0]!);
}

/** Lists in which no order is meant; the rows of a store stand in the order of their creation. */
function listedAnew(agent: AgentReading, random: Random): AgentReading {
  return { ...agent, fragments: shuffled(agent.fragments, random), claims: shuffled(agent.claims, random) };
}

function sessionsOf(agent: AgentReading): string {
  return JSON.stringify(composeSessions(agent, linkChains(agent)));
}

function pathsShown(agent: AgentReading): string[] {
  return composeSessions(agent, linkChains(agent))
    .flatMap(({ fragments, checkpoints }) => [...fragments.map(({ fragment }) => fragment), ...checkpoints])
    .map(({ path }) => path)
    .toSorted();
}

const odd: readonly Fragment[] = [
  archive(1, 0, 10),
  // The same header id twice: somebody copied an archive under another name.
  inFileOf(7, archive(1, 0, 10)),
  // The same file name in the same millisecond.
  inFileOf(1, archive(2, 10, 10)),
  // Put away before it began: the clock went back.
  archive(3, 500, 400),
  live(4, -500),
  live(5, 0, { startedAt: null, endedAt: null, sessionId: null, header: { state: "empty" } }),
  live(6, 0, {
    startedAt: null,
    sessionId: null,
    fileId: uuid(6),
    header: { state: "bad", reason: "torn", offset: 3 },
  }),
  live(8, 10, { parentSession: `${uuid(4)}.jsonl` }),
  archive(9, 0, 10, { kind: "checkpoint" }),
  archive(10, 0, 10, { kind: "deleted" }),
  live(11, 1e10),
].map((fragment, index) => ({ ...fragment, path: `${fragment.path}${index === 1 ? ".copy" : ""}` }));

test("every fragment of an odd agent stands in exactly one session", () => {
  const agent = agentOf({ fragments: odd, rows: [rowOf(KEY, 4), rowOf("agent:main:gone", 99)] });
  assert.deepEqual(pathsShown(agent), odd.map(({ path }) => path).toSorted());
});

test("fragments of the same times stand in the order of their paths", () => {
  const twins = [archive(2, 0, 10), archive(1, 0, 10), archive(3, 0, 10)];
  const paths = (fragments: readonly Fragment[]): string[] =>
    buildNodes(fragments, []).map(({ fragment }) => fragment.path);
  assert.deepEqual(paths(twins), twins.map(({ path }) => path).toSorted());
  assert.deepEqual(paths(twins.toReversed()), paths(twins));
});

test("the order of listing never matters", () => {
  const agents = [
    agentOf({ fragments: odd, rows: [rowOf(KEY, 4)] }),
    ...[1, 2, 3].flatMap((seed) =>
      (["2026.3.24", "2026.5.12"] as const).map(
        (release) =>
          simulate({ release, seed, keys: 10, operations: 120, paceMs: 1500, trajectories: seed !== 2 }).agent,
      ),
    ),
  ];
  const random = new Random(11);
  for (const agent of agents) {
    const expected = sessionsOf(agent);
    for (let times = 0; times < 4; times += 1) assert.equal(sessionsOf(listedAnew(agent, random)), expected);
  }
});

for (const release of ["2026.3.24", "2026.5.12"] as const) {
  test(
    `2,000 fragments of one agent, ${release}: linked in a moment, in any order of listing`,
    { timeout: 20_000 },
    () => {
      const life = { release, seed: 5, keys: 60, operations: 4600, paceMs: 20_000 };
      const { agent } = simulate({ ...life, trajectories: release === "2026.5.12" });
      assert.ok(agent.fragments.length >= 2000, `${agent.fragments.length}`);
      const expected = sessionsOf(agent);
      assert.equal(sessionsOf(listedAnew(agent, new Random(3))), expected);
      assert.deepEqual(pathsShown(agent), agent.fragments.map(({ path }) => path).toSorted());
    },
  );
}

test("2,000 fragments of which some keys are written: none meets another in a chain", { timeout: 20_000 }, () => {
  const life = simulate({
    release: "2026.3.24",
    seed: 7,
    keys: 60,
    operations: 4600,
    paceMs: 1500,
    trajectories: false,
  });
  const claims = life.agent.fragments
    .filter((_, index) => index % 3 === 0)
    .map((one) => claim(life.keyOf.get(one.path)!, 0, { sessionId: one.sessionId, fileId: one.fileId }));
  const agent = { ...life.agent, claims };
  for (const { nodes } of linkChains(agent)) {
    const keys = writtenKeys(nodes, agent).flatMap((known) => (known === null ? [] : [known.key]));
    assert.ok(new Set(keys).size <= 1, `${keys.join(", ")} in one chain`);
  }
});

test("thousands of resets in one second are linked in a moment, keys apart", { timeout: 20_000 }, () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => index + 1);
  const fragments = numbers.flatMap((number) => [
    archive(number, 0, 100 + (number % 50) / 100),
    live(5000 + number, 100.2 + (number % 40) / 100, { start: "reset-prompt" }),
  ]);
  const rows = numbers.map((number) => rowOf(`agent:main:key-${number}`, 5000 + number));
  const chains = linkChains(agentOf({ fragments, rows }));
  for (const { nodes } of chains) assert.ok(nodes.filter(({ row }) => row !== null).length <= 1);
  assert.equal(chains.flatMap(({ nodes }) => nodes).length, 2000);
});
