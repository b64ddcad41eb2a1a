/** A picture of sessions over time: lanes of fragments at once, and what happened inside of them as it is asked for. */
import type { Certainty, FragmentKind, LockVerdict, SessionState, Severity } from "./items.ts";
import type { SessionRef } from "./sessions.ts";

export interface TimelineParams {
  readonly homeId: string;
  readonly agent: string;
  /** Only this session; all of the agent without it. */
  readonly sessionId?: string;
}

/** Times are milliseconds, UTC. */
export interface Timeline {
  readonly revision: number;
  /** "Timeline of incident", "Timeline of main". */
  readonly title: string;
  /** From the first fragment's beginning to the last one's end; both null where no fragment has a time. */
  readonly from: number | null;
  readonly to: number | null;
  /** Sessions with a key first, the newest first; then chains that nobody's key is known of. */
  readonly lanes: readonly TimelineLane[];
  /** What the gateway's log says of the home itself: starts and stops, and what names no session. */
  readonly gateway: readonly TimelineMark[];
}

export interface TimelineLane {
  readonly session: SessionRef;
  readonly label: string;
  readonly description: string;
  readonly state: SessionState;
  readonly worst: Severity | null;
  readonly lock: LockVerdict | null;
  /** Oldest first. */
  readonly bars: readonly TimelineBar[];
  /** Oldest first. */
  readonly marks: readonly TimelineMark[];
}

/** A fragment. Its texts are escaped, and may come from foreign files: show them as text. */
export interface TimelineBar {
  /** Unique inside its home. */
  readonly id: string;
  readonly label: string;
  /** What is to be told of it, a line each. */
  readonly facts: readonly string[];
  readonly kind: FragmentKind;
  /** Null where no entry has a time that can be one. */
  readonly from: number | null;
  readonly to: number | null;
  readonly uri: string;
  /** How its link to the bar before it stands. */
  readonly link: Certainty | "first" | "open";
  readonly worst: Severity | null;
  /** The next turn of the session would be written to it. */
  readonly now: boolean;
}

export type TimelineMarkKind =
  | "reset"
  | "deleted"
  | "compaction"
  | "error"
  | "aborted"
  | "exec"
  | "lock"
  | "gateway-trouble"
  | "gateway";

/** Something that happened at one moment. */
export interface TimelineMark {
  readonly kind: TimelineMarkKind;
  readonly at: number;
  /** In one line. */
  readonly label: string;
  /** What opens, and its line (from 1); null for its start. */
  readonly uri: string;
  readonly line: number | null;
}

export interface TimelineDetailsParams {
  readonly session: SessionRef;
}

/** What only reading the transcripts of a session tells. */
export interface TimelineDetails {
  readonly session: SessionRef;
  /** Compactions, errors and aborted turns, oldest first. */
  readonly marks: readonly TimelineMark[];
  readonly execs: readonly TimelineExec[];
  /** There are more than are given, or not all could be read. */
  readonly truncated: boolean;
}

/** A background exec: from where it was started to where its end was told. */
export interface TimelineExec {
  readonly label: string;
  readonly from: TimelinePoint;
  /** Null where its end was never told, or that is not known. */
  readonly to: TimelinePoint | null;
  /** How sure `to` is. */
  readonly certainty: Certainty | null;
  /** Its end was told in another fragment than the one that started it. */
  readonly crosses: boolean;
}

export interface TimelinePoint {
  readonly at: number;
  /** Bar that it lies in. */
  readonly bar: string;
  readonly uri: string;
  readonly line: number | null;
}
