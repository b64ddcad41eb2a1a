// Tools and briefs through the server: the same answers as those of the MCP server, and refusals that say what to do.
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";

import { asObject, asText } from "../../../src/formats/json-values.ts";
import { Method } from "../../../src/protocol/methods.ts";
import { engineOn } from "../../support/engines.ts";
import { fixtureHome } from "../../support/homes.ts";
import { serverWorld, type ServerWorld } from "../../support/server-world.ts";

const KEY = "agent:main:incident";

async function serving(test: TestContext): Promise<ServerWorld> {
  const home = fixtureHome(test, "2026.3.24-shadow");
  const engine = engineOn([home]);
  const world = await serverWorld(await engine.scan());
  world.engine.transcript = (place, request) => engine.readTranscript(home, place, request);
  world.engine.provenance = await engine.execs(home, "main");
  test.after(() => world.close());
  await world.client.until(() => world.engine.snapshot !== null, "a first scan");
  return world;
}

describe("a tool that the editor's model calls", () => {
  it("gives the prior work from the fresh session's key alone", async (test) => {
    const { client } = await serving(test);
    const input = { session: KEY, brief: true };
    const { failed, text } = await client.ask(Method.tool, { name: "session_history", input });
    assert.equal(failed, false);
    const answer = asObject(JSON.parse(text)) ?? {};
    assert.equal(answer["archivedMessagesAvailable"], true);
    assert.match(asText(answer["brief"]) ?? "", /> Start the build/);
  });

  it("says what to do instead when it can't", async (test) => {
    const { client } = await serving(test);
    const nobody = await client.ask(Method.tool, { name: "session_history", input: { session: "nobody" } });
    assert.equal(nobody.failed, true);
    assert.match(nobody.text, /Call list_sessions/);
    const senseless = await client.ask(Method.tool, { name: "session_history", input: "nonsense" });
    assert.equal(senseless.failed, true);
    await assert.rejects(client.ask(Method.tool, { name: "none", input: {} }), /There is no tool none/);
  });
});

describe("a continuation brief", () => {
  it("is that of the session asked for", async (test) => {
    const { client } = await serving(test);
    const { sessions } = await client.ask(Method.findSessions, { query: KEY, limit: 10 });
    const session = sessions.find(({ key }) => key === KEY) ?? assert.fail("no session");
    const { text, truncated } = await client.ask(Method.brief, { session: session.ref });
    assert.match(text, /^# Continuation brief for `agent:main:incident`/);
    assert.match(text, /echo build-finished-A` .*started .*told /);
    assert.equal(truncated, false);
  });

  it("of a session that is gone is refused", async (test) => {
    const { client, engine } = await serving(test);
    const homeId = engine.snapshot?.homes[0]?.home.id ?? "";
    const session = { homeId, agent: "main", sessionId: "gone" };
    await assert.rejects(client.ask(Method.brief, { session }), /There is no session gone/);
  });
});
