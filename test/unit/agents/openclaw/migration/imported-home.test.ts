/** What the real OpenClaw 2026.9.6 makes of a real home of 2026.5.12 when its doctor imports it. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import { it, type TestContext } from "node:test";

import { openclaw } from "../../../../../src/agents/openclaw/index.ts";
import { createEngine } from "../../../../../src/engine/create-engine.ts";
import type { HomeSnapshot } from "../../../../../src/model/snapshot.ts";
import { temporaryTree, treeState } from "../../../../support/homes.ts";
import { only, world } from "../../../../support/world.ts";

const FIXTURE = resolve(import.meta.dirname, "../../../../fixtures/openclaw/2026.9.6-imported/state");
const ARCHIVE = "agents/lab/session-sqlite-import-archive";
const SESSIONS = "agents/lab/sessions";
/** Put off by the import, as its header does not match its name, and moved into the archive all the same. */
const PUT_OFF = `${ARCHIVE}/archive-tier.boot-2026-11-21_00-53-25-025-3203801f.jsonl.imported-1795239071423`;

async function imported(test: TestContext): Promise<HomeSnapshot> {
  const path = temporaryTree(test, {});
  cpSync(FIXTURE, join(path, "state"), { recursive: true, preserveTimestamps: true });
  const before = treeState(path);
  const engine = createEngine({
    programs: [openclaw],
    world: world(),
    given: only(join(path, "state")),
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: () => {},
  });
  const { homes } = await engine.scan();
  await engine.close();
  assert.deepEqual(treeState(path), before);
  return homes[0]!;
}

it("what was imported is covered, and only what was not is an only copy", async (test) => {
  const { agents, findings } = await imported(test);
  const { coverage } = agents[0]!.reading;
  const relations = coverage.map(({ fragment, relation }) => [fragment.path, relation]);
  assert.deepEqual(
    relations.filter(([, relation]) => relation === "covered").map(([path]) => path),
    [
      `${ARCHIVE}/agent_lab_main.5950a987-4f17-4fd0-bafc-9a6d3ce1e030.jsonl.imported-1795239071421`,
      `${ARCHIVE}/agent_lab_support.e703c503-0b27-4c13-af66-943475944a63.jsonl.imported-1795239071421`,
    ],
  );
  const alone = findings.filter(({ code }) => code === "migration/only-copy");
  assert.deepEqual(
    alone.map(({ path }) => path),
    [
      PUT_OFF,
      `${SESSIONS}/1a8fec65-5964-4fd6-9ea2-17afc39c8a82.jsonl.reset.2026-11-21T00-54-04.650Z`,
      `${SESSIONS}/39bcbf09-10e9-4fd7-9450-e7bc3a463d00.jsonl.reset.2026-11-21T00-54-02.794Z`,
      `${SESSIONS}/c9818907-9baa-421f-aff2-07de30a619b7.jsonl.reset.2026-11-21T00-53-24.005Z`,
      `${SESSIONS}/e703c503-0b27-4c13-af66-943475944a63.jsonl.reset.2026-11-21T00-54-06.460Z`,
    ],
  );
  assert.match(alone[0]!.message, /`openclaw update cleanup` keeps it as long as no run of the migration records/);
});

it("a transcript that the import put off is named, with the run that did", async (test) => {
  const { findings } = await imported(test);
  const [halfDone] = findings.filter(({ code }) => code === "migration/half-done");
  assert.match(halfDone?.message ?? "", /It put off: 1 × historical_transcript_deferred\./);
  assert.ok(
    halfDone?.evidence.some(
      ({ text }) => text === `historical_transcript_deferred: ${SESSIONS}/boot-2026-11-21_00-53-25-025-3203801f.jsonl`,
    ),
  );
});

it("the chains go on from the archives into the database", async (test) => {
  const { agents } = await imported(test);
  const chains = Object.fromEntries(
    agents[0]!.sessions
      .filter(({ row }) => row !== null)
      .map(({ key, fragments }) => [
        key,
        fragments.map(
          ({ fragment, link }) => `${fragment.kind} ${fragment.sessionId?.slice(0, 8)} ${link?.certainty ?? "first"}`,
        ),
      ]),
  );
  assert.deepEqual(chains, {
    "agent:lab:main": ["reset c9818907 first", "reset 1a8fec65 recorded", "window 5950a987 recorded"],
    "agent:lab:support": ["reset 39bcbf09 first", "reset e703c503 derived", "window a0c3e412 derived"],
  });
});
