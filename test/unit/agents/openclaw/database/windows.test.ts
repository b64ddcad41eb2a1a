import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { evidenceText } from "../../../../../src/model/evidence.ts";
import type { Session } from "../../../../../src/model/session.ts";
import { DATABASE, DatabaseHome, extentsOf } from "../../../../support/database-home.ts";

function byKey(sessions: readonly Session[], key: string): Session {
  const session = sessions.find((one) => one.key === `agent:main:${key}`);
  assert.ok(session !== undefined, key);
  return session;
}

describe("the windows of a session", () => {
  it("are what stands between its resets, each linked to the one before by the reset", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("incident");
    session.user("the build hangs");
    session.assistant("let me look");
    const reset = session.reset("new");
    session.user("/new");
    session.user("another topic");
    session.reset("reset");
    const agent = await home.agent();
    assert.deepEqual(extentsOf(agent.fragments), ["0-2", "3-5", "6-6"]);
    assert.deepEqual(
      agent.fragments.map(({ kind, start, firstUserText, sessionId }) => [kind, start, firstUserText, sessionId]),
      [
        ["window", "turn", "the build hangs", session.id],
        ["window", "reset-event", "another topic", session.id],
        ["window", "reset-event", null, session.id],
      ],
    );
    const chain = byKey(await home.sessions(), "incident").fragments;
    assert.deepEqual(
      chain.map(({ fragment, link }) => [fragment.window?.fromSeq, link?.certainty, link?.previous.window?.fromSeq]),
      [
        [0, undefined, undefined],
        [3, "recorded", 0],
        [6, "recorded", 3],
      ],
    );
    const [evidence] = chain[1]?.link?.evidence ?? [];
    assert.equal(
      evidence === undefined ? "" : evidenceText(evidence),
      `a reset event divides the two windows of one session (event 3, id ${reset}, reason new) ` +
        `(${DATABASE}, event 3 of ${session.id})`,
    );
  });

  it("have the times of their events, and end when the next reset is written", async (test) => {
    const home = new DatabaseHome(test, { startedAt: 1_000_000_000_000 });
    const session = home.database.session("x");
    session.user("one");
    session.reset();
    session.user("two");
    const [first, second] = (await home.agent()).fragments;
    assert.deepEqual(
      [first, second].map((one) =>
        [one?.startedAt, one?.endedAt, one?.archivedAt].map((at) => (typeof at === "number" ? at - 1e12 : at)),
      ),
      [
        [1000, 2000, 3000],
        [3000, 4000, null],
      ],
    );
    assert.equal(first?.events, 2);
    assert.equal(second?.header.state, "ok");
    assert.equal(first?.cwd, "/srv/workspace");
  });

  it("take as many bytes as their events do as lines", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    session.user("ä".repeat(3000));
    session.reset();
    session.assistant("short");
    const lines = session.lines.split("\n");
    const bytes = (from: number, to: number): number => Buffer.byteLength(`${lines.slice(from, to).join("\n")}\n`);
    assert.deepEqual(
      (await home.agent()).fragments.map((one) => one.bytes),
      [bytes(0, 2), bytes(2, 4)],
    );
  });

  it("are found where the table of identities lags behind, or is empty", async (test) => {
    for (const statement of [
      "DELETE FROM transcript_event_identities WHERE seq > 2",
      "DELETE FROM transcript_event_identities",
      "DROP TABLE transcript_event_identities",
    ]) {
      const home = new DatabaseHome(test);
      const session = home.database.session("x");
      session.user('somebody writes {"type":"reset"}');
      session.reset();
      session.user("two");
      session.reset();
      home.database.sql.exec(statement);
      assert.deepEqual(extentsOf((await home.agent()).fragments), ["0-1", "2-3", "4-4"], statement);
    }
  });

  it("tell compactions, branches that were left, and how the last turn stands", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("x");
    const asked = session.user("one");
    session.assistant("a wrong answer");
    session.rewindTo(asked);
    const answer = session.assistant("a right answer");
    session.compact("all that was said", answer);
    session.reset();
    session.user("two");
    session.message({
      role: "assistant",
      content: [{ type: "toolCall", id: "1", name: "exec" }],
      stopReason: "toolUse",
    });
    const [first, second] = (await home.agent()).fragments;
    assert.deepEqual([first?.compactions, first?.abandonedEvents, first?.turn], [1, 1, undefined]);
    assert.deepEqual(
      [second?.compactions, second?.abandonedEvents, second?.turn],
      [undefined, undefined, "waits-for-tool"],
    );
  });

  it("say what the last turn waits for, be its events packed or plain", async (test) => {
    const stopped = (stopReason: string): Record<string, unknown> => ({ role: "assistant", content: [], stopReason });
    const cases = [
      ["waits-for-model", { role: "user", content: "x" }],
      ["waits-for-model", { role: "toolResult", content: [], toolName: "exec" }],
      ["done", stopped("stop")],
      ["failed", stopped("error")],
      ["aborted", stopped("aborted")],
      ["waits-for-tool", stopped("toolUse")],
    ] as const;
    const home = new DatabaseHome(test);
    for (const [index, [, message]] of cases.entries()) {
      for (const packed of [true, false]) {
        const session = home.database.session(`${index} ${packed}`);
        session.message(message, { packed });
        session.event({ type: "custom", customType: "openclaw.cache-ttl", data: {} }, { packed });
      }
    }
    const sessions = await home.sessions();
    for (const [index, [turn]] of cases.entries()) {
      for (const packed of [true, false]) {
        assert.equal(byKey(sessions, `${index} ${packed}`).fragments[0]?.fragment.turn, turn);
      }
    }
  });

  it("have their first words also where these are packed, or stand behind many settings", async (test) => {
    const home = new DatabaseHome(test);
    const long = home.database.session("long");
    long.user(`a long story ${"x".repeat(5000)}`);
    const late = home.database.session("late");
    for (let at = 0; at < 9; at += 1) late.event({ type: "model_change", provider: "fake", modelId: `det-${at}` });
    late.user("late words");
    const sessions = await home.sessions();
    assert.match(byKey(sessions, "long").title, /^a long story x/);
    assert.equal(byKey(sessions, "late").title, "late words");
  });

  it("are not there for a row that has no events yet", async (test) => {
    const home = new DatabaseHome(test);
    const session = home.database.session("new");
    home.database.sql.prepare("DELETE FROM transcript_events WHERE session_id = ?").run(session.id);
    const one = byKey(await home.sessions(), "new");
    assert.deepEqual([one.state, one.fragments, one.row?.transcriptBy], ["live", [], "none"]);
  });

  it("of a session id that came before another are linked as the database has it recorded", async (test) => {
    const home = new DatabaseHome(test);
    const old = home.database.session("daily");
    old.user("yesterday");
    const now = home.database.session("daily", { previousSessionId: old.id, reason: "rollover" });
    now.user("today");
    const one = byKey(await home.sessions(), "daily");
    assert.deepEqual(
      one.fragments.map(({ fragment, link }) => [
        fragment.sessionId,
        link?.certainty,
        link?.previous.window?.sessionId,
      ]),
      [
        [old.id, undefined, undefined],
        [now.id, "recorded", old.id],
      ],
    );
    assert.match(one.fragments[1]?.link?.evidence[0]?.text ?? "", /names .* as the one before it \(rollover\)$/);
  });

  it("of a fork are a session of their own, which names its source", async (test) => {
    const home = new DatabaseHome(test);
    const source = home.database.session("source");
    const entryId = source.user("shared");
    const fork = { key: source.key, sessionId: source.id, entryId };
    home.database
      .session("fork", { forkOf: fork, previousSessionId: source.id, reason: "fork", parentKey: source.key })
      .user("on its own");
    const one = byKey(await home.sessions(), "fork");
    assert.equal(one.fragments.length, 1);
    assert.equal(one.fragments[0]?.link, null);
    assert.deepEqual(one.row?.record?.forkSource, fork);
    assert.equal(one.row?.record?.parentKey, source.key);
    const evidence = one.keyEvidence.map(({ text }) => text).join("; ");
    assert.match(evidence, new RegExp(`forked from ${source.key} at entry ${entryId}`));
  });
});

