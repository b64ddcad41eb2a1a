// The Sessions view over the sample home: what stands in it, what its rows carry, and the documents behind them.
import assert from "node:assert/strict";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, activeText, eventually, labelsBelow, nodeEventually } from "./support/extension.ts";

const MAIN = ["~/.openclaw", "main"];

describe("the Sessions view", () => {
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
    await nodeEventually(api.sessions, MAIN);
  });

  it("goes from homes to agents to sessions to transcripts, newest first", async () => {
    const agent = await nodeEventually(api.sessions, MAIN);
    const sessions = await labelsBelow(api.sessions, agent);
    for (const name of ["main ", "incident ", "release-notes ", "standup ", "telegram:direct:4711 "])
      assert.ok(
        sessions.some((text) => text.startsWith(name)),
        `${name} in ${sessions.join(" | ")}`,
      );
    const session = await nodeEventually(api.sessions, [...MAIN, "main "]);
    const fragments = await labelsBelow(api.sessions, session);
    assert.equal(fragments.length, 3, fragments.join(" | "));
    assert.match(fragments[0] ?? "", /^now/);
    assert.match(fragments[1] ?? "", /^reset 2026-11-19/);
    assert.match(fragments[2] ?? "", /^reset 2026-11-18/);
  });

  it("shows what can't be attributed apart, and a shadow store below its canonical home", async () => {
    const unattributed = await nodeEventually(api.sessions, [...MAIN, "Unattributed"]);
    assert.ok((await labelsBelow(api.sessions, unattributed)).length > 0);
    await nodeEventually(api.sessions, ["~/.openclaw", "Shadow store", "main", "recovery"]);
  });

  it("gives rows tooltips in which foreign text can't act", async () => {
    const node = await nodeEventually(api.sessions, [...MAIN, "main "]);
    const item = await api.sessions.getTreeItem(node);
    const { token } = new vscode.CancellationTokenSource();
    const resolved = await api.sessions.resolveTreeItem?.(item, node, token);
    const tooltip = resolved?.tooltip;
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    assert.match(tooltip.value.replaceAll("\\", ""), /agent:main:main/);
  });

  it("shows the chain of a session with the evidence of each link", async () => {
    const node = await nodeEventually(api.sessions, [...MAIN, "main "]);
    await vscode.commands.executeCommand("sessionForensics.showChain", node);
    const text = await eventually("a chain document", () =>
      vscode.window.activeTextEditor?.document.uri.scheme === "session-forensics" ? activeText() : undefined,
    );
    assert.match(text, /agent:main:main/);
    assert.match(text, /Continues 1: (recorded|derived)\n +\S/);
    assert.match(text, /Continues 2: (recorded|derived)\n +\S/);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, "session-forensics-report");
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      document?.uri,
    );
    assert.ok(links.some(({ target }) => target?.path.endsWith(".jsonl")));
  });

  it("opens a transcript read-only from its row", async () => {
    const node = await nodeEventually(api.sessions, [...MAIN, "main ", "reset 2026-11-18"]);
    await vscode.commands.executeCommand("sessionForensics.openTranscript", node);
    const editor = await eventually("the transcript", () =>
      vscode.window.activeTextEditor?.document.uri.path.includes(".jsonl.reset.2026-11-18")
        ? vscode.window.activeTextEditor
        : undefined,
    );
    assert.equal(editor.document.languageId, "jsonl");
    await vscode.commands.executeCommand("type", { text: "x" });
    assert.equal(editor.document.isDirty, false);
  });
});
