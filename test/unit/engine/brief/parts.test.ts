// What a brief is put together from: open work, files, and sections that share their room.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { readEntry } from "../../../../src/agents/openclaw/entry-reading.ts";
import { filesTouched } from "../../../../src/engine/brief/files-touched.ts";
import { codeSpan } from "../../../../src/engine/brief/markdown.ts";
import { openCalls, unfinished } from "../../../../src/engine/brief/open-work.ts";
import type { PlacedEntry } from "../../../../src/engine/brief/recent.ts";
import { fitSections, type Section } from "../../../../src/engine/brief/sections.ts";
import { ownCommand } from "../../../../src/engine/present/shell.ts";
import { fragment, linked } from "../../../support/model.ts";
import { message } from "../../../support/homes.ts";

const AT = "2026-11-21T00:00:00.000Z";
const FIRST = linked(fragment({ path: "first.jsonl" }));
const SECOND = linked(fragment({ path: "second.jsonl" }));

const placed = (entry: unknown, of = FIRST): PlacedEntry => ({
  fragment: of,
  line: 1,
  entry: readEntry(JSON.stringify(entry)),
});

const calls = (...made: readonly (readonly [string, string, unknown?])[]): unknown =>
  message("assistant", "", AT, {
    content: made.map(([id, name, given = {}]) => ({ type: "toolCall", id, name, arguments: given })),
    stopReason: "toolUse",
  });
const answers = (toolCallId: string, toolName = "exec"): unknown =>
  message("toolResult", "done", AT, { toolCallId, toolName });
const asks = (text = "go"): unknown => message("user", text, AT);

const open = (...entries: readonly PlacedEntry[]): (string | null)[] => openCalls(entries).map(({ call }) => call.id);

describe("open calls", () => {
  it("are those that no result answers", () => {
    assert.deepEqual(open(placed(calls(["a", "exec"], ["b", "read"])), placed(answers("a"))), ["b"]);
  });

  it("are not answered by a later turn that uses the same id", () => {
    assert.deepEqual(open(placed(calls(["a", "exec"])), placed(asks()), placed(answers("a"))), ["a"]);
  });

  it("are not answered by another fragment", () => {
    assert.deepEqual(open(placed(calls(["a", "exec"])), placed(answers("a"), SECOND)), ["a"]);
  });

  it("with one id twice need two results", () => {
    assert.deepEqual(open(placed(calls(["a", "exec"], ["a", "exec"])), placed(answers("a"))), ["a"]);
  });
});

describe("a turn", () => {
  for (const [entry, expected] of [
    [asks(), "the last request was never answered"],
    [answers("a"), "a tool answered, and the model did not go on"],
    [calls(["a", "exec"]), "a tool was called, and nothing came back"],
    [message("assistant", "Fine.", AT, { stopReason: "stop" }), null],
    [message("assistant", "", AT, { stopReason: "error", errorMessage: "400" }), "the last turn ended with an error"],
    [message("assistant", "", AT, { stopReason: "aborted" }), "the last turn was aborted"],
    [
      { type: "custom", customType: "openclaw:prompt-error", data: { error: "aborted" } },
      "the last prompt failed before the model answered",
    ],
    [{ type: "model_change" }, null],
  ] as const)
    it(`that ends with ${JSON.stringify(entry).slice(0, 90)}…: ${expected}`, () => {
      assert.equal(unfinished(placed(entry)), expected);
    });
});

describe("files touched", () => {
  it("are named by arguments, patches and compactions, the last first, each once", () => {
    const patch = "*** Begin Patch\n*** Update File: src/b.ts\n@@\n*** Add File: src/c.ts\n*** End Patch";
    const entries = [
      placed(calls(["1", "read", { path: "src/a.ts" }])),
      placed({ type: "compaction", summary: "s", details: { readFiles: ["old.md"], modifiedFiles: [] } }),
      placed(calls(["2", "apply_patch", { input: patch }], ["3", "edit", { file_path: "src/a.ts" }])),
      placed(calls(["4", "exec", { command: "rm /etc/passwd", cwd: "/w" }])),
    ];
    assert.deepEqual(filesTouched(entries.map(({ entry }) => entry)), [
      { path: "/w", by: ["exec"] },
      { path: "src/a.ts", by: ["read", "edit"] },
      { path: "src/c.ts", by: ["apply_patch"] },
      { path: "src/b.ts", by: ["apply_patch"] },
      { path: "old.md", by: ["compaction"] },
    ]);
  });

  it("are no texts of several lines, and nothing endless", () => {
    const entry = placed(calls(["1", "write", { path: `a\nb`, file: "x".repeat(5000) }], ["2", "odd", "text"]));
    assert.deepEqual(filesTouched([entry.entry]), []);
  });
});

const section = (title: string, given: Partial<Section> = {}): Section => ({
  title,
  items: Array.from({ length: 20 }, (_, index) => ({ head: `- ${title} ${index}`, quoted: "word ".repeat(30) })),
  keep: "first",
  share: 0.5,
  rank: 0,
  ...given,
});

describe("sections", () => {
  it("keep to the room, whatever it is", () => {
    for (let room = 0; room < 9000; room += 97) {
      const { text } = fitSections([section("a"), section("b", { keep: "last" })], room);
      assert.ok(text.length <= room, `${text.length} in ${room}`);
    }
  });

  it("keep their first or their last items, and say how many are left out", () => {
    const { text, truncated } = fitSections([section("a"), section("b", { keep: "last" })], 1600);
    assert.equal(truncated, true);
    assert.match(text, /- a 0\n/);
    assert.match(text, /- b 19\n/);
    assert.match(text, /… and \d+ more items, not shown/);
  });

  it("take what others leave, by rank", () => {
    const small = section("small", { items: [{ head: "- only" }], rank: 1 });
    const { text } = fitSections([small, section("large", { share: 0.1, rank: 0 })], 3000);
    assert.ok(text.length > 2500, String(text.length));
  });

  it("without items are left out", () => {
    assert.deepEqual(fitSections([section("none", { items: [] })], 1000), { text: "", truncated: false });
  });
});

describe("foreign text", () => {
  it("does not leave its code span", () => {
    assert.equal(codeSpan("a`b``c"), "```a`b``c```");
    assert.equal(codeSpan("`x"), "`` `x ``");
    assert.equal(codeSpan("a\nb\u001b"), "`a\\nb\\x1b`");
  });

  it("is one literal argument of a command", () => {
    assert.equal(
      ownCommand("history", "agent:main:it's; rm -rf $HOME", "--home", "/srv/a b"),
      `session-forensics history 'agent:main:it'\\''s; rm -rf $HOME' --home '/srv/a b'`,
    );
  });
});
