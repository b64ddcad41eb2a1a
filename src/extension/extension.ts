/** Builds the extension: the server's link, what is known from it, the views, documents and commands over that. */
import * as vscode from "vscode";

import type { TimelineDrawn } from "../protocol/timeline-view.ts";
import { Catalogue } from "./catalogue.ts";
import { announceCrashes } from "./client/announcements.ts";
import { ServerLink } from "./client/server-link.ts";
import { registerCommands } from "./commands/table.ts";
import type { Phase } from "./contributions.ts";
import { Conversations } from "./conversations/conversations.ts";
import { registerMcpServer } from "./language-models/mcp-server.ts";
import { registerLanguageTools } from "./language-models/tools.ts";
import { VirtualDocuments } from "./documents/virtual-documents.ts";
import { Reports } from "./documents/reports.ts";
import { announceRepairs } from "./repairs/announcing.ts";
import { providePlanLenses } from "./repairs/plan-lenses.ts";
import { warnOfEnvironment } from "./environment-warning.ts";
import { currentSettings } from "./settings.ts";
import { editorsRipgrep } from "./search/editors-ripgrep.ts";
import { SearchResults } from "./search/search-results.ts";
import { Timelines } from "./timeline/timelines.ts";
import { createStatusBar } from "./status-bar.ts";
import { followInContextKeys } from "./views/context-keys.ts";
import type { FindingsNode } from "./views/findings/nodes.ts";
import { createFindingsView } from "./views/findings-view.ts";
import type { HistoryNode } from "./views/history/nodes.ts";
import { createHistoryView } from "./views/history-view.ts";
import type { SearchNode } from "./views/search/nodes.ts";
import { createSearchView } from "./views/search-view.ts";
import type { SessionsNode } from "./views/sessions/nodes.ts";
import { createSessionsView } from "./views/sessions-view.ts";

/** What activation returns: the trees as they are shown, for other extensions and for tests. */
export interface ExtensionApi {
  readonly sessions: vscode.TreeDataProvider<SessionsNode>;
  readonly findings: vscode.TreeDataProvider<FindingsNode>;
  readonly history: vscode.TreeDataProvider<HistoryNode>;
  readonly search: vscode.TreeDataProvider<SearchNode>;
  /** Where the extension stands now. */
  readonly phase: () => Phase;
  /** What the open timelines show. */
  readonly timelines: () => readonly TimelineDrawn[];
}

function build(context: vscode.ExtensionContext): ExtensionApi {
  const log = vscode.window.createOutputChannel("Session Forensics", { log: true });
  const link = new ServerLink({
    module: context.asAbsolutePath("dist/server.cjs"),
    log,
    initialization: () => ({
      settings: currentSettings(),
      memoFolder: context.globalStorageUri.fsPath,
      mayWrite: vscode.workspace.isTrusted,
      ripgrep: editorsRipgrep(vscode.env.appRoot, process.platform, process.arch),
      documentation: vscode.Uri.joinPath(context.extensionUri, "docs").toString(),
    }),
  });
  const catalogue = new Catalogue(link, log);
  const reports = new Reports(catalogue);
  const documents = new VirtualDocuments(catalogue);
  const conversations = new Conversations(catalogue);
  const timelines = new Timelines({ catalogue, conversations, extension: context.extensionUri });
  const sessionsView = createSessionsView(catalogue, log);
  const findingsView = createFindingsView(catalogue, log);
  const historyView = createHistoryView(catalogue, log);
  const search = new SearchResults(link);
  const searchView = createSearchView(search);
  context.subscriptions.push(
    log,
    link,
    catalogue,
    reports,
    documents,
    conversations,
    timelines,
    sessionsView,
    findingsView,
    historyView,
    search,
    searchView,
    createStatusBar(catalogue),
    followInContextKeys(catalogue),
    announceCrashes(link),
    warnOfEnvironment(catalogue),
    announceRepairs(link),
    providePlanLenses(),
    registerLanguageTools(link),
    registerMcpServer(context),
    // Only a server that was told so at its start may write.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void link.restart()),
    registerCommands({
      context,
      log,
      link,
      catalogue,
      reports,
      documents,
      conversations,
      timelines,
      sessionsView,
      findingsView,
      historyView,
      search,
      searchView,
    }),
  );
  // Activation does not wait: the views fill when the server has something to show.
  void link.start();
  const { provider: history } = historyView;
  return {
    sessions: sessionsView.provider,
    findings: findingsView.provider,
    history,
    search: searchView.provider,
    phase: () => catalogue.phase,
    timelines: () => timelines.drawn,
  };
}

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  try {
    return build(context);
  } catch (error) {
    // VS Code itself shows nothing when an activation fails.
    void vscode.window.showErrorMessage(`Session Forensics could not start: ${String(error)}`);
    throw error;
  }
}
