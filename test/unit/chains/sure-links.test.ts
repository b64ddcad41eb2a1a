// Links that need no weighing: each rule where it holds, and each reason for which it must keep silent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { uuid } from "../../support/model.ts";
import { archive, claim, inFileOf, KEY, linkOf, live, OTHER_KEY, rowOf } from "../../support/linking.ts";

const isSure = ({ certainty }: { readonly certainty: string | null }): boolean =>
  certainty === "recorded" || certainty === "derived";

describe("usage families", () => {
  const family = (...numbers: number[]) =>
    rowOf(KEY, numbers.at(-1) ?? 0, { familyKey: KEY, familyIds: numbers.map(uuid) });

  it("link their ids in order, as recorded", () => {
    const fragments = [archive(1, 0, 10), archive(2, 40, 50), live(3, 90)];
    const rows = [family(1, 2, 3)];
    assert.deepEqual(
      [2, 3]
        .map((number) => linkOf({ fragments, rows }, number))
        .map(({ from, certainty, evidence }) => ({
          from,
          certainty,
          evidence,
        })),
      [
        { from: 1, certainty: "recorded", evidence: ["store-family"] },
        { from: 2, certainty: "recorded", evidence: ["store-family"] },
      ],
    );
  });

  it("link over an id whose file is not here", () => {
    const fragments = [archive(1, 0, 10), live(3, 90)];
    assert.equal(linkOf({ fragments, rows: [family(1, 2, 3)] }, 3).from, 1);
  });

  it("say nothing of an id that two fragments carry", () => {
    const fragments = [archive(1, 0, 10), archive(1, 0, 12, { fileId: uuid(7) }), live(2, 90)];
    assert.equal(isSure(linkOf({ fragments, rows: [family(1, 2)] }, 2)), false);
  });

  it("never turn time back", () => {
    const fragments = [archive(1, 100, 110), live(2, 50)];
    assert.equal(linkOf({ fragments, rows: [family(1, 2)] }, 2).from, null);
  });

  it("let nothing follow a transcript that no reset put away", () => {
    const fragments = [live(1, 0), live(2, 90)];
    assert.equal(linkOf({ fragments, rows: [family(1, 2)] }, 2).from, null);
  });
});

describe("parent headers", () => {
  const child = live(2, 20, { parentSession: `/srv/elsewhere/${uuid(1)}.jsonl` });
  const parent = live(1, 0);

  it("link, as recorded, to the file that they name where both have the same key", () => {
    const { from, certainty, evidence } = linkOf(
      { fragments: [parent, child], rows: [rowOf(KEY, 2)], claims: [claim(KEY, 1)] },
      2,
    );
    assert.deepEqual([from, certainty, evidence], [1, "recorded", ["parent-header"]]);
  });

  it("link to the session id that they name", () => {
    const named = live(2, 20, { parentSession: uuid(1) });
    assert.equal(
      linkOf({ fragments: [parent, named], rows: [rowOf(KEY, 2)], claims: [claim(KEY, 1)] }, 2).certainty,
      "recorded",
    );
  });

  it("are no link where the key of one is unknown: a fork names its parent too", () => {
    assert.equal(linkOf({ fragments: [parent, child], rows: [rowOf(KEY, 2)] }, 2).from, null);
    assert.equal(linkOf({ fragments: [parent, child], claims: [claim(KEY, 1)] }, 2).from, null);
  });

  it("are no link between two keys", () => {
    assert.equal(
      linkOf({ fragments: [parent, child], rows: [rowOf(KEY, 2)], claims: [claim(OTHER_KEY, 1)] }, 2).from,
      null,
    );
  });

  it("let nothing follow the current transcript of a row", () => {
    assert.equal(linkOf({ fragments: [parent, child], rows: [rowOf(KEY, 1)], claims: [claim(KEY, 2)] }, 2).from, null);
  });

  it("that name themselves or nobody are no link", () => {
    for (const parentSession of [uuid(2), `${uuid(2)}.jsonl`, "", "gone.jsonl"]) {
      const odd = live(2, 20, { parentSession });
      assert.equal(linkOf({ fragments: [odd], rows: [rowOf(KEY, 2)] }, 2).from, null, parentSession);
    }
  });
});

