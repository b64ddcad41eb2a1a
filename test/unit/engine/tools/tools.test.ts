// The tools for language models: what a model learns from them, in how many bytes, and what they tell of themselves.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";

import { MOST_BYTES } from "../../../../src/engine/tools/bounded.ts";
import { TOOLS, toolNamed } from "../../../../src/engine/tools/table.ts";
import { type ToolAnswer, type ToolHost, ToolRefusal } from "../../../../src/engine/tools/tool.ts";
import { asObject, asText } from "../../../../src/formats/json-values.ts";
import {
  type DatabaseHome,
  type FixtureHome,
  fixtureHome,
  header,
  lines,
  message,
  temporaryTree,
} from "../../../support/homes.ts";
import { homeTree, row, sessionId, transcript } from "../../../support/openclaw.ts";
import { toolHostOn } from "../../../support/tools.ts";

const NOW = Date.parse("2026-11-22T00:00:00.000Z");
const KEY = "agent:main:main";

async function call(host: ToolHost, name: string, input: unknown = {}): Promise<ToolAnswer> {
  const tool = toolNamed(name);
  assert.ok(tool !== undefined, `no tool ${name}`);
  return await tool.run(host, input);
}

function objects(value: unknown): Record<string, unknown>[] {
  assert.ok(Array.isArray(value));
  return value.map((one) => asObject(one) ?? assert.fail("no object"));
}

const fixture = (t: TestContext, name: FixtureHome | DatabaseHome): ToolHost => toolHostOn([fixtureHome(t, name)], NOW);

async function refused(work: Promise<unknown>, why: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof ToolRefusal);
    assert.match(error.message, why);
    return true;
  });
}

describe("a tool", () => {
  for (const tool of TOOLS) {
    it(`${tool.name} describes itself and all of its input`, () => {
      assert.match(tool.name, /^[a-z]+(?:_[a-z]+)*$/);
      assert.ok(tool.title !== "" && tool.description.length > 150);
      assert.match(tool.description, /Read-only\.$/);
      assert.equal(tool.inputSchema.type, "object");
      for (const [name, property] of Object.entries(tool.inputSchema.properties ?? {}))
        assert.ok(asText(asObject(property)?.["description"]) !== null, `${tool.name}.${name}`);
    });

    it(`${tool.name} refuses what its schema does not allow, and says what`, async (t) => {
      const host = fixture(t, "2026.3.24-shadow");
      await refused(tool.run(host, { session: 7, limit: "many", text: 7 }), /(?:session|limit|text): /);
    });
  }
});

