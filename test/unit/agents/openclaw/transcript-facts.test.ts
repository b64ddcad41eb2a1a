import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  HEAD_BYTES,
  TAIL_BYTES,
  transcriptFacts,
  type TranscriptFacts,
} from "../../../../src/agents/openclaw/transcript-facts.ts";
import { header, lines, message } from "../../../support/homes.ts";
import { sessionId } from "../../../support/openclaw.ts";

const ID = sessionId(1);
const TIME = "2026-11-21T00:16:00.000Z";
const LATER = "2026-11-21T00:17:00.000Z";
const HEADER = header(ID, TIME);
const CLI = 'Sender (untrusted metadata):\n```json\n{\n  "label": "cli",\n  "id": "cli"\n}\n```\n\n';

function facts(text: string | Buffer): TranscriptFacts {
  const bytes = Buffer.from(text);
  const tailOffset = Math.max(0, bytes.length - TAIL_BYTES);
  return transcriptFacts({
    size: bytes.length,
    head: bytes.subarray(0, HEAD_BYTES),
    tail: bytes.subarray(tailOffset),
    tailOffset,
  });
}

function injected(text: string): Record<string, unknown> {
  return message("assistant", text, TIME, { model: "gateway-injected", provider: "openclaw" });
}

function conversation(fields: object): string {
  return `Conversation info (untrusted metadata):\n\`\`\`json\n${JSON.stringify(fields)}\n\`\`\`\n\nhi`;
}

function peerIn(text: string): string | null {
  return facts(lines(HEADER, message("user", text, TIME))).peer;
}

describe("a header", () => {
  it("gives id, time, folder and parent", () => {
    const {
      sessionId: id,
      startedAt,
      cwd,
      parentSession,
      header: state,
    } = facts(lines(header(ID, TIME, { parentSession: "/old/file.jsonl" })));
    assert.deepEqual(
      { id, startedAt, cwd, parentSession, state },
      {
        id: ID,
        startedAt: Date.parse(TIME),
        cwd: "/srv/workspace",
        parentSession: "/old/file.jsonl",
        state: { state: "ok", version: 3 },
      },
    );
  });

  it("of ten megabytes is read from its beginning", () => {
    const { sessionId: id, header: state, tail } = facts(lines(header(ID, TIME, { extra: "x".repeat(10 << 20) })));
    assert.deepEqual([id, state.state, tail.state], [ID, "ok", "ok"]);
  });

  it("may stand below blank lines, and without a newline", () => {
    assert.equal(facts(`\n \r\n${lines(HEADER)}`).sessionId, ID);
    assert.equal(facts(lines(HEADER).trimEnd()).sessionId, ID);
  });

  const bad: [name: string, text: string | Buffer, reason: RegExp, offset: number][] = [
    ["is another entry", lines(message("user", "hi", TIME)), /no session header/, 0],
    ["has no id", lines({ type: "session", version: 3 }), /no id/, 0],
    ["is no JSON", "{oops}\n", /no JSON object/, 0],
    ["is a list", "[]\n", /no JSON object/, 0],
    ["is cut", '{"type":"session","ver', /cut/, 0],
    ["begins with zeros", Buffer.concat([Buffer.alloc(50), Buffer.from("\n")]), /NUL/, 0],
    ["stands behind a blank line and is broken", "\n{oops}\n", /no JSON object/, 1],
    ["is missing among blank lines", "\n\n", /blank/, 0],
  ];
  for (const [name, text, reason, offset] of bad) {
    it(`that ${name} is bad, with the place`, () => {
      const { header: state, sessionId: id } = facts(text);
      assert.equal(id, null);
      assert.ok(state.state === "bad" && state.offset === offset && reason.test(state.reason), JSON.stringify(state));
    });
  }

  it("of an empty file is empty", () => assert.deepEqual(facts("").header, { state: "empty" }));
});

