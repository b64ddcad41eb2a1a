/** Every command of the extension, by its id, and what it does. */
import * as vscode from "vscode";
import { LSPErrorCodes, ResponseError } from "vscode-languageclient/node";

import { ServerGoneError } from "../client/server-link.ts";
import type { CommandId } from "../contributions.ts";
import { Command } from "../contributions.ts";
import { addHome } from "./add-home.ts";
import { compareWithCanonical } from "./compare.ts";
import { copyContinuation } from "./continuation.ts";
import { olderMessages, openChain, toggleSecrets } from "./conversations.ts";
import { copyPath, copySessionId, copySessionKey } from "./copy.ts";
import { deepCheck } from "./deep-check.ts";
import { explainError } from "./explain-error.ts";
import { clearFilter, filterSessions } from "./filter.ts";
import { restoreArchive, setPredecessor } from "./fragments.ts";
import { refresh, restartServer, showLog, showMore, showSessions } from "./housekeeping.ts";
import {
  explainFinding,
  openAsParts,
  openFindingPlace,
  openGuide,
  openLensPlace,
  openPart,
  openStore,
  openTranscript,
  showChain,
} from "./open.ts";
import { openRecoveryTerminal } from "./recovery-terminal.ts";
import { showReceipt, undoRepair } from "./receipts.ts";
import { moveStaleLocksAside, repairAllSafe, repairFinding, runPlan } from "./repair.ts";
import { reveal } from "./reveal.ts";
import { clearSearch, openFoundLine, searchAgain, searchSessions, stopSearch } from "./search.ts";
import type { Handler, Services } from "./services.ts";
import { showTimeline } from "./timeline.ts";

const COMMANDS: Readonly<Record<CommandId, (services: Services) => Handler>> = {
  [Command.refresh]: refresh,
  [Command.openTranscript]: openTranscript,
  [Command.openStore]: openStore,
  [Command.showChain]: showChain,
  [Command.compareWithCanonical]: compareWithCanonical,
  [Command.explainFinding]: explainFinding,
  [Command.explainError]: explainError,
  [Command.openFindingPlace]: openFindingPlace,
  [Command.copySessionKey]: copySessionKey,
  [Command.copySessionId]: copySessionId,
  [Command.copyPath]: copyPath,
  [Command.copyContinuation]: copyContinuation,
  [Command.reveal]: reveal,
  [Command.repair]: repairFinding,
  [Command.repairAllSafe]: repairAllSafe,
  [Command.moveStaleLocksAside]: moveStaleLocksAside,
  [Command.restoreArchive]: restoreArchive,
  [Command.setPredecessor]: setPredecessor,
  [Command.runPlan]: runPlan,
  [Command.undoRepair]: undoRepair,
  [Command.showReceipt]: showReceipt,
  [Command.openRecoveryTerminal]: openRecoveryTerminal,
  [Command.addHome]: addHome,
  [Command.filterSessions]: filterSessions,
  [Command.clearFilter]: clearFilter,
  [Command.deepCheck]: deepCheck,
  [Command.searchSessions]: searchSessions,
  [Command.searchAgain]: searchAgain,
  [Command.stopSearch]: stopSearch,
  [Command.clearSearch]: clearSearch,
  [Command.openFoundLine]: openFoundLine,
  [Command.showSessions]: showSessions,
  [Command.showLog]: showLog,
  [Command.restartServer]: restartServer,
  [Command.openGuide]: openGuide,
  [Command.olderEvents]: openPart("older"),
  [Command.newerEvents]: openPart("newer"),
  [Command.newestEvents]: openPart("newest"),
  [Command.openAsParts]: openAsParts,
  [Command.openPlace]: openLensPlace,
  [Command.openChain]: openChain,
  [Command.showTimeline]: showTimeline,
  [Command.olderMessages]: olderMessages,
  [Command.toggleSecrets]: toggleSecrets,
  [Command.showMore]: showMore,
};

const RESTART = "Restart Server";
const LOG = "Show Log";

/** Whoever cancels needs no message about it. */
const isCancelled = (error: unknown): boolean =>
  error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;

/** A command that fails says why, and offers what may help. */
async function tell(error: unknown, { log }: Services): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof ServerGoneError ? RESTART : LOG;
  if (remedy === LOG) log.error("A command failed.", error);
  const answer = await vscode.window.showErrorMessage(`Session Forensics: ${reason}`, remedy);
  if (answer === RESTART) await vscode.commands.executeCommand(Command.restartServer);
  if (answer === LOG) log.show();
}

export function registerCommands(services: Services): vscode.Disposable {
  const registered = Object.entries(COMMANDS).map(([id, make]) => {
    const handle = make(services);
    return vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        await handle(argument);
      } catch (error) {
        if (!isCancelled(error)) void tell(error, services);
      }
    });
  });
  return vscode.Disposable.from(...registered);
}
