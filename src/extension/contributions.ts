/** Every name that package.json and the code share. A test holds both against each other. */

export const SECTION = "sessionForensics";

/** Views, by their ids. The container has the same name as the section. */
export const View = {
  sessions: "sessionForensics.sessions",
  findings: "sessionForensics.findings",
  search: "sessionForensics.search",
  history: "sessionForensics.history",
} as const;

/** Commands, by their ids. */
export const Command = {
  refresh: "sessionForensics.refresh",
  openTranscript: "sessionForensics.openTranscript",
  openStore: "sessionForensics.openStore",
  showChain: "sessionForensics.showChain",
  compareWithCanonical: "sessionForensics.compareWithCanonical",
  explainFinding: "sessionForensics.explainFinding",
  explainError: "sessionForensics.explainError",
  openFindingPlace: "sessionForensics.openFindingPlace",
  copySessionKey: "sessionForensics.copySessionKey",
  copySessionId: "sessionForensics.copySessionId",
  copyPath: "sessionForensics.copyPath",
  copyContinuation: "sessionForensics.copyContinuation",
  reveal: "sessionForensics.reveal",
  repair: "sessionForensics.repair",
  repairAllSafe: "sessionForensics.repairAllSafe",
  moveStaleLocksAside: "sessionForensics.moveStaleLocksAside",
  restoreArchive: "sessionForensics.restoreArchive",
  setPredecessor: "sessionForensics.setPredecessor",
  runPlan: "sessionForensics.runPlan",
  undoRepair: "sessionForensics.undoRepair",
  showReceipt: "sessionForensics.showReceipt",
  openRecoveryTerminal: "sessionForensics.openRecoveryTerminal",
  addHome: "sessionForensics.addHome",
  filterSessions: "sessionForensics.filterSessions",
  clearFilter: "sessionForensics.clearFilter",
  deepCheck: "sessionForensics.deepCheck",
  searchSessions: "sessionForensics.searchSessions",
  searchAgain: "sessionForensics.searchAgain",
  stopSearch: "sessionForensics.stopSearch",
  clearSearch: "sessionForensics.clearSearch",
  openFoundLine: "sessionForensics.openFoundLine",
  showSessions: "sessionForensics.showSessions",
  showLog: "sessionForensics.showLog",
  restartServer: "sessionForensics.restartServer",
  openGuide: "sessionForensics.openGuide",
  olderEvents: "sessionForensics.olderEvents",
  newerEvents: "sessionForensics.newerEvents",
  newestEvents: "sessionForensics.newestEvents",
  openAsParts: "sessionForensics.openAsParts",
  openChain: "sessionForensics.openChain",
  showTimeline: "sessionForensics.showTimeline",
  olderMessages: "sessionForensics.olderMessages",
  toggleSecrets: "sessionForensics.toggleSecrets",
  /** Behind lenses only; not in the palette. */
  openPlace: "sessionForensics.openPlace",
  /** Behind the "Show more…" rows only; not in the palette. */
  showMore: "sessionForensics.showMore",
} as const;

export type CommandId = (typeof Command)[keyof typeof Command];

/** Context keys that `when` clauses of package.json use. */
export const ContextKey = {
  /** A `Phase`. */
  phase: "sessionForensics.phase",
  /** A filter is set in the Sessions view. */
  filtered: "sessionForensics.filtered",
  /** A search runs; there was one. */
  searching: "sessionForensics.searching",
  searched: "sessionForensics.searched",
  /** The document in the active editor goes on before its first event, or after its last. */
  olderEvents: "sessionForensics.hasOlderEvents",
  newerEvents: "sessionForensics.hasNewerEvents",
  /** The chain in the active editor has messages before those that are shown. */
  olderMessages: "sessionForensics.hasOlderMessages",
} as const;

/** Where the extension stands, as welcome texts and the status bar tell it. */
export const PHASES = ["starting", "scanning", "ready", "restarting", "stopped"] as const;
export type Phase = (typeof PHASES)[number];

/** Settings, by their names below the section. */
export const Setting = {
  homes: "homes",
  discoverUserHomes: "discoverUserHomes",
  warnAfterSeconds: "locks.warnAfterSeconds",
  autoClean: "locks.autoClean",
  quietSeconds: "repairs.quietSeconds",
  rescanSeconds: "rescanSeconds",
  usePolling: "usePolling",
  trace: "trace.server",
} as const;

/** Words in the context value of a row, for the menus: a row has one kind and any number of abilities. */
export const RowWord = {
  environment: "environment",
  home: "home",
  agent: "agent",
  group: "group",
  session: "session",
  fragment: "fragment",
  finding: "finding",
  place: "place",
  /** It has a session key. */
  keyed: "keyed",
  /** It has a session id. */
  identified: "identified",
  /** It can be compared with the canonical home. */
  comparable: "comparable",
  /** A repair is offered for it. */
  repairable: "repairable",
  /** A file of its own that the session no longer writes to. */
  archive: "archive",
  receipt: "receipt",
  /** It can be taken back. */
  undoable: "undoable",
} as const;

/** Tools for language models: their names in VS Code, and in the server's table of tools. */
export const LanguageTool = {
  sessionForensics_list_sessions: "list_sessions",
  sessionForensics_session_history: "session_history",
  sessionForensics_session_chain: "session_chain",
  sessionForensics_session_execs: "session_execs",
  sessionForensics_session_findings: "session_findings",
  sessionForensics_search_sessions: "search_sessions",
} as const;

/** Who offers the MCP server. */
export const MCP_PROVIDER = "sessionForensics.mcp";

/** Scheme and language of the readable documents. */
export const REPORT_SCHEME = "session-forensics";
export const REPORT_LANGUAGE = "session-forensics-report";
/** Language of the chains that are shown as conversations. */
export const CONVERSATION_LANGUAGE = "session-forensics-chain";
