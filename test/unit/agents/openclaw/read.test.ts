import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import type { ReadingContext } from "../../../../src/agents/program.ts";
import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { HomeIdentity } from "../../../../src/model/home.ts";
import type { AgentReading, HomeReading } from "../../../../src/model/reading.ts";
import { json, lines, link, temporaryTree, writeTree } from "../../../support/homes.ts";
import { homeTree, plainHome, row, sessionId, transcript, type Tree } from "../../../support/openclaw.ts";
import { memo, only, readingContext } from "../../../support/world.ts";

async function homesIn(folder: string, context: ReadingContext): Promise<HomeIdentity[]> {
  return (await openclaw.discover(context, only(folder))).homes;
}

async function read(folder: string, context = readingContext()): Promise<HomeReading> {
  const [home] = await homesIn(folder, context);
  assert.ok(home !== undefined);
  return openclaw.read(home, context);
}

function tree(test: TestContext, content: Tree): string {
  return temporaryTree(test, content);
}

function shape(agents: readonly AgentReading[]): unknown[] {
  return agents.map(({ name, sessionsPath, store, fragments }) => [
    name,
    sessionsPath,
    store.path,
    store.state,
    fragments.length,
  ]);
}

describe("the agents of a home", () => {
  it("are its folders, each with its store and transcripts", async (test) => {
    const state = tree(test, {
      "openclaw.json": "{}",
      agents: {
        main: { sessions: { "sessions.json": "{}", [`${sessionId(1)}.jsonl`]: transcript(sessionId(1)) } },
        ops: { sessions: {} },
        idle: { agent: {} },
        lab: { agent: { "openclaw-agent.sqlite": "" } },
        "file.txt": "",
      },
    });
    assert.deepEqual(shape((await read(state)).agents), [
      ["lab", "agents/lab/sessions", "agents/lab/agent/openclaw-agent.sqlite", "empty", 0],
      ["main", "agents/main/sessions", "agents/main/sessions/sessions.json", "ok", 1],
      ["ops", "agents/ops/sessions", "agents/ops/sessions/sessions.json", "missing", 0],
    ]);
  });

  it("may keep their stores where the config says, each or all together", async (test) => {
    const folder = tree(test, {
      data: {
        main: {
          "store.json": json({ "agent:main:x": row(sessionId(1)) }),
          [`${sessionId(1)}.jsonl`]: transcript(sessionId(1)),
          "store.json.lock": "",
        },
      },
    });
    const agents = { main: { agent: { "openclaw-agent.sqlite": "" } } };
    for (const store of [join(folder, "data/{agentId}/store.json"), join(folder, "data/main/store.json")]) {
      const state = tree(test, { "openclaw.json": JSON.stringify({ session: { store } }), agents });
      const reading = await read(state);
      const outside = reading.agents.find((agent) => agent.store.state === "ok");
      assert.deepEqual(outside === undefined ? null : shape([outside])[0], [
        "main",
        join(folder, "data/main"),
        join(folder, "data/main/store.json"),
        "ok",
        1,
      ]);
      assert.deepEqual(
        reading.locks.map(({ of, target }) => [of, target]),
        [["store", join(folder, "data/main/store.json")]],
      );
    }
  });

  it("leave sessions at the usual place when the config names another", async (test) => {
    const folder = tree(test, { data: { "sessions.json": "{}" } });
    const store = join(folder, "data/sessions.json");
    const state = tree(test, { ...plainHome(), "openclaw.json": JSON.stringify({ session: { store } }) });
    const { agents } = await read(state);
    assert.deepEqual(
      agents.map(({ name, store: { path }, fragments }) => [name, path, fragments.length]),
      [
        ["main", store, 0],
        ["main (usual place)", "agents/main/sessions/sessions.json", 1],
      ],
    );
    assert.deepEqual(
      agents[1]?.store.rows.map(({ transcriptBy }) => transcriptBy),
      ["session-id"],
    );
  });

  it("had one store for all in the oldest homes", async (test) => {
    const state = tree(test, {
      "clawdbot.json": "{}",
      sessions: { "sessions.json": json({ main: row(sessionId(1)) }) },
    });
    assert.deepEqual(shape((await read(state)).agents), [["main", "sessions", "sessions/sessions.json", "ok", 0]]);
  });

  it("that share one folder by a link are read once", async (test) => {
    const state = tree(test, {
      ...homeTree({}, { [`${sessionId(1)}.jsonl`]: transcript(sessionId(1)) }),
      agents: {
        main: { sessions: { "sessions.json": "{}", [`${sessionId(1)}.jsonl`]: transcript(sessionId(1)) } },
        ops: { sessions: link("../main/sessions") },
      },
    });
    const { agents } = await read(state);
    assert.deepEqual(
      agents.map(({ name, fragments }) => [name, fragments.length]),
      [
        ["main", 1],
        ["ops", 0],
      ],
    );
  });

  it("whose sessions folder leads out of the home are read, and say so", async (test) => {
    const folder = tree(test, {
      disk: { "sessions.json": "{}", [`${sessionId(1)}.jsonl`]: transcript(sessionId(1)) },
      state: { "openclaw.json": "{}", agents: { main: { sessions: link("../../../disk") } } },
    });
    const [agent] = (await read(join(folder, "state"))).agents;
    assert.deepEqual(
      [agent?.sessionsLinkTarget, agent?.fragments[0]?.path],
      [join(folder, "disk"), `agents/main/sessions/${sessionId(1)}.jsonl`],
    );
  });

  it("of a shadow that links to the canonical sessions show where they lead, and nothing twice", async (test) => {
    const home = plainHome();
    const state = tree(test, home);
    const shadow = join(state, "agents/main/agent/codex-home/home/.openclaw");
    writeTree(shadow, {
      "openclaw.json": "{}",
      agents: { main: { sessions: link(join(state, "agents/main/sessions")) } },
    });
    const context = readingContext();
    const found = (await homesIn(state, context)).find(({ role }) => role === "shadow");
    assert.ok(found !== undefined);
    const [agent] = (await openclaw.read(found, context)).agents;
    assert.deepEqual([agent?.sessionsLinkTarget, agent?.fragments.length], [join(state, "agents/main/sessions"), 0]);
  });
});