describe("the rows of a database", () => {
  it("carry status, writer, spawner, archiving and pinning", async (test) => {
    const home = new DatabaseHome(test);
    home.database.session("busy").running("run-7");
    home.database.session("subagent:1", { spawnedBy: "agent:main:busy", createdVia: "spawn", label: "helper" });
    home.database.session("away", { archivedAt: 5, pinnedAt: 7 });
    const sessions = await home.sessions();
    const busy = byKey(sessions, "busy").row;
    assert.deepEqual([busy?.status, busy?.record?.activeRunId], ["running", "run-7"]);
    const helper = byKey(sessions, "subagent:1");
    assert.deepEqual(
      [helper.title, helper.row?.spawnedBy, helper.row?.record?.createdVia],
      ["helper", "agent:main:busy", "spawn"],
    );
    assert.ok(helper.keyEvidence.some(({ kind }) => kind === "spawn-row"));
    const away = byKey(sessions, "away").row?.record;
    assert.deepEqual([away?.archivedAt, away?.pinnedAt, away?.isValid], [5, 7, true]);
  });

  it("survive an entry that is no JSON", async (test) => {
    const home = new DatabaseHome(test);
    home.database.session("x").user("still here");
    home.database.sql.exec("UPDATE session_nodes SET entry_json = '{broken'");
    const one = byKey(await home.sessions(), "x");
    assert.deepEqual([one.title, one.row?.status, one.row?.sessionStartedAt], ["still here", "done", null]);
  });

  it("of a pair that names one transcript are one session with two keys", async (test) => {
    const home = new DatabaseHome(test);
    const job = home.database.session("cron:job", { createdVia: "cron" });
    job.user("tidy up");
    home.database.sql.exec(
      "INSERT INTO session_nodes (session_key, current_session_id, entry_json, updated_at) " +
        "SELECT session_key || ':run:1', current_session_id, entry_json, updated_at FROM session_nodes",
    );
    const sessions = await home.sessions();
    assert.equal(sessions.length, 1);
    assert.deepEqual([sessions[0]?.key, sessions[0]?.otherKeys], [job.key, [`${job.key}:run:1`]]);
  });
});
