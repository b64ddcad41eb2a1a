// What sure evidence leaves open: the likeliest whole, its alternatives, and what is never weighed at all.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { linkChains } from "../../../src/chains/link.ts";
import { agentOf, archive, at, claim, KEY, linkOf, linksOf, live, OTHER_KEY, rowOf } from "../../support/linking.ts";
import { uuid } from "../../support/model.ts";

describe("a place that only times and beginnings tell of", () => {
  it("gets the likeliest archive, inferred, and keeps the other as an alternative", () => {
    const fragments = [archive(1, 0, 100), archive(2, 0, 99), live(3, 100.2, { start: "reset-prompt" })];
    const { from, certainty, alternatives, evidence } = linkOf({ fragments }, 3);
    assert.deepEqual([from, certainty, alternatives], [1, "inferred", [2]]);
    assert.deepEqual(evidence, ["start-marker", "time-window"]);
  });

  it("names the store row's start time among its evidence", () => {
    const rows = [rowOf(KEY, 2, { sessionStartedAt: at(100) })];
    const seen = linkOf({ fragments: [archive(1, 0, 100), live(2, 130)], rows }, 2);
    assert.deepEqual(seen.evidence, ["row-start-time", "time-window"]);
  });

  it("goes to the whole that fits best, not to the nearest archive first", () => {
    const fragments = [
      archive(1, 0, 100),
      archive(2, 0, 100.1),
      live(3, 100.2, { start: "reset-prompt" }),
      live(4, 100.4, { start: "reset-prompt" }),
    ];
    const seen = linksOf({ fragments });
    assert.deepEqual(new Set([seen.get(3)?.from, seen.get(4)?.from]), new Set([1, 2]));
    assert.deepEqual(
      [3, 4].map((number) => seen.get(number)?.alternatives.length),
      [1, 1],
    );
  });

  it("never leads in a circle, though fragments of the same few milliseconds could each follow the other", () => {
    const fragments = [
      archive(1, 100, 100.001, { start: "reset-prompt" }),
      archive(2, 100.001, 100.002, { start: "reset-prompt" }),
      archive(3, 100.002, 100.003, { start: "reset-prompt" }),
    ];
    const numbers = linkChains(agentOf({ fragments })).flatMap((chain) => chain.fragments);
    assert.equal(numbers.length, 3);
  });

  it("goes to the archive in which the same person wrote", () => {
    const peers = { fragments: [archive(1, 0, 99.9, { peer: "ann" }), archive(2, 0, 99.8, { peer: "bob" })] };
    for (const [peer, from] of [
      ["ann", 1],
      ["bob", 2],
    ] as const) {
      const fragments = [...peers.fragments, live(3, 100, { start: "reset-prompt", peer })];
      const seen = linkOf({ fragments }, 3);
      assert.equal(seen.from, from, peer);
      assert.deepEqual(seen.evidence, ["start-marker", "peer", "time-window"]);
    }
  });

  it("stays open where nothing that was put away before it is left, and says so", () => {
    const seen = linkOf({ fragments: [live(1, 50, { start: "reset-notice" }), archive(2, 0, 60)] }, 1);
    assert.deepEqual([seen.from, seen.alternatives], [null, []]);
    assert.match(seen.open ?? "", /no archive that was put away before it/);
  });

  it("stays open where it is likelier that nothing precedes it, and keeps what could", () => {
    const rows = [rowOf("agent:main:cron:5c0a", 2)];
    const seen = linkOf({ fragments: [archive(1, 0, 10), live(2, 2000)], rows }, 2);
    assert.deepEqual([seen.from, seen.alternatives], [null, [1]]);
    assert.match(seen.open ?? "", /1 archive could precede it/);
  });

  it("is no question at all for a first turn with nothing before it", () => {
    const seen = linkOf({ fragments: [live(1, 0)] }, 1);
    assert.deepEqual([seen.from, seen.open, seen.alternatives], [null, null, []]);
  });
});

