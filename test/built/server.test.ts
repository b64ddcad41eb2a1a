// The language server as shipped: spawned, and spoken to over stdin and stdout by a plain client.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import type { Hover, MarkupContent } from "vscode-languageserver/node";

import { Refusal } from "../../src/protocol/errors.ts";
import type { FragmentItem } from "../../src/protocol/fragments.ts";
import { Method } from "../../src/protocol/methods.ts";
import type { SessionRef } from "../../src/protocol/sessions.ts";
import { CLI, emptyHome, exitOf, ownEnvironment, SERVER, spawnBundle } from "../support/bundles.ts";
import { fixtureHome, header, json, lines, message, temporaryTree, treeState } from "../support/homes.ts";
import { connectClient, FULL } from "../support/lsp-client.ts";
import type { ClientOptions, LspClient } from "../support/lsp-client.ts";

const ID = "0a0b0c0d-1111-4222-8333-444455556666";
const SESSIONS = "agents/main/sessions";
const ENTRY = message("assistant", "done", "2026-11-21T00:00:02.000Z");

/** A healthy home with one session; its folder holds nothing else. */
function smallHome(context: TestContext): string {
  const home = temporaryTree(context, {
    "openclaw.json": json({}),
    [SESSIONS]: {
      [`${ID}.jsonl`]: lines(
        header(ID, "2026-11-21T00:00:00.000Z"),
        message("user", "hello", "2026-11-21T00:00:01.000Z"),
        ENTRY,
      ),
    },
  });
  const row = { sessionId: ID, sessionFile: path.join(home, SESSIONS, `${ID}.jsonl`), updatedAt: 1, status: "done" };
  writeFileSync(path.join(home, SESSIONS, "sessions.json"), json({ "agent:main:main": row }));
  return home;
}

interface Session {
  readonly client: LspClient;
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | null>;
}

/** `rescanSeconds` 0: what the tests see was noticed by watching alone. */
const QUIET = { discoverUserHomes: false, rescanSeconds: 0 };

async function served(
  context: TestContext,
  home: string,
  options: ClientOptions = {},
  [bundle, ...args]: readonly [string, ...string[]] = [SERVER, "--stdio"],
): Promise<Session> {
  const child = spawnBundle(bundle, args, ownEnvironment(emptyHome(context)));
  const exited = exitOf(child);
  context.after(async () => {
    child.kill();
    await exited;
  });
  const folders = [pathToFileURL(home).href];
  const initializationOptions = { settings: QUIET, memoFolder: null };
  const client = await connectClient(child.stdout, child.stdin, { folders, initializationOptions, ...options });
  return { client, child, exited };
}

const scanned = (client: LspClient): Promise<void> =>
  client.until(() => client.notices.some((one) => one.method === "sessionForensics/changed"), "the first scan");

const uriIn = (home: string, name: string): string => pathToFileURL(path.join(home, SESSIONS, name)).href;

const valueOf = (hover: Hover | null): string => (hover?.contents as MarkupContent | undefined)?.value ?? "";

suite("a plain client", () => {
  for (const bundle of [
    [SERVER, "--stdio"],
    [CLI, "lsp"],
    [CLI, "lsp", "--stdio"],
  ] as const)
    test(`gets diagnostics and hovers from ${bundle.map((one) => path.basename(one)).join(" ")}`, async (context) => {
      const home = smallHome(context);
      appendFileSync(path.join(home, SESSIONS, `${ID}.jsonl`), '{"type":"mess');
      const { client, exited } = await served(context, home, { initializationOptions: undefined }, bundle);
      const uri = uriIn(home, `${ID}.jsonl`);
      await client.until(() => client.diagnostics.has(uri), "a diagnostic for the torn end");
      const [diagnostic] = client.diagnostics.get(uri) ?? [];
      assert.deepEqual(
        [diagnostic?.source, diagnostic?.code, diagnostic?.range.start.line],
        ["Session Forensics", "transcript/torn-tail", 3],
      );
      assert.match(valueOf(await client.hover(uri, 0)), /^Session agent:main:main/);
      assert.match(valueOf(await client.hover(uriIn(home, "sessions.json"), 2)), /Its transcript is there/);
      assert.deepEqual(client.notices, []);
      await client.shutdown();
      assert.equal(await exited, 0);
    });
});

