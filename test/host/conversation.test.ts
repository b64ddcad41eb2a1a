// Open Chain and Show Timeline in a real VS Code: from the palette, page by page, followed, and drawn.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import * as vscode from "vscode";

import { BUSY_NOW, writeBusyHome } from "../../scripts/editor/busy-home.ts";
import type { ExtensionApi } from "../../src/extension/extension.ts";
import type { SessionsNode } from "../../src/extension/views/sessions/nodes.ts";
import { activated, eventually, nodeEventually } from "./support/extension.ts";
import { runAndPickFirst } from "./support/quick-picks.ts";
import { showMadeHome } from "./support/settings.ts";

const SCHEME = "session-forensics-chain";

/** The editor, once it shows a chain whose text passes. */
const chainEditor = (what: string, passes: (text: string) => boolean = () => true): Promise<vscode.TextEditor> =>
  eventually(what, () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.scheme === SCHEME && passes(editor.document.getText()) ? editor : undefined;
  });

const lineWith = ({ document }: vscode.TextEditor, words: string): number => {
  const at = document.getText().indexOf(words);
  return at === -1 ? assert.fail(`not shown: ${words}`) : document.positionAt(at).line;
};

describe("a session as one document", () => {
  let api: ExtensionApi;
  let made: string;
  let folder: string;
  const below = (...labels: string[]): Promise<SessionsNode> =>
    nodeEventually(api.sessions, [folder, "main", ...labels]);

  before(async () => {
    api = await activated();
    made = await mkdtemp(path.join(tmpdir(), "sf-made-"));
    await writeBusyHome({ folder: made, now: BUSY_NOW, fragments: 120, others: 2 });
    folder = path.join(made, ".openclaw");
    await showMadeHome(api, { folder });
  });

  beforeEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await showMadeHome(api, undefined);
    await rm(made, { recursive: true, force: true, maxRetries: 5 });
  });

  it("opens from the palette, after asking", async () => {
    await runAndPickFirst("sessionForensics.openChain");
    const { document } = await chainEditor("a chain");
    assert.equal(document.languageId, "session-forensics-chain");
    assert.match(document.getText(), /^━━━ /m);
  });

  it("loads older messages above, and what was read stays where it was", async () => {
    await vscode.commands.executeCommand("sessionForensics.openChain", await below("tickets"));
    const editor = await chainEditor("the newest page", (text) => text.includes("Older messages are not loaded"));
    const { lineCount } = editor.document;
    // The first words of a person that are shown now stand in the middle afterwards.
    const words =
      /^User .*\n( {2}Look at ticket \d+\.)$/m.exec(editor.document.getText())?.[1] ?? assert.fail("no words");
    const line = lineWith(editor, words);
    editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
    await eventually("the words at the top", () =>
      Math.abs((editor.visibleRanges[0]?.start.line ?? 0) - line) < 8 ? true : undefined,
    );
    const before = (editor.visibleRanges[0]?.start.line ?? 0) - line;
    await vscode.commands.executeCommand("sessionForensics.olderMessages", editor.document.uri);
    await eventually("a longer document", () => (editor.document.lineCount > lineCount ? true : undefined));
    const moved = lineWith(editor, words);
    assert.ok(moved > line);
    await eventually("the same words at the top", () =>
      Math.abs((editor.visibleRanges[0]?.start.line ?? 0) - moved - before) < 8 ? true : undefined,
    );
  });

  it("masks secrets until they are asked for", async () => {
    await vscode.commands.executeCommand("sessionForensics.openChain", await below("release"));
    const { document } = await chainEditor("a masked secret", (text) => text.includes("[masked: npm token]"));
    await vscode.commands.executeCommand("sessionForensics.toggleSecrets", document.uri);
    await chainEditor("the secret", (text) => text.includes("NPM_TOKEN=npm_4fK9"));
    await vscode.commands.executeCommand("sessionForensics.toggleSecrets", document.uri);
    await chainEditor("a masked secret", (text) => text.includes("[masked: npm token]"));
  });

  it("leads from a message to its raw line", async () => {
    await vscode.commands.executeCommand("sessionForensics.openChain", await below("release"));
    const editor = await chainEditor("the release", (text) => text.includes("I begin with the version."));
    const position = new vscode.Position(lineWith(editor, "I begin with the version."), 4);
    const [raw] = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      "vscode.executeDefinitionProvider",
      editor.document.uri,
      position,
    );
    assert.ok(raw !== undefined);
    const { uri, range } = "uri" in raw ? raw : { uri: raw.targetUri, range: raw.targetRange };
    assert.match(uri.path, /\.jsonl\.reset\./);
    assert.equal(range.start.line, 2);
  });

  it("is drawn over time, beside the other sessions of its agent", async () => {
    await vscode.commands.executeCommand("sessionForensics.showTimeline", await below("release"));
    const drawn = await eventually("a drawn timeline", () => api.timelines().find(({ bars }) => bars > 100));
    assert.equal(drawn.lanes, 4);
    assert.ok(drawn.elements > 0 && drawn.elements < 300, `${drawn.elements} elements`);
  });
});
