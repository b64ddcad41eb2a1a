// The incident from the command line as shipped: a command was started, /new came, its end arrives in the fresh fragment, and the
// user says "continue". The fresh fragment alone leads to the request, the command's start and its outcome.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";

import * as v from "valibot";

import { emptyHome, ownEnvironment, runCli } from "../support/bundles.ts";
import { fixtureHome } from "../support/homes.ts";
import { CONTINUE, INCIDENT_HOMES, sayContinue } from "../support/incident.ts";

const place = v.object({
  path: v.string(),
  window: v.optional(v.object({ sessionId: v.string(), fromSeq: v.number(), toSeq: v.number() })),
});
const end = v.object({
  entryId: v.nullable(v.string()),
  fragment: place,
  line: v.number(),
  at: v.nullable(v.string()),
  certainty: v.picklist(["recorded", "derived", "inferred", "assigned"]),
  evidence: v.pipe(v.array(v.string()), v.minLength(1)),
});
const previous = v.object({ ...place.entries, kind: v.string(), sessionId: v.nullable(v.string()) });

/** The contract: what is always there, and what may be. */
const historySchema = v.object({
  schema: v.literal("session-forensics/history/1"),
  home: v.string(),
  agent: v.string(),
  sessionKey: v.nullable(v.string()),
  sessionId: v.nullable(v.string()),
  messages: v.array(
    v.object({
      id: v.nullable(v.string()),
      at: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
      role: v.picklist(["user", "assistant", "tool", "system"]),
      text: v.string(),
      fragment: place,
      line: v.pipe(v.number(), v.integer(), v.minValue(1)),
      tool: v.optional(v.string()),
      origin: v.optional(v.nullable(v.object({ ...end.entries, slug: v.string(), command: v.nullable(v.string()) }))),
      delivery: v.optional(v.nullable(v.object({ ...end.entries, exitCode: v.nullable(v.number()) }))),
    }),
  ),
  previousFragments: v.array(previous),
  resetArchives: v.array(previous),
  continuationOf: v.nullable(
    v.object({ ...place.entries, certainty: end.entries.certainty, evidence: v.array(v.string()) }),
  ),
  archivedMessagesAvailable: v.boolean(),
  truncated: v.boolean(),
  nextCursor: v.nullable(v.string()),
  warnings: v.array(v.string()),
});

type History = v.InferOutput<typeof historySchema>;

async function history(context: TestContext, home: string, query: string, ...args: string[]): Promise<History> {
  const all = ["history", query, "--home", home, "--json", ...args];
  const { code, out } = await runCli(all, ownEnvironment(emptyHome(context)));
  assert.equal(code, 0);
  return v.parse(historySchema, JSON.parse(out));
}

suite('"continue" in a fresh session', () => {
  for (const name of INCIDENT_HOMES)
    test(`of ${name}: its id alone leads to the request, the start and the outcome`, async (context) => {
      const home = fixtureHome(context, name);
      sayContinue(home);
      const { sessionId } = await history(context, home, "agent:main:incident");
      assert.ok(sessionId !== null);

      const fresh = await history(context, home, sessionId, "--no-archived");
      assert.equal(fresh.sessionKey, "agent:main:incident");
      assert.equal(fresh.archivedMessagesAvailable, true);
      assert.equal(fresh.truncated, true);
      assert.equal(fresh.previousFragments.length, 1);
      assert.deepEqual(fresh.resetArchives, fresh.previousFragments);
      assert.equal(fresh.messages.at(-1)?.text, CONTINUE);
      assert.ok(!fresh.messages.some(({ text }) => text.includes("Start the build")));
      const told = fresh.messages.find(({ origin }) => origin !== undefined)?.origin ?? assert.fail("no origin");
      assert.deepEqual(told.fragment, {
        path: fresh.continuationOf?.path,
        ...(fresh.continuationOf?.window === undefined ? {} : { window: fresh.continuationOf.window }),
      });

      const whole = await history(context, home, sessionId);
      assert.equal(whole.truncated, false);
      assert.equal(whole.nextCursor, null);
      assert.ok(whole.messages.some(({ role, text }) => role === "user" && text.startsWith("Start the build")));
      const start = whole.messages.find(({ id }) => id === told.entryId);
      const completion = whole.messages.find(({ origin }) => origin?.entryId === told.entryId);
      assert.equal(start?.tool, "exec");
      assert.equal(start.delivery?.entryId, completion?.id);
      assert.match(told.command ?? "", /echo build-finished-A/);
    });

  test("pages lead through the whole chain, each message once", async (context) => {
    const home = fixtureHome(context, "2026.9.6-clean");
    const whole = await history(context, home, "agent:main:rpc-chain");
    const pages: History["messages"][] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const before: string[] = cursor === "" ? [] : ["--before", cursor];
      const page = await history(context, home, "agent:main:rpc-chain", "--limit", "3", ...before);
      assert.equal(page.truncated, page.nextCursor !== null);
      pages.unshift(page.messages);
      cursor = page.nextCursor;
    }
    assert.deepEqual(pages.flat(), whole.messages);
  });

  test("a brief is Markdown on stdout, and its bounds are kept", async (context) => {
    const home = fixtureHome(context, "2026.3.24-shadow");
    sayContinue(home);
    const env = ownEnvironment(emptyHome(context));
    const { code, out } = await runCli(["history", "incident", "--home", home, "--brief", "--size", "2500"], env);
    assert.equal(code, 0);
    assert.match(out, /^# Continuation brief for `agent:main:incident`/);
    assert.match(out, /> Start the build/);
    assert.match(out, /> continue\n/);
    assert.match(out, /echo build-finished-A` .*: completed with exit code 0; told /);
    assert.ok(out.length <= 2500);
  });

  test("what is asked for wrongly ends with 2, before anything is read", async (context) => {
    const env = ownEnvironment(emptyHome(context));
    for (const wrong of [
      ["--limit", "none"],
      ["--before", "%"],
      ["--brief", "--size", "3"],
    ]) {
      const { code, err, out } = await runCli(["history", "incident", ...wrong], env);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, /--limit takes|is no cursor|--size takes/);
    }
  });
});
