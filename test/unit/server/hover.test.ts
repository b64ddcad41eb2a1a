// Hovers: on locks, on rows of a store, on transcript headers; and nothing in them can act.
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";

import type { MarkupContent } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

import { pageSpan, span } from "../../../src/engine/present/lines.ts";
import { hoverContents } from "../../../src/server/hovers/lines.ts";
import { keyAt, rowAtLine } from "../../../src/server/hovers/row-hover.ts";
import type { GatewayEvent } from "../../../src/model/gateway-event.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { ClientOptions, LspClient } from "../../support/lsp-client.ts";
import { FULL } from "../../support/lsp-client.ts";
import { matchesGolden } from "../../support/golden.ts";
import { serverWorld } from "../../support/server-world.ts";
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
  FIRST_ID,
  SECOND_ID,
} from "../../support/snapshots.ts";

const FOLDER = "file:///home/ann/.openclaw/agents/main/sessions";
const LIVE = `${FOLDER}/${SECOND_ID}.jsonl`;
const STORE = `${FOLDER}/sessions.json`;

const aGatewayEvent = (change: Partial<GatewayEvent>): GatewayEvent => ({
  at: at(16),
  kind: "lock-timeout",
  message: "session file locked (timeout 60000ms)",
  sessionKey: null,
  sessionId: null,
  path: null,
  pid: 23785,
  log: "/tmp/openclaw/openclaw-2026-11-21.log",
  line: 7,
  isSure: true,
  ...change,
});

async function opened(snapshot: Snapshot, options: ClientOptions = {}): Promise<LspClient> {
  const world = await serverWorld(snapshot, { initializationOptions: {}, ...options });
  after(() => world.close());
  const { client } = world;
  await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
  return client;
}

async function text(client: LspClient, uri: string, line = 0, character = 0): Promise<string | null> {
  const hover = await client.hover(uri, line, character);
  return hover === null ? null : `${(hover.contents as MarkupContent).value}\n`;
}

suite("a lock", () => {
  test("tells who holds it, since when, the verdict and why", async () => {
    const lock = aLock({
      verdict: "held",
      reasons: ["live-owner", "over-max-hold"],
      explanation: "Process 23785 lives and is OpenClaw, so the lock is held.",
      holder: { command: "openclaw-gateway", startedAt: at(1) },
      maxHoldMs: 300_000,
      host: "box",
    });
    const client = await opened(aSnapshot([aHome({ locks: [lock] })]));
    matchesGolden("hover-lock", (await text(client, `${LIVE}.lock`, 3)) ?? "");
  });

  test("tells what the gateway's log says of it, and so does the transcript that it locks", async () => {
    const lock = aLock();
    const world = await serverWorld(aSnapshot([aHome({ locks: [lock] })]), { initializationOptions: {} });
    after(() => world.close());
    const { client, engine } = world;
    await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
    const path = `/home/ann/.openclaw/${lock.path}`;
    engine.logged = [aGatewayEvent({ path }), aGatewayEvent({ path: "/home/ann/.openclaw/elsewhere.jsonl.lock" })];
    const line =
      "The gateway's log:\n  4 min ago (2026-11-21 00:16:00 UTC): waited for a lock in vain: session file locked";
    for (const uri of [`file://${path}`, `file://${path.replace(/\.lock$/, "")}`]) {
      const said = (await text(client, uri)) ?? "";
      assert.ok(said.includes(line), said);
      assert.ok(!said.includes("lines before"));
    }
  });

  test("of a gateway or a store says what it holds", async () => {
    const locks = [
      aLock({ path: "/tmp/openclaw-0/gateway.2.lock", of: "gateway", target: "." }),
      aLock({ path: "gateway.1.lock", of: "gateway", target: "." }),
      aLock({
        path: "agents/main/sessions/sessions.json.lock",
        of: "store",
        target: "agents/main/sessions/sessions.json",
      }),
    ];
    const client = await opened(aSnapshot([aHome({ locks })]));
    for (const file of ["/home/ann/.openclaw/gateway.1.lock", "/tmp/openclaw-0/gateway.2.lock"])
      assert.match((await text(client, `file://${file}`)) ?? "", /holds the whole home/, file);
    assert.match((await text(client, `${STORE}.lock`)) ?? "", /It locks the store sessions\.json/);
  });
});

const keyIn = (content: string, line: number, character: number): string | null =>
  keyAt(TextDocument.create("file:///x", "json", 1, content), { line, character });

