/** The Findings view: its tree, and the badge with the number of problems. */
import * as vscode from "vscode";

import type { Catalogue } from "../catalogue.ts";
import { View } from "../contributions.ts";
import { counted } from "../counting.ts";
import type { FindingsNode } from "./findings/nodes.ts";
import { FindingsProvider } from "./findings/provider.ts";

export interface FindingsView extends vscode.Disposable {
  readonly provider: FindingsProvider;
  readonly tree: vscode.TreeView<FindingsNode>;
}

/** Errors and warnings: what someone should look at. */
function badgeFor({ overview }: Catalogue): vscode.ViewBadge | undefined {
  if (overview === undefined) return undefined;
  const { error, warning } = overview.counts.findings;
  const value = error + warning;
  return value === 0 ? undefined : { value, tooltip: `${counted(error, "error")}, ${counted(warning, "warning")}` };
}

export function createFindingsView(catalogue: Catalogue, log: vscode.LogOutputChannel): FindingsView {
  const provider = new FindingsProvider(catalogue, log);
  const tree = vscode.window.createTreeView(View.findings, { treeDataProvider: provider, showCollapseAll: true });
  const subscriptions = [
    tree,
    provider,
    catalogue.onDidChangeContent(() => {
      provider.reload();
      tree.badge = badgeFor(catalogue);
    }),
  ];
  return { provider, tree, dispose: () => subscriptions.forEach((one) => one.dispose()) };
}
