/** The Search view: what the newest search has found, and how it stands. */
import * as vscode from "vscode";

import { ContextKey, View } from "../contributions.ts";
import { counted } from "../counting.ts";
import type { SearchResults } from "../search/search-results.ts";
import type { SearchNode } from "./search/nodes.ts";
import { SearchProvider } from "./search/provider.ts";

export interface SearchView extends vscode.Disposable {
  readonly provider: SearchProvider;
  readonly tree: vscode.TreeView<SearchNode>;
}

/** Above the rows; in an empty view it stands alone. */
function messageFor({ lines, question, sessions, state }: SearchResults): string {
  const soFar = `${counted(lines, "line")} in ${counted(sessions.length, "session")}`;
  switch (state.is) {
    case "none":
      return "";
    case "running":
      return `Searching for “${question?.text ?? ""}”… ${state.percent} %, ${soFar}`;
    case "ended":
      return state.summary;
    case "stopped":
      return `Stopped. Until then: ${soFar}.`;
    case "failed":
      return `The search failed: ${state.reason}`;
  }
}

function describe({ question }: SearchResults): string {
  if (question === undefined) return "";
  return `“${question.text}”${question.scope === undefined ? "" : ` in ${question.scope.label}`}`;
}

export function createSearchView(results: SearchResults): SearchView {
  const provider = new SearchProvider(results);
  const tree = vscode.window.createTreeView(View.search, { treeDataProvider: provider, showCollapseAll: true });
  let was = "none";
  const follow = (): void => {
    tree.message = messageFor(results);
    tree.description = describe(results);
    const { is } = results.state;
    if (is === was) return;
    was = is;
    void vscode.commands.executeCommand("setContext", ContextKey.searching, is === "running");
    void vscode.commands.executeCommand("setContext", ContextKey.searched, is !== "none");
  };
  const subscriptions = [tree, provider, results.onDidChange(follow)];
  return { provider, tree, dispose: () => subscriptions.forEach((one) => one.dispose()) };
}
