/** In a workspace that is not trusted nothing is written, and a command that would says why. */
import * as vscode from "vscode";

const MANAGE = "Manage Workspace Trust";

/** Whether repairs may run here; tells the person when they may not. */
export async function mayWriteHere(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const message = "This workspace is not trusted, so Session Forensics only reads: repairs are switched off.";
  const answer = await vscode.window.showWarningMessage(message, MANAGE);
  if (answer === MANAGE) await vscode.commands.executeCommand("workbench.trust.manage");
  return vscode.workspace.isTrusted;
}
