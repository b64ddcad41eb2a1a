// What the verbs print: as text for people, as JSON for programs, and where each goes.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as v from "valibot";

import type { Session } from "../../../src/model/session.ts";
import { cli } from "../../support/cli-world.ts";
import { matchesGolden } from "../../support/golden.ts";
import { checkSchema, locksSchema, scanSchema } from "../../support/scan-schema.ts";
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
  anArchive,
  anUnattributed,
  at,
  NOW,
} from "../../support/snapshots.ts";

const healthy = aSnapshot([aHome({ agents: [anAgent([aSession()])], locks: [], findings: [] })]);

/** A canonical home, its diverged shadow, an unsure link, damage, every lock verdict, and files that were not read. */
function troubled() {
  const unsure = aSession({
    id: "agent:main:unsure",
    key: "agent:main:unsure",
    keyCertainty: "inferred",
    title: "",
    row: aRow({ key: "agent:main:unsure", status: "running" }),
    fragments: [
      alone(
        anArchive({
          path: "agents/main/sessions/a.jsonl",
          tail: { state: "torn", offset: 9, bytes: 3, reason: "cut" },
        }),
      ),
      alone(aFragment({ path: "agents/main/sessions/b.jsonl" }), {
        link: { previous: { path: "agents/main/sessions/a.jsonl" }, certainty: "inferred", evidence: [] },
        alternatives: [{ path: "agents/main/sessions/c.jsonl" }],
      }),
    ],
    checkpoints: [aFragment({ path: "agents/main/sessions/b.checkpoint.jsonl", kind: "checkpoint" })],
  });
  const home = aHome({
    agents: [anAgent([aSession(), unsure, anUnattributed()]), anAgent([], "ops")],
    locks: [
      aLock({
        path: "agents/main/sessions/held.jsonl.lock",
        target: "held",
        verdict: "held",
        reasons: ["live-owner"],
        explanation: "Its owner lives.",
        holder: { command: "openclaw-gateway", startedAt: at(1) },
      }),
      aLock(),
      aLock({
        path: "agents/main/sessions/sessions.json.lock",
        of: "store",
        target: "agents/main/sessions/sessions.json",
        pid: null,
        createdAt: null,
        ageMs: null,
        verdict: "unknown",
        reasons: ["other-host"],
        explanation: "It can't be told.",
      }),
    ],
    findings: [
      aFinding({
        severity: "info",
        code: "store/large",
        id: "f-3",
        path: "agents/main/sessions/sessions.json",
        message: "A large store.",
      }),
      aFinding({ repairs: ["stale-lock"] }),
      aFinding({
        severity: "error",
        code: "store/missing-transcript",
        id: "f-2",
        path: "agents/main/sessions/sessions.json",
        range: { line: 7, offset: 100, bytes: 20 },
        message: "A transcript is missing.",
        related: [{ path: "agents/main/sessions/x.jsonl.reset.2026", label: "Reset archive" }],
      }),
    ],
    skipped: [{ path: "/home/ann/.openclaw/agents/main/sessions/pipe", reason: "a pipe" }],
  });
  const pair = {
    agent: "main",
    shadowUpdatedAt: null,
    canonicalUpdatedAt: null,
    shadowStatus: null,
    canonicalStatus: null,
  };
  const shadow = aHome({
    home: {
      id: "shadow",
      role: "shadow",
      path: "/home/ann/.openclaw/agents/main/agent/codex-home/home/.openclaw",
      canonicalPath: "/home/ann/.openclaw",
      reasons: [{ rule: "codex-home", text: "it lies in the isolated HOME of agent main" }],
    },
    agents: [anAgent([aSession({ fragments: [alone(aFragment())] })])],
    locks: [],
    findings: [],
    comparison: {
      shadow: "/home/ann/.openclaw/agents/main/agent/codex-home/home/.openclaw",
      canonical: "/home/ann/.openclaw",
      linked: false,
      lastWritten: "shadow",
      apartMs: 3 * 86_400_000,
      pairs: [
        {
          ...pair,
          what: "key",
          name: "agent:main:incident",
          relation: "diverged",
          shadowPath: "x",
          canonicalPath: "y",
        },
        { ...pair, what: "transcript", name: "t", relation: "only-canonical", shadowPath: null, canonicalPath: "z" },
      ],
    },
  });
  return aSnapshot([home, shadow], {
    environment: [
      {
        message: "HOME of this terminal lies inside an agent's isolated HOME.",
        home: "/home/ann/.openclaw/agents/main/agent/codex-home/home",
        canonicalPath: "/home/ann/.openclaw",
      },
    ],
  });
}

suite("text", () => {
  test("a healthy home says so, and what was checked", async () => {
    const { code, out, err } = await cli(["scan"], { snapshot: healthy });
    matchesGolden("scan-healthy", out);
    assert.deepEqual([code, err], [0, ""]);
  });

  test("a troubled home: where the terminal runs first of all, then the tree, the findings and what was not read", async () => {
    const { code, out } = await cli(["scan"], { snapshot: troubled() });
    matchesGolden("scan-troubled", out);
    assert.equal(code, 0);
  });

  test("check tells the evidence of each finding, the worst first", async () => {
    const { code, out } = await cli(["check"], { snapshot: troubled() });
    matchesGolden("check-troubled", out);
    assert.equal(code, 1);
  });

  test("locks: stale, then unknown, then held", async () => {
    const { out } = await cli(["locks"], { snapshot: troubled() });
    matchesGolden("locks-troubled", out);
  });

  test("a chain with an unsure link", async () => {
    const { out } = await cli(["chain", "unsure"], { snapshot: troubled() });
    matchesGolden("chain-unsure", out);
  });

  test("no home at all", async () => {
    const nothing = aSnapshot([]);
    assert.match((await cli(["scan"], { snapshot: nothing })).out, /^No home of an agent was found for this user\./);
    assert.match((await cli(["locks", "/"], { snapshot: nothing })).out, /^No home of an agent lies in \/\.\n$/);
  });

  test("no lock at all", async () => {
    assert.equal((await cli(["locks"], { snapshot: healthy })).out, "No lock lies in 1 home.\n");
  });
});

