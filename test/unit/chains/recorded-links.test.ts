import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { linkChains } from "../../../src/chains/link.ts";
import { type Fragment, placeOf } from "../../../src/model/fragment.ts";
import type { KeyClaim } from "../../../src/model/reading.ts";
import type { StoreRow } from "../../../src/model/store.ts";
import { agentReading, fragment, MINUTE, NOW, resetArchive, row, store, uuid } from "../../support/model.ts";

const DATABASE = "agents/main/agent/openclaw-agent.sqlite";

function window(session: number, fromSeq: number, given: Partial<Fragment> = {}): Fragment {
  const sessionId = uuid(session);
  return fragment({
    path: DATABASE,
    kind: "window",
    sessionId,
    fileId: null,
    window: { sessionId, fromSeq, toSeq: fromSeq + 9 },
    startedAt: NOW - 60 * MINUTE + fromSeq * 1000,
    ...given,
  });
}

/** The same with a predecessor that the database names. */
function after(previous: Fragment, one: Fragment): Fragment {
  const evidence = [{ kind: "window", text: "the database says so", path: DATABASE }] as const;
  return { ...one, recordedPrevious: { place: placeOf(previous), evidence } };
}

function claim(session: number, key: string): KeyClaim {
  return {
    key,
    sessionId: uuid(session),
    fileId: null,
    runId: null,
    at: null,
    source: "window",
    path: DATABASE,
    line: null,
  };
}

function current(key: string, { path, sessionId, window: extent }: Fragment, given: Partial<StoreRow> = {}): StoreRow {
  return row({
    key,
    sessionId,
    transcriptPath: path,
    ...(extent === undefined ? {} : { transcriptWindow: extent }),
    ...given,
  });
}

/** Chains as "session:fromSeq" or a file's id, with the certainty of each link. */
function chains(
  fragments: readonly Fragment[],
  rows: readonly StoreRow[],
  claims: readonly KeyClaim[] = [],
): string[][] {
  const agent = agentReading({ fragments, claims, store: store(rows, { path: DATABASE, kind: "database" }) });
  return linkChains(agent)
    .map((chain) =>
      chain.fragments.map(({ fragment: one, link }) => {
        const name = Number.parseInt(one.sessionId!.slice(-12), 16);
        return `${name}${one.window === undefined ? "" : `:${one.window.fromSeq}`}${link === null ? "" : ` ${link.certainty}`}`;
      }),
    )
    .toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
}

describe("a predecessor that the agent wrote down", () => {
  it("is linked, and the row means only the newest window", () => {
    const first = window(1, 0);
    const second = after(first, window(1, 10));
    assert.deepEqual(chains([second, first], [current("a", second)]), [["1:0", "1:10 recorded"]]);
  });

  it("counts more than clocks that went back", () => {
    const first = window(1, 0);
    const second = after(first, window(1, 10, { startedAt: first.startedAt! - 60 * MINUTE }));
    assert.deepEqual(chains([first, second], [current("a", second)]), [["1:0", "1:10 recorded"]]);
  });

  it("stays what it was while the window before it grows", () => {
    const first = window(1, 0);
    const second = after(first, window(1, 10));
    const grown = { ...first, window: { ...first.window!, toSeq: 5 } };
    assert.deepEqual(chains([grown, second], [current("a", second)]), [["1:0", "1:10 recorded"]]);
  });

  it("has one successor: who comes second stays apart", () => {
    const first = window(1, 0);
    const [second, third] = [after(first, window(2, 0)), after(first, window(3, 0))];
    const claims = [claim(1, "a"), claim(2, "a"), claim(3, "a")];
    assert.deepEqual(chains([first, second, third], [], claims), [["1:0", "2:0 recorded"], ["3:0"]]);
  });

  it("is never linked across keys, nor in a circle", () => {
    const source = window(1, 0);
    const fork = after(source, window(2, 0));
    assert.deepEqual(chains([source, fork], [current("a", source), current("b", fork)]), [["1:0"], ["2:0"]]);
    const [one, two] = [window(1, 0), window(2, 0)];
    assert.equal(chains([after(two, one), after(one, two)], []).length, 1);
  });

  it("that is not here leaves the place open", () => {
    assert.deepEqual(chains([after(window(9, 0), window(1, 0))], []), [["1:0"]]);
  });

  it("may be a file of before, named by its session id", () => {
    const left = resetArchive(uuid(7), NOW - 90 * MINUTE, { startedAt: NOW - 100 * MINUTE });
    const next = window(1, 0, { parentSession: uuid(7) });
    const rows = [current("a", next)];
    assert.deepEqual(chains([left, next], rows, [claim(7, "a")]), [["7", "1:0 recorded"]]);
    const [chain] = linkChains(
      agentReading({ fragments: [left, next], claims: [claim(7, "a")], store: store(rows, { path: DATABASE }) }),
    );
    assert.equal(chain?.fragments[1]?.link?.evidence[0]?.kind, "window");
  });
});

describe("a usage family", () => {
  it("links sessions of a database as a whole: the last window of one to the first of the next", () => {
    const [a, b] = [window(1, 0), window(2, 0, { startedAt: NOW - 30 * MINUTE })];
    const [a2, b2] = [after(a, window(1, 10)), after(b, window(2, 10, { startedAt: NOW - 20 * MINUTE }))];
    const rows = [current("a", b2, { familyKey: "a", familyIds: [uuid(1), uuid(2)] })];
    assert.deepEqual(chains([a, a2, b, b2], rows), [["1:0", "1:10 recorded", "2:0 recorded", "2:10 recorded"]]);
  });

  it("does not end a session that is still current under another key", () => {
    const [a, b] = [window(1, 0), window(2, 0)];
    const rows = [current("a", b, { familyKey: "a", familyIds: [uuid(1), uuid(2)] }), current("other", a)];
    assert.deepEqual(chains([a, b], rows), [["1:0"], ["2:0"]]);
  });
});