suite("a row of a store", () => {
  const rows = `{
  "agent:main:incident": {
    "sessionId": "${SECOND_ID}"
  },
  "agent:main:lost": { "sessionId": "x" }
}`;
  const lost = aSession({
    id: "agent:main:lost",
    key: "agent:main:lost",
    row: aRow({ key: "agent:main:lost", line: 5, transcriptPath: "agents/main/sessions/x.jsonl", status: "running" }),
    fragments: [],
  });
  const snapshot = aSnapshot([aHome({ agents: [anAgent([aSession(), lost])] })]);

  test("tells session, transcript, chain and lock", async () => {
    const client = await opened(snapshot);
    await client.open(STORE, rows);
    matchesGolden("hover-row", (await text(client, STORE, 2, 10)) ?? "");
  });

  test("says when the transcript is missing", async () => {
    const client = await opened(snapshot);
    await client.open(STORE, rows);
    assert.match((await text(client, STORE, 4, 6)) ?? "", /Its transcript is missing: x\.jsonl/);
    assert.equal(await text(client, STORE, 0, 0), null);
  });

  test("follows the text as it is edited", async () => {
    const client = await opened(snapshot);
    await client.open(STORE, rows);
    await client.notify("textDocument/didChange", {
      textDocument: { uri: STORE, version: 2 },
      contentChanges: [
        { range: { start: { line: 0, character: 1 }, end: { line: 0, character: 1 } }, text: "\n\n\n\n" },
      ],
    });
    assert.match((await text(client, STORE, 6, 10)) ?? "", /^Session agent:main:incident/);
  });

  test("is known by its line where the text is not at hand", async () => {
    const client = await opened(snapshot);
    assert.match((await text(client, STORE, 2)) ?? "", /^Session agent:main:incident/);
    assert.match((await text(client, STORE, 4)) ?? "", /^Session agent:main:lost/);
    assert.equal(await text(client, STORE, 0), null);
  });

  test("is found in any shape of JSON", () => {
    assert.equal(keyIn('{"a":{"b":1},"c":{}}', 0, 8), "a");
    assert.equal(keyIn('{"a":{"b":1},"c":{}}', 0, 18), "c");
    assert.equal(keyIn('{"é":{"b":"😀"},"c":{}}', 0, 12), "é");
    assert.equal(keyIn('{"é":{"b":"😀"},"c":{}}', 0, 17), "c");
    assert.equal(keyIn('{"a":{"b":1},\n\n"c":{}}', 1, 0), null);
    assert.equal(keyIn('{"a":1,"c":{}}\n', 1, 0), null);
    for (const content of ["", "[1]", "null", "{", '{"a', "[".repeat(200_000)])
      assert.equal(keyIn(content, 0, 1), null, content);
    assert.equal(rowAtLine([], 3), undefined);
  });
});

suite("a transcript's first line", () => {
  test("tells key, place in the chain, what comes before and after", async () => {
    const client = await opened(aSnapshot());
    matchesGolden("hover-header", (await text(client, LIVE)) ?? "");
    const archive = `${FOLDER}/${FIRST_ID}.jsonl.reset.2026-11-21T00-16-26.256Z`;
    const first = (await text(client, archive)) ?? "";
    assert.match(first, /Fragment 1 of 2, reset archive, 10 kB/);
    assert.match(first, new RegExp(`Continued by ${SECOND_ID}.jsonl: recorded`));
  });

  test("other lines have nothing to tell", async () => {
    assert.equal(await text(await opened(aSnapshot()), LIVE, 1), null);
  });

  test("says what is open, and what a checkpoint is", async () => {
    const copy = aFragment({ path: "agents/main/sessions/copy.checkpoint.jsonl", kind: "checkpoint" });
    const home = aHome({ agents: [anAgent([aSession({ checkpoints: [copy] }), anUnattributed()])] });
    const client = await opened(aSnapshot([home]));
    const lost = anUnattributed().fragments[0]?.fragment.path ?? "";
    const open = (await text(client, `file:///home/ann/.openclaw/${lost}`)) ?? "";
    assert.match(open, /Before it: open\. two archives could precede it/);
    assert.match(open, /could also continue bf185efc/);
    assert.match((await text(client, `${FOLDER}/copy.checkpoint.jsonl`)) ?? "", /A checkpoint: a copy/);
  });

  test("names damage", async () => {
    const torn = anArchive({
      header: { state: "bad", reason: "not JSON", offset: 0 },
      tail: { state: "torn", offset: 77, bytes: 3, reason: "cut inside a string" },
    });
    const home = aHome({ agents: [anAgent([aSession({ fragments: [alone(torn)] })])], findings: [], locks: [] });
    const client = await opened(aSnapshot([home]));
    const hover = (await text(client, `file:///home/ann/.openclaw/${torn.path}`)) ?? "";
    assert.match(hover, /This header can't be read: not JSON/);
    assert.match(hover, /torn at byte 77: cut inside a string/);
  });
});

suite("Markdown", () => {
  test("only for clients that take it, with links to files and pages", async () => {
    const options = { capabilities: FULL, initializationOptions: { documentation: "file:///docs" } };
    matchesGolden("hover-lock-markdown", (await text(await opened(aSnapshot(), options), `${LIVE}.lock`)) ?? "");
    assert.doesNotMatch((await text(await opened(aSnapshot()), `${LIVE}.lock`)) ?? "", /\*\*|\]\(/);
  });

  test("nothing from a foreign file can act in it", () => {
    const nowhere = (): never => assert.fail("no file is named");
    const hostile = "![x](http://evil/a.png) <img src=x> [y](command:z) `a` **b** #c\n- d | e ~~f~~ &amp; http://evil";
    const { value } = hoverContents([[span(hostile)], [span(hostile, "strong")]], true, nowhere);
    assert.doesNotMatch(value, /(?<!\\)[![\]()<>`#|~&]/);
    assert.equal(value.split("  \n").length, 2);
    assert.equal(hoverContents([[pageSpan("a]b", "https://x/y#z")]], true, nowhere).value, "[a\\]b](<https://x/y#z>)");
    assert.equal(hoverContents([[span(" a ", "strong")]], true, nowhere).value, " **a** ");
  });
});

test("files of no home have nothing to tell", async () => {
  const client = await opened(aSnapshot([aHome({ findings: [aFinding()] })]));
  assert.equal(await text(client, "file:///etc/hosts"), null);
  assert.equal(await text(client, "untitled:Untitled-1"), null);
  assert.equal(await text(client, `${FOLDER}/unknown.jsonl`), null);
});
