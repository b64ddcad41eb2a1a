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

/** The focus goes to the first new row, where it would have been next. */
export const showMore =
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    const { sessionsView, findingsView, searchView } = services;
    if (row?.kind === "more") {
      const next = await sessionsView.provider.showMore(row);
      if (next !== undefined) await sessionsView.tree.reveal(next, { focus: true });
    }
    if (row?.kind === "moreFindings") {
      const next = await findingsView.provider.showMore(row);
      if (next !== undefined) await findingsView.tree.reveal(next, { focus: true });
    }
    if (row?.kind === "moreFound") {
      const next = searchView.provider.showMore(row);
      if (next !== undefined) await searchView.tree.reveal(next, { focus: true });
    }
  };
