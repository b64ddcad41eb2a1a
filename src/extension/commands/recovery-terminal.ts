/** Open Recovery Terminal: a terminal in which the agent program's own commands meet the canonical home, and no shadow of it. */
import * as vscode from "vscode";

import { Method } from "../../protocol/methods.ts";
import type { RecoveryEnvironment } from "../../protocol/recovery.ts";
import { pickHome } from "./picks.ts";
import type { Handler, Services } from "./services.ts";
import { rowOf } from "./targets.ts";

/** The home that a row lies in. */
function homeIdOfRow(services: Services, argument: unknown): string | undefined {
  for (let node = rowOf(argument, services); node !== undefined; node = node.parent) {
    if (node.kind === "home") return node.home.id;
    if (node.kind === "finding") return node.finding.homeId;
  }
  return undefined;
}

function terminalFor({ home, label, variables, note }: RecoveryEnvironment): vscode.Terminal {
  return vscode.window.createTerminal({
    name: `Recovery: ${label}`,
    cwd: home,
    env: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    message: note.join("\r\n"),
    iconPath: new vscode.ThemeIcon("terminal"),
  });
}

export const openRecoveryTerminal =
  (services: Services): Handler =>
  async (argument) => {
    const { catalogue } = services;
    const canonical = async (): Promise<string | undefined> =>
      (await pickHome(catalogue, "Open Recovery Terminal", (home) => home.role === "canonical"))?.id;
    const homeId = homeIdOfRow(services, argument) ?? (await canonical());
    if (homeId === undefined) {
      if ((catalogue.overview?.homes ?? []).length === 0)
        void vscode.window.showInformationMessage("No home was found that a recovery could work on.");
      return;
    }
    terminalFor(await catalogue.ask(Method.recoveryEnvironment, { homeId })).show();
  };
