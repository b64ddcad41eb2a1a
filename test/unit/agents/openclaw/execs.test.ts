import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";

import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { ExecFacts } from "../../../../src/model/exec-trace.ts";
import { header, lines, message, temporaryTree } from "../../../support/homes.ts";
import { homeTree, sessionId } from "../../../support/openclaw.ts";
import { memo, only, readingContext } from "../../../support/world.ts";

const TIME = "2026-11-21T00:16:00.000Z";
const STARTED = 1_795_220_175_263;

function started(slug: string, given: { toolName?: string; details?: object } = {}): Record<string, unknown> {
  const { toolName = "exec", details = { status: "running", sessionId: slug, pid: 1, startedAt: STARTED } } = given;
  return message("toolResult", `Command still running (session ${slug}, pid 1).`, TIME, { toolName, details });
}

function context(content: string): Record<string, unknown> {
  return { type: "custom_message", customType: "openclaw.runtime-context", content, id: "c0ffee00", timestamp: TIME };
}

async function trace(
  test: TestContext,
  text: string,
  name = `${sessionId(1)}.jsonl`,
): Promise<ExecFacts | null | undefined> {
  const state = temporaryTree(test, homeTree({}, { [name]: text }));
  const reading = readingContext();
  const [home] = (await openclaw.discover(reading, only(state))).homes;
  assert.ok(home !== undefined);
  const { agents } = await openclaw.read(home, reading);
  const [fragment] = await openclaw.traceExecs(home, agents[0]?.fragments ?? [], reading);
  return fragment?.execs;
}

function transcriptOf(...entries: unknown[]): string {
  return lines(header(sessionId(1), TIME), ...entries);
}

describe("the start of a background exec", () => {
  it("is the result of the exec tool that says so", async (test) => {
    const execs = await trace(test, transcriptOf(started("fresh-summit")));
    assert.deepEqual(execs?.started, [
      { slug: "fresh-summit", at: STARTED, line: 2, entryId: "0a1b2c3d", writtenAt: Date.parse(TIME), pid: 1 },
    ]);
  });

  it("is no other result, and no quotation of one", async (test) => {
    const quoted = JSON.stringify(started("quoted-slug"));
    const execs = await trace(
      test,
      transcriptOf(
        started("polled-again", { toolName: "process" }),
        started("done-already", { details: { status: "completed", sessionId: "done-already" } }),
        started("no-slug", { details: { status: "running" } }),
        message("user", quoted, TIME),
        { type: "custom", details: { status: "running", sessionId: "custom" } },
      ),
    );
    assert.deepEqual(execs, { started: [], completed: [] });
  });
});

function slugs(execs: ExecFacts | null | undefined): string[] | undefined {
  return execs?.completed.map(({ slug }) => slug);
}

describe("the report of an exec's end", () => {
  it("stands before a user text, with the time of the end", async (test) => {
    const text = [
      "System: [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: done",
      "System: [2026-11-21 00:16:47 UTC] Exec failed (plaid-ba, signal SIGKILL) :: oh",
      "",
      "Sender (untrusted metadata): and so on",
    ].join("\n");
    const execs = await trace(test, transcriptOf(message("user", text, TIME)));
    const told = { line: 2, entryId: "0a1b2c3d", writtenAt: Date.parse(TIME), form: "system-line", stated: true };
    assert.deepEqual(execs?.completed, [
      {
        ...told,
        slug: "salty-gl",
        at: Date.parse("2026-11-21T00:16:46Z"),
        outcome: { outcome: "completed", exitCode: 0, signal: null, output: "done" },
      },
      {
        ...told,
        slug: "plaid-ba",
        at: Date.parse("2026-11-21T00:16:47Z"),
        outcome: { outcome: "failed", exitCode: null, signal: "SIGKILL", output: "oh" },
      },
    ]);
  });

  for (const [zone, expected] of [
    ["UTC", "2026-11-21T00:16:46Z"],
    ["GMT+1", "2026-11-21T00:16:46+01:00"],
    ["GMT-3:30", "2026-11-21T00:16:46-03:30"],
    ["Mars", TIME],
    ["EST5", TIME],
  ] as const) {
    it(`with a stamp in ${zone} is at the right time, or at that of its entry`, async (test) => {
      const text = `System: [2026-11-21 00:16:46 ${zone}] Exec completed (salty-gl, code 0)`;
      const execs = await trace(test, transcriptOf(message("user", text, TIME)));
      assert.equal(execs?.completed[0]?.at, Date.parse(expected));
    });
  }

  it("stands in the hidden context of a heartbeat", async (test) => {
    const content = "An async command has completed.\n\nExec completed (brisk-co, code 4) :: out\n\nPlease relay it.";
    assert.deepEqual(slugs(await trace(test, transcriptOf(context(content)))), ["brisk-co"]);
  });

  it("names the session where an approval reports it", async (test) => {
    const content = "Exec finished (gateway id=4711, session=brisk-cove, code 0)";
    assert.deepEqual(slugs(await trace(test, transcriptOf(context(content)))), ["brisk-cove"]);
  });

  it("is nothing that a person or an assistant says", async (test) => {
    const said = "Exec completed (salty-gl, code 0)";
    const typed = `hello\nSystem: [2026-11-21 00:16:46 UTC] ${said}`;
    const execs = await trace(
      test,
      transcriptOf(
        message("user", said, TIME),
        message("user", typed, TIME),
        message("assistant", `System: [2026-11-21 00:16:46 UTC] ${said}`, TIME),
        { ...context(said), customType: "other" },
      ),
    );
    assert.deepEqual(slugs(execs), []);
  });
});

describe("tracing", () => {
  it("finds its lines among megabytes, by their numbers", async (test) => {
    const filler = Array.from({ length: 3000 }, (_, at) => message("assistant", "x".repeat(500 + (at % 700)), TIME));
    const execs = await trace(test, transcriptOf(...filler, started("far-away"), ...filler));
    assert.deepEqual(
      execs?.started.map(({ line }) => line),
      [filler.length + 2],
    );
  });

  it("passes over damage", async (test) => {
    const text = `${transcriptOf(started("before-it"))}{"status":"running" torn\n\u0000\u0000\n${lines(started("behind-it"))}`;
    const execs = await trace(test, text);
    assert.deepEqual(
      execs?.started.map(({ slug, line }) => [slug, line]),
      [
        ["before-it", 2],
        ["behind-it", 5],
      ],
    );
  });

  it("reads a file once, and leaves null what is gone", async (test) => {
    const state = temporaryTree(test, homeTree({}, { "a.jsonl": transcriptOf(started("once-only")) }));
    const facts = memo();
    const reading = readingContext({}, facts);
    const [home] = (await openclaw.discover(reading, only(state))).homes;
    assert.ok(home !== undefined);
    const fragments = (await openclaw.read(home, reading)).agents[0]?.fragments ?? [];
    const first = await openclaw.traceExecs(home, fragments, reading);
    const reads = facts.reads.length;
    assert.deepEqual(await openclaw.traceExecs(home, fragments, reading), first);
    assert.equal(facts.reads.length, reads);
    const gone = fragments.map((fragment) => ({ ...fragment, path: "agents/main/sessions/gone.jsonl" }));
    assert.deepEqual(
      (await openclaw.traceExecs(home, gone, reading)).map(({ execs }) => execs),
      [null],
    );
  });
});
