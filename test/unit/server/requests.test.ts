// What the server answers to the extension, row by row.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, suite, test } from "node:test";

import type { Finding } from "../../../src/model/finding.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { Refusal } from "../../../src/protocol/errors.ts";
import { Method } from "../../../src/protocol/methods.ts";
import type { RecoveryEnvironment } from "../../../src/protocol/recovery.ts";
import type { SessionRef } from "../../../src/protocol/sessions.ts";
import { serverWorld } from "../../support/server-world.ts";
import type { ServerWorld } from "../../support/server-world.ts";
import {
  aFinding,
  aFragment,
  aHome,
  aLock,
  alone,
  anAgent,
  aRow,
  aSession,
  aSnapshot,
  FIRST_ID,
  NOW,
  SECOND_ID,
} from "../../support/snapshots.ts";

const INCIDENT: SessionRef = { homeId: "openclaw-1", agent: "main", sessionId: "agent:main:incident" };
const SHADOW_PATH = "/home/ann/.openclaw/agents/main/agent/codex-home/home/.openclaw";

function withShadow(): Snapshot {
  const pair = {
    what: "transcript",
    agent: "main",
    relation: "diverged",
    name: SECOND_ID,
    shadowPath: `agents/main/sessions/${SECOND_ID}.jsonl`,
    canonicalPath: `agents/main/sessions/${SECOND_ID}.jsonl`,
    shadowUpdatedAt: null,
    canonicalUpdatedAt: null,
    shadowStatus: null,
    canonicalStatus: null,
  } as const;
  const shadow = aHome({
    home: { id: "shadow", role: "shadow", path: SHADOW_PATH, canonicalPath: "/home/ann/.openclaw" },
    findings: [],
    locks: [],
    comparison: {
      shadow: SHADOW_PATH,
      canonical: "/home/ann/.openclaw",
      linked: false,
      lastWritten: "shadow",
      apartMs: 1000,
      pairs: [pair],
    },
  });
  return aSnapshot([shadow, aHome()]);
}

/** Opens a world, waits for its first scan, and closes it when the tests of the file are through. */
async function opened(snapshot: Snapshot): Promise<ServerWorld> {
  const world = await serverWorld(snapshot, { initializationOptions: {} });
  after(() => world.close());
  await world.client.until(
    () => world.client.notices.some((one) => one.method === "sessionForensics/changed"),
    "a scan",
  );
  return world;
}

const refusedWith =
  (code: number, revision: number) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof Error && "code" in error && "data" in error);
    assert.equal(error.code, code);
    assert.deepEqual(error.data, { revision });
    return true;
  };

suite("overview", () => {
  test("answers before the first scan has ended", async () => {
    const world = await serverWorld(aSnapshot());
    after(() => world.close());
    const never = Promise.withResolvers<Snapshot>();
    world.engine.scan = () => never.promise;
    const { revision, at, homes } = await world.client.ask(Method.overview, {});
    assert.ok(revision === 0 || revision === 1);
    if (revision === 0) assert.deepEqual([at, homes], [null, []]);
    never.resolve(aSnapshot());
  });

  test("has homes, agents and counts", async () => {
    const { client } = await opened(aSnapshot());
    const overview = await client.ask(Method.overview, {});
    const [home] = overview.homes;
    assert.equal(overview.revision, 1);
    assert.equal(overview.at, NOW);
    assert.equal(overview.healthy, null);
    assert.equal(home?.label, "~/.openclaw");
    assert.equal(home.description, "OpenClaw 2026.5.12 · 1 agent · 1 problem");
    assert.equal(home.uri, "file:///home/ann/.openclaw");
    assert.deepEqual(
      home.agents.map((one) => [one.label, one.description, one.sessions, one.unattributed, one.worst]),
      [["main", "1 session · 1 lock · 1 problem", 1, 1, "warning"]],
    );
    assert.deepEqual(overview.counts.locks, { held: 0, stale: 1, unknown: 0 });
    assert.equal(overview.counts.troubledLocks, 1);
    assert.deepEqual(overview.counts.findings, { error: 0, warning: 1, info: 0 });
  });

  test("puts a shadow after its canonical home", async () => {
    const { client } = await opened(withShadow());
    const { homes } = await client.ask(Method.overview, {});
    assert.deepEqual(
      homes.map((one) => [one.id, one.canonicalId, one.label, one.shadow?.state]),
      [
        ["openclaw-1", null, "~/.openclaw", undefined],
        ["shadow", "openclaw-1", "Shadow store", "diverged"],
      ],
    );
    assert.match(homes[1]?.description ?? "", /^diverged .* · agents\/main\/agent\/codex-home\/home\/\.openclaw$/);
  });

  test("says that all is well", async () => {
    const { client } = await opened(aSnapshot([aHome({ findings: [], locks: [] })]));
    assert.match((await client.ask(Method.overview, {})).healthy ?? "", /^Nothing is wrong here\. Checked: /);
  });
});

