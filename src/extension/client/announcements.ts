/** Tells the user that the server died, that it is back, or that it stays away. */
import * as vscode from "vscode";

import { Command } from "../contributions.ts";
import type { LinkState, ServerLink } from "./server-link.ts";

const RESTART = "Restart Server";
const LOG = "Show Log";

async function tellRestarted(): Promise<void> {
  const text = "The server of Session Forensics ended unexpectedly and was started again.";
  if ((await vscode.window.showInformationMessage(text, LOG)) === LOG)
    await vscode.commands.executeCommand(Command.showLog);
}

async function tellGivenUp(): Promise<void> {
  const text = "The server of Session Forensics ended five times within three minutes and was not started again.";
  const answer = await vscode.window.showErrorMessage(text, RESTART, LOG);
  if (answer === RESTART) await vscode.commands.executeCommand(Command.restartServer);
  if (answer === LOG) await vscode.commands.executeCommand(Command.showLog);
}

export function announceCrashes(link: ServerLink): vscode.Disposable {
  let before: LinkState = link.state;
  return link.onDidChangeState((state) => {
    if (before === "restarting" && state === "running") void tellRestarted();
    if (state === "failed") void tellGivenUp();
    before = state;
  });
}
