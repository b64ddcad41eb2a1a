/** Says what came of a run, and offers the way back. */
import * as vscode from "vscode";

import type { RepairedByItself, RunAnswer } from "../../protocol/repairs.ts";
import type { ServerLink } from "../client/server-link.ts";
import { Command } from "../contributions.ts";

const UNDO = "Undo";
const RECEIPT = "Show Receipt";

const sentence = ({ outcome, title, reasons }: RunAnswer): string => {
  const why = reasons.join(" ");
  switch (outcome) {
    case "done":
      return `Done: ${title}.`;
    case "rolled-back":
      return `Not done, and everything is as it was: ${title}. ${why}`;
    case "partial":
      return `${title}: it had to be taken back, and something could not be. ${why}`;
    case "unfinished":
      return `${title}: it was cut off and is not settled yet. ${why}`;
    case "refused":
      return `Refused, nothing was written: ${title}. ${why}`;
  }
};

async function announce(answer: RunAnswer, text: string): Promise<void> {
  const { outcome, receipt, canUndo } = answer;
  const actions = [...(canUndo ? [UNDO] : []), ...(receipt === null ? [] : [RECEIPT])];
  const show = outcome === "done" ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const chosen = await show(text, ...actions);
  if (chosen === UNDO) await vscode.commands.executeCommand(Command.undoRepair, receipt);
  if (chosen === RECEIPT) await vscode.commands.executeCommand(Command.showReceipt, receipt);
}

export const announceRun = (answer: RunAnswer): Promise<void> => announce(answer, sentence(answer));

const BY_ITSELF: Readonly<Record<RepairedByItself["why"], string>> = {
  settled: "A repair had been cut off. It was settled now.",
  "stale-locks": "A lock of a process that is gone was moved aside.",
};

/** Tells of everything that was written without a command. */
export function announceRepairs(link: ServerLink): vscode.Disposable {
  return link.onRepaired(({ why, answer }) => void announce(answer, `${BY_ITSELF[why]} ${sentence(answer)}`));
}
