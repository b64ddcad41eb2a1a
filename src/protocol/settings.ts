/** What the client tells the server: settings, and options at the start. */

export const SETTINGS_SECTION = "sessionForensics";

/** Settings `sessionForensics.*`. Every field may be missing: then the default stands. */
export interface Settings {
  /** Homes, folders that hold homes, and glob patterns; `~` is the user's home. Default: none. */
  readonly homes?: readonly string[];
  /** Look for the homes of this user. Default: true. */
  readonly discoverUserHomes?: boolean;
  readonly locks?: {
    /** A live lock older than this is a warning. Default: 60. */
    readonly warnAfterSeconds?: number;
    /** Move locks of processes that are gone aside by itself, where the client allows writing. Default: false. */
    readonly autoClean?: boolean;
  };
  readonly repairs?: {
    /** A file that was written to more recently is not touched. Default: 10. */
    readonly quietSeconds?: number;
  };
  /** Pause between safety re-scans; 0 switches them off. Default: 60. */
  readonly rescanSeconds?: number;
  /** Watch by looking again and again, for network folders. Default: false. */
  readonly usePolling?: boolean;
}

/** `initializationOptions`; all optional, a plain client needs none. */
export interface InitializationOptions {
  readonly settings?: Settings;
  /** Folder for facts kept across restarts: absent for the default one, null for none. */
  readonly memoFolder?: string | null;
  /** Repairs may be run. Absent or false: the server only reads. */
  readonly mayWrite?: boolean;
  /** Absolute paths of programs that may be a ripgrep, best first; one in PATH is looked for after them. */
  readonly ripgrep?: readonly string[];
  /** URI of the folder that holds findings.md and where-state-lives.md; absent: codes and roles carry no links. */
  readonly documentation?: string;
}

/** Names of documents that the server has something to say about: make the document selector from these. */
export const DOCUMENT_PATTERNS = [
  "**/sessions/*.jsonl*",
  "**/sessions/sessions.json*",
  "**/session-sqlite-import-archive/*.jsonl*",
  "**/gateway.*.lock",
] as const;