suite("sessions", () => {
  test("come in pages, the newest first, by group and filter", async () => {
    const sessions = Array.from({ length: 30 }, (_, index) =>
      aSession({ id: `k${index}`, key: `agent:main:k${index}`, updatedAt: NOW - index, title: "" }),
    );
    const { client } = await opened(aSnapshot([aHome({ agents: [anAgent(sessions.toReversed())] })]));
    const page = (change: object): Promise<unknown[]> =>
      client
        .ask(Method.agentSessions, {
          revision: 1,
          homeId: "openclaw-1",
          agent: "main",
          group: "keyed",
          offset: 0,
          limit: 3,
          ...change,
        })
        .then(({ total, sessions: rows }) => [total, ...rows.map((one) => one.label)]);
    assert.deepEqual(await page({}), [30, "k0", "k1", "k2"]);
    assert.deepEqual(await page({ offset: 28 }), [30, "k28", "k29"]);
    assert.deepEqual(await page({ offset: 99 }), [30]);
    assert.deepEqual(await page({ filter: "K29" }), [1, "k29"]);
    assert.deepEqual(await page({ group: "unattributed" }), [0]);
    assert.deepEqual(await page({ offset: -5, limit: 1 }), [30, "k0"]);
  });

  test("tell their state at a glance", async () => {
    const { client } = await opened(aSnapshot());
    const params = { revision: 1, homeId: "openclaw-1", agent: "main", offset: 0, limit: 10 } as const;
    const [incident] = (await client.ask(Method.agentSessions, { ...params, group: "keyed" })).sessions;
    assert.deepEqual(incident?.ref, INCIDENT);
    assert.equal(incident.description, "2 fragments · live, stale lock");
    assert.deepEqual([incident.lock, incident.worst, incident.chain], ["stale", "warning", "recorded"]);
    assert.deepEqual(incident.findingIds, ["f-0001"]);
    assert.equal(incident.newest?.path, `/home/ann/.openclaw/agents/main/sessions/${SECOND_ID}.jsonl`);
    assert.ok(incident.tooltip.some((one) => one.name === "Lock stale"));
    const [lost] = (await client.ask(Method.agentSessions, { ...params, group: "unattributed" })).sessions;
    assert.deepEqual([lost?.key, lost?.chain], [null, "open"]);
  });

  test("are found across homes by what a person types", async () => {
    const { client } = await opened(withShadow());
    const found = await client.ask(Method.findSessions, { query: "incident", limit: 10 });
    assert.equal(found.total, 2);
    assert.ok(found.sessions.every((one) => one.label === "incident"));
    assert.equal((await client.ask(Method.findSessions, { query: "", limit: 1 })).sessions.length, 1);
  });

  test("have their fragments newest first, and checkpoints beside them", async () => {
    const copy = aFragment({ path: "agents/main/sessions/copy.checkpoint.jsonl", kind: "checkpoint" });
    const { client } = await opened(aSnapshot([aHome({ agents: [anAgent([aSession({ checkpoints: [copy] })])] })]));
    const params = { revision: 1, session: INCIDENT, offset: 0, limit: 10 };
    const { fragments } = await client.ask(Method.fragments, { ...params, group: "chain" });
    assert.deepEqual(
      fragments.map((one) => [one.label, one.description, one.link, one.lock]),
      [
        ["now", "17b5706a · 8.4 kB · link recorded", "recorded", "stale"],
        ["reset 2026-11-21 00:16Z", "bf185efc · 10 kB", "first", null],
      ],
    );
    assert.deepEqual(fragments[0]?.findingIds, ["f-0001"]);
    const checkpoints = await client.ask(Method.fragments, { ...params, group: "checkpoints" });
    assert.deepEqual(
      [checkpoints.total, ...checkpoints.fragments.map((one) => [one.kind, one.link])],
      [1, ["checkpoint", "first"]],
    );
  });

  test("have their fragments given out in pages, however many there are", async () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => alone(aFragment({ path: `${index}.jsonl` })));
    const { client } = await opened(aSnapshot([aHome({ agents: [anAgent([aSession({ fragments: chain })])] })]));
    const params = { revision: 1, session: INCIDENT, group: "chain", limit: 10_000 } as const;
    const first = await client.ask(Method.fragments, { ...params, offset: 0 });
    assert.deepEqual([first.total, first.fragments.length, first.fragments[0]?.place], [20_000, 500, "19999.jsonl"]);
    const last = await client.ask(Method.fragments, { ...params, offset: 19_999 });
    assert.deepEqual(
      last.fragments.map((one) => one.place),
      ["0.jsonl"],
    );
  });
});