describe("the beginning of a transcript", () => {
  const settings = [
    { type: "model_change", id: "1", timestamp: TIME },
    { type: "thinking_level_change", id: "2", timestamp: TIME },
    { type: "custom", customType: "model-snapshot", data: { timestamp: 1 }, id: "3", timestamp: TIME },
  ];
  const prompt = "A new session was started via /new or /reset. Run your Session Startup sequence.";
  const cases: [name: string, entries: unknown[], start: TranscriptFacts["start"], title: string | null][] = [
    ["nothing but a header", [], "header-only", null],
    ["settings alone", settings, "unknown", null],
    [
      "an ordinary turn",
      [...settings, message("user", `${CLI}[Sat 2026-11-21 00:50 UTC] hello there`, TIME)],
      "turn",
      "hello there",
    ],
    [
      "a stamped turn without sender",
      [message("user", "[Sat 2026-11-21 00:50 UTC] by RPC", TIME)],
      "agent-turn",
      "by RPC",
    ],
    [
      "the reset prompt",
      [message("user", prompt, TIME), message("user", "and then this", TIME)],
      "reset-prompt",
      "and then this",
    ],
    [
      "the reset prompt behind a notice",
      [message("user", `System: [2026-11-21 00:16:46 UTC] Exec completed (a, code 0) :: x\n\n${prompt}`, TIME)],
      "reset-prompt",
      null,
    ],
    [
      "the gateway's /new notice",
      [injected("✅ New session started."), message("user", "go", TIME)],
      "new-notice",
      "go",
    ],
    ["the gateway's /reset notice", [injected("✅ Session reset.")], "reset-notice", null],
    ["an assistant who only says so", [message("assistant", "✅ Session reset.", TIME)], "turn", null],
    [
      "a heartbeat first",
      [message("user", "[OpenClaw heartbeat poll]", TIME), message("user", "then", TIME)],
      "turn",
      "then",
    ],
    ["plain text content", [{ type: "message", message: { role: "user", content: "plain" } }], "turn", "plain"],
  ];
  for (const [name, entries, start, title] of cases) {
    it(`with ${name} is told from others`, () => {
      const found = facts(lines(HEADER, ...entries));
      assert.deepEqual([found.start, found.firstUserText], [start, title]);
    });
  }

  it("is read as far as the head goes, also inside the first user text", () => {
    const long = `${CLI}[Sat 2026-11-21 00:50 UTC] begin ${'ä\n"\\'.repeat(3000)}`;
    const { start, firstUserText } = facts(
      lines(HEADER, message("user", long, TIME), message("assistant", "x", LATER)),
    );
    assert.equal(start, "turn");
    assert.match(firstUserText ?? "", /^begin ä "\\ä/);
    assert.equal(firstUserText?.length, 200);
    assert.ok(firstUserText.endsWith("…"));
  });

  it("stays unknown when a long header hides it", () => {
    const { start, firstUserText } = facts(
      lines(header(ID, TIME, { x: "y".repeat(5000) }), message("user", "hi", TIME)),
    );
    assert.deepEqual([start, firstUserText], ["unknown", null]);
  });

  it("names the peer of a conversation, but no client program", () => {
    assert.equal(peerIn(conversation({ chat_id: "123" })), "123");
    assert.equal(peerIn(conversation({ chat_id: -100_42 })), "-10042");
    assert.equal(peerIn(`${CLI}hi`), null);
    assert.equal(peerIn("[Telegram Ann (@ann) id:4711 2026-01-02 10:00 UTC] hi"), "4711");
    assert.equal(peerIn("hi"), null);
  });
});

describe("the end of a transcript", () => {
  it("is the time of its last entry", () => {
    assert.equal(facts(lines(HEADER, message("user", "x", LATER))).endedAt, Date.parse(LATER));
    assert.equal(facts(lines(HEADER, { type: "compaction", id: "1", timestamp: LATER })).endedAt, Date.parse(LATER));
    assert.equal(facts(lines(HEADER)).endedAt, Date.parse(TIME));
  });

  it("is found though the last entry is longer than the tail", () => {
    const { endedAt, tail } = facts(lines(HEADER, message("assistant", "z".repeat(3 * TAIL_BYTES), LATER)));
    assert.deepEqual([endedAt, tail.state], [Date.parse(LATER), "ok"]);
  });

  it("is torn when the last line has no newline and is no JSON", () => {
    const whole = lines(HEADER, message("user", "x", LATER));
    const cut = whole.slice(0, -30);
    const { endedAt, tail } = facts(cut);
    const offset = lines(HEADER).length;
    assert.ok(tail.state === "torn");
    assert.deepEqual([tail.offset, tail.bytes], [offset, cut.length - offset]);
    assert.equal(endedAt, Date.parse(TIME));
  });

  it("is torn at its true place in a long file", () => {
    const before = lines(HEADER, ...Array.from({ length: 100 }, () => message("user", "filler", TIME)));
    const { tail } = facts(`${before}{"type":"mess`);
    assert.ok(tail.state === "torn");
    assert.equal(tail.offset, before.length);
  });

  it("with zeros at the end is torn, and says so", () => {
    const { tail } = facts(Buffer.concat([Buffer.from(lines(HEADER)), Buffer.alloc(300)]));
    assert.ok(tail.state === "torn" && tail.reason.includes("NUL"));
  });

  it("is whole without a newline when it is JSON", () => {
    assert.equal(facts(lines(HEADER, message("user", "x", LATER)).trimEnd()).tail.state, "ok");
  });

  it("can't be told when a line longer than the tail has no newline", () => {
    assert.equal(facts(`${lines(HEADER)}${"x".repeat(2 * TAIL_BYTES)}`).tail.state, "unread");
  });

  it("never fails, wherever a file is cut", () => {
    const whole = lines(
      HEADER,
      injected("✅ Session reset."),
      message("user", `${CLI}hällo`, TIME),
      message("assistant", "x", LATER),
    );
    const bytes = Buffer.from(whole);
    for (let length = 0; length <= bytes.length; length += 1) {
      const found = facts(bytes.subarray(0, length));
      const atLineEnd = length === 0 || bytes[length - 1] === 0x0a || bytes[length] === 0x0a;
      assert.equal(found.tail.state, atLineEnd ? "ok" : "torn", `at ${length}`);
    }
  });
});
