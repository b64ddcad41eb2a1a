/** Commands about searching: Search Sessions…, the search once more, stopping it, and the way to a found line. */
import * as vscode from "vscode";

import { View } from "../contributions.ts";
import type { SearchQuestion, SearchScope } from "../search/search-results.ts";
import type { SearchNode } from "../views/search/nodes.ts";
import { openPlace } from "./open.ts";
import type { Handler, Services } from "./services.ts";
import { placeOf, type Row, rowOf } from "./targets.ts";

/** A home or session in whose row the command was started. */
function scopeOf(row: Row | undefined): SearchScope | undefined {
  if (row?.kind === "home") return { homeId: row.home.id, label: row.home.label };
  if (row?.kind === "session") return { session: row.session.ref, label: row.session.label };
  if (row?.kind === "foundSession") return { session: row.gathered.session.ref, label: row.gathered.session.label };
  return undefined;
}

/** What is selected in the editor, where that is a part of one line. */
function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty || !editor.selection.isSingleLine) return "";
  return editor.document.getText(editor.selection);
}

/** Shows the view at once, and its progress while the search runs. */
async function run({ search }: Services, question: SearchQuestion): Promise<void> {
  await vscode.commands.executeCommand(`${View.search}.focus`);
  await vscode.window.withProgress({ location: { viewId: View.search } }, () => search.start(question));
}

export const searchSessions =
  (services: Services): Handler =>
  async (argument) => {
    const scope = scopeOf(rowOf(argument, services));
    const text = await vscode.window.showInputBox({
      title: scope === undefined ? "Search Sessions" : `Search ${scope.label}`,
      placeHolder: "A text in what was said, in calls and answers of tools, errors, summaries, keys and ids",
      prompt: "All transcripts are searched, archives and databases included. Upper and lower case are the same.",
      value: selectedText() || (services.search.question?.text ?? ""),
      validateInput: (value) => (value.trim() === "" && value !== "" ? "Blanks stand everywhere." : undefined),
    });
    if (text !== undefined && text.trim() !== "") await run(services, { text, scope });
  };

export const searchAgain =
  (services: Services): Handler =>
  async (argument) => {
    const { question } = services.search;
    if (question === undefined) await searchSessions(services)(argument);
    else await run(services, question);
  };

export const stopSearch =
  ({ search }: Services): Handler =>
  () =>
    search.stop();

export const clearSearch =
  ({ search }: Services): Handler =>
  () =>
    search.clear();

/** The row that the command was started on, else the one that is selected, else the first line found. */
function foundLine(argument: unknown, services: Services): SearchNode | undefined {
  const row = rowOf(argument, services);
  if (row?.kind === "foundLine") return row;
  const { provider, tree } = services.searchView;
  const [selected] = tree.selection;
  if (selected?.kind === "foundLine") return selected;
  for (const one of provider.getChildren())
    for (const below of provider.getChildren(one)) if (below.kind === "foundLine") return below;
  return undefined;
}

export const openFoundLine =
  (services: Services): Handler =>
  async (argument) => {
    const row = foundLine(argument, services);
    if (row?.kind !== "foundLine")
      return void vscode.window.showInformationMessage("No line was found yet: run Search Sessions… first.");
    const { file, line } = row.line;
    const place = placeOf(file, line);
    await openPlace(services, place);
    if (line !== null) selectText(place.uri, line, services.search.question?.text ?? "");
  };

/** Selects the text where the line holds it, as it is written in JSON. */
function selectText(uri: vscode.Uri, line: number, text: string): void {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.document.uri.toString() !== uri.toString() || text === "") return;
  if (line > editor.document.lineCount) return;
  const written = JSON.stringify(text).slice(1, -1).toLowerCase();
  const start = editor.document
    .lineAt(line - 1)
    .text.toLowerCase()
    .indexOf(written);
  if (start === -1) return;
  const range = new vscode.Range(line - 1, start, line - 1, start + written.length);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
