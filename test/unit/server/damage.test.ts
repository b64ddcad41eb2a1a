// A transcript that is opened shows its damage at the exact characters, and again after it has changed.
import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";

import { TextDocument } from "vscode-languageserver-textdocument";
import type { Diagnostic } from "vscode-languageserver/node";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import { locateById } from "../../../src/engine/lookup.ts";
import { Method } from "../../../src/protocol/methods.ts";
import { fragmentTarget } from "../../../src/server/targets.ts";
import { uriOf } from "../../../src/server/paths.ts";
import { DatabaseHome } from "../../support/database-home.ts";
import { goodLines, TRANSCRIPT_DAMAGES } from "../../support/damaged-transcripts.ts";
import { GATEWAY, goodHome, IDS, MAIN } from "../../support/good-home.ts";
import type { ClientOptions, LspClient } from "../../support/lsp-client.ts";
import { served } from "../../support/server-world.ts";
import { only, processes, world } from "../../support/world.ts";

const FILE = `${MAIN}/${IDS.subagent}.jsonl`;

interface Opened {
  readonly client: LspClient;
  readonly tell: (path: string) => void;
  readonly engine: ReturnType<typeof createEngine>;
}

async function serve(context: TestContext, home: string, options: ClientOptions = {}): Promise<Opened> {
  const engine = createEngine({
    programs: [openclaw],
    world: world({ processes: processes([GATEWAY]), platform: "darwin" }),
    given: only(home),
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: () => {},
  });
  const { client, close, watches } = await served(engine, options);
  context.after(close);
  await client.until(() => engine.snapshot !== null && watches.length > 0, "the first scan");
  return { client, engine, tell: (path) => watches[0]?.tell([path]) };
}

/** What stands in the text at the diagnostic. */
function shown(text: string, { range }: Diagnostic): string {
  return TextDocument.create("", "jsonl", 1, text).getText(range);
}

suite("an open transcript", () => {
  for (const { act, code, name } of TRANSCRIPT_DAMAGES.filter(({ code: one }) => one !== "transcript/oversized-line")) {
    test(`${code}: ${name}`, async (context) => {
      const home = goodHome(context);
      const damaged = act(goodLines(IDS.subagent));
      writeFileSync(join(home, FILE), damaged.bytes);
      const { client } = await serve(context, home);
      const uri = uriOf(join(home, FILE));
      const text = damaged.bytes.toString();
      await client.open(uri, text);
      await client.until(
        () =>
          client.diagnostics.get(uri)?.some((one) => one.code === code && shown(text, one) === damaged.found) === true,
        `${code} at its place`,
      );
      assert.equal(client.diagnostics.get(uri)?.length, 1);
    });
  }

  test("that the editor did not send the text of shows it as well", async (context) => {
    const home = goodHome(context);
    const [large] = TRANSCRIPT_DAMAGES.filter(({ name }) => name === "an entry of five megabytes");
    const lines = goodLines(IDS.subagent);
    lines[2] = lines[2]!.replace("🛠", "🛠\t");
    const { bytes } = large!.act(lines);
    writeFileSync(join(home, FILE), Buffer.concat([bytes, Buffer.alloc(20 << 20, " \n")]));
    const { client } = await serve(context, home);
    const uri = uriOf(join(home, FILE));
    await client.open(uri, " \n".repeat(9 << 20));
    await client.until(() => client.diagnostics.get(uri)?.length === 2, "both");
    const found = client.diagnostics.get(uri)?.find(({ code }) => code === "transcript/control-character");
    const character = lines[2].indexOf("\t");
    assert.deepEqual(found?.range, { start: { line: 2, character }, end: { line: 2, character: character + 1 } });
  });

  test("is read again when it has changed, and its diagnostics go with the damage", async (context) => {
    const home = goodHome(context);
    const path = join(home, FILE);
    const good = goodLines(IDS.subagent)
      .map((line) => `${line}\n`)
      .join("");
    writeFileSync(path, good);
    const { client, engine, tell } = await serve(context, home);
    const uri = uriOf(path);
    await client.open(uri, good);
    appendFileSync(path, "no entry\n");
    tell(path);
    await client.until(() => client.diagnostics.get(uri)?.length === 1, "the bad line");
    assert.equal(client.diagnostics.get(uri)?.[0]?.range.start.line, 12);
    writeFileSync(path, good);
    tell(path);
    await client.until(() => !client.diagnostics.has(uri), "its end");
    await client.notify("textDocument/didClose", { textDocument: { uri } });
    appendFileSync(path, "no entry\n");
    tell(path);
    await client.until(() => (engine.snapshot?.revision ?? 0) > 3, "the change seen");
    assert.equal(client.diagnostics.has(uri), false, "nobody looks at it any more");
  });
});

suite("a window of a database", () => {
  test("shows damage inside its events, in the document that was opened", async (context) => {
    const home = new DatabaseHome(context);
    const session = home.database.session("main");
    session.user("Bau größer 🛠");
    session.assistant("done");
    session.user("and again");
    session.assistant("done again");
    session.ended("done");
    const update = home.database.sql.prepare(
      "UPDATE transcript_events SET event_json = replace(event_json, ?, ?) WHERE session_id = ? AND seq = ?",
    );
    update.run("🛠", "🛠\u0007", session.id, 1);
    update.run('"done again"', '"done \\"again\\""', session.id, 4);
    update.run('"parentId":"', '"parentId":"x', session.id, 4);
    const { client, engine } = await serve(context, home.path, { initializationOptions: {} });
    const [snapshot] = engine.snapshot?.homes ?? [];
    const located = locateById(snapshot!, `agents/main/agent/openclaw-agent.sqlite#${session.id}:0`);
    assert.ok(snapshot !== undefined && located !== undefined);
    const { uri } = fragmentTarget(snapshot, located);
    const { text } = (await client.request(Method.document, { uri })) as { text: string };
    await client.open(uri, text);
    await client.until(() => client.diagnostics.get(uri)?.length === 2, "both damages");
    assert.deepEqual(
      client.diagnostics.get(uri)?.map((one) => [one.code, one.range.start.line, shown(text, one).slice(0, 2)]),
      [
        ["transcript/broken-parent", 4, '"x'],
        ["transcript/control-character", 1, "\u0007"],
      ],
    );
  });
});

suite("Deep Check", () => {
  test("reads what is meant, tells how far it is, and what it found", async (context) => {
    const home = goodHome(context);
    const broken = TRANSCRIPT_DAMAGES.find(({ code }) => code === "transcript/broken-parent")!;
    writeFileSync(join(home, FILE), broken.act(goodLines(IDS.subagent)).bytes);
    const { client, engine } = await serve(context, home, { initializationOptions: {} });
    const ask = async (params: object): Promise<{ problems: number; summary: string }> =>
      (await client.request(Method.deepCheck, { checkId: "1", ...params })) as { problems: number; summary: string };
    const { id } = engine.snapshot!.homes[0]!.home;
    assert.match(
      (await ask({ homeId: id, agent: "ops" })).summary,
      /^No damage in any transcript\. Read whole: 2 transcripts/,
    );
    const session = { homeId: id, agent: "main", sessionId: "agent:main:subagent:77" };
    const one = await ask({ session });
    assert.match(one.summary, /^1 problem in transcripts\. Read whole: 1 transcript, /);
    assert.equal((await ask({})).problems, 1);
    await assert.rejects(ask({ homeId: "none" }), /There is no home none/);
  });
});
