// Open Chain with the language server as shipped: pages, growth, masked secrets, and what an editor asks about its lines.
import assert from "node:assert/strict";
import { appendFileSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite, test, type TestContext } from "node:test";

import type { DocumentLink, DocumentSymbol, FoldingRange, Location } from "vscode-languageserver/node";

import { BUSY_NOW, writeBusyHome } from "../../scripts/editor/busy-home.ts";
import type { Conversation, ConversationParams } from "../../src/protocol/conversation.ts";
import { CONVERSATION_SCHEME } from "../../src/protocol/conversation.ts";
import { Refusal } from "../../src/protocol/errors.ts";
import { Method } from "../../src/protocol/methods.ts";
import { lines, message, treeState } from "../support/homes.ts";
import type { LspClient } from "../support/lsp-client.ts";
import { TREE } from "../support/reading-client.ts";
import { shippedServer } from "../support/shipped-server.ts";

const URI = `${CONVERSATION_SCHEME}:/session-forensics-chain/Session%20x`;

interface Served {
  readonly home: string;
  readonly client: LspClient;
  /** Asks for the session with this key. */
  readonly show: (key: string, more?: Partial<ConversationParams>) => Promise<Conversation>;
  readonly ask: <Result>(method: string, more?: object) => Promise<Result>;
}

async function served(t: TestContext, fragments = 12): Promise<Served> {
  const folder = mkdtempSync(path.join(tmpdir(), "sf-conversation-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await writeBusyHome({ folder, now: BUSY_NOW, fragments });
  const home = path.join(folder, ".openclaw");
  const client = await shippedServer(t, home, { capabilities: TREE });
  const show: Served["show"] = async (query, more = {}) => {
    const { sessions } = await client.ask(Method.findSessions, { query, limit: 1 });
    const session = sessions[0]?.ref ?? assert.fail(`no session ${query}`);
    return (await client.ask(Method.conversation, { uri: URI, session, ...more })) ?? assert.fail("nothing new");
  };
  const ask: Served["ask"] = async (method, more = {}) =>
    (await client.request(method, { textDocument: { uri: URI }, ...more })) as never;
  return { home, client, show, ask };
}

const lineOf = ({ text }: Conversation, words: string): number =>
  text.split("\n").findIndex((one) => one.includes(words));

suite("a chain as one document", () => {
  test("has folds, an outline, links, and leads to raw lines; nothing is written", async (t) => {
    const { ask, client, home, show } = await served(t);
    const before = treeState(home);
    const shown = await show("agent:main:release");
    await client.open(URI, shown.text);
    const folds = await ask<FoldingRange[]>("textDocument/foldingRange");
    assert.ok(shown.folded.every(([line]) => folds.some(({ startLine }) => startLine === line)));
    const outline = await ask<DocumentSymbol[]>("textDocument/documentSymbol");
    assert.equal(outline.length, 3);
    assert.match(outline[0]?.name ?? "", /^Fragment 1: reset /);
    const at = (words: string): object => ({ position: { line: lineOf(shown, words), character: 4 } });
    const [raw] = await ask<Location[]>("textDocument/definition", at("I begin with the version."));
    assert.match(raw?.uri ?? "", /\.jsonl\.reset\.2026-11-21T08-20-13\.000Z$/);
    assert.equal(raw?.range.start.line, 2);
    const links = await ask<DocumentLink[]>("textDocument/documentLink");
    const told = links.find(({ range }) => range.start.line === lineOf(shown, "↳ completed with exit code 0"));
    const { target = "" } = (await client.request("documentLink/resolve", told)) as DocumentLink;
    // The heading of the message stands above its notice; fragments of URIs count lines from 1.
    assert.equal(target, `${URI}#L${lineOf(shown, "• notice")}`);
    assert.deepEqual(treeState(home), before);
  });

  test("adds older pages before what is shown, and follows the session from where it began", async (t) => {
    const { client, home, show } = await served(t, 120);
    const first = await show("agent:main:tickets");
    assert.ok(first.hasOlder && first.from !== null);
    const second = await show("agent:main:tickets", { from: first.from, older: true });
    const firstEntry = first.anchors[0]?.[1];
    assert.ok(second.anchors.some(([, entry]) => entry === firstEntry));
    assert.ok(second.anchors.length > first.anchors.length);
    const again = { from: second.from ?? "", known: second.version };
    const { sessions } = await client.ask(Method.findSessions, { query: "agent:main:tickets", limit: 1 });
    const session = sessions[0]!.ref;
    assert.equal(await client.ask(Method.conversation, { uri: URI, session, ...again }), null);
    const newest = sessions[0]?.headerId ?? "?";
    const [file = ""] = globSync(path.join(home, "agents/main/sessions", `${newest}.jsonl`));
    appendFileSync(file, lines(message("user", "one more word", "2026-11-21T11:00:01.000Z")));
    await client.ask(Method.refresh, {});
    const grown = await show("agent:main:tickets", again);
    assert.ok(lineOf(grown, "one more word") > 0);
    assert.equal(grown.anchors[0]?.[1], second.anchors[0]?.[1]);
  });

  test("ends with the fragment that it was opened at, and says where the chain goes on", async (t) => {
    const { client, show } = await served(t);
    const { sessions } = await client.ask(Method.findSessions, { query: "agent:main:release", limit: 1 });
    const { revision } = await client.ask(Method.overview, {});
    const { fragments } = await client.ask(Method.fragments, {
      revision,
      session: sessions[0]!.ref,
      group: "chain",
      offset: 0,
      limit: 9,
    });
    const { text } = await show("agent:main:release", { upTo: fragments.at(-1)!.id });
    assert.match(text, /the chain goes on in fragment 2 of 3/);
    assert.doesNotMatch(text, /Tag the release/);
    const gone = client.ask(Method.conversation, { uri: URI, session: sessions[0]!.ref, upTo: "nowhere" });
    await assert.rejects(gone, { code: Refusal.notFound });
  });

  test("masks secrets unless they are asked for", async (t) => {
    const { show } = await served(t);
    const masked = await show("agent:main:release");
    assert.ok(masked.hasMasked && masked.text.includes("[masked: npm token]"));
    const whole = await show("agent:main:release", { secrets: true });
    assert.ok(whole.text.includes("npm_4fK9xQ2LmZ7wTn1VbY8cRs6DhJ3pGe5aUo0i"));
  });
});
