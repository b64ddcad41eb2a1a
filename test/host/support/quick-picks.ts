// Answering the lists that commands show.
import { setTimeout as sleep } from "node:timers/promises";

import * as vscode from "vscode";

import { eventually } from "./extension.ts";

/** Starts the command and takes the first row of each list that comes until it has ended. */
export async function runAndPickFirst(command: string, argument?: unknown): Promise<void> {
  const done = vscode.commands.executeCommand(command, argument);
  let finished = false;
  void done.then(() => (finished = true));
  // A list is empty at first; accepting does nothing until it has rows.
  await eventually(`${command} to end`, async () => {
    await sleep(300);
    if (!finished) await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    return finished ? true : undefined;
  });
}
