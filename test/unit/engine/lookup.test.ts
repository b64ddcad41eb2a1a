// Finding things in a snapshot by id, path, session and by what a person typed.
import assert from "node:assert/strict";
import { suite, test } from "node:test";

import {
  counterpartOfSession,
  findingsOfSession,
  locateFragment,
  lockOfSession,
  sessionByKey,
  worstOf,
} from "../../../src/engine/lookup.ts";
import { memoFolder } from "../../../src/engine/memo-folder.ts";
import { likeliestHit, findSessions, sessionMatches } from "../../../src/engine/query.ts";
import {
  aFinding,
  aFragment,
  aHome,
  alone,
  aRow,
  aSession,
  aSnapshot,
  anAgent,
  FIRST_ID,
  SECOND_ID,
} from "../../support/snapshots.ts";

const keysOf = (query: string, paths: string[] = [], snapshot = aSnapshot()): (string | null)[] =>
  findSessions(snapshot, query, paths).map((one) => one.session.key);

suite("a query", () => {
  test("means a session by whole key, short key, id, beginning of an id, or file", () => {
    for (const query of [
      "agent:main:incident",
      "incident",
      FIRST_ID,
      SECOND_ID,
      "bf185e",
      "BF185E",
      `agents/main/sessions/${SECOND_ID}.jsonl`,
    ])
      assert.deepEqual(keysOf(query), ["agent:main:incident"], query);
    const file = `/home/ann/.openclaw/agents/main/sessions/${SECOND_ID}.jsonl`;
    assert.deepEqual(keysOf("x.jsonl", [file]), ["agent:main:incident"]);
    assert.deepEqual(keysOf("x.jsonl.lock", [`${file}.lock`]), ["agent:main:incident"]);
  });

  test("is not guessed at: five characters, another folder, another case of a key", () => {
    for (const query of ["bf185", "INCIDENT", "agent:main", ""]) assert.deepEqual(keysOf(query), [], query);
    assert.deepEqual(keysOf("x", [`/home/ann/.openclaw-2/agents/main/sessions/${SECOND_ID}.jsonl`]), []);
  });

  test("can be ambiguous; one hit in a canonical home stands out", () => {
    const shadow = aHome({ home: { id: "shadow", role: "shadow", path: "/home/ann/.openclaw/shadow" } });
    const hits = findSessions(aSnapshot([aHome(), shadow]), "incident", []);
    assert.equal(hits.length, 2);
    assert.equal(likeliestHit(hits)?.home.home.role, "canonical");
    const two = findSessions(aSnapshot([aHome(), aHome({ home: { id: "b", path: "/b" } })]), "incident", []);
    assert.equal(likeliestHit(two), undefined);
  });

  test("a key that was deleted and born again means both chains, most likely the one of the store's row", () => {
    const deleted = aSession({ id: "deleted", state: "deleted", row: null });
    for (const sessions of [
      [deleted, aSession()],
      [aSession(), deleted],
    ]) {
      const agent = anAgent(sessions);
      const hits = findSessions(aSnapshot([aHome({ agents: [agent] })]), "agent:main:incident", []);
      assert.equal(hits.length, 2);
      assert.equal(likeliestHit(hits)?.session.state, "live");
      assert.equal(sessionByKey(agent, "agent:main:incident")?.state, "live");
    }
    assert.equal(likeliestHit([]), undefined);
  });

  test("finds the other key of a cron pair", () => {
    const cron = aSession({ key: "agent:main:cron:1", otherKeys: ["agent:main:cron:1:run:2"] });
    assert.deepEqual(keysOf("agent:main:cron:1:run:2", [], aSnapshot([aHome({ agents: [anAgent([cron])] })])), [
      "agent:main:cron:1",
    ]);
  });
});

test("a filter looks at key, title, ids, status and file names, in any case, for every word", () => {
  assert.ok(sessionMatches(aSession(), ""));
  assert.ok(sessionMatches(aSession(), "INCIDENT done"));
  assert.ok(sessionMatches(aSession(), "build bf185efc"));
  assert.ok(sessionMatches(aSession(), "reset.2026-11-21"));
  assert.ok(!sessionMatches(aSession(), "incident failed"));
});

