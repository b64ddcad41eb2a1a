import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { SymbolKind } from "vscode-languageserver/node";

import { outlineOfLines, symbolOf } from "../../../../src/server/reading/document-symbols.ts";
import { foldsOf } from "../../../../src/server/reading/folds.ts";
import { bounded, outlineOf } from "../../../../src/server/reading/outline.ts";
import type { OutlineNode } from "../../../../src/server/reading/outline.ts";
import { toolSteps, turnsOf } from "../../../../src/server/reading/turns.ts";
import { called, entry, linesOf, result, said } from "../../../support/transcript-lines.ts";

/** As text: kind, lines from 1, name, detail; what stands below is indented. */
function drawn(nodes: readonly OutlineNode[], depth = 0): string[] {
  return nodes.flatMap(({ children, detail, first, kind, last, name }) => [
    `${"  ".repeat(depth)}${kind} ${first + 1}-${last + 1}: ${name}${detail === "" ? "" : ` (${detail})`}`,
    ...drawn(children, depth + 1),
  ]);
}

const HEADER = { type: "session", version: 3, id: "05f39a2c", timestamp: "2026-11-21T00:00:00.000Z", cwd: "/srv" };
const BUILD = [
  HEADER,
  entry("model_change", "m1", 1, { provider: "fake", modelId: "det-1" }),
  said("user", "Start the\n build", "u1", 10),
  called("a1", 11, [
    ["exec", "call_0", "npm test"],
    ["read", "call_1", "README.md"],
  ]),
  result("call_1", "text", "r1", 12),
  result("call_0", "failed", "r0", 14, { message: { isError: true, details: { exitCode: 3, durationMs: 2500 } } }),
  said("assistant", "It failed.", "a2", 15, { message: { stopReason: "stop" } }),
];

suite("the outline of a transcript", () => {
  test("has turns, and in each the calls with their outcome and the answers", () => {
    assert.deepEqual(drawn(outlineOf(linesOf(BUILD))), [
      "header 1-1: Session 05f39a2c (00:00:00Z)",
      "turn 3-7: Start the build (00:00:10Z · 5 s)",
      "  call 4-6: exec: npm test (exit code 3, after 2 s)",
      "  call 4-5: read: README.md",
      "  answer 7-7: It failed. (00:00:15Z)",
    ]);
  });

  test("has compactions, resets, errors, hidden context, notices and torn lines", () => {
    const lines = linesOf([
      entry("compaction", "c1", 1, { summary: "what was", tokensBefore: 16_000 }),
      said("user", "System: [2026-11-21 00:00:01 UTC] Exec completed (fresh-su, code 0) :: done\n\nGo on", "u1", 2),
      entry("custom", "p1", 3, { customType: "openclaw:prompt-error", data: { error: "aborted", provider: "fake" } }),
      said("assistant", "", "a1", 4, { message: { stopReason: "error", errorMessage: "400 upstream" } }),
      entry("custom_message", "h1", 5, { customType: "openclaw.runtime-context", content: "An async command" }),
      entry("reset", "x1", 6, { reason: "new" }),
      said("user", "[OpenClaw heartbeat poll]", "u2", 7),
      "",
      '{"type":"mess',
    ]);
    assert.deepEqual(
      drawn(outlineOf(lines)).map((one) => one.replace(/Unreadable line \(.*\)/, "Unreadable line (why)")),
      [
        "compaction 1-1: Compaction (16000 tokens before · 00:00:01Z)",
        "turn 2-5: Go on (00:00:02Z · 3 s)",
        "  notice 2-2: [2026-11-21 00:00:01 UTC] Exec completed (fresh-su, code 0) :: done (notice)",
        "  error 3-3: aborted (prompt failed)",
        "  error 4-4: 400 upstream (error)",
        "  notice 5-5: An async command (hidden context)",
        "reset 6-6: Reset: new (00:00:06Z)",
        "machine-turn 7-9: [OpenClaw heartbeat poll] (00:00:07Z)",
        "  error 9-9: Unreadable line (why)",
      ],
    );
  });

  test("escapes what could do more than be seen, and cuts what is long", () => {
    const [turn] = outlineOf(linesOf([said("user", `\u001B[31m\u202Ered ${"x".repeat(300)}`, "u1", 1)]));
    assert.match(turn?.name ?? "", /^\\x1b\[31m\\u\{202e\}red x+…$/);
    assert.ok((turn?.name.length ?? 0) < 110);
    const [empty] = outlineOf(linesOf([said("user", "", "u1", 1)]));
    assert.equal(empty?.name, "a prompt of the program");
  });

  test("says what lies between the two ends of a large file, and what is still to be listed", () => {
    const lines = linesOf(BUILD);
    const last = linesOf([said("user", "Last", "u9", 99)]).map((one) => ({ ...one, line: 5000 }));
    const gap = { first: 7, last: 4999, bytes: 990_000_000 };
    const between = drawn(outlineOfLines({ stretches: [lines, last], gap, rest: null })).slice(-2);
    assert.deepEqual(between, [
      "gap 8-5000: … 990 MB between, not listed (lines 8 to 5000)",
      "turn 5001-5001: Last (00:01:39Z)",
    ]);
    const rest = { line: 7, bytes: 1_000_000_000 };
    assert.match(
      drawn(outlineOfLines({ stretches: [lines], gap: null, rest })).at(-1) ?? "",
      /^gap 8-8: … 1 GB more, not listed yet/,
    );
  });

  test("is bounded, and says how much it leaves out", () => {
    const turns = outlineOf(
      linesOf(Array.from({ length: 30 }, (_, number) => said("user", `${number}`, `u${number}`, number))),
    );
    const shown = bounded(turns, 10);
    assert.equal(shown.length, 11);
    assert.equal(drawn(shown).at(-1), "gap 11-30: … 20 more, not listed");
    assert.deepEqual(bounded(turns, 30), turns);
  });

  test("becomes symbols whose names stand inside of what they name", () => {
    const [, turn] = outlineOf(linesOf(BUILD)).map(symbolOf);
    assert.deepEqual([turn?.kind, turn?.range.start.line, turn?.range.end.line], [SymbolKind.Class, 2, 6]);
    assert.deepEqual(turn?.selectionRange, { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } });
    assert.deepEqual(
      turn?.children?.map(({ kind }) => kind),
      [SymbolKind.Function, SymbolKind.Function, SymbolKind.String],
    );
  });
});

