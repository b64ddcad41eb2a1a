// Reading transcripts with the language server as shipped: a live file, an archive, a window of a database, a huge file.
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";

import { CancellationTokenSource, LSPErrorCodes } from "vscode-languageserver/node";

import { fixtureHome, header, json, message, temporaryTree, treeState } from "../support/homes.ts";
import { nameOf, TREE, worldOf } from "../support/reading-client.ts";
import type { ReadingWorld } from "../support/reading-client.ts";
import { shippedServer } from "../support/shipped-server.ts";

async function served(context: TestContext, home: string): Promise<ReadingWorld> {
  const client = await shippedServer(context, home, { capabilities: TREE });
  return worldOf(client, home);
}

suite("the server as shipped", () => {
  test("says what it can do, and reads a live file and an archive, across the reset", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    const before = treeState(home);
    const { client, definition, folds, hover, lenses, open, references, symbols, uriOf } = await served(context, home);
    const { capabilities } = client.initialized;
    for (const name of [
      "documentSymbol",
      "foldingRange",
      "definition",
      "references",
      "documentLink",
      "codeLens",
    ] as const)
      assert.ok(capabilities[`${name}Provider`], name);
    const fresh = uriOf("17b5706a-97ec-4824-a6f1-8b15314fd80a.jsonl");
    const archive = uriOf("bf185efc-9db9-423c-9bbd-b4fbaa9cd312.jsonl.reset.2026-11-21T00-16-26.256Z");
    await open(fresh);
    await open(archive);
    assert.deepEqual(await definition(fresh, 8), [`${nameOf(archive)}:7`]);
    assert.deepEqual(await references(archive, 7), ["8", `${nameOf(fresh)}:8`]);
    assert.deepEqual(
      (await symbols(fresh)).map(({ name }) => name),
      [
        "Session 17b5706a-97ec-4824-a6f1-8b15314fd80a",
        "✅ New session started.",
        "a new topic [[say:new topic noted]]",
        "[OpenClaw heartbeat poll]",
      ],
    );
    assert.equal((await folds(archive)).length, 3);
    assert.match(await hover(archive, 6), /Calls \*\*exec: sleep 14; echo build-finished-A\*\* \(result in line 7/);
    assert.equal((await lenses(fresh)).length, 3);
    assert.deepEqual(treeState(home), before);
  });

  test("reads a window of a database", async (context) => {
    const { definition, fragmentsOf, hover, open, symbols } = await served(
      context,
      fixtureHome(context, "2026.9.6-clean"),
    );
    const [first = "", second = ""] = await fragmentsOf("agent:main:incident");
    await open(second);
    assert.ok((await symbols(second)).length > 1);
    assert.match(await hover(second, 1), /Reset: a new conversation begins under the same id/);
    const [parent = ""] = await definition(second, 1);
    assert.ok(parent.startsWith(`${nameOf(first)}:`), parent);
  });

  test("answers in a huge file that no client could send, follows it, and stops when it is told to", async (context) => {
    const home = temporaryTree(context, { "openclaw.json": json({}) });
    const id = "0a0b0c0d-1111-4222-8333-444455556666";
    const sessions = path.join(home, "agents/main/sessions");
    mkdirSync(sessions, { recursive: true });
    const file = path.join(sessions, `${id}.jsonl`);
    const time = "2026-11-21T00:00:01.000Z";
    writeFileSync(file, `${JSON.stringify(header(id, "2026-11-21T00:00:00.000Z"))}\n`);
    const line = (text: string): string => `${JSON.stringify(message("user", text, time, {}))}\n`;
    const block = line(`again ${"x".repeat(8000)}`).repeat(1000);
    for (let written = 0; written < 10; written += 1) appendFileSync(file, block);
    appendFileSync(file, line("the last one"));
    const { client, fragmentsOf, hover, open, symbols, uriOf } = await served(context, home);
    const uri = uriOf(`${id}.jsonl`);
    const [shown = ""] = await fragmentsOf(`agents/main/sessions/${id}.jsonl`);
    assert.equal((await symbols(uri))[0]?.name, `Session ${id}`);
    assert.match(await hover(uri, 10_002), /the last one/);
    assert.equal((await symbols(uri)).at(-1)?.name, "the last one");
    appendFileSync(file, line("one more"));
    assert.match(await hover(uri, 10_003), /one more/);
    assert.match((await open(shown)).at(-1) ?? "", /one more/);
    assert.equal((await symbols(shown)).at(-1)?.name, "one more");
    // An entry that nothing has: the whole file is searched for it.
    appendFileSync(file, line("lost").replace('"parentId":null', '"parentId":"nowhere"'));
    const left = new CancellationTokenSource();
    const params = { textDocument: { uri }, position: { line: 10_003, character: 0 } };
    const asked = client.request("textDocument/definition", params, left.token);
    left.cancel();
    await assert.rejects(asked, { code: LSPErrorCodes.RequestCancelled });
  });
});