test("codes lead to the documentation that was shipped", async (context) => {
  const home = smallHome(context);
  appendFileSync(path.join(home, SESSIONS, `${ID}.jsonl`), '{"type":"mess');
  const { client } = await served(context, home, { capabilities: FULL, settings: QUIET });
  const uri = uriIn(home, `${ID}.jsonl`);
  await client.until(() => client.diagnostics.has(uri), "a diagnostic for the torn end");
  const page = new URL(client.diagnostics.get(uri)?.[0]?.codeDescription?.href ?? "none:");
  const text = readFileSync(fileURLToPath(`file://${page.pathname}`), "utf8");
  assert.ok(text.includes(`id="${page.hash.slice(1)}"`), page.href);
});

suite("changes on disk", () => {
  test("become diagnostics within moments, and go again", async (context) => {
    const home = smallHome(context);
    const { client } = await served(context, home);
    await scanned(client);
    const file = path.join(home, SESSIONS, `${ID}.jsonl`);
    const uri = uriIn(home, `${ID}.jsonl`);
    const healthy = readFileSync(file);
    assert.ok(!client.diagnostics.has(uri));
    // Watching begins with the end of the first scan; it has no moment of its own that a client could wait for.
    await client.until(() => {
      writeFileSync(file, Buffer.concat([healthy, Buffer.from('{"type":"mess')]));
      return client.diagnostics.has(uri);
    }, "a diagnostic for the torn end");
    writeFileSync(file, healthy);
    await client.until(() => !client.diagnostics.has(uri), "the diagnostic taken back");
  });

  test("bring a new revision; the old one is refused", async (context) => {
    const home = smallHome(context);
    const { client } = await served(context, home);
    await scanned(client);
    const { revision, homes } = await client.ask(Method.overview, {});
    const homeId = homes[0]?.id ?? "";
    const params = { homeId, agent: "main", group: "keyed", offset: 0, limit: 10 } as const;
    assert.equal((await client.ask(Method.agentSessions, { ...params, revision })).total, 1);
    const other = ID.replace("0a", "1b");
    writeFileSync(
      path.join(home, SESSIONS, `${other}.jsonl`),
      lines(header(other, "2026-11-21T00:01:00.000Z"), message("user", "x", "2026-11-21T00:01:01.000Z"), ENTRY),
    );
    const { revision: next } = await client.ask(Method.refresh, {});
    assert.ok(next > revision);
    await assert.rejects(client.ask(Method.agentSessions, { ...params, revision }), (error: unknown) => {
      assert.ok(error instanceof Error && "code" in error && "data" in error);
      assert.deepEqual([error.code, error.data], [Refusal.staleRevision, { revision: next }]);
      return true;
    });
    assert.equal((await client.ask(Method.overview, {})).counts.fragments, 2);
  });

  test("of whole homes are survived: moved away and back", async (context) => {
    const home = smallHome(context);
    const { client } = await served(context, home);
    await scanned(client);
    renameSync(home, `${home}-gone`);
    await client.ask(Method.refresh, {});
    assert.deepEqual((await client.ask(Method.overview, {})).homes, []);
    renameSync(`${home}-gone`, home);
    await client.ask(Method.refresh, {});
    assert.equal((await client.ask(Method.overview, {})).counts.fragments, 1);
  });
});

/** Those of its chain, and its checkpoints. */
async function fragmentsOf(client: LspClient, revision: number, session: SessionRef): Promise<FragmentItem[]> {
  const params = { revision, session, offset: 0, limit: 500 };
  const chain = await client.ask(Method.fragments, { ...params, group: "chain" });
  const checkpoints = await client.ask(Method.fragments, { ...params, group: "checkpoints" });
  return [...chain.fragments, ...checkpoints.fragments];
}

