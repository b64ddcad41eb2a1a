/** A good transcript of an agent with tools, and every damage that a transcript may have, done to it in one place each. */
import type { DamageCode } from "../../src/model/damage.ts";
import { header } from "./homes.ts";

const START = Date.parse("2026-11-20T01:00:00.000Z");
const time = (second: number): string => new Date(START + second * 1000).toISOString();

interface Given {
  readonly parent: string | null;
  readonly second: number;
}

function entry(id: string, { parent, second }: Given, rest: Record<string, unknown>): string {
  const { type = "message", ...more } = rest;
  return JSON.stringify({ type, id, parentId: parent, timestamp: time(second), ...more });
}

const text = (words: string): unknown[] => [{ type: "text", text: words }];

const user = (id: string, given: Given, words: string): string =>
  entry(id, given, { message: { role: "user", content: text(words), timestamp: START + given.second * 1000 } });

function assistant(
  id: string,
  given: Given,
  words: string,
  more: Record<string, unknown> = {},
  calls: readonly string[] = [],
): string {
  const toolCalls = calls.map((call) => ({ type: "toolCall", id: call, name: "exec", arguments: { command: "make" } }));
  const stopReason = calls.length > 0 ? "toolUse" : "stop";
  const message = {
    role: "assistant",
    content: [...text(words), ...toolCalls],
    provider: "p",
    model: "m",
    stopReason,
    ...more,
  };
  return entry(id, given, { message });
}

const result = (id: string, given: Given, call: string, output: string): string =>
  entry(id, given, {
    message: { role: "toolResult", toolCallId: call, toolName: "exec", content: text(output), isError: false },
  });

/** Its lines: two turns with tools, whose call ids are the same ones, and a prompt that was given up. */
export function goodLines(sessionId: string): string[] {
  return [
    JSON.stringify(header(sessionId, time(0))),
    entry("m1", { parent: null, second: 1 }, { type: "model_change", provider: "p", modelId: "m" }),
    user("u1", { parent: "m1", second: 2 }, "Bau das Projekt 🛠 größer"),
    assistant("a1", { parent: "u1", second: 3 }, "Two things at once.", {}, ["call_1", "call_2"]),
    result("r1", { parent: "a1", second: 4 }, "call_1", "built"),
    result("r2", { parent: "r1", second: 5 }, "call_2", "tested"),
    assistant("a2", { parent: "r2", second: 6 }, "Done: built and tested."),
    user("u2", { parent: "a2", second: 7 }, "never mind"),
    user("u3", { parent: "a2", second: 8 }, "and again"),
    assistant("a3", { parent: "u3", second: 9 }, "Again.", {}, ["call_1"]),
    result("r3", { parent: "a3", second: 10 }, "call_1", "built again"),
    assistant("a4", { parent: "r3", second: 11 }, "Done again."),
  ];
}

/** What a damage makes of the transcript, and where it must be found. */
export interface Damaged {
  readonly bytes: Buffer;
  /** From 1. */
  readonly line: number;
  /** The bytes at the range. */
  readonly found: string;
}

export interface TranscriptDamageCase {
  readonly name: string;
  readonly code: DamageCode;
  readonly severity: "error" | "warning" | "info";
  /** `lines` may be changed. */
  readonly act: (lines: string[]) => Damaged;
}

const joined = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));

/** Puts another line in place of one (from 1), and expects the damage there. */
function replaced(lines: string[], line: number, change: (before: string) => string, found: string): Damaged {
  lines[line - 1] = change(lines[line - 1]!);
  return { bytes: joined(lines), line, found };
}

function inserted(lines: string[], line: number, added: string, found = added): Damaged {
  lines.splice(line - 1, 0, added);
  return { bytes: joined(lines), line, found };
}

const NULS = "\0".repeat(40);
const JOINED = 6;

