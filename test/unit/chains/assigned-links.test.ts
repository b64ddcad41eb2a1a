// Links that a person set come before all other evidence, and nonsense among them changes nothing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { AssignedLink } from "../../../src/model/assigned-link.ts";
import {
  type AgentParts,
  archive,
  assignedLink,
  at,
  claim,
  KEY,
  linkOf,
  linksOf,
  live,
  OTHER_KEY,
  rowOf,
} from "../../support/linking.ts";
import { SESSIONS, uuid } from "../../support/model.ts";

const first = archive(1, 0, 10);
const other = archive(2, 1, 11);
const now = live(3, 12, { start: "new-notice" });

const parts = (assignedLinks: readonly AssignedLink[], given: Partial<AgentParts> = {}): AgentParts => ({
  fragments: [first, other, now],
  rows: [rowOf(KEY, 3)],
  assignedLinks,
  ...given,
});

describe("an assigned link", () => {
  test("stands where weighing would have chosen another one, with who said so and when", () => {
    for (const previous of [first, other]) {
      const seen = linkOf(parts([assignedLink(now, previous)]), 3);
      assert.equal(seen.from, previous === first ? 1 : 2);
      assert.equal(seen.certainty, "assigned");
      assert.deepEqual(seen.evidence, ["assigned"]);
      assert.deepEqual(seen.alternatives, []);
    }
  });

  test("gives its predecessor the key of what follows, whatever a trajectory says", () => {
    const seen = linksOf(parts([assignedLink(now, first)], { claims: [claim(OTHER_KEY, 1)] }));
    assert.equal(seen.get(1)?.key, KEY);
    assert.equal(seen.get(3)?.from, 1);
  });

  test("comes before what the agent recorded", () => {
    const family = rowOf(KEY, 3, { familyKey: KEY, familyIds: [uuid(2), uuid(3)] });
    assert.equal(linkOf(parts([], { rows: [family] }), 3).from, 2);
    assert.equal(linkOf(parts([assignedLink(now, first)], { rows: [family] }), 3).from, 1);
  });

  test("may say that nothing comes before: then no alternative is left either", () => {
    const seen = linkOf(parts([assignedLink(now, null)]), 3);
    assert.deepEqual([seen.from, seen.alternatives, seen.open], [null, [], null]);
  });

  test("gives a key to a chain that has none", () => {
    const seen = linksOf({
      fragments: [first, other],
      assignedLinks: [assignedLink(other, first, { key: OTHER_KEY })],
    });
    assert.deepEqual([seen.get(2)?.from, seen.get(2)?.key, seen.get(2)?.keyCertainty], [1, OTHER_KEY, "assigned"]);
  });

  test("holds where clocks say otherwise", () => {
    const early = live(4, -100);
    const seen = linkOf({ fragments: [first, early], assignedLinks: [assignedLink(early, first)] }, 4);
    assert.equal(seen.from, 1);
  });

  test("finds a transcript that was put away meanwhile, by its id", () => {
    const before = live(4, 12);
    const after = archive(4, 12, 20);
    const seen = linkOf({ fragments: [first, after], assignedLinks: [assignedLink(before, first)] }, 4);
    assert.equal(seen.certainty, "assigned");
  });

  test("the newest of two about one fragment counts", () => {
    const links = [assignedLink(now, first, { at: at(100) }), assignedLink(now, other, { at: at(200) })];
    assert.equal(linkOf(parts(links), 3).from, 2);
    assert.equal(linkOf(parts(links.toReversed()), 3).from, 2);
  });
});

describe("an assigned link that can't be true changes nothing", () => {
  const plain = linksOf(parts([]));
  const gone = live(9, 0);
  const cases: Readonly<Record<string, AssignedLink>> = {
    "its fragment is not here": assignedLink(gone, first),
    "its predecessor is not here": assignedLink(now, gone),
    "a fragment before itself": assignedLink(now, now),
    "the current transcript of a row as an earlier part": assignedLink(other, now),
    "a path without an id": {
      ...assignedLink(now, first),
      previous: { sessionId: null, path: `${SESSIONS}/../../../etc/passwd` },
    },
  };
  for (const [name, link] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(linksOf(parts([link])), plain));
  }

  test("a circle is cut", () => {
    const seen = linksOf({
      fragments: [first, other],
      assignedLinks: [assignedLink(first, other), assignedLink(other, first)],
    });
    assert.equal([...seen.values()].filter(({ from }) => from !== null).length, 1);
  });

  test("two successors of one archive: the newer link counts", () => {
    const second = live(4, 13);
    const links = [assignedLink(now, first, { at: at(1) }), assignedLink(second, first, { at: at(2) })];
    const seen = linksOf({ fragments: [first, now, second], assignedLinks: links });
    assert.equal(seen.get(4)?.certainty, "assigned");
    assert.notEqual(seen.get(3)?.certainty, "assigned");
  });
});
