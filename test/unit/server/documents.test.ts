// Documents that the server makes of what is no text file: windows of databases, packed archives, stores.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, suite, test } from "node:test";

import type { MarkupContent } from "vscode-languageserver/node";

import type { TranscriptPage, TranscriptRequest } from "../../../src/agents/program.ts";
import type { FragmentPlace } from "../../../src/model/fragment.ts";
import type { AgentSnapshot, HomeSnapshot } from "../../../src/model/snapshot.ts";
import type { DocumentContents } from "../../../src/protocol/documents.ts";
import { DOCUMENT_SCHEME } from "../../../src/protocol/documents.ts";
import { Refusal } from "../../../src/protocol/errors.ts";
import type { FragmentItem } from "../../../src/protocol/fragments.ts";
import { Method } from "../../../src/protocol/methods.ts";
import { addressOf, addressUri } from "../../../src/server/documents/addresses.ts";
import { FileError } from "../../../src/system/files.ts";
import type { LspClient } from "../../support/lsp-client.ts";
import { matchesGolden } from "../../support/golden.ts";
import { serverWorld } from "../../support/server-world.ts";
import type { ServerWorld } from "../../support/server-world.ts";
import {
  aDatabase,
  aDatabaseAgent,
  aFinding,
  aHome,
  aSession,
  aSnapshot,
  aWindow,
  aWindowedSession,
  alone,
  anArchive,
  at,
  DATABASE,
  SECOND_ID,
} from "../../support/snapshots.ts";

const HOME = "/home/ann/.openclaw";
const SESSION = { homeId: "openclaw-1", agent: "main", sessionId: "agent:main:incident" };

/** Serves events from memory as an agent program would from a database; each is `{"seq":…}` and as many blanks. */
function eventsOf(blanks = 0, last?: number) {
  return ({ window }: FragmentPlace, request: TranscriptRequest): TranscriptPage => {
    const [first, end] = [window?.fromSeq ?? 0, last ?? window?.toSeq ?? 9];
    const events: { seq: number; text: string }[] = [];
    let bytes = 0;
    let seq = request.from ?? first;
    for (; seq <= end && events.length < (request.mostEvents ?? Infinity); seq += 1) {
      const text = `{"seq":${seq}}${" ".repeat(blanks)}`;
      bytes += text.length;
      if (events.length > 0 && bytes > (request.mostBytes ?? Infinity)) break;
      events.push({ seq, text });
    }
    return { events, next: seq > end ? null : seq, first, last: end };
  };
}

async function opened(agent: AgentSnapshot, change: Parameters<typeof aHome>[0] = {}): Promise<ServerWorld> {
  const world = await serverWorld(aSnapshot([aHome({ locks: [], findings: [], agents: [agent], ...change })]), {
    initializationOptions: {},
  });
  after(() => world.close());
  const { client } = world;
  await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
  world.engine.transcript = eventsOf();
  return world;
}

const TWO_WINDOWS = [aWindow(0, 7, { archivedAt: at(16, 26), endedAt: at(16, 25) }), aWindow(8, 14)];
const inDatabase = (): AgentSnapshot => aDatabaseAgent([aWindowedSession(TWO_WINDOWS)]);

async function rows({ client }: ServerWorld): Promise<readonly FragmentItem[]> {
  const params = { revision: 1, session: SESSION, group: "chain", offset: 0, limit: 10 } as const;
  return (await client.ask(Method.fragments, params)).fragments;
}

async function contents(client: LspClient, uri: string | undefined | null): Promise<DocumentContents> {
  const answer = await client.ask(Method.document, { uri: uri ?? "" });
  assert.ok(answer !== null);
  return answer;
}

async function hoverText({ client }: ServerWorld, uri: string, line: number): Promise<string> {
  const hover = await client.hover(uri, line);
  assert.ok(hover !== null);
  return (hover.contents as MarkupContent).value;
}