suite("refusals", () => {
  test("a stale revision is refused with the newest one", async () => {
    const { client } = await opened(aSnapshot(undefined, { revision: 7 }));
    await assert.rejects(
      client.ask(Method.fragments, { revision: 6, session: INCIDENT, group: "chain", offset: 0, limit: 1 }),
      refusedWith(Refusal.staleRevision, 7),
    );
    await assert.rejects(client.ask(Method.locks, { revision: 8 }), refusedWith(Refusal.staleRevision, 7));
  });

  test("what is not there is refused", async () => {
    const { client } = await opened(aSnapshot());
    for (const session of [
      { ...INCIDENT, homeId: "x" },
      { ...INCIDENT, agent: "x" },
      { ...INCIDENT, sessionId: "x" },
    ])
      await assert.rejects(
        client.ask(Method.fragments, { revision: 1, session, group: "chain", offset: 0, limit: 1 }),
        refusedWith(Refusal.notFound, 1),
      );
    await assert.rejects(client.ask(Method.explainFinding, { findingId: "gone" }), refusedWith(Refusal.notFound, 1));
  });

  test("senseless requests are refused, and the server goes on", async () => {
    const { client } = await opened(aSnapshot());
    for (const [method, params] of [
      [Method.fragments, null],
      [Method.fragments, { revision: 1, session: "x" }],
      [Method.findings, { revision: 1, offset: 0, limit: 1, filter: {} }],
      ["sessionForensics/unheardOf", {}],
    ] as const)
      await assert.rejects(client.request(method, params), method);
    assert.equal(await client.ask(Method.locate, { uri: "no uri at all" }), null);
    assert.equal((await client.ask(Method.overview, {})).revision, 1);
  });
});