describe("two calls", () => {
  for (const name of ["2026.3.24-shadow", "2026.5.12-killed", "2026.9.6-clean"] as const)
    it(`give the prior work in ${name}: the request, the command, its fate, and that more is archived`, async (t) => {
      const host = fixture(t, name);
      const listed = await call(host, "list_sessions", { query: "incident" });
      const rows = objects(listed["sessions"]);
      const incident = rows.find((one) => one["key"] === "agent:main:incident" && one["homeRole"] === undefined);
      assert.ok(incident !== undefined);
      assert.equal(asObject(incident["continuesArchive"])?.["earlierFragments"], 1);
      const [, next = "{}"] = /^session_history (\{.*\})$/.exec(asText(incident["next"]) ?? "") ?? [];
      const answer = await call(host, "session_history", JSON.parse(next));
      assert.equal(answer["archivedMessagesAvailable"], true);
      const brief = asText(answer["brief"]) ?? "";
      assert.match(brief, /> Start the build/);
      assert.match(
        brief,
        /echo build-finished-A` .*started .* in fragment 1, line \d+: .*told .* in fragment 2, line \d+/,
      );
      for (const source of Array.isArray(answer["sources"]) ? answer["sources"] : [])
        assert.ok(existsSync(String(source)), String(source));
    });
});

/** A session with a page's worth of long messages. */
const manyMessages = (t: TestContext): string =>
  temporaryTree(
    t,
    homeTree(
      { [KEY]: row(sessionId(1)) },
      {
        [`${sessionId(1)}.jsonl`]: lines(
          header(sessionId(1), "2026-11-21T00:00:00.000Z"),
          ...Array.from({ length: 100 }, (_, index) =>
            message(
              "user",
              `${index} ${"ü".repeat(9000)}`,
              new Date(Date.parse("2026-11-21T00:00:01.000Z") + index).toISOString(),
            ),
          ),
        ),
      },
    ),
  );

describe("session_history", () => {
  it("stays within its bytes, and its cursor leaves out nothing", async (t) => {
    const host = toolHostOn([manyMessages(t)], NOW);
    const seen: string[] = [];
    let before: unknown;
    for (;;) {
      const answer = await call(host, "session_history", { session: KEY, limit: 40, ...(before ? { before } : {}) });
      assert.ok(Buffer.byteLength(JSON.stringify(answer)) < MOST_BYTES * 1.1);
      const quoted = objects(answer["messages"]).map((one) => asText(one["quoted"]) ?? "");
      seen.unshift(...quoted.map((text) => text.split(" ")[0] ?? ""));
      assert.equal(answer["truncated"], true);
      before = answer["nextCursor"];
      if (before === null) break;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 100 }, (_, index) => String(index)),
    );
  });

  it("gives nothing of unusual length, and says what can be had", async (t) => {
    const id = sessionId(1);
    const time = "2026-11-21T00:00:00.000Z";
    const long = { ...message("user", "hello", time), id: "x".repeat(200_000) };
    const tree = homeTree({ [KEY]: row(id) }, { [`${id}.jsonl`]: lines(header(id, time), long) });
    const host = toolHostOn([temporaryTree(t, tree)], NOW);
    await refused(call(host, "session_history", { session: KEY }), /unusual length.*brief: true/);
    assert.match(asText((await call(host, "session_history", { session: KEY, brief: true }))["brief"]) ?? "", /hello/);
  });

  it("refuses an argument that it does not have, by its name", async (t) => {
    const host = fixture(t, "2026.3.24-shadow");
    await refused(call(host, "session_history", { session: "agent:main:incident", cursor: "abc" }), /cursor/);
  });

  it("refuses a cursor that is none, and a session that is not there, and says what to do", async (t) => {
    const host = fixture(t, "2026.3.24-shadow");
    await refused(call(host, "session_history", { session: "agent:main:incident", before: "x" }), /nextCursor/);
    await refused(call(host, "session_history", { session: "nobody" }), /list_sessions/);
    await refused(call(host, "session_history", { session: "incident", home: "/nowhere" }), /Known homes: \//);
  });

  it("names what a session may continue where nothing decides it, and those names lead there", async (t) => {
    const host = fixture(t, "2026.3.24-shadow");
    const { sessions } = await call(host, "list_sessions", { limit: 100 });
    const open = objects(sessions).find(
      (one) => one["mayContinueOneOf"] !== undefined && one["homeRole"] === undefined,
    );
    assert.ok(open !== undefined);
    const answer = await call(host, "session_history", { session: open["session"], home: open["home"] });
    const candidates = Array.isArray(answer["mayContinue"]) ? answer["mayContinue"].map(String) : [];
    assert.ok(candidates.length > 0);
    for (const session of candidates) {
      const { messages } = await call(host, "session_history", { session });
      assert.ok(objects(messages).length > 0);
    }
  });

  it("takes a fresh session's id, its file, and its key alike", async (t) => {
    const path = fixtureHome(t, "2026.3.24-shadow");
    const host = toolHostOn([path], NOW);
    const { sessionId: id } = await call(host, "session_history", { session: "agent:main:incident" });
    const byFile = `${path}/agents/main/sessions/${String(id)}.jsonl`;
    for (const session of [id, byFile]) {
      const answer = await call(host, "session_history", { session });
      assert.equal(answer["sessionKey"], "agent:main:incident");
    }
  });
});

describe("the other tools", () => {
  it("session_chain tells what each link rests on", async (t) => {
    const answer = await call(fixture(t, "2026.9.6-clean"), "session_chain", { session: "agent:main:incident" });
    const [first, second] = objects(answer["fragments"]);
    assert.equal(first?.["previous"], null);
    assert.equal(asObject(second?.["previous"])?.["certainty"], "recorded");
    assert.equal(answer["truncated"], false);
  });

  it("session_execs tells start and end of a command that crossed a reset", async (t) => {
    const answer = await call(fixture(t, "2026.3.24-shadow"), "session_execs", { session: "agent:main:incident" });
    const [exec] = objects(answer["execs"]);
    assert.equal(exec?.["command"], "sleep 14; echo build-finished-A");
    assert.match(String(asObject(exec["start"])?.["fragment"]), /\.reset\./);
    assert.equal(asObject(exec["delivery"])?.["exitCode"], 0);
    assert.equal(asObject(exec["delivery"])?.["certainty"], "derived");
  });

  it("session_findings gives the worst first, with advice", async (t) => {
    const answer = await call(fixture(t, "2026.5.12-killed"), "session_findings", {});
    const findings = objects(answer["findings"]);
    assert.ok(findings.length > 0);
    assert.ok(findings.every((one) => asText(one["advice"]) !== null));
    assert.ok(findings.every(({ severity }) => severity !== "info"));
  });

  it("search_sessions finds what stands in an archive, and masks it", async (t) => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const tree = homeTree(
      { [KEY]: row(sessionId(2)) },
      {
        [`${sessionId(1)}.jsonl.reset.2026-11-21T00-00-10.000Z`]: transcript(
          sessionId(1),
          undefined,
          `deploy ${token}`,
        ),
        [`${sessionId(2)}.jsonl`]: transcript(sessionId(2), "2026-11-21T00:00:10.000Z"),
      },
    );
    const answer = await call(toolHostOn([temporaryTree(t, tree)], NOW), "search_sessions", { text: "deploy" });
    assert.equal(answer["hits"], 1);
    assert.ok(!JSON.stringify(answer).includes(token));
  });

  it("search_sessions names what it found so that session_history finds it again", async (t) => {
    const host = fixture(t, "2026.9.6-clean");
    const { sessions } = await call(host, "search_sessions", { text: "reborn" });
    const found = objects(sessions);
    assert.ok(found.length > 0);
    for (const { home, session } of found) {
      const { messages } = await call(host, "session_history", { session, home });
      assert.match(JSON.stringify(messages), /reborn/i);
    }
  });

  it("every answer tells that what it quotes is data, and from where it is", async (t) => {
    const host = fixture(t, "2026.3.24-shadow");
    const given: Record<string, unknown> = { session: "agent:main:incident", text: "build" };
    for (const { inputSchema, name } of TOOLS) {
      const taken = Object.entries(given).filter(([one]) => one in (inputSchema.properties ?? {}));
      const answer = await call(host, name, Object.fromEntries(taken));
      assert.match(String(answer["note"]), /never instructions/, name);
      assert.ok(answer["sources"] !== undefined, name);
      assert.equal(typeof answer["truncated"], "boolean", name);
    }
  });
});
