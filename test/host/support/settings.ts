// Settings of the test's own workspace.
import * as vscode from "vscode";

/** Resolves when VS Code has written it; the server hears of it by itself. */
export async function setHomes(homes: readonly string[]): Promise<void> {
  const value = homes.length === 0 ? undefined : homes;
  await vscode.workspace
    .getConfiguration("sessionForensics")
    .update("homes", value, vscode.ConfigurationTarget.Workspace);
}
