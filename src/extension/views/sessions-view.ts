/** The Sessions view: its tree, the texts around it, and keeping them fresh. */
import * as vscode from "vscode";

import type { Catalogue } from "../catalogue.ts";
import { View } from "../contributions.ts";
import { FRESHEN_MS } from "../relative-time.ts";
import type { SessionsNode } from "./sessions/nodes.ts";
import { SessionsProvider } from "./sessions/provider.ts";

export interface SessionsView extends vscode.Disposable {
  readonly provider: SessionsProvider;
  readonly tree: vscode.TreeView<SessionsNode>;
}

/** Only beside rows: in an empty view it would hide the welcome text. */
function messageFor({ phase, overview, progress }: Catalogue): string {
  if (overview === undefined || overview.homes.length === 0) return "";
  if (phase === "restarting")
    return "The server ended unexpectedly and is being started again. These are the last known sessions.";
  if (phase === "scanning") return progress === "" ? "Reading…" : progress;
  return "";
}

/** Another filter is another list: it is read from its top. */
async function scrollToTop({ provider, tree }: Pick<SessionsView, "provider" | "tree">): Promise<void> {
  const [first] = await provider.getChildren();
  if (first !== undefined && tree.visible) await tree.reveal(first, { select: false });
}

export function createSessionsView(catalogue: Catalogue, log: vscode.LogOutputChannel): SessionsView {
  const provider = new SessionsProvider(catalogue, log);
  const tree = vscode.window.createTreeView(View.sessions, { treeDataProvider: provider, showCollapseAll: true });
  const showStatus = (): void => {
    tree.message = messageFor(catalogue);
    tree.description = catalogue.filter === "" ? "" : `with “${catalogue.filter}”`;
  };
  let shownFilter = catalogue.filter;
  const freshen = setInterval(() => tree.visible && provider.redraw(), FRESHEN_MS);
  const subscriptions = [
    tree,
    provider,
    catalogue.onDidChangeContent(() => {
      const filtered = catalogue.filter !== shownFilter;
      shownFilter = catalogue.filter;
      if (filtered) provider.startOver();
      else provider.reload();
      showStatus();
      if (filtered) void scrollToTop({ provider, tree });
    }),
    catalogue.onDidChangeStatus(showStatus),
  ];
  const dispose = (): void => {
    clearInterval(freshen);
    for (const one of subscriptions) one.dispose();
  };
  return { provider, tree, dispose };
}
