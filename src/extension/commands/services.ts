/** What commands work with. */
import type { ExtensionContext, LogOutputChannel } from "vscode";

import type { Catalogue } from "../catalogue.ts";
import type { ServerLink } from "../client/server-link.ts";
import type { Conversations } from "../conversations/conversations.ts";
import type { VirtualDocuments } from "../documents/virtual-documents.ts";
import type { Reports } from "../documents/reports.ts";
import type { Timelines } from "../timeline/timelines.ts";
import type { FindingsView } from "../views/findings-view.ts";
import type { HistoryView } from "../views/history-view.ts";
import type { SearchResults } from "../search/search-results.ts";
import type { SearchView } from "../views/search-view.ts";
import type { SessionsView } from "../views/sessions-view.ts";

export interface Services {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly link: ServerLink;
  readonly catalogue: Catalogue;
  readonly reports: Reports;
  readonly documents: VirtualDocuments;
  readonly conversations: Conversations;
  readonly timelines: Timelines;
  readonly sessionsView: SessionsView;
  readonly findingsView: FindingsView;
  readonly historyView: HistoryView;
  readonly search: SearchResults;
  readonly searchView: SearchView;
}

/** Runs a command. The argument is whatever VS Code or a keybinding passes: a row, a URI, or nothing. */
export type Handler = (argument: unknown) => Thenable<void> | void;
