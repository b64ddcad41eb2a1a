// The MCP server on a host of the test's own: cancelling is heard, and what goes wrong is told to the model, not to stdout.
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";

import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";

import type { ToolHost } from "../../../src/engine/tools/tool.ts";
import { createMcpServer } from "../../../src/mcp/server.ts";
import { engineHost } from "../../../src/mcp/engine-host.ts";
import { FileError } from "../../../src/system/files.ts";
import { fakeEngine } from "../../support/fake-engine.ts";
import { aSnapshot } from "../../support/snapshots.ts";

interface Served {
  readonly client: Client;
  readonly logged: readonly string[];
}

async function served(t: TestContext, host: ToolHost): Promise<Served> {
  const logged: string[] = [];
  const server = createMcpServer({ host, version: "1.2.3", log: (line) => logged.push(line) });
  const client = new Client({ name: "test", version: "1.0.0" });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  t.after(() => client.close());
  return { client, logged };
}

function hostWith(given: Partial<ToolHost>): ToolHost {
  return {
    snapshot: () => Promise.resolve(aSnapshot()),
    readTranscript: () => Promise.reject(new FileError("gone", "/home/ann/x.jsonl", "it is gone")),
    execs: () => Promise.resolve({ execs: [], notices: [], unread: [] }),
    now: () => 0,
    ripgrep: () => Promise.resolve(null),
    ...given,
  };
}

describe("the MCP server", () => {
  it("hears that a call was cancelled, and goes on", async (t) => {
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<null>();
    const host = hostWith({
      ripgrep: () => {
        asked.resolve();
        return held.promise;
      },
    });
    const { client, logged } = await served(t, host);
    const controller = new AbortController();
    const call = client.callTool(
      { name: "search_sessions", arguments: { text: "build" } },
      { signal: controller.signal },
    );
    await asked.promise;
    controller.abort();
    await assert.rejects(call);
    held.resolve(null);
    const { isError } = await client.callTool({ name: "list_sessions", arguments: {} });
    assert.notEqual(isError, true);
    assert.deepEqual(logged, []);
  });

  it("tells the model of an error of its own, and logs it", async (t) => {
    const host = hostWith({ snapshot: () => Promise.reject(new Error("out of luck")) });
    const { client, logged } = await served(t, host);
    const { content, isError } = await client.callTool({ name: "list_sessions", arguments: {} });
    assert.equal(isError, true);
    assert.match(JSON.stringify(content), /The tool failed: out of luck/);
    assert.match(logged.join("\n"), /out of luck/);
  });

  it("tells the model which file could not be read, and what to do", async (t) => {
    const host = hostWith({ execs: () => Promise.reject(new FileError("gone", "/home/ann/x.jsonl", "it is gone")) });
    const { client, logged } = await served(t, host);
    const { sessions } = (await client.callTool({ name: "list_sessions", arguments: {} })).structuredContent as {
      readonly sessions: readonly { readonly session: string; readonly home: string }[];
    };
    const [first] = sessions;
    assert.ok(first !== undefined);
    const { session, home } = first;
    const answer = await client.callTool({ name: "session_execs", arguments: { session, home } });
    assert.equal(answer.isError, true);
    assert.match(JSON.stringify(answer.content), /x\.jsonl could not be read: it is gone\. .*list_sessions again/);
    assert.deepEqual(logged, []);
  });
});

describe("the engine behind it", () => {
  it("is scanned for each call, but not twice within a second", async () => {
    const engine = fakeEngine(aSnapshot());
    let now = 0;
    const host = engineHost({ engine, now: () => now, ripgrep: () => Promise.resolve(null) });
    await host.snapshot();
    await host.snapshot();
    assert.equal(engine.scans, 1);
    now = 2000;
    await host.snapshot();
    assert.equal(engine.scans, 2);
  });
});
