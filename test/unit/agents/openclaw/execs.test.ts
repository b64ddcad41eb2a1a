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

  it("is found where another program rewrote the transcript with blanks", async (test) => {
    const spaced = (entry: object): string => JSON.stringify(entry, null, 1).replaceAll(/\n\s*/g, " ");
    const entries = [header(sessionId(1), TIME), started("fresh-summit")];
    const execs = await trace(test, `${entries.map(spaced).join("\n")}\n`);
    assert.deepEqual(
      execs?.started.map(({ slug }) => slug),
      ["fresh-summit"],
    );
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

describe("the command of a background exec", () => {
  const call = (id: string, command: unknown): object => ({
    type: "toolCall",
    id,
    name: "exec",
    arguments: { command },
  });
  const calling = (...content: object[]): object => message("assistant", "", TIME, { content });
  const answered = (slug: string, toolCallId: string): object => {
    const details = { status: "running", sessionId: slug, pid: 1, startedAt: STARTED };
    return message("toolResult", "running", TIME, { toolName: "exec", toolCallId, details });
  };
  const commands = async (test: TestContext, ...entries: object[]): Promise<unknown[] | undefined> =>
    (await trace(test, transcriptOf(...entries)))?.started.map(({ command, toolCallId }) => [toolCallId, command]);

  it("stands in the call that its result answers", async (test) => {
    const entries = [
      calling(call("c1", "ls")),
      calling(call("c2", "make"), call("c3", "sleep 9")),
      answered("a-b", "c3"),
    ];
    assert.deepEqual(await commands(test, ...entries), [["c3", "sleep 9"]]);
  });

  it("is not known where the call is another one, or holds no text", async (test) => {
    const others = [calling(call("c1", "ls")), answered("a-b", "c2"), calling(call("c3", 7)), answered("c-d", "c3")];
    assert.deepEqual(await commands(test, ...others), [
      ["c2", undefined],
      ["c3", undefined],
    ]);
    assert.deepEqual(await commands(test, answered("a-b", "c1")), [["c1", undefined]]);
  });

  it("is cut where it is long, but never inside of a character", async (test) => {
    const long = calling(call("c1", `x${"😀".repeat(400)}`));
    const [start] = (await trace(test, transcriptOf(long, answered("a-b", "c1"))))?.started ?? [];
    const command = start?.command;
    assert.ok(command !== undefined && command.length <= 300 && command.isWellFormed() && command.endsWith("😀…"));
  });
});

describe("the end of an exec", () => {
  const process = (text: string, details: object): object =>
    message("toolResult", text, TIME, { toolName: "process", details });
  const ends = async (test: TestContext, ...entries: object[]): Promise<unknown[]> =>
    ((await trace(test, transcriptOf(...entries)))?.ended ?? []).map(({ line, outcome, slug }) => [
      slug,
      line,
      outcome.outcome,
      outcome.exitCode,
      outcome.output,
    ]);

  it("is told by a poll or a look at the log, the first time that it is", async (test) => {
    const going = { status: "running", sessionId: "calm-bay" };
    const over = { status: "failed", sessionId: "calm-bay", exitCode: 2, aggregated: "no such\nfile" };
    assert.deepEqual(
      await ends(
        test,
        process("(no new output)", going),
        process("Process exited with code 2.", over),
        process("", over),
      ),
      [["calm-bay", 3, "failed", 2, "no such file"]],
    );
  });

  it("is told of all that a list shows as ended", async (test) => {
    const sessions = [
      { sessionId: "calm-bay", status: "completed", exitCode: 0, tail: "ok" },
      { sessionId: "keen-fox", status: "running" },
      { sessionId: "wild-elm", status: "killed" },
    ];
    assert.deepEqual(await ends(test, process("…", { status: "completed", sessions })), [
      ["calm-bay", 2, "completed", 0, "ok"],
      ["wild-elm", 2, "killed", null, null],
    ]);
  });

  it("is told by what ended it, in words", async (test) => {
    const killed = process("Killed session calm-bay.", { status: "failed", name: "make" });
    const asked = process("Termination requested for session keen-fox.", { status: "completed" });
    const nothing = process("No session found for wild-elm", { status: "failed" });
    assert.deepEqual(await ends(test, killed, asked, nothing), [
      ["calm-bay", 2, "killed", null, null],
      ["keen-fox", 3, "killed", null, null],
    ]);
  });

  it("may come again for a name that was given out anew", async (test) => {
    const over = process("", { status: "completed", sessionId: "calm-bay", exitCode: 0 });
    const told = (await ends(test, over, over, started("calm-bay"), over)) as [string, number][];
    assert.deepEqual(
      told.map(([, line]) => line),
      [2, 5],
    );
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

describe("a report that a person could have written", () => {
  const UNTRUSTED = "System (untrusted): [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: done";

  async function told(test: TestContext, text: string): Promise<unknown> {
    const execs = await trace(test, transcriptOf(message("user", text, TIME)));
    const { completed = [], quoted = [], unnamed = [] } = execs ?? {};
    return {
      completed: completed.map(({ slug }) => slug),
      quoted: quoted.map(({ form, slug }) => `${slug} ${form}`),
      unnamed: unnamed.length,
    };
  }

  it("is told apart: a line marked as untrusted, and a prompt in the user's place", async (test) => {
    const quoted = ["salty-gl untrusted-line"];
    const relay = "An async command you ran earlier has completed. The result is shown in the system messages above.";
    assert.deepEqual(await told(test, `${UNTRUSTED}\n\n${relay}`), { completed: [], quoted, unnamed: 0 });
    const details = "An async command you ran earlier has completed. The command completion details are:";
    assert.deepEqual(await told(test, `${details}\n\nExec failed (salty-gl, code 1)\n\nPlease relay`), {
      completed: [],
      quoted: ["salty-gl user-prompt"],
      unnamed: 0,
    });
  });

  it("stands behind other text, as events of several lines are", async (test) => {
    const event =
      "System: [2026-11-21 00:16:40 UTC] Exec running (gateway id=77, session=calm-bay, >10s): set -e\nmake";
    const ended = "System: [2026-11-21 00:16:46 UTC] Exec finished (gateway id=77, session=calm-bay, code 0)";
    assert.deepEqual(await told(test, `${event}\n${ended}`), {
      completed: [],
      quoted: ["calm-bay untrusted-line"],
      unnamed: 0,
    });
  });

  it("may be quoted in the output of another, and is none then", async (test) => {
    const line =
      "System: [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: Exec completed (calm-bay, code 0)";
    assert.deepEqual(await told(test, line), { completed: ["salty-gl"], quoted: [], unnamed: 0 });
  });
});

describe("a report that names no exec", () => {
  const WITHHELD = "An async command completion event was triggered, but user delivery is disabled for this run.";

  it("is counted in the hidden context, in the user's place, and as a turn of its own", async (test) => {
    const execs = await trace(
      test,
      transcriptOf(
        context(WITHHELD),
        message("user", `[Thu 2026-04-30 08:50 UTC] ${WITHHELD} Handle the result internally`, TIME),
        message("user", "[OpenClaw exec completion]\nDisable automatic completion turns", TIME),
        message("user", `What does "${WITHHELD}" mean?`, TIME),
        context("System: [2026-11-21 00:24:36 UTC] Compacted"),
      ),
    );
    assert.deepEqual(
      execs?.unnamed?.map(({ form, line }) => [form, line]),
      [
        ["runtime-context", 2],
        ["user-prompt", 3],
        ["completion-turn", 4],
      ],
    );
  });

  it("is none beside a line that names it", async (test) => {
    const line = "System (untrusted): [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0)";
    const execs = await trace(test, transcriptOf(message("user", `${line}\n\n${WITHHELD}`, TIME)));
    assert.deepEqual([execs?.quoted?.length, execs?.unnamed], [1, undefined]);
  });
});

describe("a command that waits for an approval", () => {
  it("is told with the id of the approval, and so is its end", async (test) => {
    const details = { status: "approval-pending", approvalId: "9c39bcc3-16de", host: "gateway", command: "make all" };
    const execs = await trace(
      test,
      transcriptOf(
        message("toolResult", "Approval required (id 9c39bcc3).", TIME, {
          toolName: "exec",
          toolCallId: "c1",
          details,
        }),
        context("Exec finished (gateway id=9c39bcc3-16de, session=warm-forest, code 0)\nall made\nand more"),
        context("Exec finished (gateway id=1f2e, code 1)"),
      ),
    );
    assert.deepEqual(execs?.requested, [
      {
        approvalId: "9c39bcc3-16de",
        at: Date.parse(TIME),
        line: 2,
        entryId: "0a1b2c3d",
        toolCallId: "c1",
        command: "make all",
      },
    ]);
    assert.deepEqual(
      execs.completed.map(({ approvalId, outcome, slug }) => [slug, approvalId, outcome?.exitCode, outcome?.output]),
      [
        ["warm-forest", "9c39bcc3-16de", 0, "all made"],
        ["1f2e", "1f2e", 1, null],
      ],
    );
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