const many = (number: number): Session[] =>
  Array.from({ length: number }, (_, index) =>
    aSession({
      id: `agent:main:s${index}`,
      key: `agent:main:s${index}`,
      updatedAt: NOW - index * 1000,
      fragments: Array.from({ length: 30 }, (_unused, part) =>
        alone(anArchive({ path: `agents/main/sessions/${index}-${part}.jsonl.reset` })),
      ),
    }),
  );

suite("long lists", () => {
  const snapshot = aSnapshot([
    aHome({
      agents: [anAgent(many(100))],
      locks: [],
      findings: [aFinding({ sessionKey: "agent:main:s99", path: "agents/main/sessions/sessions.json" })],
    }),
  ]);

  test("are limited, and say so; a session with a problem is never among those left out", async () => {
    const { out } = await cli(["scan"], { snapshot });
    assert.match(out, /├─ s99 /);
    assert.match(out, /… and 80 more sessions \(use --all or --json\)/);
    assert.match(out, /… and 18 more fragments \(use --all or --json\)/);
    assert.ok(out.split("\n").length < 350);
  });

  test("--all shows everything", async () => {
    const { out } = await cli(["scan", "--all"], { snapshot });
    assert.doesNotMatch(out, /more/);
    assert.match(out, /─ s98 /);
  });
});

test("what stands in one file alone is seen at a glance, in the chain and beside it", async () => {
  const archive = anArchive();
  const left = aFragment({ path: "agents/main/sessions/left.jsonl" });
  const session = aSession({ fragments: [alone(archive)], checkpoints: [left] });
  const only = { entries: 9, messagesOnlyHere: 4, heldBy: [], evidence: [] };
  const agent = anAgent([session]);
  const coverage = [
    { ...only, fragment: { path: archive.path }, relation: "missing", onlyHere: 9 },
    { ...only, fragment: { path: left.path }, relation: "prefix", onlyHere: 5 },
  ] as const;
  const home = aHome({ agents: [{ ...agent, reading: { ...agent.reading, coverage } }], locks: [], findings: [] });
  const { out } = await cli(["scan"], { snapshot: aSnapshot([home]) });
  assert.match(out, /· 1 copy · .* · 2 only copies/);
  assert.match(out, /reset [^\n]* · only copy\n/);
  assert.match(out, /copy: [^\n]* · only copy\n/);
});

const json = async (args: string[]): Promise<unknown> => JSON.parse((await cli(args, { snapshot: troubled() })).out);

suite("JSON", () => {
  test("is the contract's document and nothing else", async () => {
    v.parse(scanSchema, await json(["scan", "--json"]));
    v.parse(checkSchema, await json(["check", "--json"]));
    v.parse(locksSchema, await json(["locks", "--json"]));
  });

  test("reads like JSON.stringify with two blanks", async () => {
    const { out } = await cli(["scan", "--json"], { snapshot: troubled() });
    assert.equal(out, `${JSON.stringify(JSON.parse(out), null, 2)}\n`);
  });

  test("leaves what it has no place for to stderr", async () => {
    const { err } = await cli(["scan", "--json"], { snapshot: troubled() });
    assert.match(err, /^! HOME of this terminal lies inside an agent's isolated HOME\./);
  });

  test("of a chain has its session, locks and findings", async () => {
    const document = await json(["chain", "--json", "agent:main:incident"]);
    const schema = v.object({
      schema: v.literal("session-forensics/chain/1"),
      home: v.literal("/home/ann/.openclaw"),
      agent: v.literal("main"),
      session: v.object({ key: v.literal("agent:main:incident") }),
      locks: v.pipe(v.array(v.object({ verdict: v.literal("stale") })), v.length(1)),
      findings: v.pipe(v.array(v.object({ code: v.literal("lock/stale") })), v.length(1)),
    });
    v.parse(schema, document);
  });
});

suite("hostile names", () => {
  test("can't move the cursor, colour the terminal or break a line", async () => {
    const name = "x\u001b]0;owned\u0007\r\n\u202egpj";
    const hostile = aSnapshot([
      aHome({
        home: { path: `/tmp/${name}`, reasons: [{ rule: "given", text: name }], release: name },
        agents: [anAgent([aSession({ key: name, title: name, row: aRow({ status: name }) })], name)],
        locks: [aLock({ explanation: name, holder: { command: name, startedAt: 1 } })],
        findings: [
          aFinding({
            message: name,
            evidence: [{ kind: "file", text: name, path: name }],
            sessionKey: name,
            agent: name,
          }),
        ],
        skipped: [{ path: name, reason: name }],
      }),
    ]);
    for (const args of [["scan"], ["check"], ["locks"], ["chain", name]]) {
      const { out, err } = await cli(args, { snapshot: hostile });
      assert.ok(out.length > 0, args[0]);
      assert.doesNotMatch(`${out}${err}`, /(?!\n)\p{Cc}|\p{Cf}/u, args[0]);
    }
  });
});