describe("what is never weighed", () => {
  const late = live(3, 100, { start: "reset-prompt" });

  it("an archive that was put away after the fragment began", () => {
    const seen = linkOf({ fragments: [archive(1, 0, 100.006), late] }, 3);
    assert.deepEqual([seen.from, seen.alternatives], [null, []]);
  });

  it("a deleted transcript, a live one, and a copy", () => {
    const fragments = [
      archive(1, 0, 99, { kind: "deleted" }),
      live(2, 10),
      archive(4, 0, 99, { kind: "checkpoint" }),
      archive(5, 0, 99, { kind: "backup" }),
      late,
    ];
    const seen = linkOf({ fragments }, 3);
    assert.deepEqual([seen.from, seen.alternatives], [null, []]);
  });

  it("an archive of another key, not even as an alternative", () => {
    const parts = { fragments: [archive(1, 0, 99), late], rows: [rowOf(KEY, 3)], claims: [claim(OTHER_KEY, 1)] };
    assert.deepEqual(linkOf(parts, 3).alternatives, []);
    assert.equal(linkOf(parts, 3).from, null);
  });

  it("an archive of another key, also beside one that may be", () => {
    const fragments = [archive(1, 0, 99), archive(2, 0, 98), late];
    const seen = linkOf({ fragments, rows: [rowOf(KEY, 3)], claims: [claim(OTHER_KEY, 1)] }, 3);
    assert.deepEqual([seen.from, seen.alternatives], [2, []]);
  });

  it("an archive that one of its own key follows between", () => {
    const fragments = [archive(1, 0, 50), archive(2, 60, 90), live(3, 100)];
    const parts = { fragments, rows: [rowOf(KEY, 3)], claims: [claim(KEY, 1), claim(KEY, 2)] };
    const seen = linkOf(parts, 3);
    assert.deepEqual([seen.from, seen.alternatives], [2, []]);
  });

  it("a fragment between two of one key that does not end before the second begins", () => {
    const fragments = [archive(1, 0, 50), archive(2, 55, 200), live(3, 100)];
    const parts = { fragments, rows: [rowOf(KEY, 3)], claims: [claim(KEY, 1)] };
    assert.deepEqual([linkOf(parts, 2).from, linkOf(parts, 2).alternatives], [null, []]);
  });

  it("a fragment whose header can't be read, which says so", () => {
    const torn = live(3, 100, {
      startedAt: null,
      sessionId: uuid(3),
      header: { state: "bad", reason: "torn", offset: 0 },
    });
    const seen = linkOf({ fragments: [archive(1, 0, 99), torn] }, 3);
    assert.equal(seen.from, null);
    assert.match(seen.open ?? "", /header can't be read/);
  });
});

describe("keys are never mixed", () => {
  it("when two are reset within the same millisecond", () => {
    const fragments = [
      archive(1, 0, 100),
      archive(2, 0, 100),
      live(3, 100.2, { start: "reset-prompt" }),
      live(4, 100.2, { start: "reset-prompt" }),
    ];
    const seen = linksOf({
      fragments,
      rows: [rowOf(KEY, 3), rowOf(OTHER_KEY, 4)],
      claims: [claim(OTHER_KEY, 1), claim(KEY, 2)],
    });
    assert.deepEqual(
      [3, 4].map((number) => seen.get(number)).map((one) => [one?.from, one?.certainty, one?.alternatives]),
      [
        [2, "derived", []],
        [1, "derived", []],
      ],
    );
  });

  it("when resets of unknown keys fall into one millisecond: either is possible, none is sure", () => {
    const fragments = [
      archive(1, 0, 100),
      archive(2, 0, 100),
      live(3, 100.2, { start: "reset-prompt" }),
      live(4, 100.2, { start: "reset-prompt" }),
    ];
    const seen = linksOf({ fragments, rows: [rowOf(KEY, 3), rowOf(OTHER_KEY, 4)] });
    const [third, fourth] = [seen.get(3)!, seen.get(4)!];
    assert.deepEqual([third.certainty, fourth.certainty], ["inferred", "inferred"]);
    assert.notEqual(third.from, fourth.from);
    assert.deepEqual([third.alternatives, fourth.alternatives], [[fourth.from], [third.from]]);
  });

  it("over a fragment of unknown key that could follow one and precede the other", () => {
    const fragments = [
      archive(1, 0, 100),
      archive(2, 100.2, 200, { start: "reset-prompt" }),
      live(3, 200.2, { start: "reset-prompt" }),
    ];
    const chains = linkChains(agentOf({ fragments, rows: [rowOf(KEY, 3)], claims: [claim(OTHER_KEY, 1)] }));
    assert.equal(chains.length, 2);
    for (const { nodes, key } of chains) {
      const written = nodes.flatMap(({ fragment }) =>
        fragment.sessionId === uuid(1) ? [OTHER_KEY] : fragment.sessionId === uuid(3) ? [KEY] : [],
      );
      assert.deepEqual(new Set(written), new Set([key?.key]));
    }
  });
});

describe("the key of a chain", () => {
  it("is as sure as its evidence up to a weighed link, and only inferred beyond", () => {
    const fragments = [archive(1, 0, 100), live(2, 100.2, { start: "reset-prompt" })];
    assert.equal(linkOf({ fragments, rows: [rowOf(KEY, 2)] }, 2).keyCertainty, "recorded");
    const known = linkOf({ fragments, claims: [claim(KEY, 1)] }, 2);
    assert.deepEqual([known.key, known.keyCertainty, known.certainty], [KEY, "inferred", "inferred"]);
  });

  it("is that of the row which waits for its next turn since the archive was put away", () => {
    const rows = [rowOf(KEY, 9, { sessionStartedAt: at(100) }), rowOf(OTHER_KEY, 8, { sessionStartedAt: at(500) })];
    const seen = linkOf({ fragments: [archive(1, 0, 100.04)], rows }, 1);
    assert.deepEqual([seen.key, seen.keyCertainty], [KEY, "inferred"]);
  });

  it("is not that of a waiting row when another key is written for the archive", () => {
    const rows = [rowOf(KEY, 9, { sessionStartedAt: at(100) })];
    const seen = linkOf({ fragments: [archive(1, 0, 100.04)], rows, claims: [claim(OTHER_KEY, 1)] }, 1);
    assert.deepEqual([seen.key, seen.keyCertainty], [OTHER_KEY, "recorded"]);
  });

  it("is unknown where nothing is written", () => {
    assert.equal(linkOf({ fragments: [archive(1, 0, 100)] }, 1).key, null);
  });
});
