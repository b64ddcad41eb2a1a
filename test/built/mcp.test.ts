// The MCP server as shipped: the packed command line, spoken to by the official SDK's client.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, renameSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { TOOLS } from "../../src/engine/tools/table.ts";
import { asObject, asText } from "../../src/formats/json-values.ts";
import { CLI, emptyHome, exitOf, ownEnvironment, spawnBundle } from "../support/bundles.ts";
import { fixtureHome, treeState } from "../support/homes.ts";
import { INCIDENT_HOMES, sayContinue } from "../support/incident.ts";

interface Connected {
  readonly client: Client;
  /** Calls a tool that succeeds. */
  readonly call: (name: string, input?: Record<string, unknown>) => Promise<Record<string, unknown>>;
}

async function connected(context: TestContext, ...args: string[]): Promise<Connected> {
  const env = ownEnvironment(emptyHome(context));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, "mcp", ...args],
    env,
    stderr: "ignore",
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport);
  context.after(() => client.close());
  const call: Connected["call"] = async (name, input = {}) => {
    const { content, isError, structuredContent } = await client.callTool({ name, arguments: input });
    assert.ok(isError !== true, JSON.stringify(content));
    const answer = asObject(structuredContent) ?? assert.fail("no structured content");
    const [text] = Array.isArray(content) ? content : [];
    assert.deepEqual(JSON.parse(asText(asObject(text)?.["text"]) ?? ""), answer);
    return answer;
  };
  return { client, call };
}

function objects(value: unknown): Record<string, unknown>[] {
  assert.ok(Array.isArray(value));
  return value.map((one) => asObject(one) ?? assert.fail("no object"));
}

suite("the MCP server", () => {
  test("offers every tool as read-only, with its schema and how to begin", async (context) => {
    const { client } = await connected(context, "--home", fixtureHome(context, "2026.3.24-shadow"));
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map((one) => [one.name, one.annotations?.readOnlyHint, one.inputSchema.type]),
      TOOLS.map(({ name }) => [name, true, "object"]),
    );
    assert.match(client.getInstructions() ?? "", /list_sessions, then session_history with brief: true/);
    assert.equal(client.getServerVersion()?.name, "session-forensics");
  });

  for (const name of INCIDENT_HOMES)
    test(`tells a model that is told "continue" in ${name} what went before, in two calls`, async (context) => {
      const home = fixtureHome(context, name);
      sayContinue(home);
      const before = treeState(home);
      const { call } = await connected(context, "--home", home);
      const { sessions } = await call("list_sessions");
      const incident = objects(sessions).find((one) => one["key"] === "agent:main:incident" && one["home"] === home);
      assert.ok(incident?.["continuesArchive"] !== undefined);
      const { session } = incident;
      const answer = await call("session_history", { session, home, brief: true });
      assert.equal(answer["archivedMessagesAvailable"], true);
      const brief = asText(answer["brief"]) ?? "";
      assert.match(brief, /> Start the build/);
      assert.match(brief, /> continue\n/);
      assert.match(brief, /echo build-finished-A` .*told 2026-11-21 .* in fragment 2/);
      for (const source of Array.isArray(answer["sources"]) ? answer["sources"] : [])
        assert.ok(existsSync(String(source)));
      assert.deepEqual(treeState(home), before);
    });

  test("finds the fresh fragment by its session id alone, with the origin of the completion in it", async (context) => {
    const home = fixtureHome(context, "2026.3.24-shadow");
    const { call } = await connected(context, "--home", home);
    const { sessionId: id } = await call("session_history", { session: "agent:main:incident" });
    const { messages } = await call("session_history", { session: id, home });
    const all = objects(messages);
    const completion = all.find((one) => asObject(one["origin"]) !== undefined);
    const start = all.find((one) => one["id"] === asObject(completion?.["origin"])?.["entryId"]);
    assert.equal(asObject(start?.["delivery"])?.["entryId"], completion?.["id"]);
    assert.match(asText(asObject(start?.["fragment"])?.["path"]) ?? "", /\.reset\./);
  });

  test("finds the homes of this user", async (context) => {
    const home = emptyHome(context);
    renameSync(fixtureHome(context, "2026.3.24-shadow"), path.join(home, ".openclaw"));
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [CLI, "mcp"],
      env: ownEnvironment(home),
    });
    const client = new Client({ name: "test", version: "1.0.0" });
    await client.connect(transport);
    context.after(() => client.close());
    const { structuredContent } = await client.callTool({ name: "list_sessions", arguments: {} });
    const homes = new Set(objects(asObject(structuredContent)?.["sessions"]).map((one) => one["home"]));
    assert.ok(homes.has(path.join(home, ".openclaw")));
  });

  test("shows the homes that are named, and those of this user only when asked to", async (context) => {
    const named = fixtureHome(context, "2026.5.12-killed");
    const home = emptyHome(context);
    renameSync(fixtureHome(context, "2026.5.12-delivery"), path.join(home, ".openclaw"));
    const homesOf = async (...args: string[]): Promise<unknown[]> => {
      const env = ownEnvironment(home);
      const transport = new StdioClientTransport({ command: process.execPath, args: [CLI, "mcp", ...args], env });
      const client = new Client({ name: "test", version: "1.0.0" });
      await client.connect(transport);
      context.after(() => client.close());
      const { structuredContent } = await client.callTool({ name: "list_sessions", arguments: {} });
      const sources = asObject(asObject(structuredContent)?.["sources"]);
      return objects(sources?.["homes"]).map((one) => one["path"]);
    };
    assert.deepEqual(await homesOf("--", named), [named]);
    // Gateways that run on this machine are discovered as well.
    const all = await homesOf("--discover", "--", named);
    assert.ok(all.includes(named) && all.includes(path.join(home, ".openclaw")));
  });

  test("answers what can't be given with an error that says what to do", async (context) => {
    const { client } = await connected(context, "--home", fixtureHome(context, "2026.3.24-shadow"));
    const nobody = await client.callTool({ name: "session_history", arguments: { session: "nobody" } });
    assert.equal(nobody.isError, true);
    assert.match(JSON.stringify(nobody.content), /Call list_sessions/);
    const senseless = await client.callTool({ name: "session_history", arguments: { session: 7 } });
    assert.equal(senseless.isError, true);
    assert.match(JSON.stringify(senseless.content), /session: /);
    await assert.rejects(client.callTool({ name: "remove_session", arguments: {} }), /There is no tool remove_session/);
  });

  test("says nothing but its protocol on stdout, and ends with its client", async (context) => {
    const home = fixtureHome(context, "2026.3.24-shadow");
    const child = spawnBundle(CLI, ["mcp", "--verbose", "--home", home], ownEnvironment(emptyHome(context)));
    const exited = exitOf(child);
    const out: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
    const initialize = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    const say = (message: object): unknown => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    say({ id: 1, method: "initialize", params: initialize });
    await once(child.stdout, "data");
    say({ method: "notifications/initialized" });
    say({ id: 2, method: "tools/call", params: { name: "list_sessions", arguments: {} } });
    while (!out.join("").includes('"id":2')) await once(child.stdout, "data");
    child.stdin.end();
    assert.equal(await exited, 0);
    for (const line of out.join("").trim().split("\n")) assert.equal(asObject(JSON.parse(line))?.["jsonrpc"], "2.0");
  });
});
