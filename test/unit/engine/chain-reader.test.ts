// Chains read page by page from their newest end: nothing twice, nothing left out, whatever the fragments lie in.
import assert from "node:assert/strict";
import { appendFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { Engine } from "../../../src/engine/engine.ts";
import { allSessions, type SessionHit } from "../../../src/engine/query.ts";
import {
  LostCursorError,
  readChain,
  type ChainEntry,
  type ChainRequest,
} from "../../../src/engine/reading/chain-reader.ts";
import { decodeCursor, encodeCursor } from "../../../src/engine/reading/cursor.ts";
import type { TranscriptEntry } from "../../../src/model/entry.ts";
import { placeId, placeOf } from "../../../src/model/fragment.ts";
import { DatabaseHome } from "../../support/database-home.ts";
import { engineOn } from "../../support/engines.ts";
import { DATABASE_HOMES, FIXTURE_HOMES, fixtureHome } from "../../support/homes.ts";

const HOMES = [...FIXTURE_HOMES, ...DATABASE_HOMES];

const nameOf = ({ fragment, seq }: ChainEntry): string => `${placeId(fragment.fragment)} ${seq}`;

/** All entries of the chain by pages, oldest first; each cursor goes through its text. */
async function paged(engine: Engine, hit: SessionHit, request: ChainRequest): Promise<ChainEntry[]> {
  const pages: ChainEntry[][] = [];
  for (let before = request.before; ;) {
    const page = await readChain(engine, hit, before === undefined ? request : { ...request, before });
    pages.unshift([...page.entries]);
    assert.ok(page.entries.length === request.most || page.older === null);
    if (page.older === null) return pages.flat();
    before = decodeCursor(encodeCursor(page.older)) ?? assert.fail("a cursor that can't be read");
  }
}

/** The same, forwards, fragment by fragment. */
async function forwards(engine: Engine, { home, session }: SessionHit): Promise<string[]> {
  const names: string[] = [];
  for (const { fragment } of session.fragments) {
    const { events } = await engine.readTranscript(home.home.path, placeOf(fragment), {
      mostEvents: 1e6,
      mostBytes: 1e9,
    });
    names.push(...events.map(({ seq }) => `${placeId(fragment)} ${seq}`));
  }
  return names;
}

async function hitsIn(
  t: TestContext,
  fixture: Parameters<typeof fixtureHome>[1],
): Promise<{ engine: Engine; hits: SessionHit[]; path: string }> {
  const path = fixtureHome(t, fixture);
  const engine = engineOn([path]);
  return { engine, hits: allSessions(await engine.scan()), path };
}

describe("a chain", () => {
  for (const fixture of HOMES)
    it(`of ${fixture} is read whole, in pages of any size`, async (t) => {
      const { engine, hits } = await hitsIn(t, fixture);
      assert.ok(hits.length > 0);
      for (const hit of hits) {
        const expected = await forwards(engine, hit);
        for (const most of [1, 7, 10_000]) assert.deepEqual((await paged(engine, hit, { most })).map(nameOf), expected);
      }
    });

  it("says that there is more only where there is", async (t) => {
    const { engine, hits } = await hitsIn(t, "2026.5.12-random");
    const accepts = ({ author }: TranscriptEntry): boolean => author === "person";
    for (const hit of hits) {
      const all = await paged(engine, hit, { most: 1000, accepts });
      if (all.length === 0) continue;
      const page = await readChain(engine, hit, { most: all.length, accepts });
      assert.deepEqual([page.entries.length, page.older], [all.length, null]);
    }
  });

  it("without its archives is its newest fragment", async (t) => {
    const { engine, hits } = await hitsIn(t, "2026.5.12-random");
    const hit = hits.find(({ session }) => session.fragments.length > 2) ?? assert.fail("no chain");
    const page = await readChain(engine, hit, { most: 10_000, archived: false });
    assert.deepEqual([...new Set(page.entries.map(({ fragment }) => fragment))], [hit.session.fragments.at(-1)]);
    assert.equal(page.older, null);
  });

  it("goes on where it was although the session grew, and was reset, meanwhile", async (t) => {
    const { engine, hits, path } = await hitsIn(t, "2026.5.12-random");
    const isLive = ({ session }: SessionHit): boolean =>
      session.key !== null && session.fragments.at(-1)?.fragment.kind === "live" && session.fragments.length > 1;
    const hit = hits.find(isLive) ?? assert.fail("no live chain");
    const all = (await paged(engine, hit, { most: 1000 })).map(({ entry }) => entry);
    const { older } = await readChain(engine, hit, { most: 2 });
    const live = hit.session.fragments.at(-1)!.fragment;
    const file = join(path, live.path);
    appendFileSync(file, '{"type":"message","id":"zz","message":{"role":"user","content":"more"}}\n');
    renameSync(file, `${file}.reset.2026-11-22T00-00-00.000Z`);
    const again = allSessions(await engine.scan()).find(({ session }) =>
      session.fragments.some(({ fragment }) => fragment.sessionId === live.sessionId),
    );
    const rest = await readChain(engine, again ?? assert.fail("lost"), { most: 1000, before: older ?? assert.fail() });
    assert.deepEqual(
      rest.entries.map(({ entry }) => entry),
      all.slice(0, -2),
    );
  });

  it("names a fragment that can't be read, and reads the others", async (t) => {
    const { engine, hits, path } = await hitsIn(t, "2026.5.12-random");
    const hit = hits.find(({ session }) => session.fragments.length > 2) ?? assert.fail("no chain");
    const [first] = hit.session.fragments;
    rmSync(join(path, first!.fragment.path));
    const { entries, unread } = await readChain(engine, hit, { most: 10_000 });
    assert.deepEqual(
      unread.map(({ fragment }) => fragment),
      [first],
    );
    assert.ok(entries.length > 0);
  });

  it("has no place for a cursor of another chain", async (t) => {
    const { engine, hits } = await hitsIn(t, "2026.5.12-random");
    const before = { fragment: "nowhere.jsonl", sessionId: null, before: 1 };
    await assert.rejects(readChain(engine, hits[0]!, { most: 1, before }), LostCursorError);
  });

  it("of windows in a database counts lines from each window's first", async (t) => {
    const home = new DatabaseHome(t);
    const session = home.database.session("one");
    for (let turn = 0; turn < 600; turn += 1) session.user(`turn ${turn}`);
    session.reset();
    session.user("after");
    home.database.close();
    const engine = engineOn([home.path]);
    const [hit] = allSessions(await engine.scan());
    const entries = await paged(engine, hit!, { most: 100 });
    assert.deepEqual(entries.map(nameOf), await forwards(engine, hit!));
    for (const { fragment, line } of entries.slice(0, 1))
      assert.deepEqual([line, fragment], [1, hit!.session.fragments[0]]);
    assert.equal(entries.find(({ fragment }) => fragment === hit!.session.fragments[1])?.line, 1);
  });
});

describe("a cursor", () => {
  for (const text of [
    "",
    "!",
    "e30",
    Buffer.from("[1,2,3]").toString("base64url"),
    Buffer.from("{}").toString("base64url"),
  ])
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(decodeCursor(text), null));
});