suite("what belongs to a session", () => {
  test("the lock on its transcript, also where the row names one that no fragment is", () => {
    const home = aHome();
    const [session, lost] = home.agents[0]?.sessions ?? [];
    assert.ok(session && lost);
    assert.equal(lockOfSession(home, session)?.pid, 23_785);
    assert.equal(lockOfSession(home, lost), undefined);
    const bare = aSession({ fragments: [], row: aRow() });
    assert.equal(lockOfSession(aHome({ agents: [anAgent([bare])] }), bare)?.pid, 23_785);
  });

  test("findings about its key, its files and their locks", () => {
    const findings = [
      aFinding({ id: "by-lock" }),
      aFinding({ id: "by-key", path: "agents/main/sessions/sessions.json", sessionKey: "agent:main:incident" }),
      aFinding({ id: "by-file", path: `agents/main/sessions/${SECOND_ID}.jsonl` }),
      aFinding({ id: "other-agent", agent: "ops", sessionKey: "agent:main:incident" }),
      aFinding({ id: "nobody's", path: "agents/main/sessions/sessions.json" }),
    ];
    const home = aHome({ findings });
    const session = home.agents[0]?.sessions[0];
    assert.ok(session);
    assert.deepEqual(
      findingsOfSession(home, session).map((one) => one.id),
      ["by-file", "by-lock", "by-key"],
    );
    assert.equal(worstOf(findings), "warning");
    assert.equal(worstOf([]), null);
  });

  test("a fragment knows its place in the chain, a checkpoint has none", () => {
    const copy = aFragment({ path: "agents/main/sessions/copy.checkpoint.jsonl", kind: "checkpoint" });
    const home = aHome({ agents: [anAgent([aSession({ checkpoints: [copy] })])] });
    assert.equal(locateFragment(home, `agents/main/sessions/${SECOND_ID}.jsonl`)?.entry.position, 1);
    assert.equal(locateFragment(home, copy.path)?.entry.position, undefined);
    assert.equal(locateFragment(home, "elsewhere.jsonl"), undefined);
  });

  test("its canonical counterpart, only where both sides have it", () => {
    const pair = {
      what: "key",
      name: "agent:main:incident",
      agent: "main",
      relation: "diverged",
      shadowPath: "a.jsonl",
      canonicalPath: "b.jsonl",
      shadowUpdatedAt: null,
      canonicalUpdatedAt: null,
      shadowStatus: null,
      canonicalStatus: null,
    } as const;
    const session = aSession({ fragments: [alone(aFragment())] });
    const withPair = (change: Partial<{ canonicalPath: string | null }>) =>
      aHome({
        agents: [anAgent([session])],
        comparison: {
          shadow: "/s",
          canonical: "/c",
          linked: false,
          lastWritten: "shadow",
          apartMs: 1,
          pairs: [{ ...pair, ...change }],
        },
      });
    assert.equal(counterpartOfSession(withPair({}), "main", session)?.relation, "diverged");
    assert.equal(counterpartOfSession(withPair({ canonicalPath: null }), "main", session), undefined);
    assert.equal(counterpartOfSession(aHome(), "main", session), undefined);
  });
});

const folder = (platform: NodeJS.Platform, userHome: string, env: Record<string, string> = {}): string =>
  memoFolder({ platform, userHome, env });

test("facts are kept in the cache folder of the system, or where the user says", () => {
  assert.equal(folder("linux", "/home/ann"), "/home/ann/.cache/session-forensics");
  assert.equal(folder("linux", "/home/ann", { XDG_CACHE_HOME: "/var/c" }), "/var/c/session-forensics");
  assert.equal(folder("linux", "/home/ann", { XDG_CACHE_HOME: "c" }), "/home/ann/.cache/session-forensics");
  assert.equal(folder("darwin", "/Users/ann"), "/Users/ann/Library/Caches/session-forensics");
  assert.equal(folder("win32", "C:\\Users\\ann", { LOCALAPPDATA: "D:\\L" }), "D:\\L\\session-forensics\\cache");
  assert.equal(folder("linux", "/home/ann", { SESSION_FORENSICS_CACHE: "/elsewhere" }), "/elsewhere");
});