suite("locks and findings", () => {
  test("locks come stale first", async () => {
    const locks = [
      aLock({ path: "a.lock", target: "a", verdict: "held", reasons: ["live-owner"] }),
      aLock({ path: "b.lock", target: "b", verdict: "unknown", reasons: ["other-host"] }),
      aLock(),
    ];
    const { client } = await opened(aSnapshot([aHome({ locks })]));
    const answer = await client.ask(Method.locks, { revision: 1 });
    assert.deepEqual(
      answer.locks.map((one) => [one.verdict, one.label, one.description]),
      [
        ["stale", "incident", "stale · pid 23785"],
        ["unknown", "b", "unknown · pid 23785"],
        ["held", "a", "held · pid 23785"],
      ],
    );
    assert.deepEqual(answer.locks[0]?.session, INCIDENT);
  });

  const someFindings: Finding[] = [
    aFinding({ id: "1", severity: "info", code: "store/large", message: "large" }),
    aFinding({ id: "2", severity: "error", code: "store/missing-transcript", range: { line: 5, offset: 1, bytes: 1 } }),
    aFinding({ id: "3" }),
  ];

  test("findings come by severity, in pages, with counts of all", async () => {
    const { client } = await opened(aSnapshot([aHome({ findings: someFindings })]));
    const page = await client.ask(Method.findings, { revision: 1, offset: 0, limit: 2 });
    assert.deepEqual(
      page.findings.map((one) => [one.id, one.line]),
      [
        ["2", 5],
        ["3", null],
      ],
    );
    assert.deepEqual([page.total, page.counts], [3, { error: 1, warning: 1, info: 1 }]);
    const notes = await client.ask(Method.findings, { revision: 1, severities: ["info"], offset: 0, limit: 9 });
    assert.deepEqual([notes.total, notes.findings[0]?.message], [1, "large"]);
    const found = await client.ask(Method.findings, { revision: 1, filter: "MISSING", offset: 0, limit: 9 });
    assert.deepEqual(
      found.findings.map((one) => one.id),
      ["2"],
    );
  });

  test("a finding is explained, its files linked where they stand in the text", async () => {
    const { client } = await opened(aSnapshot([aHome({ findings: someFindings })]));
    const { title, text, links } = await client.ask(Method.explainFinding, { findingId: "2" });
    assert.equal(title, "store/missing-transcript");
    const lines = text.split("\n");
    for (const { line, start, end, uri } of links)
      assert.ok(lines[line]?.slice(start, end).includes(path.posix.basename(new URL(uri).pathname)), uri);
    assert.ok(links.some((one) => one.targetLine === 5));
  });

  test("a chain is a readable document", async () => {
    const { client } = await opened(aSnapshot());
    const { title, text, links } = await client.ask(Method.chainDocument, { session: INCIDENT });
    assert.equal(title, "Chain of incident");
    assert.match(text, /Continues 1: recorded/);
    assert.ok(links.some(({ uri }) => uri.endsWith(`${SECOND_ID}.jsonl`)));
  });
});

const uriIn = (home: string): string => `file://${home}/agents/main/sessions/${SECOND_ID}.jsonl`;

suite("files", () => {
  test("an open document is located in the innermost home", async () => {
    const { client } = await opened(withShadow());
    const inShadow = await client.ask(Method.locate, { uri: uriIn(SHADOW_PATH) });
    assert.deepEqual(
      [inShadow?.homeId, inShadow?.session?.sessionId, inShadow?.hasCanonical],
      ["shadow", "agent:main:incident", true],
    );
    const canonical = await client.ask(Method.locate, { uri: `${uriIn("/home/ann/.openclaw")}.lock` });
    assert.deepEqual(
      [canonical?.homeId, canonical?.session?.sessionId, canonical?.hasCanonical],
      ["openclaw-1", "agent:main:incident", false],
    );
    assert.equal(await client.ask(Method.locate, { uri: "file:///etc/hosts" }), null);
    assert.equal(await client.ask(Method.locate, { uri: "untitled:x" }), null);
  });

  test("a shadow's transcript, session and store are compared with the canonical ones", async () => {
    const { client } = await opened(withShadow());
    const place = `agents/main/sessions/${SECOND_ID}.jsonl`;
    const byPlace = await client.ask(Method.compareWithCanonical, { homeId: "shadow", place });
    assert.deepEqual(
      [byPlace.canonical.path, byPlace.shadow.path, byPlace.relation],
      [`/home/ann/.openclaw/${place}`, `${SHADOW_PATH}/${place}`, "diverged"],
    );
    const session = { ...INCIDENT, homeId: "shadow" };
    assert.deepEqual(
      (await client.ask(Method.compareWithCanonical, { homeId: "shadow", session })).shadow,
      byPlace.shadow,
    );
    const stores = await client.ask(Method.compareWithCanonical, { homeId: "shadow" });
    assert.equal(stores.canonical.path, "/home/ann/.openclaw/agents/main/sessions/sessions.json");
    for (const params of [
      { homeId: "openclaw-1" },
      { homeId: "shadow", place: `agents/main/sessions/${FIRST_ID}.jsonl.reset.2026-11-21T00-16-26.256Z` },
      { homeId: "shadow", place: "../../etc/passwd" },
    ])
      await assert.rejects(client.ask(Method.compareWithCanonical, params), refusedWith(Refusal.refused, 1));
  });

  test("a path is resolved only inside its home", async () => {
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), "resolve-")));
    after(() => rmSync(root, { recursive: true }));
    mkdirSync(path.join(root, "home", "sessions"), { recursive: true });
    writeFileSync(path.join(root, "secret"), "");
    writeFileSync(path.join(root, "home", "sessions", "a.jsonl"), "");
    symlinkSync("../../secret", path.join(root, "home", "sessions", "link.jsonl"));
    const { client } = await opened(aSnapshot([aHome({ home: { path: path.join(root, "home") } })]));
    const resolved = (place: string) => client.ask(Method.resolveFragment, { homeId: "openclaw-1", place });
    assert.equal((await resolved("sessions/a.jsonl")).path, path.join(root, "home", "sessions", "a.jsonl"));
    for (const place of ["sessions/link.jsonl", "../secret", path.join(root, "secret")])
      await assert.rejects(resolved(place), refusedWith(Refusal.refused, 1));
    await assert.rejects(resolved("sessions/gone.jsonl"), refusedWith(Refusal.notFound, 1));
  });
});