const nameIn = (uri: string | undefined): string =>
  decodeURIComponent(new URL(uri ?? "none:").pathname.replace(/^.*\//, ""));

suite("a window of a database", () => {
  test("has a row that tells its extent, and opens as its events", async () => {
    const world = await opened(inDatabase());
    const [now, before] = await rows(world);
    assert.deepEqual(
      [now, before].map((one) => [one?.label, one?.description]),
      [
        ["now", "window 2 of 2, events 8-14 · 8.4 kB · link recorded"],
        ["reset 2026-11-21 00:16Z", "window 1 of 2, events 0-7 · 8.4 kB"],
      ],
    );
    assert.deepEqual(
      [now, before].map((one) => [one?.file.path, nameIn(one?.file.uri)]),
      [
        [`${HOME}/${DATABASE}`, "incident, events from 8.jsonl"],
        [`${HOME}/${DATABASE}`, "incident, events 0-7.jsonl"],
      ],
    );
    const document = await contents(world.client, now?.file.uri);
    assert.equal(document.text, [8, 9, 10, 11, 12, 13, 14].map((seq) => `{"seq":${seq}}\n`).join(""));
    assert.deepEqual(
      [document.summary, document.older, document.newer, document.newest],
      ["incident · window 2 of 2 · events 8 to 14", null, null, null],
    );
  });

  test("is the same document after it has grown, with what was added", async () => {
    const world = await opened(inDatabase());
    const uri = (await rows(world))[0]?.file.uri;
    const { version } = await contents(world.client, uri);
    assert.equal(await world.client.ask(Method.document, { uri: uri ?? "", known: version }), null);
    const grown = [TWO_WINDOWS[0] ?? aWindow(0, 7), aWindow(8, 15, { bytes: 9_000 })];
    world.engine.next = aSnapshot([aHome({ agents: [aDatabaseAgent([aWindowedSession(grown)])] })], { revision: 2 });
    await world.client.ask(Method.refresh, {});
    const answer = await world.client.ask(Method.document, { uri: uri ?? "", known: version });
    assert.equal(answer?.summary, "incident · window 2 of 2 · events 8 to 15");
  });

  test("is located, and its first line tells its place in the chain", async () => {
    const world = await opened(inDatabase());
    const uri = (await rows(world))[0]?.file.uri ?? "";
    const located = await world.client.ask(Method.locate, { uri });
    assert.deepEqual([located?.session, located?.path], [SESSION, DATABASE]);
    matchesGolden("hover-window", `${await hoverText(world, uri, 0)}\n`);
    assert.equal(await world.client.hover(uri, 1), null);
  });

  test("is what links in a chain, in a finding and in evidence lead to", async () => {
    const event = { sessionId: SECOND_ID, seq: 10 };
    const finding = aFinding({ code: "store/unfinished-turn", path: DATABASE, event, evidence: [] });
    const world = await opened(inDatabase(), { findings: [finding, aFinding({ id: "f-2", path: DATABASE })] });
    const [now, before] = await rows(world);
    const chain = await world.client.ask(Method.chainDocument, { session: SESSION });
    matchesGolden("chain-windows", chain.text);
    const linked = chain.links.map(({ uri, targetLine }) => [uri, targetLine]);
    assert.ok(linked.some(([uri, line]) => uri === before?.file.uri && line === null));
    assert.ok(
      linked.some(([uri, line]) => uri === now?.file.uri && line === 1),
      "the reset event is the first",
    );
    const { findings } = await world.client.ask(Method.findings, { revision: 1, offset: 0, limit: 9 });
    assert.deepEqual(
      findings.map(({ file, line, session }) => [file.uri === now?.file.uri, line, session]),
      [
        [true, 3, SESSION],
        [false, null, null],
      ],
    );
    assert.deepEqual([now?.findingIds, before?.findingIds], [[finding.id], []]);
  });
});

suite("a long window", () => {
  const long = (toSeq: number, bytes = 1): AgentSnapshot =>
    aDatabaseAgent([aWindowedSession([aWindow(1, toSeq, { bytes })])]);

  test("opens at its newest events, and leads from part to part to its first and back", async () => {
    const world = await opened(long(1812));
    const end = await contents(world.client, (await rows(world))[0]?.file.uri);
    assert.equal(end.summary, "incident · window · events 1251 to 1812 of 1 to 1812");
    const older = await contents(world.client, end.older);
    assert.equal(older.summary, "incident · window · events 1001 to 1500 of 1 to 1812");
    const oldest = await contents(world.client, (await contents(world.client, older.older)).older);
    assert.deepEqual([oldest.summary, oldest.older], ["incident · window · events 1 to 500 of 1 to 1812", null]);
    let part = oldest;
    let seen = part.text;
    while (part.newer !== null) {
      part = await contents(world.client, part.newer);
      seen += part.text;
    }
    assert.equal(seen, Array.from({ length: 1812 }, (_, index) => `{"seq":${index + 1}}\n`).join(""));
    assert.equal(oldest.newest, (await rows(world))[0]?.file.uri);
  });

  test("never sends more than an editor takes, however large its events are", async () => {
    const world = await opened(long(1812, 2 ** 31));
    world.engine.transcript = eventsOf(3_000_000);
    const end = await contents(world.client, (await rows(world))[0]?.file.uri);
    assert.equal(end.summary, "incident · window · event 1812 of 1 to 1812");
    assert.ok(end.text.length < 4 << 20);
    const older = await contents(world.client, end.older);
    assert.match(older.text, /^\{"seq":1501\} +\n$/);
    assert.match((await contents(world.client, older.newer)).text, /^\{"seq":1502\} +\n$/);
  });

  test("shows an event that is meant as the first line", async () => {
    const finding = aFinding({ path: DATABASE, event: { sessionId: SECOND_ID, seq: 777 } });
    const world = await opened(long(1812), { findings: [finding] });
    const { findings } = await world.client.ask(Method.findings, { revision: 1, offset: 0, limit: 9 });
    assert.equal(findings[0]?.line, 1);
    assert.match((await contents(world.client, findings[0]?.file.uri)).text, /^\{"seq":777\}\n/);
  });
});

test("an event that can't be read leaves an empty line, and the reason beside it", async () => {
  const world = await opened(inDatabase());
  world.engine.transcript = () => ({
    events: [
      { seq: 8, text: "{}" },
      { seq: 9, text: "", trouble: "it is no zstd data\u001b" },
      { seq: 10, text: "[\r\n\n1,\u2028 2]" },
    ],
    next: null,
    first: 8,
    last: 10,
  });
  const document = await contents(world.client, (await rows(world))[0]?.file.uri);
  assert.equal(document.text, "{}\n\n[ 1,\u2028 2]\n");
  assert.deepEqual(document.notes, [{ line: 1, text: "Event 9 can't be shown: it is no zstd data\\x1b" }]);
});

test("a packed archive opens as its lines, a plain one as the file that it is", async () => {
  const packed = anArchive({ path: "agents/main/sessions/x.jsonl.deleted.2026.zst", kind: "deleted" });
  const agent = aDatabaseAgent([aSession({ fragments: [alone(anArchive()), alone(packed)] })]);
  const world = await opened(agent);
  const [archive, plain] = await rows(world);
  assert.equal(plain?.file.uri, `file://${HOME}/${anArchive().path.replaceAll(":", "%3A")}`);
  assert.equal(nameIn(archive?.file.uri), "incident, deleted 2026-11-21 00:16Z.jsonl");
  const document = await contents(world.client, archive?.file.uri);
  assert.equal(document.summary, "incident · deleted archive · events 0 to 9");
});

test("the rows of a database are its store as a document, and hovers answer in it", async () => {
  const world = await opened(inDatabase());
  const { homes } = await world.client.ask(Method.overview, {});
  const uri = homes[0]?.agents[0]?.store.uri ?? "";
  const document = await contents(world.client, uri);
  matchesGolden("store-document", document.text);
  await world.client.open(uri, document.text);
  assert.match(await hoverText(world, uri, 3), /^Session agent:main:incident/);
});

test("stores are compared row by row, whatever order their texts have", async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "stores-")));
  after(() => rmSync(root, { recursive: true }));
  const homeIn = (name: string, text: string, change: Partial<HomeSnapshot["home"]> = {}): HomeSnapshot => {
    mkdirSync(path.join(root, name, "agents/main/sessions"), { recursive: true });
    writeFileSync(path.join(root, name, "agents/main/sessions/sessions.json"), text);
    return aHome({ locks: [], findings: [], home: { id: name, path: path.join(root, name), ...change } });
  };
  const one = homeIn("one", '{"b": {"y": [2, {"d": 1, "c": 2}], "x": 1}, "a": {"__proto__": 3}}');
  const two = homeIn("two", '{"a":{"__proto__":3},"b":{"x":1,"y":[2,{"c":2,"d":1}]},"c":{broken', {
    role: "shadow",
    canonicalPath: path.join(root, "one"),
  });
  const world = await serverWorld(aSnapshot([one, two]), { initializationOptions: {} });
  after(() => world.close());
  await world.client.until(() => world.client.notices.length > 1, "a scan");
  const { canonical, shadow } = await world.client.ask(Method.compareWithCanonical, { homeId: "two" });
  const [left, right] = [await contents(world.client, canonical.uri), await contents(world.client, shadow.uri)];
  assert.deepEqual(Object.keys(JSON.parse(left.text)), ["a", "b"]);
  assert.ok(right.text.startsWith(left.text.slice(0, left.text.lastIndexOf("\n}"))));
  assert.match(right.text, /"c": "can't be read: /);
});

