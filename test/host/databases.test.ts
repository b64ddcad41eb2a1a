// A home of the SQLite era: its tree, a window opened as a document that follows the database, and the way through a long one.
import assert from "node:assert/strict";

import * as vscode from "vscode";

import type { ExtensionApi } from "../../src/extension/extension.ts";
import type { SessionsNode } from "../../src/extension/views/sessions/nodes.ts";
import { makeDatabaseHome, type DatabaseHome } from "./support/databases.ts";
import { activated, activeText, eventually, labelsBelow, nodeEventually, shown } from "./support/extension.ts";
import { showMadeHome } from "./support/settings.ts";

const SCHEME = "session-forensics-document";

const linesOf = (text: string | undefined): string[] => (text ?? "").trimEnd().split("\n");

/** The text of the active editor, once it shows one of our documents whose text passes. */
function documentText(what: string, passes: (text: string) => boolean): Promise<string> {
  return eventually(what, () => {
    const text = activeText();
    const isOurs = vscode.window.activeTextEditor?.document.uri.scheme === SCHEME;
    return isOurs && text !== undefined && passes(text) ? text : undefined;
  });
}

async function lensTitles(): Promise<string[]> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
  return lenses.map(({ command }) => command?.title ?? "");
}

describe("a home with a database", () => {
  let api: ExtensionApi;
  let home: DatabaseHome;
  const below = (...labels: string[]): Promise<SessionsNode> =>
    nodeEventually(api.sessions, [home.folder, "main", ...labels]);
  const open = async (...labels: string[]): Promise<void> => {
    await vscode.commands.executeCommand("sessionForensics.openTranscript", await below(...labels));
  };

  before(async () => {
    api = await activated();
    home = await makeDatabaseHome();
    home.addWindows(5000);
    home.addMessages(1200);
    await showMadeHome(api, home);
  });

  after(async () => {
    await showMadeHome(api, undefined);
    await home.remove();
  });

  it("shows the windows of a session with their extents", async () => {
    const rows = await labelsBelow(api.sessions, await below("incident "));
    assert.equal(rows.length, 2, rows.join(" | "));
    assert.match(rows[0] ?? "", /^now window 2 of 2, events 8-14 · .* · link recorded$/);
    assert.match(rows[1] ?? "", /^reset 2026-11-21 00:30Z window 1 of 2, events 0-7 · /);
  });

  it("opens a window as a read-only document that follows the database, with hovers and its chain", async () => {
    await open("incident ", "now window 2");
    const text = await documentText("the window", (one) => one.includes('"type":"reset"'));
    assert.equal(linesOf(text).length, 7);
    const { document } = vscode.window.activeTextEditor ?? assert.fail("no editor is active");
    assert.equal(document.languageId, "jsonl");
    await vscode.commands.executeCommand("type", { text: "x" });
    assert.equal(document.isDirty, false);
    const hovers = await eventually("a hover", async () => {
      const all = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        new vscode.Position(0, 1),
      );
      return all.length > 0 ? all : undefined;
    });
    const hover = hovers.flatMap(({ contents }) => contents).map((one) => (typeof one === "string" ? one : one.value));
    assert.match(hover.join("\n").replaceAll("\\", ""), /Fragment 2 of 2, window 2 of 2, events 8 to 14/);
    home.say("One more thing");
    await documentText("the new message", (one) => one.includes("One more thing"));
    await eventually("its lenses", async () => {
      const titles = await lensTitles();
      const told = ["incident · window 2 of 2 · events 8 to 15", "Whole chain: 2 fragments"];
      return told.every((one) => titles.includes(one)) ? true : undefined;
    });
    await vscode.commands.executeCommand("sessionForensics.showChain", document.uri);
    await eventually("its chain", () => (activeText()?.startsWith("incident\n") ? true : undefined));
  });

  it("leads through a long window part by part", async () => {
    await open("single ", "now events 0-");
    const end = await documentText("its newest events", (one) => one.includes("Message 1199"));
    assert.ok(linesOf(end).length <= 1000);
    const titles = await lensTitles();
    assert.ok(
      titles.some((title) => title.endsWith("Older Events")) && !titles.some((title) => title.endsWith("Newer Events")),
    );
    await vscode.commands.executeCommand("sessionForensics.olderEvents");
    const middle = await documentText(
      "older events",
      (one) => one.includes('Message 700"') && !one.includes("Message 1199"),
    );
    assert.equal(linesOf(middle).length, 500);
    await vscode.commands.executeCommand("sessionForensics.olderEvents");
    await documentText("the first events", (one) => one.startsWith('{"type":"session"'));
    await vscode.commands.executeCommand("sessionForensics.newerEvents");
    assert.equal(await documentText("newer events again", (one) => one.includes('Message 700"')), middle);
  });

  it("shows the windows of a session with thousands of them page by page", async () => {
    const session = await below("main ");
    const rows = (await api.sessions.getChildren(session)) ?? [];
    assert.equal(rows.length, 101);
    const last = rows.at(-1) ?? assert.fail("no row");
    assert.match(await shown(api.sessions, last), /^Show more… 100 of 5,\d+ fragments shown$/);
    await vscode.commands.executeCommand("sessionForensics.showMore", last);
    assert.equal((await api.sessions.getChildren(session))?.length, 501);
  });

  it("opens the rows of the database as its store, and copies the path of the database", async () => {
    const agent = await below();
    await vscode.commands.executeCommand("sessionForensics.openStore", agent);
    await documentText("the store", (one) => one.includes('"agent:main:incident"'));
    await vscode.commands.executeCommand("sessionForensics.copyPath", await below("incident ", "now"));
    assert.match(await vscode.env.clipboard.readText(), /openclaw-agent\.sqlite$/);
  });

  it("opens the packed archive of a deleted session", async () => {
    await open("to-delete ", "deleted ");
    await documentText("the archive", (one) => one.startsWith('{"type":"session"'));
  });
});