describe("one file name, one header after the other", () => {
  const before = archive(1, 0, 10);

  it("is a derived link, with the same moment as a second witness where it is the same", () => {
    for (const { gap, evidence } of [
      { gap: 0, evidence: ["same-file-id", "archive-equals-header"] },
      { gap: 0.005, evidence: ["same-file-id", "archive-equals-header"] },
      { gap: 0.006, evidence: ["same-file-id"] },
      { gap: 60, evidence: ["same-file-id"] },
    ]) {
      const after = inFileOf(1, live(2, 10 + gap, { start: "header-only" }));
      const seen = linkOf({ fragments: [before, after] }, 2);
      assert.deepEqual([seen.from, seen.certainty, seen.evidence], [1, "derived", evidence], `gap ${gap} s`);
    }
  });

  it("holds through a whole row of archives of one name", () => {
    const fragments = [
      before,
      inFileOf(1, archive(2, 10, 30)),
      inFileOf(1, archive(3, 30, 50)),
      inFileOf(1, live(4, 50)),
    ];
    assert.deepEqual(
      [2, 3, 4].map((number) => linkOf({ fragments }, number).from),
      [1, 2, 3],
    );
  });

  it("says nothing of a header that is the archive's own: somebody put a copy back", () => {
    const fragments = [archive(1, 10, 10.003), live(1, 10)];
    assert.equal(isSure(linkOf({ fragments }, 1)), false);
  });

  it("says nothing when two were put away in the same moment", () => {
    const fragments = [before, inFileOf(1, archive(2, 1, 10.004)), inFileOf(1, live(3, 10.006, { start: "turn" }))];
    assert.equal(isSure(linkOf({ fragments }, 3)), false);
  });

  it("says nothing across two topics of one session id", () => {
    const topics = [archive(1, 0, 10, { topic: "1" }), inFileOf(1, live(2, 10, { topic: "2" }))];
    assert.equal(isSure(linkOf({ fragments: topics }, 2)), false);
  });

  it("never turns time back when the clock did", () => {
    const fragments = [before, inFileOf(1, live(2, 9))];
    assert.equal(linkOf({ fragments }, 2).from, null);
  });
});

describe("what is decided", () => {
  const family = rowOf(KEY, 3, { familyKey: KEY, familyIds: [uuid(1), uuid(3)] });

  it("stays: no second predecessor for a fragment that has one", () => {
    const fragments = [archive(1, 0, 10), archive(2, 10, 20), inFileOf(2, live(3, 20))];
    const seen = linkOf({ fragments, rows: [family] }, 3);
    assert.deepEqual([seen.from, seen.certainty], [1, "recorded"]);
  });

  it("stays: no second successor for an archive that has one", () => {
    const fragments = [archive(1, 0, 10), inFileOf(1, archive(2, 10, 20)), live(3, 30)];
    const rows = [family];
    assert.equal(linkOf({ fragments, rows }, 3).from, 1);
    assert.notEqual(linkOf({ fragments, rows }, 2).from, 1);
  });
});

describe("neighbours of one key", () => {
  const before = archive(1, 0, 10);
  const after = live(2, 12, { start: "new-notice" });
  const told = { rows: [rowOf(KEY, 2)], claims: [claim(KEY, 1)] };

  it("are linked, derived, with the evidence of their key", () => {
    const seen = linkOf({ fragments: [before, after], ...told }, 2);
    assert.deepEqual([seen.from, seen.certainty, seen.evidence], [1, "derived", ["trajectory", "trajectory"]]);
    assert.deepEqual([seen.key, seen.keyCertainty], [KEY, "recorded"]);
  });

  for (const start of ["reset-prompt", "new-notice", "reset-notice"] as const) {
    it(`are linked when the second opens as only a reset writes it: ${start}`, () => {
      assert.equal(linkOf({ fragments: [before, { ...after, start }], ...told }, 2).certainty, "derived");
    });
  }

  for (const start of ["header-only", "agent-turn", "turn", "unknown"] as const) {
    it(`are only likely when the key may have been deleted in between: ${start}`, () => {
      assert.equal(isSure(linkOf({ fragments: [before, { ...after, start }], ...told }, 2)), false);
    });
  }

  it("are only likely when the second begins later than a reset writes it", () => {
    const late = live(2, 10 + 16, { start: "new-notice" });
    const soon = live(2, 10 + 14, { start: "new-notice" });
    assert.equal(linkOf({ fragments: [before, late], ...told }, 2).certainty, "inferred");
    assert.equal(linkOf({ fragments: [before, soon], ...told }, 2).certainty, "derived");
  });

  it("are only likely when a fragment of unknown key fits between them", () => {
    for (const intruder of [
      archive(3, 10.5, 11.5),
      live(3, 11),
      archive(3, 11, 11.5, { kind: "deleted" }),
      // Times within 5 ms can't be told apart.
      archive(3, 9.996, 12.004),
    ]) {
      const seen = linkOf({ fragments: [before, intruder, after], ...told }, 2);
      assert.equal(isSure(seen), false, intruder.path);
    }
  });

  it("are linked when what lies between belongs to another key, or began before, or ends after", () => {
    const others = [
      { fragment: archive(3, 10.5, 11.5), claims: [claim(OTHER_KEY, 3)] },
      { fragment: archive(3, 9.9, 11.5), claims: [] },
      { fragment: archive(3, 10.5, 12.1), claims: [] },
    ];
    for (const { fragment, claims } of others) {
      const seen = linkOf({ fragments: [before, fragment, after], ...told, claims: [...told.claims, ...claims] }, 2);
      assert.deepEqual([seen.from, seen.certainty], [1, "derived"], fragment.path);
    }
  });

  it("are the nearest two of their key, never over a third", () => {
    const fragments = [before, archive(3, 20, 30, { start: "reset-prompt" }), live(2, 40, { start: "new-notice" })];
    const parts = { fragments, rows: told.rows, claims: [...told.claims, claim(KEY, 3)] };
    assert.deepEqual(
      [3, 2].map((number) => linkOf(parts, number).from),
      [1, 3],
    );
  });

  it("are no link when the first was deleted", () => {
    const deleted = { ...before, kind: "deleted" as const };
    assert.equal(linkOf({ fragments: [deleted, after], ...told }, 2).from, null);
  });
});
