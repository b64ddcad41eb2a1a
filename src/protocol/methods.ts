/** Every request and notification between the extension and the server that is not plain LSP, with its types. */
import type { ConversationAnswer, ConversationParams } from "./conversation.ts";
import type {
  ChainDocumentParams,
  Comparison,
  CompareParams,
  DocumentAnswer,
  DocumentParams,
  ExplainFindingParams,
  TextDocumentAnswer,
} from "./documents.ts";
import type { ExplainErrorAnswer, ExplainErrorParams } from "./explaining.ts";
import type { DeepCheckAnswer, DeepChecking, DeepCheckParams } from "./deep-check.ts";
import type { FindingsPage, FindingsParams } from "./findings.ts";
import type { Fragments, FragmentsParams, ResolvedFragment, ResolveFragmentParams } from "./fragments.ts";
import type { FileTarget } from "./items.ts";
import type { LocksAnswer, LocksParams } from "./locks.ts";
import type { Changed, Overview, OverviewParams, Progress } from "./overview.ts";
import type { RecoveryEnvironment, RecoveryEnvironmentParams } from "./recovery.ts";
import type {
  JournalAnswer,
  PlanDocumentParams,
  PlansAnswer,
  PlanSubject,
  ReceiptDocumentParams,
  RepairedByItself,
  RepairOffers,
  RepairOffersParams,
  RunAnswer,
  RunPlanParams,
  RunProgress,
} from "./repairs.ts";
import type { SearchAnswer, SearchFound, SearchParams } from "./search.ts";
import type {
  AgentSessions,
  AgentSessionsParams,
  FindSessionsParams,
  FoundSessions,
  Located,
  LocateParams,
  SessionItem,
  SessionParams,
} from "./sessions.ts";
import type { Timeline, TimelineDetails, TimelineDetailsParams, TimelineParams } from "./timeline.ts";
import type { BriefAnswer, BriefParams, ToolParams, ToolResult } from "./tools.ts";

/** Requests, client to server. */
export const Method = {
  /** All homes with their agents and counts. Answers at once, also before the first scan has ended. */
  overview: "sessionForensics/overview",
  /** One page of an agent's sessions. */
  agentSessions: "sessionForensics/agentSessions",
  /** One page of the fragments, or of the checkpoints, of one session. */
  fragments: "sessionForensics/fragments",
  /** All locks, the worst first. */
  locks: "sessionForensics/locks",
  /** One page of findings, the worst first. */
  findings: "sessionForensics/findings",
  /** Sessions of all homes that match what a person typed: for commands without a selection. */
  findSessions: "sessionForensics/findSessions",
  /** One session by its name. */
  session: "sessionForensics/session",
  /** What an open document is: the session and fragment it belongs to, or null. */
  locate: "sessionForensics/locate",
  /** The chain of a session and the evidence of each link, as a readable plain text. */
  chainDocument: "sessionForensics/chainDocument",
  /** The messages of a whole session as one readable document, page by page from its newest end. */
  conversation: "sessionForensics/conversation",
  /** A finding explained, as a readable plain text. */
  explainFinding: "sessionForensics/explainFinding",
  /** A pasted error message: what it means here and now, and where it leads. */
  explainError: "sessionForensics/explainError",
  /** Sessions over time: fragments as bars, with resets, deletions, locks and the gateway's log. */
  timeline: "sessionForensics/timeline",
  /** What happened inside of one session: compactions, errors, background execs. Reads its transcripts. */
  timelineDetails: "sessionForensics/timelineDetails",
  /** The contents of a document of the scheme `DOCUMENT_SCHEME`. */
  document: "sessionForensics/document",
  /** The document that shows a transcript in parts, however large it is; null for what is no transcript of a known home. */
  readableParts: "sessionForensics/readableParts",
  /** The absolute path of a fragment, checked to lie inside its home. */
  resolveFragment: "sessionForensics/resolveFragment",
  /** The two files to compare for something in a shadow home. */
  compareWithCanonical: "sessionForensics/compareWithCanonical",
  /** How a terminal must be set up so that recovery commands meet the canonical home. */
  recoveryEnvironment: "sessionForensics/recoveryEnvironment",
  /** What can be done about a finding, or with a file, and what is to be chosen. */
  repairOffers: "sessionForensics/repairOffers",
  /** Makes plans and keeps them; writes nothing. */
  plan: "sessionForensics/plan",
  /** A plan as a readable text: exact paths first, then each change. */
  planDocument: "sessionForensics/planDocument",
  /** Runs a plan that was made before. Cancelling the request takes back what was done. */
  runPlan: "sessionForensics/runPlan",
  /** All receipts. */
  journal: "sessionForensics/journal",
  /** A receipt as a readable text. */
  receiptDocument: "sessionForensics/receiptDocument",
  /** Reads transcripts whole; what it finds are findings of the revision that it answers with. */
  deepCheck: "sessionForensics/deepCheck",
  /** Searches all transcripts for a text; what is found comes in `searchFound`. */
  search: "sessionForensics/search",
  /** Runs a tool for language models. */
  tool: "sessionForensics/tool",
  /** The continuation brief of a session. */
  brief: "sessionForensics/brief",
  /** Scans again; answers with the revision that stands afterwards. */
  refresh: "sessionForensics/refresh",
} as const;

