import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { toolCallText, toolResultText } from "../../../src/engine/present/tool-text.ts";
import type { ToolResult } from "../../../src/model/entry.ts";

const called = (given: unknown, name = "exec"): string => toolCallText({ name, arguments: given });

const ended = (given: Partial<ToolResult>): string =>
  toolResultText({
    callId: null,
    name: null,
    isError: false,
    exitCode: null,
    durationMs: null,
    background: null,
    ...given,
  });

describe("a call of a tool in one line", () => {
  it("tells the argument that it is about", () => {
    assert.equal(called({ workdir: "/srv", command: "npm test" }), "exec: npm test");
    assert.equal(called({ content: "long", path: "notes.md" }, "write"), "write: notes.md");
    assert.equal(called({ command: " ", prompt: "look around" }, "spawn"), "spawn: look around");
  });

  it("tells all that is short where none is known to be it", () =>
    assert.equal(
      called({ action: "poll", limit: 20, all: false, deep: { not: "told" } }, "process"),
      "process: action: poll, limit: 20, all: false",
    ));

  it("tells arguments that are no object as they are, and none by the name alone", () => {
    assert.equal(called("npm test"), "exec: npm test");
    assert.equal(called([1, "two"]), 'exec: [1,"two"]');
    for (const nothing of [null, undefined, "", {}, { deep: {} }]) assert.equal(called(nothing), "exec");
    assert.equal(called(null, ""), "a tool without a name");
  });
});

describe("the result of a tool in one line", () => {
  it("tells how it ended, and how long it took where that is long", () => {
    assert.equal(ended({ exitCode: 0, durationMs: 1999 }), "exit code 0");
    assert.equal(ended({ isError: true, exitCode: 3, durationMs: 6000 }), "exit code 3, after 6 s");
    assert.equal(ended({ durationMs: 6000 }), "after 6 s");
    assert.equal(ended({}), "");
  });

  it("tells a failure that no exit code tells", () => {
    assert.equal(ended({ isError: true }), "failed");
    assert.equal(ended({ isError: true, exitCode: 0 }), "failed, exit code 0");
  });

  it("tells under which name it goes on", () =>
    assert.equal(ended({ background: { slug: "mellow-cedar", pid: 7 } }), "goes on in the background as mellow-cedar"));
});
