/** Commands about the extension itself: scan again, show the views, the log, another server. */
import * as vscode from "vscode";

import { View } from "../contributions.ts";
import type { Handler, Services } from "./services.ts";
import { rowOf } from "./targets.ts";

export const refresh =
  ({ catalogue }: Services): Handler =>
  async () => {
    await vscode.window.withProgress({ location: { viewId: View.sessions } }, () => catalogue.rescan());
  };

export const showSessions = (): Handler => () => vscode.commands.executeCommand<void>(`${View.sessions}.focus`);

export const showLog =
  ({ log }: Services): Handler =>
  () => {
    log.show();
  };

export const restartServer =
  ({ link }: Services): Handler =>
  () =>
    link.restart();

export const showMore =
  (services: Services): Handler =>
  (argument) => {
    const row = rowOf(argument, services);
    if (row?.kind === "more") services.sessionsView.provider.showMore(row);
    if (row?.kind === "moreFindings") services.findingsView.provider.showMore(row);
  };