/** Notifications, server to client. */
export const Notice = {
  /** There is a new revision: ask again for what is shown. */
  changed: "sessionForensics/changed",
  /** A scan started, went on or ended. */
  progress: "sessionForensics/progress",
  /** A run goes on. */
  runProgress: "sessionForensics/runProgress",
  /** A deep check has come further. */
  deepChecking: "sessionForensics/deepChecking",
  /** A search has found something, or come further. */
  searchFound: "sessionForensics/searchFound",
  /** Something was written that no request asked for. */
  repairedByItself: "sessionForensics/repairedByItself",
} as const;

export interface Refreshed {
  readonly revision: number;
}

/** Parameters and result of every request. */
export interface Requests {
  readonly [Method.overview]: { readonly params: OverviewParams; readonly result: Overview };
  readonly [Method.agentSessions]: { readonly params: AgentSessionsParams; readonly result: AgentSessions };
  readonly [Method.fragments]: { readonly params: FragmentsParams; readonly result: Fragments };
  readonly [Method.locks]: { readonly params: LocksParams; readonly result: LocksAnswer };
  readonly [Method.findings]: { readonly params: FindingsParams; readonly result: FindingsPage };
  readonly [Method.findSessions]: { readonly params: FindSessionsParams; readonly result: FoundSessions };
  readonly [Method.session]: { readonly params: SessionParams; readonly result: SessionItem };
  readonly [Method.locate]: { readonly params: LocateParams; readonly result: Located | null };
  readonly [Method.chainDocument]: { readonly params: ChainDocumentParams; readonly result: TextDocumentAnswer };
  readonly [Method.conversation]: { readonly params: ConversationParams; readonly result: ConversationAnswer };
  readonly [Method.explainFinding]: { readonly params: ExplainFindingParams; readonly result: TextDocumentAnswer };
  readonly [Method.explainError]: { readonly params: ExplainErrorParams; readonly result: ExplainErrorAnswer };
  readonly [Method.timeline]: { readonly params: TimelineParams; readonly result: Timeline };
  readonly [Method.timelineDetails]: { readonly params: TimelineDetailsParams; readonly result: TimelineDetails };
  readonly [Method.document]: { readonly params: DocumentParams; readonly result: DocumentAnswer };
  readonly [Method.readableParts]: { readonly params: DocumentParams; readonly result: FileTarget | null };
  readonly [Method.resolveFragment]: { readonly params: ResolveFragmentParams; readonly result: ResolvedFragment };
  readonly [Method.compareWithCanonical]: { readonly params: CompareParams; readonly result: Comparison };
  readonly [Method.recoveryEnvironment]: {
    readonly params: RecoveryEnvironmentParams;
    readonly result: RecoveryEnvironment;
  };
  readonly [Method.repairOffers]: { readonly params: RepairOffersParams; readonly result: RepairOffers };
  readonly [Method.plan]: { readonly params: PlanSubject; readonly result: PlansAnswer };
  readonly [Method.planDocument]: { readonly params: PlanDocumentParams; readonly result: TextDocumentAnswer };
  readonly [Method.runPlan]: { readonly params: RunPlanParams; readonly result: RunAnswer };
  readonly [Method.journal]: { readonly params: Record<string, never>; readonly result: JournalAnswer };
  readonly [Method.receiptDocument]: { readonly params: ReceiptDocumentParams; readonly result: TextDocumentAnswer };
  readonly [Method.deepCheck]: { readonly params: DeepCheckParams; readonly result: DeepCheckAnswer };
  readonly [Method.search]: { readonly params: SearchParams; readonly result: SearchAnswer };
  readonly [Method.tool]: { readonly params: ToolParams; readonly result: ToolResult };
  readonly [Method.brief]: { readonly params: BriefParams; readonly result: BriefAnswer };
  readonly [Method.refresh]: { readonly params: Record<string, never>; readonly result: Refreshed };
}

/** Parameters of every notification. */
export interface Notices {
  readonly [Notice.changed]: Changed;
  readonly [Notice.progress]: Progress;
  readonly [Notice.runProgress]: RunProgress;
  readonly [Notice.deepChecking]: DeepChecking;
  readonly [Notice.searchFound]: SearchFound;
  readonly [Notice.repairedByItself]: RepairedByItself;
}
