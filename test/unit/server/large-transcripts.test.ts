// Transcripts that are too large for an editor: they open in parts, and no part waits for another.
import assert from "node:assert/strict";
import { appendFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, suite, test } from "node:test";
import type { TestContext } from "node:test";

import type { CodeLens, Location } from "vscode-languageserver/node";

import { BLOCK } from "../../../src/engine/transcripts/file-blocks.ts";
import type { DocumentContents } from "../../../src/protocol/documents.ts";
import { Method } from "../../../src/protocol/methods.ts";
import { addressOf } from "../../../src/server/documents/addresses.ts";
import { header, message, temporaryTree } from "../../support/homes.ts";
import type { LspClient } from "../../support/lsp-client.ts";
import { serverWorld } from "../../support/server-world.ts";
import { aFragment, aHome, alone, anAgent, aSession, aSnapshot, at, SECOND_ID } from "../../support/snapshots.ts";

const TIME = "2026-11-21T00:16:26.000Z";

/** A transcript of a header and messages of about a hundred kilobytes each, and what the server knows of it. */
async function opened(
  context: TestContext,
  messages: number,
): Promise<{ readonly client: LspClient; readonly file: string; readonly lines: readonly string[] }> {
  const root = temporaryTree(context, { agents: { main: { sessions: {} } } });
  const fragment = aFragment();
  const file = path.join(root, fragment.path);
  const entries = Array.from({ length: messages }, (_, number) =>
    message(number % 2 === 0 ? "user" : "assistant", `${number} ${"x".repeat(100_000)}`, TIME),
  );
  const chained = entries.map((entry, number) => ({
    ...entry,
    id: `id-${number}`,
    parentId: number === 0 ? null : `id-${number - 1}`,
  }));
  const lines = [header(SECOND_ID, TIME), ...chained].map((entry) => JSON.stringify(entry));
  writeFileSync(file, `${lines.join("\n")}\n`);
  const session = aSession({ fragments: [alone({ ...fragment, bytes: statSync(file).size, endedAt: at(17) })] });
  const home = aHome({ home: { path: root }, locks: [], findings: [], agents: [anAgent([session])] });
  const world = await serverWorld(aSnapshot([home]), { initializationOptions: {} });
  const { client } = world;
  after(() => world.close());
  await client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "a scan");
  return { client, file, lines };
}

async function fileOf(client: LspClient): Promise<string> {
  const session = { homeId: "openclaw-1", agent: "main", sessionId: "agent:main:incident" };
  const params = { revision: 1, session, group: "chain", offset: 0, limit: 10 } as const;
  return (await client.ask(Method.fragments, params)).fragments[0]?.file.uri ?? "";
}

async function contents(client: LspClient, uri: string | null): Promise<DocumentContents> {
  return (await client.ask(Method.document, { uri: uri ?? "" })) ?? assert.fail("it has no contents");
}

function partOf(uri: string): unknown {
  const address = addressOf(uri);
  return address?.what === "transcript" ? address.part : undefined;
}

const linesOf = ({ text }: DocumentContents): string[] => text.trimEnd().split("\n");

suite("a transcript of more than 20 MB", () => {
  test("opens at its newest events, and leads to all others", async (context) => {
    const { client, lines } = await opened(context, 250);
    const uri = await fileOf(client);
    assert.equal(partOf(uri), "end");
    const end = await contents(client, uri);
    assert.match(end.summary, /^incident · live · 21 MB to 25 MB of 25 MB$/);
    assert.deepEqual([end.newer, end.newest], [null, null]);
    assert.deepEqual(linesOf(end), lines.slice(-linesOf(end).length));
    const parts = [linesOf(end)];
    for (let { older } = end; older !== null;) {
      const part = await contents(client, older);
      parts.unshift(linesOf(part));
      assert.ok(part.text.length <= BLOCK + 200_000);
      assert.notEqual(part.newest, null);
      older = part.older;
    }
    assert.deepEqual(parts.flat(), lines);
  });

  test("has a beginning, from which on its lines are counted where that costs nothing", async (context) => {
    const { client, lines } = await opened(context, 250);
    const start = (await contents(client, await fileOf(client))).older ?? "";
    let first = await contents(client, start);
    while (first.older !== null) first = await contents(client, first.older);
    assert.match(first.summary, /^incident · live · 0 bytes to 2\.1 MB of 25 MB · lines 1 to 22$/);
    const second = await contents(client, first.newer);
    assert.deepEqual(linesOf(second), lines.slice(22, 22 + linesOf(second).length));
    assert.doesNotMatch(second.summary, /lines/);
  });

  test("is read across its parts: what a line follows, what follows it, and where the chain goes on", async (context) => {
    const { client } = await opened(context, 250);
    const uri = await fileOf(client);
    const end = await contents(client, uri);
    await client.open(uri, end.text);
    const position = { line: 0, character: 0 };
    const [parent] = (await client.request("textDocument/definition", {
      textDocument: { uri },
      position,
    })) as Location[];
    const before = await contents(client, end.older);
    assert.deepEqual([parent?.uri, parent?.range.start.line], [end.older, linesOf(before).length - 1]);
    const [child] = (await client.request("textDocument/references", {
      textDocument: { uri: end.older },
      position: { line: linesOf(before).length - 1, character: 0 },
      context: { includeDeclaration: false },
    })) as Location[];
    const first = addressOf(child?.uri ?? "");
    const shown = await contents(client, child?.uri ?? "");
    assert.equal(first?.what, "transcript");
    assert.equal(linesOf(shown)[child?.range.start.line ?? -1], linesOf(end)[0]);
    const symbols = (await client.request("textDocument/documentSymbol", { textDocument: { uri } })) as unknown[];
    assert.ok(symbols.length >= linesOf(end).length / 2 - 1);
    const lenses = (await client.request("textDocument/codeLens", { textDocument: { uri } })) as CodeLens[];
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ["Whole chain: 1 fragment"],
    );
  });

  test("grows at its end, and its other parts stay", async (context) => {
    const { client, file } = await opened(context, 250);
    const uri = await fileOf(client);
    appendFileSync(file, `${JSON.stringify(message("user", "one more", TIME))}\n`);
    const end = await contents(client, uri);
    assert.match(linesOf(end).at(-1) ?? "", /one more/);
  });
});