test("a session of a shadow's database is compared as a whole, window after window", async () => {
  const shadowPath = `${HOME}/agents/main/agent/codex-home/home/.openclaw`;
  const pair = {
    what: "transcript",
    name: SECOND_ID,
    agent: "main",
    relation: "canonical-is-prefix",
    shadowPath: DATABASE,
    canonicalPath: DATABASE,
    shadowUpdatedAt: null,
    canonicalUpdatedAt: null,
    shadowStatus: null,
    canonicalStatus: null,
  } as const;
  const comparison = {
    shadow: shadowPath,
    canonical: HOME,
    linked: false,
    pairs: [pair],
    lastWritten: "shadow",
    apartMs: 1,
  } as const;
  const shadow = aHome({
    home: { id: "shadow", path: shadowPath, role: "shadow", canonicalPath: HOME },
    locks: [],
    findings: [],
    agents: [aDatabaseAgent([aWindowedSession([...TWO_WINDOWS, aWindow(15, 20)])])],
    comparison,
  });
  const canonical = aHome({ locks: [], findings: [], agents: [inDatabase()] });
  const world = await serverWorld(aSnapshot([canonical, shadow]), { initializationOptions: {} });
  after(() => world.close());
  const { client } = world;
  await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
  world.engine.transcript = eventsOf();
  const params = {
    revision: 1,
    session: { ...SESSION, homeId: "shadow" },
    group: "chain",
    offset: 0,
    limit: 10,
  } as const;
  const [now] = (await client.ask(Method.fragments, params)).fragments;
  assert.equal(now?.hasCanonical, true);
  const sides = await client.ask(Method.compareWithCanonical, { homeId: "shadow", place: now?.id ?? "" });
  const [left, right] = [await contents(client, sides.canonical.uri), await contents(client, sides.shadow.uri)];
  assert.deepEqual(
    [left.summary, right.summary],
    ["incident · 2 windows · events 0 to 14", "incident · 3 windows · events 0 to 20"],
  );
  assert.ok(right.text.startsWith(left.text));
  const session = { ...SESSION, homeId: "shadow" };
  assert.deepEqual(await client.ask(Method.compareWithCanonical, { homeId: "shadow", session }), sides);
  world.engine.transcript = eventsOf(3_000_000);
  const large = await contents(client, sides.shadow.uri);
  assert.ok(large.text.length < 8 << 20 && large.summary.endsWith(" and further ones"), large.summary);
});

