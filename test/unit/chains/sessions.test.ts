// Sessions as a person means them: chains with names, states and titles, the copies beside them, and rows without a transcript.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { linkChains } from "../../../src/chains/link.ts";
import { composeSessions } from "../../../src/chains/sessions.ts";
import type { Fragment } from "../../../src/model/fragment.ts";
import type { Session } from "../../../src/model/session.ts";
import { agentOf, type AgentParts, archive, at, claim, KEY, live, OTHER_KEY, rowOf } from "../../support/linking.ts";
import { NOW, SESSIONS, uuid } from "../../support/model.ts";

function sessionsOf(parts: AgentParts): Session[] {
  const agent = agentOf(parts);
  return composeSessions(agent, linkChains(agent));
}

function onlySession(parts: AgentParts): Session {
  const [session, ...others] = sessionsOf(parts);
  assert.ok(session !== undefined && others.length === 0, `${others.length + 1} sessions`);
  return session;
}

describe("the id of a session", () => {
  it("is its key", () => {
    assert.equal(onlySession({ fragments: [live(1, 0)], rows: [rowOf(KEY, 1)] }).id, KEY);
  });

  it("is the place of its newest fragment while the key is unknown", () => {
    const lost = archive(1, 0, 10);
    assert.equal(onlySession({ fragments: [lost] }).id, lost.path);
  });

  it("is the key for the chain that has the row, and a place for one that only had the key once", () => {
    const deleted = archive(1, 0, 10, { kind: "deleted" });
    const sessions = sessionsOf({ fragments: [deleted, live(2, 50)], rows: [rowOf(KEY, 2)], claims: [claim(KEY, 1)] });
    assert.deepEqual(
      sessions.map(({ id, key }) => [id, key]),
      [
        [KEY, KEY],
        [deleted.path, KEY],
      ],
    );
  });

  it("never repeats", () => {
    const rows = [rowOf(KEY, 8), rowOf(KEY, 9, { line: 7 })];
    const ids = sessionsOf({ fragments: [live(1, 0), archive(2, 0, 10), archive(3, 20, 30)], rows }).map(
      ({ id }) => id,
    );
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe("the state of a session", () => {
  const cases: readonly { readonly state: Session["state"]; readonly parts: AgentParts }[] = [
    { state: "live", parts: { fragments: [live(1, 0)], rows: [rowOf(KEY, 1)] } },
    { state: "ended", parts: { fragments: [archive(1, 0, 10)], claims: [claim(KEY, 1)] } },
    { state: "deleted", parts: { fragments: [archive(1, 0, 10, { kind: "deleted" })], claims: [claim(KEY, 1)] } },
    { state: "deleted", parts: { fragments: [archive(1, 0, 10, { kind: "deleted" })] } },
    { state: "orphan", parts: { fragments: [live(1, 0)] } },
    { state: "orphan", parts: { fragments: [live(1, 0)], claims: [claim(KEY, 1)] } },
    { state: "unknown", parts: { fragments: [archive(1, 0, 10)] } },
  ];
  for (const { state, parts } of cases) {
    const known = parts.rows !== undefined ? "a row" : parts.claims !== undefined ? "a key" : "nothing";
    it(`is ${state} for ${parts.fragments[0]?.kind} and ${known}`, () => {
      assert.equal(onlySession(parts).state, state);
    });
  }
});

describe("a live transcript without a row", () => {
  it("is no orphan while the store can't be read whole", () => {
    const whole = agentOf({ fragments: [live(1, 0)] });
    for (const state of ["unreadable", "damaged"] as const) {
      const agent = { ...whole, store: { ...whole.store, state } };
      const [session] = composeSessions(agent, linkChains(agent));
      assert.equal(session?.state, "unknown");
      assert.match(session.unattributed ?? "", /^the store can't be read whole/);
    }
  });
});

describe("the title of a session", () => {
  const spoken = live(1, 0, { firstUserText: "plan the release" });

  it("is what the store calls it, else what was said first, else the end of its key", () => {
    for (const { row, fragment, title } of [
      { row: { displayName: "Release", label: "rel" }, fragment: spoken, title: "Release" },
      { row: { label: "rel" }, fragment: spoken, title: "rel" },
      { row: {}, fragment: spoken, title: "plan the release" },
      { row: {}, fragment: { ...spoken, firstUserText: "" }, title: "one" },
      { row: {}, fragment: { ...spoken, firstUserText: null }, title: "one" },
    ]) {
      assert.equal(onlySession({ fragments: [fragment], rows: [rowOf(KEY, 1, row)] }).title, title);
    }
  });

  it("comes from the oldest fragment in which a person spoke", () => {
    const first = archive(1, 0, 10, { firstUserText: null });
    const second = archive(2, 10.2, 20, { firstUserText: "what next?", start: "new-notice" });
    const third = live(3, 20.2, { firstUserText: "and then?", start: "new-notice" });
    const parts = { fragments: [first, second, third], rows: [rowOf(KEY, 3)], claims: [claim(KEY, 1), claim(KEY, 2)] };
    assert.equal(onlySession(parts).title, "what next?");
  });
});

describe("rows", () => {
  it("that share a transcript are one session under the shorter key, as cron rows come in pairs", () => {
    const run = `${KEY}:run:${uuid(1)}`;
    const { key, otherKeys } = onlySession({ fragments: [live(1, 0)], rows: [rowOf(run, 1), rowOf(KEY, 1)] });
    assert.deepEqual([key, otherKeys], [KEY, [run]]);
  });

  it("of which one means a transcript in another store don't share it", () => {
    const foreign = rowOf(OTHER_KEY, 1, { transcriptBy: "foreign" });
    const sessions = sessionsOf({ fragments: [live(1, 0)], rows: [rowOf(KEY, 1), foreign] });
    assert.deepEqual(
      sessions.map(({ key, otherKeys, fragments }) => [key, otherKeys, fragments.length]),
      [
        [KEY, [], 1],
        [OTHER_KEY, [], 0],
      ],
    );
  });

  it("without a transcript are a session of their own that says so", () => {
    const session = onlySession({ fragments: [], rows: [rowOf(KEY, 1)] });
    assert.deepEqual(
      [session.id, session.state, session.fragments, session.keyCertainty],
      [KEY, "live", [], "recorded"],
    );
    assert.match(session.keyEvidence[0]?.text ?? "", /whose transcript is not here/);
    assert.equal(session.unattributed, null);
  });

  it("whose transcript lies in another store name none here", () => {
    const elsewhere = rowOf(KEY, 1, { transcriptBy: "foreign" });
    assert.deepEqual(
      sessionsOf({ fragments: [live(1, 0)], rows: [elsewhere] }).map(({ key, state }) => [key, state]),
      [
        [KEY, "live"],
        [null, "orphan"],
      ],
    );
  });

  it("that wait for their next turn hold the chain which was put away then, once", () => {
    const waiting = rowOf(KEY, 9, { sessionStartedAt: at(10) });
    const session = onlySession({ fragments: [archive(1, 0, 10.03)], rows: [waiting] });
    assert.deepEqual(
      [session.key, session.keyCertainty, session.state, session.row],
      [KEY, "inferred", "live", waiting],
    );
    assert.equal(session.fragments.length, 1);
  });

  it("that wait for their next turn don't hold a chain of another key", () => {
    const waiting = rowOf(KEY, 9, { sessionStartedAt: at(10) });
    const parts = { fragments: [archive(1, 0, 10.03)], rows: [waiting], claims: [claim(OTHER_KEY, 1)] };
    assert.deepEqual(
      new Set(sessionsOf(parts).map(({ key, row, fragments }) => `${key} ${row === null} ${fragments.length}`)),
      new Set([`${KEY} false 0`, `${OTHER_KEY} true 1`]),
    );
  });
});

describe("copies", () => {
  const checkpointOf = (one: Fragment, name: string, given: Partial<Fragment> = {}): Fragment => ({
    ...one,
    kind: "checkpoint",
    archivedAt: null,
    path: `${SESSIONS}/${name}.jsonl`,
    ...given,
  });
  const current = live(1, 0);

  it("stand beside the chain that holds the same header id, oldest first, and are no links of it", () => {
    const later = checkpointOf(current, "a", { startedAt: at(5) });
    const earlier = checkpointOf(current, "b");
    const session = onlySession({ fragments: [later, earlier, current], rows: [rowOf(KEY, 1)] });
    assert.deepEqual(session.checkpoints, [earlier, later]);
    assert.deepEqual(
      session.fragments.map(({ fragment }) => fragment.path),
      [current.path],
    );
  });

  it("may be backups that somebody made", () => {
    const backup = checkpointOf(current, "backup", { kind: "backup" });
    assert.deepEqual(onlySession({ fragments: [backup, current], rows: [rowOf(KEY, 1)] }).checkpoints, [backup]);
  });

  it("without a readable header belong to the file of their name", () => {
    const torn = checkpointOf(current, "torn", { sessionId: null, startedAt: null });
    assert.deepEqual(onlySession({ fragments: [torn, current], rows: [rowOf(KEY, 1)] }).checkpoints, [torn]);
  });

  it("of a transcript that is gone are shown alone, with the reason", () => {
    const stray = checkpointOf(live(7, 0), "stray");
    const session = onlySession({ fragments: [stray] });
    assert.deepEqual([session.fragments, session.checkpoints, session.state], [[], [stray], "unknown"]);
    assert.match(session.unattributed ?? "", /a copy of a transcript that is not here/);
  });
});

describe("a session without a key", () => {
  it("says why, by what its newest fragment is", () => {
    for (const { fragment, says } of [
      { fragment: live(1, 0), says: /no row of the store names this transcript/ },
      { fragment: archive(1, 0, 10, { kind: "deleted" }), says: /its key was deleted with it/ },
      { fragment: archive(1, 0, 10), says: /it was put away by a reset/ },
      { fragment: live(1, 0, { header: { state: "empty" }, startedAt: null }), says: /its header can't be read/ },
    ]) {
      const { key, keyCertainty, keyEvidence, unattributed } = onlySession({ fragments: [fragment] });
      assert.deepEqual([key, keyCertainty, keyEvidence], [null, null, []]);
      assert.match(unattributed ?? "", says);
    }
  });
});

describe("sessions", () => {
  it("stand newest first, by their row's time, else by the last entry, the archive's stamp, the header, the file", () => {
    const sessions = sessionsOf({
      fragments: [
        live(1, 0),
        live(2, 0, { endedAt: at(15) }),
        archive(3, 0, 30, { kind: "deleted", endedAt: null }),
        live(4, 40, { endedAt: null }),
        live(5, 0, { endedAt: null, startedAt: null, modifiedAt: at(50), header: { state: "empty" } }),
      ],
      rows: [rowOf(KEY, 1, { updatedAt: NOW })],
    });
    assert.deepEqual(
      sessions.map(({ updatedAt }) => updatedAt),
      [NOW, at(50), at(40), at(30), at(15)],
    );
  });

  it("of one time stand in the order of their ids", () => {
    const rows = ["b", "a", "c"].map((name, index) => rowOf(name, index + 1, { updatedAt: NOW }));
    assert.deepEqual(
      sessionsOf({ fragments: [], rows }).map(({ id }) => id),
      ["a", "b", "c"],
    );
  });
});
