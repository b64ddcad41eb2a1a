// The data of a timeline, asked of the server on homes of real releases: every fragment is a bar, every moment in its place.
import assert from "node:assert/strict";
import { after, describe, it, type TestContext } from "node:test";

import type { Engine } from "../../../src/engine/engine.ts";
import { allSessions } from "../../../src/engine/query.ts";
import { placeId } from "../../../src/model/fragment.ts";
import type { AgentSnapshot, HomeSnapshot } from "../../../src/model/snapshot.ts";
import { Method } from "../../../src/protocol/methods.ts";
import type { Timeline, TimelineDetails } from "../../../src/protocol/timeline.ts";
import { engineOn } from "../../support/engines.ts";
import { DATABASE_HOMES, FIXTURE_HOMES, fixtureHome } from "../../support/homes.ts";
import type { LspClient } from "../../support/lsp-client.ts";
import { served } from "../../support/server-world.ts";

const HOMES = [...FIXTURE_HOMES, ...DATABASE_HOMES];

async function ask(
  t: TestContext,
  name: Parameters<typeof fixtureHome>[1],
): Promise<{ engine: Engine; client: LspClient; home: HomeSnapshot }> {
  const engine = engineOn([fixtureHome(t, name)]);
  const world = await served(engine, { initializationOptions: {} });
  after(() => world.close());
  const { client } = world;
  await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
  return { engine, client, home: engine.snapshot?.homes[0] ?? assert.fail("no home") };
}

const timelineOf = (client: LspClient, { home }: HomeSnapshot, { reading }: AgentSnapshot): Promise<Timeline> =>
  client.ask(Method.timeline, { homeId: home.id, agent: reading.name });

async function detailsOf(client: LspClient, timeline: Timeline): Promise<TimelineDetails[]> {
  const all: TimelineDetails[] = [];
  for (const { session } of timeline.lanes) all.push(await client.ask(Method.timelineDetails, { session }));
  return all;
}

describe("a timeline", () => {
  for (const name of HOMES)
    it(`of ${name} has every fragment once, in its session's lane, inside its bounds`, async (t) => {
      const { client, home } = await ask(t, name);
      for (const agent of home.agents) {
        const timeline = await timelineOf(client, home, agent);
        const bars = timeline.lanes.flatMap((lane) => lane.bars.map(({ id }) => `${lane.session.sessionId} ${id}`));
        const expected = agent.sessions.flatMap(({ fragments, id }) =>
          fragments.map(({ fragment }) => `${id} ${placeId(fragment)}`),
        );
        assert.deepEqual(bars.toSorted(), expected.toSorted());
        for (const { from, to, label, facts, uri } of timeline.lanes.flatMap((lane) => lane.bars)) {
          assert.ok(from !== null && to !== null && from <= to && label !== "" && facts.length >= 3);
          assert.ok(timeline.from! <= from && to <= timeline.to!);
          assert.match(uri, /^(?:file|session-forensics-document):/);
        }
        for (const { marks } of timeline.lanes)
          assert.deepEqual(
            marks,
            marks.toSorted((a, b) => a.at - b.at),
          );
      }
    });

  it("marks each reset and each deletion where it happened", async (t) => {
    const { client, home } = await ask(t, "2026.5.12-random");
    for (const agent of home.agents) {
      const { lanes } = await timelineOf(client, home, agent);
      const marked = lanes.flatMap(({ marks }) => marks).filter(({ kind }) => kind === "reset" || kind === "deleted");
      const archives = agent.sessions
        .flatMap(({ fragments }) => fragments)
        .filter((one) => one.fragment.archivedAt !== null);
      assert.deepEqual(
        marked.map(({ at, kind }) => `${at} ${kind}`).toSorted(),
        archives.map(({ fragment }) => `${fragment.archivedAt} ${fragment.kind}`).toSorted(),
      );
      assert.ok(marked.length > 5 || agent.sessions.length < 5);
    }
  });

  it("of one session is its lane alone", async (t) => {
    const { engine, client, home } = await ask(t, "2026.5.12-random");
    const [hit] = allSessions(engine.snapshot!).filter(({ session }) => session.fragments.length > 1);
    const { session, agent } = hit!;
    const params = { homeId: home.home.id, agent: agent.reading.name, sessionId: session.id };
    const { lanes, title } = await client.ask(Method.timeline, params);
    assert.deepEqual(
      lanes.map((lane) => lane.session.sessionId),
      [session.id],
    );
    assert.match(title, /^Timeline of /);
  });

  it("shows a lock since when it was made, and a row that is not there is refused", async (t) => {
    const { client, home } = await ask(t, "2026.5.12-killed");
    const agent = home.agents.find(({ reading }) => reading.name === "main") ?? assert.fail();
    const { lanes } = await timelineOf(client, home, agent);
    const lane = lanes.find(({ label }) => label === "stuck") ?? assert.fail("no lane");
    assert.equal(lane.lock, "unknown");
    assert.ok(lane.marks.some(({ kind, uri }) => kind === "lock" && uri.endsWith(".lock")));
    await assert.rejects(client.ask(Method.timeline, { homeId: home.home.id, agent: "nobody" }));
  });
});

describe("what happened inside", () => {
  it("is told with the line that it stands in: compactions, errors, aborted turns", async (t) => {
    const kinds = new Set<string>();
    for (const name of ["2026.5.12-killed", "2026.9.6-clean", "2026.3.24-shadow"] as const) {
      const { client, home } = await ask(t, name);
      for (const agent of home.agents)
        for (const { marks, truncated } of await detailsOf(client, await timelineOf(client, home, agent))) {
          assert.equal(truncated, false);
          for (const { kind, label, line, uri } of marks) {
            kinds.add(kind);
            assert.ok(label !== "" && line !== null && line > 0 && uri !== "");
          }
        }
    }
    assert.deepEqual([...kinds].toSorted(), ["aborted", "compaction", "error"]);
  });

  it("has an arrow for each background exec, that says whether it crossed a reset", async (t) => {
    const { client, home } = await ask(t, "2026.3.24-random");
    const execs = [];
    for (const agent of home.agents)
      for (const details of await detailsOf(client, await timelineOf(client, home, agent)))
        execs.push(...details.execs);
    assert.ok(execs.some(({ crosses }) => crosses));
    assert.ok(execs.some(({ crosses, to }) => to !== null && !crosses));
    assert.ok(execs.some(({ to }) => to === null));
    for (const { certainty, from, to } of execs) {
      assert.equal(certainty === null, to === null);
      assert.ok(from.line !== null && (to === null || to.at >= from.at));
    }
  });
});