suite("turns", () => {
  test("pair calls and results of their own, where ids are used again", () => {
    const turn = (number: number): Record<string, unknown>[] => [
      said("user", `Turn ${number}`, `u${number}`, number),
      called(`a${number}`, number, [["exec", "call_0", `command ${number}`]]),
      result("call_0", `result ${number}`, `r${number}`, number),
    ];
    const pairs = turnsOf(linesOf([...turn(1), ...turn(2).slice(0, 2), ...turn(3)])).flatMap(toolSteps);
    assert.deepEqual(
      pairs.map(({ call, result: answer }) => [call.text, answer?.text ?? null]),
      [
        ["exec: command 1", "result 1"],
        ["exec: command 2", null],
        ["exec: command 3", "result 3"],
      ],
    );
  });

  test("give each of two calls with one id a result of its own", () => {
    const lines = linesOf([
      said("user", "Both", "u1", 1),
      called("a1", 2, [["exec", "same", "one"]]),
      result("same", "first", "r1", 3),
      called("a2", 4, [["exec", "same", "two"]]),
      result("same", "second", "r2", 5),
    ]);
    assert.deepEqual(
      turnsOf(lines)
        .flatMap(toolSteps)
        .map(({ result: answer }) => answer?.text),
      ["first", "second"],
    );
  });
});

suite("folds", () => {
  const folds = (entries: Parameters<typeof linesOf>[0]): number[][] =>
    foldsOf(linesOf(entries)).map(({ first, last }) => [first + 1, last + 1]);

  test("are turns, and calls with their results", () => {
    assert.deepEqual(folds(BUILD), [
      [3, 7],
      [4, 6],
    ]);
  });

  test("are long runs of work and of bookkeeping, of which the first step is no fold of its own", () => {
    const step = (number: number): Record<string, unknown>[] => [
      called(`a${number}`, number, [["exec", `call_${number}`, "ls"]]),
      result(`call_${number}`, "", `r${number}`, number),
    ];
    const settings = Array.from({ length: 4 }, (_, number) => entry("thinking_level_change", `t${number}`, 0));
    assert.deepEqual(
      folds([
        HEADER,
        ...settings,
        said("user", "Go", "u1", 1),
        ...step(2),
        ...step(3),
        ...step(4),
        said("assistant", "Done", "a9", 9),
      ]),
      [
        [2, 5],
        [6, 13],
        [7, 12],
        [9, 10],
        [11, 12],
      ],
    );
  });

  test("never cross each other, whatever the lines are", () => {
    const entries = [
      said("user", "Go", "u1", 1),
      called("a1", 2, [["exec", "x", "a"]]),
      called("a2", 3, [["exec", "y", "b"]]),
      result("x", "", "r1", 4),
      result("y", "", "r2", 5),
    ];
    assert.deepEqual(folds(entries), [
      [1, 5],
      [2, 5],
      [3, 5],
    ]);
    assert.deepEqual(folds([...entries.slice(0, 4), said("user", "Next", "u2", 6), result("y", "", "r2", 7)]), [
      [1, 4],
      [2, 4],
      [5, 6],
    ]);
  });
});
