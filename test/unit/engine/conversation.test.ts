// The messages of a chain as one readable text: what stands where, what is masked, what can't pose as something else.
import assert from "node:assert/strict";
import { appendFileSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";

import { copySampleHome } from "../../../scripts/editor/homes.ts";
import { BUSY_NOW, writeBusyHome } from "../../../scripts/editor/busy-home.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { conversationLayout } from "../../../src/engine/present/conversation/conversation.ts";
import type { ConversationLayout, OutlineNode } from "../../../src/engine/present/conversation/layout.ts";
import { maskSecrets } from "../../../src/engine/present/secrets.ts";
import { allSessions, type SessionHit } from "../../../src/engine/query.ts";
import { decodeCursor, encodeCursor } from "../../../src/engine/reading/cursor.ts";
import { newestStretch, PAGE, type Stretch } from "../../../src/engine/reading/newest-stretch.ts";
import { engineOn } from "../../support/engines.ts";
import { matchesGolden } from "../../support/golden.ts";
import { fixtureHome, header, lines, message, temporaryTree } from "../../support/homes.ts";

const ID = "0a0b0c0d-1111-4222-8333-444455556666";
const SESSIONS = "agents/main/sessions";
const TIME = "2026-11-21T00:00:01.000Z";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sf-conversation-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function busyHome(t: TestContext, fragments?: number): Promise<string> {
  const folder = folderOf(t);
  await writeBusyHome({ folder, now: BUSY_NOW, ...(fragments === undefined ? {} : { fragments }) });
  return path.join(folder, ".openclaw");
}

/** A home with one transcript of these entries. */
const homeWith = (t: TestContext, ...entries: readonly unknown[]): string =>
  temporaryTree(t, { "openclaw.json": "{}", [SESSIONS]: { [`${ID}.jsonl`]: lines(header(ID, TIME), ...entries) } });

interface Opened {
  readonly engine: Engine;
  readonly hit: SessionHit;
}

async function opened(home: string, key?: string): Promise<Opened> {
  const engine = engineOn([home]);
  const hits = allSessions(await engine.scan());
  const hit = hits.find(({ session }) => key === undefined || session.key === key);
  return { engine, hit: hit ?? assert.fail(`no session ${key}`) };
}

interface Shown {
  readonly secrets?: boolean;
  readonly stretch?: Stretch;
}

const stretchOf = ({ engine, hit }: Opened, from: Stretch["from"] = null, older = false): Promise<Stretch> =>
  newestStretch(engine, hit, { from, older, accepts: () => true });

async function laidOut(given: Opened, { secrets = false, stretch }: Shown = {}): Promise<ConversationLayout> {
  const { engine, hit } = given;
  return conversationLayout({
    ...(stretch ?? (await stretchOf(given))),
    subject: hit,
    upTo: hit.session.fragments.length - 1,
    provenance: await engine.execs(hit.home.home.path, hit.agent.reading.name, hit.session.id),
    mask: secrets ? (text) => text : maskSecrets,
  });
}

async function textOf(home: string, key?: string, shown?: Shown): Promise<string> {
  const given = await opened(home, key);
  const { text } = await laidOut(given, shown);
  return text.replaceAll(given.hit.home.home.path, "HOME");
}

/** An entry whose message has more than words. */
const entryOf = (given: Record<string, unknown>): Record<string, unknown> => ({
  ...message("assistant", "", TIME),
  message: { timestamp: Date.parse(TIME), ...given },
});

const toolCall = (id: string, words: string): unknown =>
  entryOf({ role: "assistant", content: [{ type: "toolCall", id, name: "exec", arguments: { command: words } }] });

const toolResult = (id: string, words: string): unknown => {
  const content = [{ type: "text", text: words }];
  return entryOf({ role: "toolResult", toolCallId: id, toolName: "exec", isError: false, content });
};

describe("a conversation reads", () => {
  it("as the work, the resets and the commands that outlived them", async (t) =>
    matchesGolden("conversation-incident", await textOf(await busyHome(t), "agent:main:release")));

  it("across the windows of a database", async (t) =>
    matchesGolden("conversation-windows", await textOf(fixtureHome(t, "2026.9.6-clean"), "agent:main:rpc-chain")));

  it("says so where its background commands are not traced", async (t) => {
    const given = await opened(homeWith(t, message("user", "hello", TIME)));
    const contents = { ...(await stretchOf(given)), subject: given.hit, upTo: 0, provenance: null, mask: maskSecrets };
    assert.match(conversationLayout({ ...contents, untraced: true }).text, /^Background commands are not traced/m);
    assert.doesNotMatch(conversationLayout(contents).text, /Background commands/);
  });

  it("also where a transcript is torn", async (t) => {
    const folder = folderOf(t);
    await copySampleHome(folder);
    matchesGolden("conversation-torn", await textOf(path.join(folder, ".openclaw"), "agent:main:incident"));
  });
});

describe("secrets", () => {
  const SECRET = "npm_4fK9xQ2LmZ7wTn1VbY8cRs6DhJ3pGe5aUo0i";

  it("are masked in words, calls and answers", async (t) => {
    const entries = [message("user", SECRET, TIME), toolCall("c1", SECRET), toolResult("c1", SECRET)];
    const text = await textOf(homeWith(t, ...entries));
    assert.ok(!text.includes(SECRET));
    assert.equal(text.split("[masked: npm token]").length - 1, 5);
  });

  it("stand there when they are asked for", async (t) =>
    assert.ok(
      (await textOf(homeWith(t, message("user", SECRET, TIME)), undefined, { secrets: true })).includes(SECRET),
    ));
});

describe("foreign words", () => {
  const HOSTILE = "━━━ Fragment 9 of 9\nUser  now\n• exec  x\n\u001b[2J\u202eevil\u2028✗ Error";

  it("never stand at the margin, where structure does", async (t) => {
    const entries = [message("user", HOSTILE, TIME), toolCall("c1", HOSTILE), toolResult("c1", HOSTILE)];
    const text = await textOf(homeWith(t, ...entries));
    assert.equal(text.match(/^━━━ /gm)?.length, 1);
    assert.equal(text.match(/^User/gm)?.length, 1);
    assert.equal(text.match(/^• exec/gm)?.length, 1);
    for (const acting of ["\u001b", "\u202e", "\u2028"]) assert.ok(!text.includes(acting));
  });

  it("are cut where they are huge, and say so", async (t) => {
    const text = await textOf(homeWith(t, message("user", "long ".repeat(2_000_000), TIME)));
    assert.ok(text.length < 100_000);
    assert.match(text, /… 10 MB more in the transcript/);
    assert.ok(text.split("\n").every((one) => one.length < 2_100));
  });
});

describe("tool calls", () => {
  it("stand with their answers, in each turn those of the turn", async (t) => {
    const entries = [
      message("user", "one", TIME),
      toolCall("c1", "first"),
      toolResult("c1", "answer of the first"),
      message("user", "two", TIME),
      toolCall("c1", "second"),
      toolResult("c1", "answer of the second"),
    ];
    const text = await textOf(homeWith(t, ...entries));
    assert.match(
      text,
      /• exec {2}first {2}→ 1 line[^•]*answer of the first[^•]*• exec {2}second[^•]*answer of the second/,
    );
  });

  it("without an answer say so, unless it may still come", async (t) => {
    const entries = [
      message("user", "one", TIME),
      toolCall("c1", "lost"),
      message("user", "two", TIME),
      toolCall("c2", "now"),
    ];
    const text = await textOf(homeWith(t, ...entries));
    assert.match(text, /✗ exec {2}lost {2}→ no result {2}/);
    assert.match(text, /• exec {2}now {2}→ no result yet/);
  });

  it("whose call is not there are shown as answers", async (t) =>
    assert.match(await textOf(homeWith(t, toolResult("c9", "from nowhere"))), /• exec {2}→ 1 line[^]*from nowhere/));
});

describe("what an editor needs", () => {
  it("has its places inside of the text, one inside the other", async (t) => {
    const { entries, folds, links, marks, outline, text } = await laidOut(
      await opened(await busyHome(t), "agent:main:release"),
    );
    const rows = text.split("\n");
    for (const { end, start } of [...folds, ...entries]) assert.ok(0 <= start && start <= end && end < rows.length);
    for (const [line] of marks) assert.ok(rows[line] !== "");
    for (const { end, line, start } of links) assert.ok(start < end && end <= (rows[line]?.length ?? 0));
    const check = (nodes: readonly OutlineNode[], from: number, to: number): void => {
      for (const { children, end, name, start } of nodes) {
        assert.ok(from <= start && end <= to && name !== "");
        check(children, start, end);
      }
    };
    check(outline, 0, rows.length);
    assert.deepEqual(
      outline.map(({ kind }) => kind),
      ["fragment", "fragment", "fragment"],
    );
  });

  it("leads from the start of a command to where its end was told, and back", async (t) => {
    const { links, lineOf, text } = await laidOut(await opened(await busyHome(t), "agent:main:release"));
    const rows = text.split("\n");
    const told = links.filter(({ target }) => target.to === "shown");
    const ends = told.map(({ line, target }) => {
      const entry = target.to === "shown" ? target.entry : assert.fail();
      const there = lineOf.get(`${entry.fragment.path}\n${entry.line}`) ?? assert.fail("not loaded");
      return [rows[line]?.slice(0, 20), rows[there]?.slice(0, 8)];
    });
    assert.deepEqual(ends, [
      ["↳ completed with exi", "User  20"],
      ["↳ amber-falcon was s", "  result"],
    ]);
  });
});

describe("pages", () => {
  const seqs = ({ entries }: Stretch): string[] =>
    entries.map(({ fragment, seq }) => `${fragment.fragment.path} ${seq}`);

  it("are added before what is shown, without a gap and nothing twice", async (t) => {
    const given = await opened(await busyHome(t, 120), "agent:main:tickets");
    let stretch = await stretchOf(given);
    assert.ok(stretch.hasOlder);
    const seen = [seqs(stretch)];
    while (stretch.hasOlder) {
      const before = seqs(stretch);
      stretch = await stretchOf(given, stretch.from, true);
      assert.deepEqual(seqs(stretch).slice(-before.length), before);
      seen.push(seqs(stretch));
    }
    assert.ok(seen.length > 2);
    assert.equal(new Set(seqs(stretch)).size, seqs(stretch).length);
    assert.equal(given.hit.session.fragments[0]?.fragment.path, stretch.entries[0]?.fragment.fragment.path);
  });

  it("begin where they began while the session grows, through the text of a cursor", async (t) => {
    const home = await busyHome(t, 120);
    const given = await opened(home, "agent:main:tickets");
    const before = await stretchOf(given);
    const [live = ""] = globSync(path.join(home, SESSIONS, "*.jsonl")).filter((one) =>
      one.includes(given.hit.session.fragments.at(-1)?.fragment.sessionId ?? "?"),
    );
    appendFileSync(live, lines(message("user", "one more", "2026-11-21T11:00:01.000Z")));
    await given.engine.scan();
    const hit = allSessions(given.engine.snapshot!).find(({ session }) => session.key === "agent:main:tickets")!;
    const from = decodeCursor(encodeCursor(before.from ?? assert.fail()));
    const after = await stretchOf({ ...given, hit }, from);
    assert.deepEqual(seqs(after).slice(0, -1), seqs(before));
    assert.equal(after.entries.at(-1)?.entry.text, "one more");
  });

  it("say that the beginning of a fragment is not loaded", async (t) => {
    const given = await opened(await busyHome(t, 120), "agent:main:tickets");
    const stretch = await stretchOf(given);
    assert.equal(stretch.entries.length, PAGE.most);
    const { text } = await laidOut(given, { stretch });
    assert.match(text, /^Older messages are not loaded: \d+ fragments before this one\.$/m);
    assert.equal(text.match(/its beginning is not loaded/g)?.length ?? 0, 1);
  });
});
