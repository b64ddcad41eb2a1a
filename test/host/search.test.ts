// Search Sessions…: results come into their own view, each line opens where it stands, with the text selected.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import path from "node:path";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { editorsRipgrep } from "../../src/extension/search/editors-ripgrep.ts";
import type { SearchNode } from "../../src/extension/views/search/nodes.ts";
import { activated, eventually, labelsBelow, nodeEventually, shown } from "./support/extension.ts";
import { makeHome, type MadeHome } from "./support/homes.ts";
import { runAndPickFirst } from "./support/quick-picks.ts";
import { showMadeHome } from "./support/settings.ts";

/** The input box begins with what is selected in the editor. */
async function searchFor(text: string, row?: unknown): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content: text });
  const editor = await vscode.window.showTextDocument(document);
  editor.selection = new vscode.Selection(0, 0, 0, text.length);
  await runAndPickFirst("sessionForensics.searchSessions", row);
}

async function rows(api: ExtensionApi, node?: SearchNode): Promise<readonly SearchNode[]> {
  return (await api.search.getChildren(node)) ?? [];
}

describe("Search Sessions…", () => {
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
    await nodeEventually(api.sessions, ["~/.openclaw", "main"]);
    await eventually("a whole scan", () => (api.phase() === "ready" ? true : undefined));
  });

  after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("fills the Search view by session, and opens a line with the text selected", async () => {
    await searchFor("BILLING");
    const [session] = await rows(api);
    assert.ok(session?.kind === "foundSession", `${session?.kind}`);
    const lines = (await rows(api, session)).filter(({ kind }) => kind === "foundLine");
    assert.ok(lines.length > 0);
    const [line] = lines;
    const item = await api.search.getTreeItem(line!);
    assert.ok(typeof item.label === "object" && (item.label.highlights?.length ?? 0) > 0);
    await vscode.commands.executeCommand("sessionForensics.openFoundLine", line);
    const selected = await eventually("a selected text", () => {
      const editor = vscode.window.activeTextEditor;
      return editor === undefined || editor.selection.isEmpty ? undefined : editor.document.getText(editor.selection);
    });
    assert.equal(selected.toLowerCase(), "billing");
  });

  it("says that nothing was found, and forgets it when told so", async () => {
    await searchFor("no such words anywhere");
    assert.deepEqual(await labelsBelow(api.search), []);
    await vscode.commands.executeCommand("sessionForensics.clearSearch");
    assert.deepEqual(await labelsBelow(api.search), []);
  });

  it("searches in the session in whose row it was started", async () => {
    const session = await nodeEventually(api.sessions, ["~/.openclaw", "main", "main"]);
    await searchFor("plan", session);
    assert.equal((await rows(api)).filter(({ kind }) => kind === "foundSession").length, 1);
  });
});

describe("more lines than anybody reads", () => {
  const LINES = 12_000;
  let api: ExtensionApi;
  let home: MadeHome;

  before(async () => {
    api = await activated();
    home = await makeHome(2);
    const entry = (number: number): string =>
      `${JSON.stringify({ type: "message", id: String(number), message: { role: "user", content: `manyfold ${number}` } })}\n`;
    const many = Array.from({ length: LINES }, (_, number) => entry(number)).join("");
    await appendFile(path.join(home.sessions, `${home.ids[0]}.jsonl`), many);
    await showMadeHome(api, home);
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("sessionForensics.clearSearch");
    await showMadeHome(api, undefined);
    await home.remove();
  });

  it("are found with the editor's own ripgrep, which lies where it is looked for", () => {
    const places = editorsRipgrep(vscode.env.appRoot, process.platform, process.arch);
    assert.ok(
      places.some((place) => existsSync(place)),
      places.join("\n"),
    );
  });

  it("are shown page by page, up to 10,000", async () => {
    await searchFor("MANYFOLD");
    const [session] = await rows(api);
    assert.ok(session !== undefined);
    assert.match(await shown(api.search, session), /^s0 10,000 lines/);
    const first = await rows(api, session);
    const more = first.at(-1);
    assert.ok(first.length === 201 && more !== undefined);
    assert.equal(await shown(api.search, more), "Show more… 200 of 10,000 lines shown");
    await vscode.commands.executeCommand("sessionForensics.showMore", more);
    assert.equal((await rows(api, session)).length, 1201);
  });
});
