// The whole walk in the editor: a finding, its plan, the run, the receipt, and the way back.
import assert from "node:assert/strict";
import { readFile, utimes, writeFile } from "node:fs/promises";
import path from "node:path";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import { activated, activeText, eventually, nodeAt, nodeEventually } from "./support/extension.ts";
import { makeHome, type MadeHome } from "./support/homes.ts";
import { runAndPickFirst } from "./support/quick-picks.ts";
import { showMadeHome } from "./support/settings.ts";

/** Long enough ago that nobody is writing any more. */
const LONG_AGO = new Date(Date.UTC(2026, 10, 20, 9));

const textEventually = (what: string, pattern: RegExp): Promise<string> =>
  eventually(what, () => {
    const text = activeText();
    return text !== undefined && pattern.test(text) ? text : undefined;
  });

/** The finding of that label about a file of this home. */
async function findingOf(api: ExtensionApi, home: MadeHome): Promise<object | undefined> {
  for (const group of (await api.findings.getChildren()) ?? [])
    for (const node of (await api.findings.getChildren(group)) ?? [])
      if (node.kind === "finding" && node.finding.file.path.startsWith(home.folder)) return node;
  return undefined;
}

describe("a repair in the editor", () => {
  let api: ExtensionApi;
  let home: MadeHome;
  let store: string;
  let original: string;

  before(async () => {
    api = await activated();
    home = await makeHome(2);
    store = path.join(home.sessions, "sessions.json");
    const rows = JSON.parse(await readFile(store, "utf8")) as Record<string, object>;
    original = JSON.stringify({ "agent:main:s0": rows["agent:main:s0"] }, null, 2);
    await writeFile(store, original);
    for (const file of [store, ...home.ids.map((id) => path.join(home.sessions, `${id}.jsonl`))])
      await utimes(file, LONG_AGO, LONG_AGO);
    await showMadeHome(api, home);
  });

  after(async () => {
    await showMadeHome(api, undefined);
    await home.remove();
  });

  it("shows the exact paths and the change, and writes nothing", async () => {
    const finding = await eventually("the orphan", () => findingOf(api, home));
    await vscode.commands.executeCommand("sessionForensics.repair", finding);
    const text = await textEventually("the plan", /Written in/);
    assert.ok(text.includes(store), text);
    assert.match(text, /\+ +"agent:main:/);
    assert.equal(await readFile(store, "utf8"), original);
  });

  it("is run from the plan, leaves a receipt, and the finding goes", async () => {
    await vscode.commands.executeCommand("sessionForensics.runPlan");
    await textEventually("the receipt", /^Done\.$/m);
    const rows = JSON.parse(await readFile(store, "utf8")) as Record<string, object>;
    assert.equal(Object.keys(rows).length, 2);
    await eventually("the end of the finding", async () =>
      (await findingOf(api, home)) === undefined ? true : undefined,
    );
    await nodeEventually(api.history, ["Give the transcript a row"]);
  });

  it("is undone from the History view, byte by byte", async () => {
    const receipt = await nodeEventually(api.history, ["Give the transcript a row"]);
    await vscode.commands.executeCommand("sessionForensics.undoRepair", receipt);
    await textEventually("the plan of the undo", /^Undo: .*\n[^]*Written in/);
    await vscode.commands.executeCommand("sessionForensics.runPlan");
    await textEventually("the receipt of the undo", /^Undo: [^]*^Done\.$/m);
    assert.equal(await readFile(store, "utf8"), original);
    assert.notEqual(await nodeAt(api.history, ["Undo: "]), undefined);
  });

  it("is offered as a code action on its finding", async () => {
    const uri = vscode.Uri.file(path.join(home.sessions, `${home.ids[1]}.jsonl`));
    const actions = await eventually("code actions", async () => {
      const [diagnostic] = vscode.languages.getDiagnostics(uri);
      if (diagnostic === undefined) return undefined;
      await vscode.workspace.openTextDocument(uri);
      const found = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        uri,
        diagnostic.range,
      );
      return found.some(({ command }) => command?.command === "sessionForensics.repair") ? found : undefined;
    });
    assert.match(actions[0]?.title ?? "", /row/);
  });
});

describe("plans from the Sessions view", () => {
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
  });

  it("an archive is offered to be restored", async () => {
    const archive = await nodeEventually(api.sessions, ["~/.openclaw", "main", "incident", "reset"]);
    await runAndPickFirst("sessionForensics.restoreArchive", archive);
    await textEventually("its plan", /Restore the archive as a session of its own[^]*Written in/);
  });

  it("everything that is safe to repair in a home makes one plan", async () => {
    const home = await nodeEventually(api.sessions, ["~/.openclaw"]);
    await vscode.commands.executeCommand("sessionForensics.repairAllSafe", home);
    await textEventually("the plan", /Repair all that is safe to repair[^]*Written in[^]*sessions\.json/);
  });
});
