/** Explain an Error…: takes what an agent, its doctor or its log said, shows what it means here and now, and leads to the place. */
import * as vscode from "vscode";

import type { ExplainErrorAnswer } from "../../protocol/explaining.ts";
import { Method } from "../../protocol/methods.ts";
import { Command } from "../contributions.ts";
import type { Handler, Services } from "./services.ts";

/** An address holds no more; what matters stands at the beginning. */
const LONGEST = 4000;
const REPAIR = "Show Repair…";

/** What is selected in the editor. Not the clipboard: in a browser reading it waits for a permission that nobody may ever give. */
function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  const text = editor === undefined ? "" : editor.document.getText(editor.selection);
  return text.length > LONGEST ? "" : text.replaceAll(/\s+/g, " ").trim();
}

const textOf = async (argument: unknown): Promise<string | undefined> =>
  typeof argument === "string"
    ? argument
    : vscode.window.showInputBox({
        title: "Explain an Error",
        prompt: "What the agent, the chat or the log said, whole: ids and paths in it lead to the place.",
        placeHolder: "session file locked (timeout 10000ms): pid=…",
        value: selectedText(),
        ignoreFocusOut: true,
      });

/** Lets the person go on to where it leads. */
async function offer(services: Services, { places, repair, summary }: ExplainErrorAnswer): Promise<void> {
  const shown = places.slice(0, 2).map(({ label, ...place }) => ({ title: `Open ${label}`, place }));
  const actions = [...(repair === null ? [] : [{ title: REPAIR, place: null }]), ...shown];
  const chosen = await vscode.window.showInformationMessage(summary, ...actions);
  if (chosen === undefined) return;
  if (chosen.place === null) return void vscode.commands.executeCommand(Command.repair, repair);
  const { line, uri } = chosen.place;
  const selection = line === null ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) };
  await vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(uri), { preview: true, ...selection });
  services.log.debug(`Opened ${uri}.`);
}

export const explainError =
  (services: Services): Handler =>
  async (argument) => {
    const text = (await textOf(argument))?.trim().slice(0, LONGEST);
    if (!text) return;
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "Looking for the cause…", cancellable: true },
      (_progress, token) => services.link.request(Method.explainError, { text }, token),
    );
    await services.reports.open({ about: "error", text }, "Explained error");
    void offer(services, answer);
  };
