import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it, type TestContext } from "node:test";

import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { KeyClaim } from "../../../../src/model/reading.ts";
import { fixtureHome, fixtureTruth, temporaryTree, treeState } from "../../../support/homes.ts";
import { homeTree, row, sessionId, transcript } from "../../../support/openclaw.ts";
import { only, readingContext } from "../../../support/world.ts";

const PROMPT = "A new session was started via /new or /reset. Execute your Session Startup sequence now";

function records(home: string, path: string, runs: readonly { key: string; at: number; task: string }[]): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  const database = new DatabaseSync(join(home, path));
  database.exec("CREATE TABLE task_runs (task_id TEXT, owner_key TEXT, run_id TEXT, created_at INTEGER, task TEXT)");
  const insert = database.prepare("INSERT INTO task_runs VALUES (?, ?, ?, ?, ?)");
  runs.forEach(({ at, key, task }, index) => insert.run(`${index}`, key, `run-${index}`, at, task));
  database.close();
}

async function claims(home: string): Promise<KeyClaim[]> {
  const context = readingContext();
  const [identity] = (await openclaw.discover(context, only(home))).homes;
  const reading = await openclaw.read(identity!, context);
  return reading.agents.flatMap((agent) => agent.claims).filter(({ source }) => source === "task-run");
}

function smallHome(test: TestContext): string {
  return temporaryTree(
    test,
    homeTree({ "agent:main:main": row(sessionId(1)) }, { [`${sessionId(1)}.jsonl`]: transcript(sessionId(1)) }),
  );
}

describe("records of runs", () => {
  it("claim what began a session anew, for the agent that it belongs to", async (test) => {
    for (const path of ["tasks/runs.sqlite", "state/openclaw.sqlite"]) {
      const home = smallHome(test);
      records(home, path, [
        { key: "agent:main:main", at: 5000, task: PROMPT },
        { key: "agent:ops:main", at: 6000, task: PROMPT },
        { key: "agent:main:main", at: 7000, task: "an ordinary turn" },
      ]);
      const before = treeState(home);
      assert.deepEqual(await claims(home), [
        {
          key: "agent:main:main",
          sessionId: null,
          fileId: null,
          runId: "run-0",
          at: 5000,
          source: "task-run",
          path,
          line: null,
        },
      ]);
      assert.deepEqual(treeState(home), before);
    }
  });

  it("that can't be read claim nothing", async (test) => {
    const home = temporaryTree(test, {
      ...homeTree({ "agent:main:main": row(sessionId(1)) }, {}),
      tasks: { "runs.sqlite": "no database at all" },
    });
    assert.deepEqual(await claims(home), []);
  });

  it("of a real release speak of keys that truly were", async (test) => {
    const home = fixtureHome(test, "2026.5.12-random");
    const { sessionKeys } = fixtureTruth("2026.5.12-random") as { sessionKeys: Record<string, unknown> };
    const found = await claims(home);
    assert.ok(found.length > 0);
    assert.ok(found.every(({ key }) => Object.hasOwn(sessionKeys, key)));
  });
});