test("names from foreign files arrive escaped", async () => {
  const name = "x\u001b[2J\n\u202e";
  const session = aSession({ key: name, title: name, row: aRow({ status: name }) });
  const home = aHome({
    home: { release: name },
    agents: [anAgent([session], name)],
    findings: [aFinding({ message: name, agent: name, related: [{ path: name, label: name }] })],
  });
  const { client } = await opened(aSnapshot([home]));
  const params = { revision: 1, homeId: "openclaw-1", agent: name, offset: 0, limit: 9 };
  const { sessions } = await client.ask(Method.agentSessions, { ...params, group: "keyed" });
  const { findings } = await client.ask(Method.findings, params);
  const overview = await client.ask(Method.overview, {});
  const shown = [
    ...sessions.flatMap((one) => [one.label, one.description, ...one.tooltip.map((tip) => tip.text)]),
    ...findings.flatMap((one) => [one.label, one.description, one.message, ...one.tooltip.map((tip) => tip.text)]),
    ...overview.homes.flatMap((one) => [one.label, one.description, ...one.agents.map((agent) => agent.label)]),
  ];
  assert.ok(shown.length > 10);
  for (const text of shown) assert.doesNotMatch(text, /\p{Cc}|\p{Cf}/u);
});

suite("recoveryEnvironment", () => {
  test("sets a shell to the canonical home, also when a shadow was chosen, and says what it was", async (t) => {
    const world = await serverWorld(withShadow());
    t.after(() => world.close());
    const answer = (await world.client.request(Method.recoveryEnvironment, {
      homeId: "shadow",
    })) as RecoveryEnvironment;
    assert.equal(answer.home, "/home/ann/.openclaw");
    assert.deepEqual(
      answer.variables.map(({ name, value, was }) => [name, value, was]),
      [
        ["HOME", "/home/ann", "/home/ann"],
        ["OPENCLAW_STATE_DIR", "/home/ann/.openclaw", null],
        ["OPENCLAW_CONFIG_PATH", null, null],
        ["OPENCLAW_CONFIG_DIR", null, null],
        ["OPENCLAW_HOME", null, null],
        ["OPENCLAW_PROFILE", null, "night"],
      ],
    );
    assert.deepEqual(answer.note, [
      "Commands typed here work on /home/ann/.openclaw.",
      "HOME: /home/ann, as before",
      "OPENCLAW_STATE_DIR: /home/ann/.openclaw (was not set)",
      "OPENCLAW_PROFILE: not set (was night)",
    ]);
  });

  test("refuses where the canonical home of a shadow is not known", async (t) => {
    const snapshot = withShadow();
    const world = await serverWorld({ ...snapshot, homes: snapshot.homes.slice(0, 1) });
    t.after(() => world.close());
    await assert.rejects(world.client.request(Method.recoveryEnvironment, { homeId: "shadow" }), {
      code: Refusal.refused,
      message: /canonical home .* was not found/,
    });
  });
});
