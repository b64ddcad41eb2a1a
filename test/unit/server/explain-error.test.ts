// A pasted message, asked of the server on a real home: the readable text, the sentence, the places that it leads to.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";

import { Method } from "../../../src/protocol/methods.ts";
import type { ExplainErrorAnswer } from "../../../src/protocol/explaining.ts";
import { engineOn } from "../../support/engines.ts";
import { fixtureHome } from "../../support/homes.ts";
import { served } from "../../support/server-world.ts";

const LOCK = "agents/main/sessions/b714ba31-e33b-431b-9810-4df416795511.jsonl.lock";

async function explained(
  t: TestContext,
  text: (home: string) => string,
): Promise<ExplainErrorAnswer & { home: string }> {
  const home = fixtureHome(t, "2026.5.12-killed");
  const world = await served(engineOn([home]), { initializationOptions: {} });
  after(() => world.close());
  const { client } = world;
  await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
  return { ...(await client.ask(Method.explainError, { text: text(home) })), home };
}

describe("a pasted message", () => {
  it("leads to the lock, and to the transcript behind it", async (t) => {
    const message = (home: string): string => `session file locked (timeout 60000ms): pid=13529 ${join(home, LOCK)}`;
    const { document, home, places, summary } = await explained(t, message);
    assert.equal(summary, "It is so now (agent:main:stuck): the lock is unknown.");
    assert.deepEqual(
      places.map(({ label, uri }) => [label, uri.replace(`file://${home}/`, "")]),
      [
        ["Lock", LOCK],
        ["Transcript", LOCK.replace(/\.lock$/, "")],
      ],
    );
    const linked = document.links.map(({ line, start, end }) => document.text.split("\n")[line]?.slice(start, end));
    assert.ok(linked.includes(join(home, LOCK)));
  });

  it("that nobody knows leads nowhere, and says so", async (t) => {
    const { document, places, repair, summary } = await explained(t, () => "I feel sick");
    assert.equal(summary, "This wording is not known here.");
    assert.deepEqual([places, repair], [[], null]);
    assert.match(document.text, /not known here/);
  });
});
