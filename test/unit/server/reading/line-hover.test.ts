import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { readEntry } from "../../../../src/agents/transcripts.ts";
import { plainText } from "../../../../src/engine/present/lines.ts";
import { localMoment } from "../../../../src/engine/present/times.ts";
import { lineHover } from "../../../../src/server/reading/line-hover.ts";
import { stringAt } from "../../../../src/server/reading/string-at.ts";
import { called, entry, linesOf, result, said } from "../../../support/transcript-lines.ts";

const VIEW = { now: Date.UTC(2026, 10, 21, 0, 5), localOffset: () => -210, documentation: undefined };

/** The hover on a line (from 1), as lines of text without those that only part paragraphs. */
function hover(entries: readonly (Record<string, unknown> | string)[], number: number): string[] {
  const one = entries[number - 1];
  const text = typeof one === "string" ? one : JSON.stringify(one);
  const lines = lineHover(readEntry("openclaw", text), number - 1, linesOf(entries), VIEW);
  return plainText(lines)
    .split("\n")
    .filter((line) => line !== "");
}

const USAGE = { input: 1204, output: 56, cacheRead: 900, cacheWrite: 0, totalTokens: 2160 };
const TURN = [
  said("user", "Start the build", "u1", 10),
  called("a1", 12, [["exec", "call_0", "npm test"]], "u1"),
  entry("custom", "n1", 12, { parentId: "a1", customType: "note" }),
  result("call_0", "3 failed\nof 12", "r1", 15, {
    parentId: "n1",
    message: { isError: true, details: { exitCode: 1 } },
  }),
  said("assistant", "It failed.", "a2", 19, {
    parentId: "r1",
    message: { provider: "fake", model: "det-1", usage: USAGE },
  }),
];
const TIMES = ["4 min ago (2026-11-21 00:00:19 UTC)", "2026-11-20 20:30:19 -03:30 here"];

suite("a hover on a line", () => {
  test("tells who answers, when, by which model, at which cost, and to what", () => {
    assert.deepEqual(hover(TURN, 5), [
      "Answer of the model",
      ...TIMES,
      "Model fake/det-1",
      "2160 tokens: 1204 in, 56 out, 900 from cache",
      "Answers line 4, after 4 s: 3 failed of 12",
      "It failed.",
      "id a2, after r1",
    ]);
  });

  test("leads from a call to its result, and from the result to the call", () => {
    assert.deepEqual(hover(TURN, 2).slice(3), [
      "Model fake/det-1",
      "Stopped to call tools.",
      "Answers line 1, after 2 s: Start the build",
      "Calls exec: npm test (result in line 4, 3 s later)",
      "id a1, after u1",
    ]);
    assert.deepEqual(hover(TURN, 4).slice(0, 1), ["Result of exec"]);
    assert.deepEqual(hover(TURN, 4).slice(3), [
      "It ended: exit code 1",
      "Answers line 2, after 3 s: exec: npm test",
      "3 failed",
      "of 12",
      "id r1, after n1",
    ]);
    assert.ok(hover(TURN.slice(0, 3), 2).includes("Calls exec: npm test (no result in this turn)"));
  });

  test("says what every other kind of line is", () => {
    const kinds: readonly (readonly [Record<string, unknown> | string, string])[] = [
      [{ type: "session", version: 3, id: "s", timestamp: "2026-11-21T00:00:00.000Z" }, "Header of the transcript"],
      [entry("compaction", "c", 1, { summary: "so far" }), "Compaction: what stood before was summed up"],
      [entry("reset", "x", 1, { reason: "new" }), "Reset: a new conversation begins under the same id"],
      [entry("model_change", "m", 1, { provider: "fake", modelId: "det-1" }), "Change of the model"],
      [entry("thinking_level_change", "t", 1), "Setting"],
      [entry("custom", "n", 1, { customType: "note" }), "Bookkeeping"],
      [entry("custom_message", "h", 1, { content: "told" }), "Hidden context: told to the model, not shown"],
      [
        entry("custom", "p", 1, { customType: "openclaw:prompt-error", data: { error: "aborted" } }),
        "A prompt failed before the model answered",
      ],
      [said("user", "[OpenClaw heartbeat poll]", "u", 1), "Prompt of the program"],
      ['{"type":"mess', "This line can't be read"],
    ];
    for (const [line, title] of kinds) assert.equal(hover([line], 1)[0], title);
  });

  test("shows the beginning of a long text, and nothing in it acts", () => {
    const lines = hover([said("user", "line \u001B[2J\n".repeat(20), "u", 1)], 1);
    assert.equal(lines.at(3), String.raw`line \x1b[2J`);
    assert.equal(lines.at(-2), "… 12 more lines");
    assert.ok(hover([said("user", "y".repeat(5000), "u", 1)], 1).every((line) => line.length < 200));
  });

  test("has no time to show where the line has none", () => {
    assert.equal(hover([{ type: "message", message: { role: "user", content: "x" } }], 1)[1], "It has no time.");
  });
});

test("the time of this machine is shown where it is another one", () => {
  const at = Date.UTC(2026, 10, 21, 23, 30);
  assert.equal(
    localMoment(at, () => 60),
    "2026-11-22 00:30:00 +01:00",
  );
  assert.equal(
    localMoment(at, () => -570),
    "2026-11-21 14:00:00 -09:30",
  );
  assert.equal(
    localMoment(at, () => 0),
    null,
  );
  assert.equal(
    localMoment(Infinity, () => 60),
    null,
  );
});

suite("the string at a position", () => {
  const LINE = String.raw`{"id":"a1","text":"say \"x\" \\","n":12}`;
  const at = (part: string): string | undefined => stringAt(LINE, LINE.indexOf(part))?.value;

  test("is found by its quotation marks, escaped ones left aside", () => {
    assert.equal(at("a1"), "a1");
    assert.equal(at("say"), String.raw`say "x" ` + "\\");
    assert.equal(at("12"), undefined);
    assert.equal(stringAt(LINE, 6)?.value, "a1");
  });

  test("is found in a torn line, and quickly in a huge one", () => {
    assert.deepEqual(stringAt('{"id":"a1","te', 7), { value: "a1", start: 7, end: 9 });
    assert.equal(stringAt('{"id":"a1","te', 13), null);
    const huge = `{"id":"a1","text":"${String.raw`\"`.repeat(2_000_000)}","end":"e"}`;
    assert.equal(stringAt(huge, huge.length - 3)?.value, "e");
  });
});
