/** The sessions of one agent, page by page, and the ways to find one. */
import type { Certainty, FileTarget, Item, LockVerdict, SessionState } from "./items.ts";

export interface AgentSessionsParams {
  readonly revision: number;
  readonly homeId: string;
  readonly agent: string;
  /** keyed: sessions with a session key, newest first; unattributed: chains whose key is not known. */
  readonly group: "keyed" | "unattributed";
  readonly offset: number;
  /** At most `MOST_AT_ONCE`. */
  readonly limit: number;
  /** Words that key, title, ids, status or file names must hold, in any case; absent or empty for all. */
  readonly filter?: string;
}

export interface AgentSessions {
  readonly revision: number;
  /** Sessions of the group that pass the filter. */
  readonly total: number;
  readonly offset: number;
  readonly sessions: readonly SessionItem[];
}

/** Names a session: its id is unique only inside its agent. */
export interface SessionRef {
  readonly homeId: string;
  readonly agent: string;
  readonly sessionId: string;
}

export interface SessionItem extends Item {
  readonly ref: SessionRef;
  readonly key: string | null;
  /** Header id of the newest fragment. */
  readonly headerId: string | null;
  readonly state: SessionState;
  /** The store says that a run is going on. */
  readonly running: boolean;
  /** A person put it away, or pinned it to the top, in the agent program. */
  readonly archived: boolean;
  readonly pinned: boolean;
  /** Verdict on a lock of one of its transcripts; null without a lock. */
  readonly lock: LockVerdict | null;
  readonly updatedAt: number | null;
  readonly fragments: number;
  readonly checkpoints: number;
  /** Weakest certainty in its chain; "open" when a predecessor could not be named; null for a single fragment. */
  readonly chain: Certainty | "open" | null;
  /** The newest fragment's file. */
  readonly newest: FileTarget | null;
  /** The canonical home has a counterpart (key or transcript). */
  readonly hasCanonical: boolean;
  readonly findingIds: readonly string[];
}

export interface SessionParams {
  readonly session: SessionRef;
}

export interface FindSessionsParams {
  /** As in `filter` above; empty gives the newest sessions. */
  readonly query: string;
  /** At most `MOST_AT_ONCE`. */
  readonly limit: number;
}

export interface FoundSessions {
  readonly revision: number;
  readonly total: number;
  readonly sessions: readonly (SessionItem & { readonly homeLabel: string })[];
}

export interface LocateParams {
  readonly uri: string;
}

export interface Located {
  readonly revision: number;
  readonly homeId: string;
  readonly agent: string | null;
  readonly session: SessionRef | null;
  /** Home-relative path of the document. */
  readonly path: string;
  readonly hasCanonical: boolean;
}