suite("the views", () => {
  test("are filled lazily from a real home, every row reachable", async (context) => {
    const home = fixtureHome(context, "2026.5.12-killed");
    const { client } = await served(context, home);
    await scanned(client);
    const { revision, homes, counts } = await client.ask(Method.overview, {});
    let fragments = 0;
    for (const { homeId, name } of homes.flatMap((one) => one.agents))
      for (const group of ["keyed", "unattributed"] as const) {
        const { sessions } = await client.ask(Method.agentSessions, {
          revision,
          homeId,
          agent: name,
          group,
          offset: 0,
          limit: 500,
        });
        for (const { ref } of sessions) {
          const rows = await fragmentsOf(client, revision, ref);
          fragments += rows.length;
          for (const { place, file } of rows)
            assert.equal((await client.ask(Method.resolveFragment, { homeId, place })).path, file.path);
          assert.notEqual((await client.ask(Method.chainDocument, { session: ref })).text, "");
        }
      }
    assert.equal(fragments, counts.fragments);
    const { locks } = await client.ask(Method.locks, { revision });
    assert.equal(locks.length, 2);
    const { findings, total } = await client.ask(Method.findings, { revision, offset: 0, limit: 500 });
    assert.equal(findings.length, total);
    for (const { id } of findings)
      assert.ok((await client.ask(Method.explainFinding, { findingId: id })).text.length > 50);
  });

  test("leave every byte of the home as it is", async (context) => {
    const home = fixtureHome(context, "2026.3.24-shadow");
    const before = treeState(home);
    const { client, exited } = await served(context, home);
    await scanned(client);
    await client.ask(Method.refresh, {});
    await client.hover(uriIn(home, "sessions.json"), 1);
    await client.shutdown();
    assert.equal(await exited, 0);
    assert.deepEqual(treeState(home), before);
  });
});

suite("robustness", () => {
  test("senseless documents and requests end neither the server nor each other", async (context) => {
    const home = smallHome(context);
    const { client } = await served(context, home);
    await scanned(client);
    const uri = uriIn(home, "sessions.json");
    await client.notify("textDocument/didChange", {
      textDocument: { uri: "file:///never/opened", version: 3 },
      contentChanges: [{ text: "x" }],
    });
    for (const text of ["", "\u0000\ud800{{{[[[", "[".repeat(100_000), `{"${"k".repeat(1_000_000)}`, "null"]) {
      await client.open(uri, text);
      await client.hover(uri, 0, 1);
      await client.hover(uri, 4_000_000, 4_000_000);
      await client.notify("textDocument/didClose", { textDocument: { uri } });
    }
    for (const document of ["", "file://", "file:///%00", "\u0000", `file:///${"a/".repeat(3000)}`])
      assert.equal(await client.hover(document, 0), null);
    await assert.rejects(client.request("textDocument/hover", {}));
    await assert.rejects(client.request(Method.fragments, [[[]]]));
    assert.match(valueOf(await client.hover(uri, 2)), /^Session agent:main:main/);
  });

  test("ends when its client goes away", async (context) => {
    const { child, exited } = await served(context, smallHome(context));
    child.stdin.end();
    await exited;
  });

  test("ends when the process that started it dies", async (context) => {
    const parent = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
    context.after(() => parent.kill());
    const { client, exited } = await served(context, smallHome(context), { processId: parent.pid ?? null });
    await scanned(client);
    parent.kill();
    assert.notEqual(await exited, 0);
  });

  test("goes on when the sessions vanish under it", async (context) => {
    const home = smallHome(context);
    const { client } = await served(context, home);
    await scanned(client);
    rmSync(path.join(home, SESSIONS), { recursive: true });
    await client.ask(Method.refresh, {});
    assert.equal((await client.ask(Method.overview, {})).counts.fragments, 0);
  });
});
