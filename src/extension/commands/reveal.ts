/** Reveal: shows where a file or folder lies, with what this editor has for it. */
import * as vscode from "vscode";

import type { Handler, Services } from "./services.ts";
import { placeFor } from "./targets.ts";

const COPY = "Copy Path";
const OPEN = "Open Folder in New Window";

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  const stat = await vscode.workspace.fs.stat(uri);
  return (stat.type & vscode.FileType.Directory) !== 0;
}

/** A browser or a remote window can't open a file manager where the file lies. */
async function offerFolder(uri: vscode.Uri): Promise<void> {
  const answer = await vscode.window.showInformationMessage(uri.fsPath, COPY, OPEN);
  if (answer === COPY) await vscode.env.clipboard.writeText(uri.fsPath);
  if (answer !== OPEN) return;
  const folder = (await isFolder(uri)) ? uri : vscode.Uri.joinPath(uri, "..");
  await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: true });
}

export async function revealPlace(uri: vscode.Uri): Promise<void> {
  const onThisDesktop = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  if (vscode.workspace.getWorkspaceFolder(uri) !== undefined)
    await vscode.commands.executeCommand("revealInExplorer", uri);
  else if (onThisDesktop) await vscode.commands.executeCommand("revealFileInOS", uri);
  else await offerFolder(uri);
}

export const reveal =
  (services: Services): Handler =>
  async (argument) => {
    const place = await placeFor(services, argument, "Reveal");
    if (place !== undefined) await revealPlace(place.file);
  };
