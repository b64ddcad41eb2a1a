// Damage inside transcripts: an open one shows it at its characters, and Deep Check… finds it everywhere.
import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, eventually, nodeEventually } from "./support/extension.ts";
import { makeHome, type MadeHome } from "./support/homes.ts";
import { showMadeHome } from "./support/settings.ts";

const codeOf = ({ code }: vscode.Diagnostic): string => (typeof code === "object" ? String(code.value) : String(code));

const damageIn = (uri: vscode.Uri, code: string): vscode.Diagnostic | undefined =>
  vscode.languages.getDiagnostics(uri).find((one) => codeOf(one) === code);

describe("Damage inside transcripts", () => {
  let api: ExtensionApi;
  let home: MadeHome;
  const file = (number: number): string => path.join(home.sessions, `${home.ids[number]}.jsonl`);

  before(async () => {
    api = await activated();
    home = await makeHome(3);
    const entry = await readFile(file(1), "utf8");
    await writeFile(file(1), entry.replace("Question 1", "Question\t1"));
    await appendFile(file(2), "no entry\n");
    await showMadeHome(api, home);
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await showMadeHome(api, undefined);
    await home.remove();
  });

  it("shows in an open transcript at the very character", async () => {
    const document = await vscode.workspace.openTextDocument(file(1));
    await vscode.window.showTextDocument(document);
    const code = "transcript/control-character";
    const { range } = await eventually("the control character", () => damageIn(document.uri, code));
    assert.equal(document.getText(range), "\t");
    assert.equal(range.start.line, 1);
  });

  it("is found by Deep Check in what was not opened, as a finding", async () => {
    const uri = vscode.Uri.file(file(2));
    assert.equal(damageIn(uri, "transcript/bad-line"), undefined);
    await vscode.commands.executeCommand(
      "sessionForensics.deepCheck",
      await nodeEventually(api.sessions, [home.folder]),
    );
    const { range } = await eventually("the bad line", () => damageIn(uri, "transcript/bad-line"));
    assert.equal(range.start.line, 2);
  });
});