test("an agent whose database could not be read says why", async () => {
  const database = aDatabase({
    state: "corrupt",
    trouble: [{ kind: "damage", where: "transcript_events", reason: "page 12 is malformed" }],
  });
  const finding = aFinding({ code: "store/database-corrupt", severity: "error", path: DATABASE });
  const world = await opened(aDatabaseAgent([], [database]), { findings: [finding] });
  const { homes } = await world.client.ask(Method.overview, {});
  const { client } = world;
  assert.deepEqual(homes[0]?.agents[0]?.troubles, [
    {
      file: { path: `${HOME}/${DATABASE}`, uri: `file://${HOME}/${DATABASE}` },
      text: "is damaged; what could be read of it is shown: transcript_events: page 12 is malformed",
      worst: "error",
      findingId: finding.id,
    },
  ]);
  assert.equal((await client.ask(Method.overview, {})).homes[0]?.agents[0]?.sessions, 0);
});

suite("an address", () => {
  test("says the same after it was written and read", () => {
    for (const part of ["start", "end", "whole", 0, 4711] as const) {
      const address = {
        what: "transcript",
        home: "/h & x=#?",
        file: "/h/ü ä+%/d.sqlite",
        fragment: "d#s:0",
        part,
      } as const;
      assert.deepEqual(addressOf(addressUri(address, "a/b\\c\u202e?#")), address);
    }
    const store = { what: "store", home: "/h", file: "/h/s.json" } as const;
    assert.deepEqual(addressOf(addressUri(store, "Store")), store);
  });

  test("that is typed by hand names nothing that it should not", async () => {
    const world = await opened(inDatabase());
    const uris = [
      "file:///etc/passwd",
      `${DOCUMENT_SCHEME}:`,
      `${DOCUMENT_SCHEME}:/x?home=%`,
      addressUri({ what: "store", home: HOME, file: "/etc/passwd" }, "x"),
      addressUri({ what: "store", home: "/", file: "/etc/passwd" }, "x"),
      addressUri(
        { what: "transcript", home: HOME, file: "/etc/passwd", fragment: "../../../etc/passwd", part: "start" },
        "x",
      ),
    ];
    for (const uri of uris) {
      await assert.rejects(world.client.ask(Method.document, { uri }), { code: Refusal.notFound }, uri);
      assert.equal(await world.client.hover(uri, 0), null);
    }
  });

  test("whose fragment can't be read any more is refused with the reason", async () => {
    const world = await opened(inDatabase());
    world.engine.transcript = () => {
      throw new FileError("gone", `${HOME}/${DATABASE}`, "is gone");
    };
    const uri = (await rows(world))[0]?.file.uri ?? "";
    await assert.rejects(world.client.ask(Method.document, { uri }), {
      code: Refusal.notFound,
      message: /can't be read: is gone/,
    });
  });
});
