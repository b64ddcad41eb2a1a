/** Says once per window, before anything else, that the editor itself runs inside an agent's isolated HOME. */
import * as vscode from "vscode";

import type { Catalogue } from "./catalogue.ts";
import { Command } from "./contributions.ts";

const SHOW = "Show Sessions";
const GUIDE = "Where State Lives";

async function warn(message: string): Promise<void> {
  const answer = await vscode.window.showWarningMessage(message, SHOW, GUIDE);
  if (answer === SHOW) await vscode.commands.executeCommand(Command.showSessions);
  if (answer === GUIDE) await vscode.commands.executeCommand(Command.openGuide);
}

export function warnOfEnvironment(catalogue: Catalogue): vscode.Disposable {
  const said = new Set<string>();
  return catalogue.onDidChangeContent(() => {
    for (const { message } of catalogue.overview?.environment ?? []) {
      if (said.has(message)) continue;
      said.add(message);
      void warn(message);
    }
  });
}
