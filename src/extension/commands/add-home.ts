/** Add Home…: puts a folder or a pattern into the setting that names homes. */
import * as vscode from "vscode";

import { SECTION, Setting } from "../contributions.ts";
import type { Handler } from "./services.ts";

const FOLDER: vscode.QuickPickItem = {
  label: "$(folder-opened) Choose a folder…",
  description: "a home, or a folder that holds homes",
};
const PATTERN: vscode.QuickPickItem = {
  label: "$(edit) Type a path or pattern…",
  description: "such as /srv/agents/*/.openclaw",
};

async function chooseFolder(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: "Add Home",
    openLabel: "Add Home",
    canSelectFolders: true,
    canSelectFiles: false,
  });
  return chosen?.[0]?.fsPath;
}

async function typePattern(): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: "Add Home",
    prompt: "A folder, or a glob pattern of folders; ~ is your home folder",
    placeHolder: "/srv/agents/*/.openclaw",
  });
  return typed?.trim();
}

export const addHome = (): Handler => async () => {
  const answer = await vscode.window.showQuickPick([FOLDER, PATTERN], { title: "Add Home" });
  const place = answer === FOLDER ? await chooseFolder() : answer === PATTERN ? await typePattern() : undefined;
  if (place === undefined || place === "") return;
  const settings = vscode.workspace.getConfiguration(SECTION);
  const known = settings.inspect<readonly string[]>(Setting.homes)?.globalValue ?? [];
  if (known.includes(place)) return void vscode.window.showInformationMessage(`${place} is in the settings already.`);
  await settings.update(Setting.homes, [...known, place], vscode.ConfigurationTarget.Global);
};
