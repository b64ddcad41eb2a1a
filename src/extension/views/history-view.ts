/** The History view: every repair that was run, and the way back. */
import * as vscode from "vscode";

import type { Catalogue } from "../catalogue.ts";
import { View } from "../contributions.ts";
import type { HistoryNode } from "./history/nodes.ts";
import { HistoryProvider } from "./history/provider.ts";

export interface HistoryView extends vscode.Disposable {
  readonly provider: HistoryProvider;
  readonly tree: vscode.TreeView<HistoryNode>;
}

export function createHistoryView(catalogue: Catalogue, log: vscode.LogOutputChannel): HistoryView {
  const provider = new HistoryProvider(catalogue, log);
  const tree = vscode.window.createTreeView(View.history, { treeDataProvider: provider });
  const subscriptions = [tree, provider, catalogue.onDidChangeContent(() => provider.reload())];
  return { provider, tree, dispose: () => subscriptions.forEach((one) => one.dispose()) };
}
