// The language server as shipped, over homes with databases: what they show, that a commit shows, and that not a byte changes.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { FragmentItem } from "../../src/protocol/fragments.ts";
import type { DocumentAnswer } from "../../src/protocol/documents.ts";
import { Method } from "../../src/protocol/methods.ts";
import type { SessionRef } from "../../src/protocol/sessions.ts";
import { startWriter } from "../support/gateway-writer.ts";
import type { Writer } from "../support/gateway-writer.ts";
import { fixtureHome, temporaryTree, treeState } from "../support/homes.ts";
import { shippedServer } from "../support/shipped-server.ts";
import type { LspClient } from "../support/lsp-client.ts";

const DATABASE = "agents/main/agent/openclaw-agent.sqlite";
const KEY = "agent:main:incident";
/** The session id of that key in the fixture. */
const SESSION = "39467afa-b6ff-4905-8754-2a01602253b7";

/** Asks again with the revision of the moment, while a writer makes each revision short-lived. */
async function fragmentsOf(client: LspClient, session: SessionRef): Promise<readonly FragmentItem[]> {
  for (;;) {
    const { revision } = await client.ask(Method.overview, {});
    const params = { revision, session, group: "chain", offset: 0, limit: 500 } as const;
    const answer = await client.ask(Method.fragments, params).catch(() => undefined);
    if (answer !== undefined) return answer.fragments;
  }
}

async function sessionNamed(client: LspClient, query: string): Promise<SessionRef> {
  const { sessions } = await client.ask(Method.findSessions, { query, limit: 50 });
  const found = sessions.find(({ key }) => key === query);
  assert.ok(found !== undefined, query);
  return found.ref;
}

/** Opens everything that the home has to show; how many fragments that was. */
async function openAll(client: LspClient): Promise<number> {
  const { sessions } = await client.ask(Method.findSessions, { query: "", limit: 500 });
  let opened = 0;
  for (const { ref } of sessions) {
    await client.ask(Method.chainDocument, { session: ref });
    for (const { file } of await fragmentsOf(client, ref)) {
      if (file.uri.startsWith("file:")) continue;
      const document = await client.ask(Method.document, { uri: file.uri });
      assert.ok(document !== null);
      for (const line of document.text.trimEnd().split("\n")) assert.equal(typeof JSON.parse(line), "object");
      assert.notEqual(await client.hover(file.uri, 0), null, file.uri);
      opened += 1;
    }
  }
  const { homes } = await client.ask(Method.overview, {});
  for (const { store } of homes.flatMap((one) => one.agents)) {
    const document = await client.ask(Method.document, { uri: store.uri });
    assert.ok(document !== null && Object.keys(JSON.parse(document.text)).length > 0);
  }
  return opened;
}

suite("a home with databases", () => {
  test("is shown whole: each window and each packed archive opens as its events", async (context) => {
    const client = await shippedServer(context, fixtureHome(context, "2026.9.6-clean"));
    const { counts } = await client.ask(Method.overview, {});
    assert.equal(await openAll(client), counts.fragments);
    const [now, before] = await fragmentsOf(client, await sessionNamed(client, KEY));
    assert.match(now?.description ?? "", /^window 2 of 2, events 8-14 · .* · link recorded$/);
    assert.match(before?.description ?? "", /^window 1 of 2, events 0-7 · /);
    const document = await client.ask(Method.document, { uri: now?.file.uri ?? "" });
    assert.match(document?.text ?? "", /^\{"type":"reset"/);
    assert.equal(document?.text.trimEnd().split("\n").length, 7);
  });

  test("shows a commit by watching alone, in the rows and in what is open", async (context) => {
    const home = fixtureHome(context, "2026.9.6-clean");
    const client = await shippedServer(context, home);
    const ref = await sessionNamed(client, KEY);
    const [now] = await fragmentsOf(client, ref);
    const uri = now?.file.uri ?? "";
    const { version, text } = (await client.ask(Method.document, { uri })) ?? { version: "", text: "" };
    // Watching begins with the end of the first scan; it has no moment of its own that a client could wait for.
    await startWriter(context, path.join(home, DATABASE), SESSION, { commitsPerSecond: 100 });
    let grown: DocumentAnswer = null;
    while (grown === null) grown = await client.ask(Method.document, { uri, known: version });
    assert.ok(grown.text.startsWith(text) && grown.text.length > text.length);
    assert.equal((await fragmentsOf(client, ref))[0]?.file.uri, uri);
  });
});

test("a database that a migration makes is noticed by watching alone", async (context) => {
  const migrated = fixtureHome(context, "2026.9.6-clean");
  const home = temporaryTree(context, {
    "openclaw.json": "{}",
    agents: { main: { sessions: { "sessions.json": "{}" } } },
  });
  const client = await shippedServer(context, home);
  const folder = path.dirname(path.join(home, DATABASE));
  let found = 0;
  while (found === 0) {
    // Watching begins with the end of the first scan; it has no moment of its own that a client could wait for. So the folder
    // comes again until it was seen to come.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    copyFileSync(path.join(migrated, DATABASE), path.join(home, DATABASE));
    await sleep(100);
    found = (await client.ask(Method.findSessions, { query: KEY, limit: 5 })).total;
  }
});

suite("not a byte of ours", () => {
  const KILLED = { commitsPerSecond: 100, checkpointPages: 100_000 };

  for (const [state, leave] of [
    ["a gateway closed it", async () => {}],
    [
      "a gateway was killed",
      async (context: TestContext, file: string) => {
        await (await startWriter(context, file, SESSION, KILLED)).kill();
      },
    ],
    [
      "it was copied without the index of its log",
      async (context: TestContext, file: string) => {
        await (await startWriter(context, file, SESSION, KILLED)).kill();
        rmSync(`${file}-shm`);
      },
    ],
  ] as const)
    test(`is in the home after it was scanned, watched and opened: ${state}`, async (context) => {
      const home = fixtureHome(context, "2026.9.6-clean");
      await leave(context, path.join(home, DATABASE));
      const before = treeState(home);
      const client = await shippedServer(context, home);
      await openAll(client);
      await client.ask(Method.refresh, {});
      await client.shutdown();
      assert.deepEqual(treeState(home), before);
    });

  test("is in it while a gateway commits a hundred times a second, nor afterwards", async (context) => {
    const [watched, alone] = [fixtureHome(context, "2026.9.6-clean"), fixtureHome(context, "2026.9.6-clean")];
    const client = await shippedServer(context, watched);
    const folder = path.join(watched, path.dirname(DATABASE));
    const own = new Set([...readdirSync(folder), `${path.basename(DATABASE)}-wal`, `${path.basename(DATABASE)}-shm`]);
    const writing = (home: string, commits: number): Promise<Writer> =>
      startWriter(context, path.join(home, DATABASE), SESSION, { commitsPerSecond: 100, commits });
    const busy = await writing(watched, 300);
    const ended = busy.ended.then(() => true);
    do {
      await openAll(client);
      assert.deepEqual(
        readdirSync(folder).filter((name) => !own.has(name)),
        [],
      );
    } while (!(await Promise.race([ended, sleep(1, false)])));
    await client.shutdown();
    // Who closes a database while another one reads it leaves its log; the next to close it alone takes it away.
    await (
      await writing(alone, 300)
    ).ended;
    for (const home of [watched, alone]) await (await writing(home, 1)).ended;
    assert.deepEqual(readdirSync(folder), readdirSync(path.join(alone, path.dirname(DATABASE))));
    assert.ok(readFileSync(path.join(watched, DATABASE)).equals(readFileSync(path.join(alone, DATABASE))));
  });
});
