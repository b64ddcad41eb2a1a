// Searching through the server: what is found comes before the answer, each line opens, and cancelling ends it.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

import { addressOf } from "../../../src/server/documents/addresses.ts";
import { Method, Notice } from "../../../src/protocol/methods.ts";
import type { FoundSession, SearchAnswer, SearchFound, SearchParams } from "../../../src/protocol/search.ts";
import { DATABASE, DatabaseHome } from "../../support/database-home.ts";
import { engineOn } from "../../support/engines.ts";
import { goodHome, IDS, MAIN } from "../../support/good-home.ts";
import { header, lines, message, temporaryTree } from "../../support/homes.ts";
import { homeTree, row, sessionId } from "../../support/openclaw.ts";
import { serverWorld, type ServerWorld } from "../../support/server-world.ts";

interface Found {
  readonly answer: SearchAnswer;
  readonly told: readonly SearchFound[];
  /** Parts of one session put together. */
  readonly sessions: readonly FoundSession[];
}

/** A server whose engine shows what lies in the home. */
async function serving(test: TestContext, home: string): Promise<ServerWorld> {
  const engine = engineOn([home]);
  const world = await serverWorld(await engine.scan());
  world.engine.transcript = (place, request) => engine.readTranscript(home, place, request);
  test.after(() => world.close());
  await world.client.until(() => world.engine.snapshot !== null, "a first scan");
  return world;
}

async function search({ client }: ServerWorld, params: Partial<SearchParams>): Promise<Found> {
  const answer = await client.ask(Method.search, { searchId: "1", text: "x", limit: 100, ...params });
  const told = client.notices.flatMap(({ method, params: given }) =>
    method === Notice.searchFound ? [given as SearchFound] : [],
  );
  const sessions = new Map<string, FoundSession>();
  for (const one of told.flatMap((found) => found.sessions)) {
    const before = sessions.get(one.ref.sessionId);
    const hits = [...(before?.hits ?? []), ...one.hits];
    sessions.set(one.ref.sessionId, { ...one, hits, names: [...(before?.names ?? []), ...one.names] });
  }
  return { answer, told, sessions: [...sessions.values()] };
}

describe("a search", () => {
  it("tells what it finds session by session, and how it ended", async (test) => {
    const home = goodHome(test);
    const { answer, sessions, told } = await search(await serving(test, home), { text: "THE release", searchId: "7" });
    assert.deepEqual([answer.hits, answer.sessions, answer.truncated], [3, 1, false]);
    assert.match(answer.summary, /^3 lines in 1 session; /);
    assert.ok(told.every(({ searchId }) => searchId === "7"));
    assert.deepEqual(
      sessions.map(({ description, label }) => [label, description]),
      [["main", `main · ${home}`]],
    );
    const [first, , last] = sessions[0]?.hits ?? [];
    assert.deepEqual([first?.source, first?.text, first?.highlights], ["user", "plan the release", [[5, 16]]]);
    assert.deepEqual([last?.fragment, last?.place, last?.line], ["now", `${MAIN}/${IDS.main}.jsonl:2`, 2]);
    assert.equal(fileURLToPath(last?.file.uri ?? ""), `${home}/${MAIN}/${IDS.main}.jsonl`);
  });

  it("leads into documents where no text file opens", async (test) => {
    const home = new DatabaseHome(test);
    const live = home.database.session("live");
    live.user("before");
    live.user("a needle");
    const gone = home.database.session("gone");
    gone.user("a needle in an archive");
    gone.delete({ sessionsFolder: home.sessionsFolder });
    home.database.close();
    const { sessions } = await search(await serving(test, home.path), { text: "needle" });
    const hits = sessions.flatMap((one) => one.hits);
    assert.deepEqual(
      hits.map(({ file, line }) => [addressOf(file.uri)?.what, line]),
      [
        ["transcript", 2],
        ["transcript", 3],
      ],
    );
  });

  it("leads into the right part of a file that is too large for an editor", async (test) => {
    const id = sessionId(1);
    const at = "2026-11-21T00:00:00.000Z";
    const texts = Array.from(
      { length: 24_000 },
      (_, number) => `${number % 1000 === 7 ? "a needle " : ""}${"hay ".repeat(250)}`,
    );
    const transcript = lines(header(id, at), ...texts.map((text) => message("user", text, at)));
    const home = temporaryTree(test, homeTree({ "agent:main:x": row(id) }, { [`${id}.jsonl`]: transcript }));
    const world = await serving(test, home);
    const { sessions } = await search(world, { text: "needle" });
    const hits = sessions.flatMap((one) => one.hits);
    assert.equal(hits.length, 24);
    assert.ok(hits.every(({ file }) => addressOf(file.uri)?.what === "transcript"));
    for (const { file, line } of hits) {
      const contents = await world.client.ask(Method.document, { uri: file.uri });
      assert.match(contents?.text.split("\n")[(line ?? 0) - 1] ?? "", /a needle/);
    }
  });

  it("is limited to a home or a session, and to a number of lines", async (test) => {
    const world = await serving(test, goodHome(test));
    const { answer, sessions } = await search(world, { text: "done", limit: 2 });
    assert.deepEqual([answer.hits, answer.truncated], [2, true]);
    assert.match(answer.summary, /there may be more/);
    const [session] = sessions;
    assert.ok(session !== undefined);
    assert.equal((await search(world, { text: "done", session: session.ref })).answer.sessions, 1);
    assert.equal((await search(world, { text: "done", homeId: "another" })).answer.hits, 0);
  });

  it("says plainly that nothing was found", async (test) => {
    const { answer, sessions } = await search(await serving(test, goodHome(test)), { text: "no such words" });
    assert.equal(sessions.length, 0);
    assert.match(answer.summary, /^Nothing found: "no such words" stands nowhere in /);
  });

  it("names what it could not search", async (test) => {
    const home = new DatabaseHome(test);
    home.database.session("live").user("a needle");
    home.database.close();
    const world = await serving(test, home.path);
    rmSync(`${home.path}/${DATABASE}`);
    const { answer, told } = await search(world, { text: "needle" });
    assert.equal(answer.hits, 0);
    assert.deepEqual(
      told.flatMap(({ unsearched }) => unsearched).map(({ file, reason }) => [file.path, reason]),
      [[`${home.path}/${DATABASE}`, "there is no such file"]],
    );
  });

  it("refuses an empty text, and one without end", async (test) => {
    await assert.rejects(search(await serving(test, goodHome(test)), { text: "  " }), /no text/);
    await assert.rejects(search(await serving(test, goodHome(test)), { text: "a".repeat(100_000) }), /8000 characters/);
  });
});