export const TRANSCRIPT_DAMAGES: readonly TranscriptDamageCase[] = [
  {
    name: "a last line that is cut",
    code: "transcript/torn-tail",
    severity: "warning",
    act: (lines) => {
      const torn = lines.at(-1)!.slice(0, 90);
      return { bytes: Buffer.concat([joined(lines.slice(0, -1)), Buffer.from(torn)]), line: lines.length, found: torn };
    },
  },
  {
    name: "zeros behind the last line",
    code: "transcript/torn-tail",
    severity: "warning",
    act: (lines) => ({ bytes: Buffer.concat([joined(lines), Buffer.from(NULS)]), line: lines.length + 1, found: NULS }),
  },
  {
    name: "half a line behind a whole one that lost its newline",
    code: "transcript/torn-tail",
    severity: "warning",
    act: (lines) => {
      const torn = '{"type":"message","id":"x9","par';
      return {
        bytes: Buffer.concat([joined(lines).subarray(0, -1), Buffer.from(torn)]),
        line: lines.length,
        found: torn,
      };
    },
  },
  {
    name: "a header that is cut",
    code: "transcript/bad-header",
    severity: "error",
    act: (lines) => {
      const cut = lines[0]!.slice(0, 50);
      return replaced(lines, 1, () => cut, cut);
    },
  },
  {
    name: "a header under zeros",
    code: "transcript/bad-header",
    severity: "error",
    act: (lines) => replaced(lines, 1, (line) => NULS + line, NULS),
  },
  {
    name: "no header",
    code: "transcript/bad-header",
    severity: "error",
    act: (lines) => {
      lines.shift();
      return { bytes: joined(lines), line: 1, found: lines[0]! };
    },
  },
  {
    name: "two entries on one line",
    code: "transcript/joined-records",
    severity: "warning",
    act: (lines) => {
      const [first, second] = [lines[JOINED - 1]!, lines[JOINED]!];
      lines.splice(JOINED - 1, 2, first + second);
      return { bytes: joined(lines), line: JOINED, found: second };
    },
  },
  {
    name: "zeros inside a text",
    code: "transcript/nul-run",
    severity: "warning",
    act: (lines) => replaced(lines, 5, (line) => line.replace("built", `bu${NULS}ilt`), NULS),
  },
  {
    name: "zeros in place of entries",
    code: "transcript/nul-run",
    severity: "warning",
    act: (lines) => {
      const [first, , third] = [lines[4]!, lines[5]!, lines[6]!];
      lines.splice(4, 3, first.slice(0, 60) + NULS + third.slice(70));
      return { bytes: joined(lines), line: 5, found: NULS };
    },
  },
  {
    name: "a raw tab inside a text",
    code: "transcript/control-character",
    severity: "warning",
    act: (lines) => replaced(lines, 3, (line) => line.replace("das ", "das\t"), "\t"),
  },
  {
    name: "a raw line break inside a text",
    code: "transcript/control-character",
    severity: "warning",
    act: (lines) => replaced(lines, 7, (line) => line.replace("built and", "built\nand"), "\n"),
  },
  {
    name: "a call with its scratch text",
    code: "transcript/partial-json",
    severity: "warning",
    act: (lines) =>
      replaced(
        lines,
        10,
        (line) => line.replace('"name":', '"partialJson":"{\\"com","name":'),
        '"partialJson":"{\\"com"',
      ),
  },
  {
    name: "a line of something else",
    code: "transcript/bad-line",
    severity: "warning",
    act: (lines) => inserted(lines, 8, "<<<<<<< HEAD"),
  },
  {
    name: "an entry overwritten with something else",
    code: "transcript/bad-line",
    severity: "warning",
    act: (lines) => {
      const noise = "x".repeat(lines[5]!.length);
      return replaced(lines, 6, () => noise, noise);
    },
  },
  {
    name: "half a line, and a whole entry behind it",
    code: "transcript/bad-line",
    severity: "warning",
    act: (lines) => {
      const torn = '{"type":"message","id":"x9","parentId":"a2","timesta';
      return replaced(lines, 9, (line) => torn + line, torn);
    },
  },
  {
    name: "an entry of five megabytes",
    code: "transcript/oversized-line",
    severity: "info",
    act: (lines) => {
      const large = lines[10]!.replace("built again", "again ".repeat(1_000_000));
      return replaced(lines, 11, () => large, large);
    },
  },
  {
    name: "an entry of twenty megabytes",
    code: "transcript/oversized-line",
    severity: "warning",
    act: (lines) => {
      const large = lines[10]!.replace("built again", "again ".repeat(3_500_000));
      return replaced(lines, 11, () => large, large);
    },
  },
  {
    name: "an entry that stands there twice",
    code: "transcript/duplicate-id",
    severity: "warning",
    act: (lines) => inserted(lines, 8, lines[6]!, '"a2"'),
  },
  {
    name: "an entry with the id of another one",
    code: "transcript/duplicate-id",
    severity: "error",
    act: (lines) => replaced(lines, 9, (line) => line.replace('"id":"u3"', '"id":"u1"'), '"u1"'),
  },
  {
    name: "a parent that is not there",
    code: "transcript/broken-parent",
    severity: "error",
    act: (lines) => replaced(lines, 7, (line) => line.replace('"parentId":"r2"', '"parentId":"gone"'), '"gone"'),
  },
  {
    name: "a line that was removed",
    code: "transcript/broken-parent",
    severity: "error",
    act: (lines) => {
      lines.splice(5, 1);
      return { bytes: joined(lines), line: 6, found: '"r2"' };
    },
  },
  {
    name: "an entry that follows itself",
    code: "transcript/broken-parent",
    severity: "error",
    act: (lines) => replaced(lines, 7, (line) => line.replace('"parentId":"r2"', '"parentId":"a2"'), '"a2"'),
  },
  {
    name: "a conversation that was rewound",
    code: "transcript/orphan-branch",
    severity: "info",
    act: (lines) => {
      lines.push(
        user("u4", { parent: "a2", second: 12 }, "rather this"),
        assistant("a5", { parent: "u4", second: 13 }, "This."),
      );
      return { bytes: joined(lines), line: 9, found: lines[8]! };
    },
  },
  {
    name: "a prompt that was rewritten",
    code: "transcript/duplicate-prompt",
    severity: "warning",
    act: (lines) => {
      const context = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nnow\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>\n\nand again";
      return inserted(lines, 9, user("u9", { parent: "a2", second: 8 }, context));
    },
  },
  {
    name: "a prompt that was sent again",
    code: "transcript/duplicate-prompt",
    severity: "info",
    act: (lines) => inserted(lines, 9, user("u9", { parent: "a2", second: 8 }, "and again")),
  },
  {
    name: "a call whose result is missing",
    code: "transcript/call-without-result",
    severity: "warning",
    act: (lines) => {
      lines[6] = lines[6]!.replace('"parentId":"r2"', '"parentId":"r1"');
      lines.splice(5, 1);
      return { bytes: joined(lines), line: 4, found: '"call_2"' };
    },
  },
  {
    name: "a result whose call is missing",
    code: "transcript/result-without-call",
    severity: "warning",
    act: (lines) => inserted(lines, 12, result("r8", { parent: "r3", second: 10 }, "call_2", "what"), '"call_2"'),
  },
  {
    name: "a turn that ended in an error",
    code: "transcript/prompt-error",
    severity: "info",
    act: (lines) => {
      const line = assistant("a4", { parent: "r3", second: 11 }, "", { stopReason: "error", errorMessage: "400 no" });
      return replaced(lines, 12, () => line, line);
    },
  },
  {
    name: "a prompt that failed",
    code: "transcript/prompt-error",
    severity: "info",
    act: (lines) => {
      const line = entry(
        "e1",
        { parent: "r3", second: 11 },
        { type: "custom", customType: "openclaw:prompt-error", data: { error: "aborted" } },
      );
      return replaced(lines, 12, () => line, line);
    },
  },
  {
    name: "an answer that was stopped",
    code: "transcript/aborted-turn",
    severity: "info",
    act: (lines) => {
      const line = assistant("a4", { parent: "r3", second: 11 }, "Do", { stopReason: "aborted" });
      return replaced(lines, 12, () => line, line);
    },
  },
  {
    name: "a message that was never answered",
    code: "transcript/unfinished-turn",
    severity: "warning",
    act: (lines) => {
      lines.push(user("u9", { parent: "a4", second: 12 }, "hello?"));
      return { bytes: joined(lines), line: 13, found: lines[12]! };
    },
  },
  {
    name: "a tool that never answered",
    code: "transcript/unfinished-turn",
    severity: "warning",
    act: (lines) => ({ bytes: joined(lines.slice(0, 10)), line: 10, found: '"call_1"' }),
  },
  {
    name: "an entry from yesterday",
    code: "transcript/out-of-order",
    severity: "info",
    act: (lines) => replaced(lines, 7, (line) => line.replace(time(6), time(-86_400)), `"${time(-86_400)}"`),
  },
  {
    name: "an entry from tomorrow",
    code: "transcript/out-of-order",
    severity: "info",
    act: (lines) => replaced(lines, 7, (line) => line.replace(time(6), time(86_400)), `"${time(86_400)}"`),
  },
];
