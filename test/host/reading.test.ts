// Reading transcripts in the editor: outline, folds, lenses and the way across a reset, as VS Code itself asks for them.
import assert from "node:assert/strict";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, eventually, nodeEventually } from "./support/extension.ts";

/** Opens a row of the session `incident`; resolves with its document, once the editor shows it. */
async function opened(api: ExtensionApi, fragment: string): Promise<vscode.TextDocument> {
  const row = await nodeEventually(api.sessions, ["~/.openclaw", "main", "incident", fragment]);
  await vscode.commands.executeCommand("sessionForensics.openTranscript", row);
  const name = fragment === "now" ? /\.jsonl$/ : /\.jsonl\.reset\./;
  return eventually(`the transcript of ${fragment}`, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document !== undefined && name.test(document.uri.path) ? document : undefined;
  });
}

/** What VS Code gets for the document from all extensions, once there is something. */
function asked<Answer>(command: string, ...args: unknown[]): Promise<readonly Answer[]> {
  return eventually(command, async () => {
    const answers = await vscode.commands.executeCommand<readonly Answer[] | undefined>(command, ...args);
    return answers !== undefined && answers.length > 0 ? answers : undefined;
  });
}

const uriOf = (one: vscode.Location | vscode.LocationLink): vscode.Uri => ("uri" in one ? one.uri : one.targetUri);

describe("transcripts in the editor", () => {
  let api: ExtensionApi;
  before(async () => {
    api = await activated();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("of an archive have an outline, folds and a language", async () => {
    const document = await opened(api, "reset");
    assert.equal(document.languageId, "jsonl");
    const symbols = await asked<vscode.DocumentSymbol>("vscode.executeDocumentSymbolProvider", document.uri);
    assert.match(symbols[0]?.name ?? "", /^Session /);
    assert.ok(symbols.some(({ children }) => children.some(({ kind }) => kind === vscode.SymbolKind.String)));
    const folds = await asked<vscode.FoldingRange>("vscode.executeFoldingRangeProvider", document.uri);
    assert.ok(folds.every(({ end, start }) => end > start));
  });

  it("lead from the fresh header across the reset, by definition and by lens", async () => {
    const fresh = await opened(api, "now");
    const start = new vscode.Position(0, 0);
    const [definition] = await asked<vscode.Location | vscode.LocationLink>(
      "vscode.executeDefinitionProvider",
      fresh.uri,
      start,
    );
    assert.match(definition === undefined ? "" : uriOf(definition).path, /\.jsonl\.reset\./);
    const lenses = await asked<vscode.CodeLens>("vscode.executeCodeLensProvider", fresh.uri, 10);
    const titles = lenses.map(({ command }) => command?.title ?? "");
    for (const title of [
      /^↑ Previous fragment: reset /,
      /^Whole chain: \d+ fragments$/,
      /^\d+ archived messages before this one/,
    ])
      assert.ok(
        titles.some((one) => title.test(one)),
        `${title} in ${titles.join(" | ")}`,
      );
    const previous = lenses.find(({ command }) => command?.title.startsWith("↑"))?.command;
    assert.ok(previous !== undefined);
    await vscode.commands.executeCommand(previous.command, ...(previous.arguments ?? []));
    const end = await eventually("the end of the archive", () => {
      const editor = vscode.window.activeTextEditor;
      const line = editor?.selection.active.line ?? 0;
      return editor?.document.uri.path.includes(".jsonl.reset.") === true && line > 0 ? editor : undefined;
    });
    assert.equal(end.selection.active.line, end.document.lineCount - 2);
  });

  it("open in readable parts from the palette", async () => {
    const { uri } = await opened(api, "now");
    await vscode.commands.executeCommand("sessionForensics.openAsParts", uri);
    const part = await eventually("the part", () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === "session-forensics-document" ? document : undefined;
    });
    assert.match(part.getText(), /^{"type":"session"/);
    const symbols = await asked<vscode.DocumentSymbol>("vscode.executeDocumentSymbolProvider", part.uri);
    assert.match(symbols[0]?.name ?? "", /^Session /);
  });
});