function gatewayLock(given: object): string {
  return JSON.stringify({ pid: 5, createdAt: "2026-11-21T00:33:19.443Z", ...given });
}

describe("companions, locks and claims", () => {
  it("stand beside the transcripts, by kind", async (test) => {
    const id = sessionId(1);
    const claim = { ts: "2026-11-21T00:20:50.218Z", sessionId: id, sessionKey: "agent:main:main", runId: "r" };
    const state = tree(
      test,
      homeTree(
        {},
        {
          [`${id}.trajectory.jsonl`]: lines(claim),
          [`${id}.trajectory-path.json`]: "{}",
          [`${id}.jsonl.lock`]: json({ pid: 1, createdAt: claim.ts }),
          "sessions.json.lock": "",
          "sessions.json.bak.1": "{}",
          "sessions.json.1.a.tmp": "{",
          [`${id}.jsonl.bak-1-2`]: "",
          "old.jsonl.migrated": "",
          "notes.txt": "",
          inner: { "x.jsonl": "" },
        },
      ),
    );
    const reading = await read(state);
    const [agent] = reading.agents;
    assert.deepEqual(
      agent?.companions.map(({ path, what }) => [path.slice("agents/main/sessions/".length), what]),
      [
        [`${id}.jsonl.bak-1-2`, "repair-backup"],
        [`${id}.trajectory-path.json`, "trajectory-pointer"],
        [`${id}.trajectory.jsonl`, "trajectory"],
        ["inner", "foreign"],
        ["notes.txt", "foreign"],
        ["old.jsonl.migrated", "migrated"],
        ["sessions.json.1.a.tmp", "store-temporary"],
        ["sessions.json.bak.1", "store-backup"],
      ],
    );
    assert.deepEqual(
      reading.locks.map(({ path, of, target, payload }) => [
        path.split("/").at(-1),
        of,
        target.split("/").at(-1),
        payload,
      ]),
      [
        [`${id}.jsonl.lock`, "transcript", `${id}.jsonl`, "ok"],
        ["sessions.json.lock", "store", "sessions.json", "empty"],
      ],
    );
    assert.deepEqual(agent?.claims, [
      {
        key: "agent:main:main",
        sessionId: id,
        runId: "r",
        at: Date.parse(claim.ts),
        line: 1,
        fileId: id,
        source: "trajectory",
        path: `agents/main/sessions/${id}.trajectory.jsonl`,
      },
    ]);
  });

  it("of the gateway are found in the temporary folder by the home they name, and in the home", async (test) => {
    const folder = tree(test, { state: plainHome(), tmp: {} });
    const state = join(folder, "state");
    writeTree(folder, {
      tmp: {
        "openclaw-0": {
          "gateway.aaaaaaaa.lock": gatewayLock({ configPath: join(state, "openclaw.json") }),
          "gateway.bbbbbbbb.lock": gatewayLock({ configPath: "/other/openclaw.json" }),
          "gateway.cccccccc.lock": gatewayLock({ configPath: "/etc/openclaw.json", stateDir: state }),
          "gateway.dddddddd.lock": "torn {",
        },
      },
      state: { tmp: { "openclaw-0": { "gateway.state.lock": gatewayLock({}), "gateway.state.lock.sqlite": "" } } },
    });
    const context = readingContext({ env: { TMPDIR: join(folder, "tmp") } });
    const { locks } = await read(state, context);
    assert.deepEqual(
      locks.map(({ path, of, target }) => [path, of, target]),
      [
        [join(folder, "tmp/openclaw-0/gateway.aaaaaaaa.lock"), "gateway", "."],
        [join(folder, "tmp/openclaw-0/gateway.cccccccc.lock"), "gateway", "."],
        ["tmp/openclaw-0/gateway.state.lock", "gateway", "."],
      ],
    );
  });
});

describe("reading again", () => {
  it("gives the same object when nothing changed, and reads nothing", async (test) => {
    const state = tree(test, plainHome());
    const facts = memo();
    const context = readingContext({}, facts);
    const [home] = await homesIn(state, context);
    assert.ok(home !== undefined);
    const first = await openclaw.read(home, context);
    const reads = facts.reads.length;
    assert.equal(await openclaw.read(home, context, first), first);
    assert.equal(facts.reads.length, reads);
    const without = await openclaw.read(home, context);
    assert.deepEqual(without, first);
    assert.equal(facts.reads.length, reads);
  });

  it("keeps the agents that did not change", async (test) => {
    const state = tree(test, {
      ...plainHome(),
      agents: { main: { sessions: { "sessions.json": "{}" } }, ops: { sessions: { "sessions.json": "{}" } } },
    });
    const context = readingContext();
    const [home] = await homesIn(state, context);
    assert.ok(home !== undefined);
    const first = await openclaw.read(home, context);
    writeTree(join(state, "agents/ops/sessions"), { [`${sessionId(9)}.jsonl`]: transcript(sessionId(9)) });
    const second = await openclaw.read(home, context, first);
    assert.equal(second.agents[0], first.agents[0]);
    assert.notEqual(second.agents[1], first.agents[1]);
    assert.equal(second.agents[1]?.fragments.length, 1);
  });
});
