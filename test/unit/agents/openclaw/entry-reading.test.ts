import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { readEntry } from "../../../../src/agents/openclaw/entry-reading.ts";
import { entryText, type TranscriptEntry } from "../../../../src/model/entry.ts";

const message = (fields: object, entry: object = {}): TranscriptEntry =>
  readEntry(
    JSON.stringify({
      type: "message",
      id: "b",
      parentId: "a",
      timestamp: "2026-11-21T00:16:27.595Z",
      message: fields,
      ...entry,
    }),
  );

describe("what a line of a transcript says", () => {
  it("tells a person's words from what was put around them", () => {
    const text =
      "System: [2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: done\n\n" +
      'Sender (untrusted metadata):\n```json\n{"id":"77"}\n```\n\n[Sat 2026-11-21 00:48 UTC] two\n\nlines';
    const entry = message({ role: "user", content: [{ type: "text", text }] });
    assert.deepEqual([entry.role, entry.author, entry.text], ["user", "person", "two\n\nlines"]);
    assert.deepEqual(entry.notices, ["[2026-11-21 00:16:46 UTC] Exec completed (salty-gl, code 0) :: done"]);
    assert.match(entryText(entry), /^\[2026-11-21 .*done\ntwo\n\nlines$/s);
    assert.deepEqual([entry.id, entry.parentId, entry.at], ["b", "a", Date.UTC(2026, 10, 21, 0, 16, 27, 595)]);
  });

  const byProgram: [name: string, fields: object][] = [
    ["a heartbeat", { role: "user", content: "[OpenClaw heartbeat poll]" }],
    [
      "a completion",
      { role: "user", content: "anything", provenance: { kind: "internal_system", sourceTool: "exec" } },
    ],
    ["nothing but a notice", { role: "user", content: "System: [x] Exec completed (a, code 0) :: b" }],
    ["a recovery", { role: "user", content: "[System] Your previous turn was interrupted by a gateway restart." }],
    ["the gateway's answer", { role: "assistant", content: "✅ New session started.", model: "gateway-injected" }],
  ];
  for (const [name, fields] of byProgram)
    it(`${name} is the program's own`, () => assert.equal(message(fields).author, "program"));

  it("a picture without words is a person's", () => {
    const entry = message({ role: "user", content: [{ type: "image", data: "…" }] });
    assert.deepEqual([entry.author, entry.attachments], ["person", 1]);
  });

  it("an answer has its words, its thinking, its calls and what it cost", () => {
    const content = [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "Running." },
      { type: "toolCall", id: "c1", name: "exec", arguments: { command: "ls" } },
    ];
    const usage = { input: 10, output: 2, cacheRead: 1, cacheWrite: 0, totalTokens: 13 };
    const entry = message({ role: "assistant", content, provider: "p", model: "m", stopReason: "toolUse", usage });
    assert.deepEqual([entry.text, entry.thinking, entry.model, entry.stop], ["Running.", "hm", "p/m", "tools"]);
    assert.deepEqual(entry.toolCalls, [{ id: "c1", name: "exec", arguments: { command: "ls" } }]);
    assert.equal(entry.usage?.total, 13);
    assert.deepEqual([entry.author, entry.attachments], ["model", 0]);
  });

  it("an answer that failed or was stopped says so", () => {
    const failed = message({ role: "assistant", content: [], stopReason: "error", errorMessage: "400 no" });
    assert.deepEqual([failed.stop, failed.error], ["error", "400 no"]);
    const aborted = message({
      role: "assistant",
      content: "part",
      stopReason: "stop",
      openclawAbort: { aborted: true },
    });
    assert.equal(aborted.stop, "aborted");
  });

  it("a tool's answer names its call, and the process that goes on", () => {
    const details = { status: "running", sessionId: "mellow-cedar", pid: 7 };
    const fields = {
      role: "toolResult",
      toolCallId: "c1",
      toolName: "exec",
      content: "still",
      details,
      isError: false,
    };
    assert.deepEqual(message(fields).toolResult?.background, { slug: "mellow-cedar", pid: 7 });
    assert.equal(message({ ...fields, toolName: "process" }).toolResult?.background, null);
    const done = { ...fields, details: { status: "completed", exitCode: 3, durationMs: 22 }, isError: true };
    assert.deepEqual(message(done).toolResult, {
      callId: "c1",
      name: "exec",
      isError: true,
      exitCode: 3,
      durationMs: 22,
      background: null,
    });
  });

  const kinds: [line: object, kind: string, text: string][] = [
    [{ type: "session", id: "s", cwd: "/w" }, "header", "/w"],
    [{ type: "compaction", summary: "so far" }, "compaction", "so far"],
    [{ type: "reset", reason: "new" }, "reset", "new"],
    [{ type: "model_change", provider: "p", modelId: "m" }, "model", ""],
    [{ type: "thinking_level_change", thinkingLevel: "off" }, "setting", "thinking off"],
    [{ type: "custom_message", content: "Read HEARTBEAT.md" }, "context", "Read HEARTBEAT.md"],
    [{ type: "custom", customType: "model-snapshot", data: {} }, "other", "model-snapshot"],
    [{ type: "custom", customType: "openclaw:prompt-error", data: { error: "aborted" } }, "prompt-error", "aborted"],
    [{ type: "tomorrow" }, "other", "tomorrow"],
  ];
  for (const [line, kind, text] of kinds)
    it(`${JSON.stringify(line)} is ${kind}`, () => {
      const entry = readEntry(JSON.stringify(line));
      assert.deepEqual([entry.kind, entry.text], [kind, text]);
    });

  it("a compaction tells what it cost and what it kept", () => {
    const entry = readEntry(
      '{"type":"compaction","summary":"s","tokensBefore":5,"firstKeptEntryId":"k","details":{"readFiles":["a.md",7]}}',
    );
    assert.deepEqual(entry.compaction, { tokensBefore: 5, firstKeptId: "k", readFiles: ["a.md"], modifiedFiles: [] });
  });

  it("a message may hold any number of the program's lines", () => {
    const content = `${"System: [2026-11-21 00:16:46 UTC] Node: online\n".repeat(200_000)}hello`;
    const entry = readEntry(JSON.stringify({ type: "message", message: { role: "user", content } }));
    assert.deepEqual([entry.notices.length, entry.text], [200_000, "hello"]);
  });

  for (const line of ["", "{", "[1]", "null", '"text"', '{"type":"message"}', '{"type":"message","message":7}'])
    it(`${JSON.stringify(line)} is read without an error`, () => {
      const entry = readEntry(line);
      assert.equal(entry.kind, line.startsWith('{"type') ? "message" : "unreadable");
      assert.equal(entry.trouble === null, entry.kind === "message");
    });
});
