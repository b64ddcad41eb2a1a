/** Evidence: one observed fact that a link, a key, a verdict or a finding rests on. */

/** What kind of observation a link or a session key rests on. The order is from strongest to weakest. */
export type EvidenceKind =
  | "assigned" // a person said so
  | "store-family" // the store row lists both ids, in order (usageFamilySessionIds)
  | "store-row" // the store row names the file or the id
  | "reset-event" // the transcript itself has a reset event between the two (2026.9)
  | "window" // a database's record of the session id names its key, or the id before it
  | "archive-record" // a database's record of an archived transcript names its key
  | "former-store" // a store that is in use no more names the id
  | "trajectory" // a trajectory line carries session key + session id (+ run id, time)
  | "task-run" // a record of a run carries session key + run id + time
  | "same-file-id" // the same file name was reused by successive headers
  | "archive-equals-header" // archive stamp and successor's header time are the same moment
  | "parent-header" // the header names its parent session
  | "checkpoint" // a checkpoint row or a checkpoint's file name ties copy and original
  | "spawn-row" // a store row names the session that spawned it
  | "fork-row" // a store row names the session that it was forked from
  | "exec-completion" // a background exec was started in one fragment and reported in another
  | "start-marker" // the fragment opens with the text written after /new or /reset
  | "row-start-time" // the store row's start time lies at the reset
  | "peer" // sender or conversation metadata in the text
  | "time-window" // nothing but times
  | "file"; // a plain statement about a file

/** One fact, with the place where it can be looked up. */
export interface Evidence {
  readonly kind: EvidenceKind;
  /** A plain sentence part, without a final stop. */
  readonly text: string;
  /** Home-relative path ("/" separators), or absolute when it lies outside the home. */
  readonly path?: string;
  /** Line in that file, counted from 1. */
  readonly line?: number;
  /** Event of that database. */
  readonly event?: EventPlace;
}

/** One event of a transcript that lies in a database. */
export interface EventPlace {
  readonly sessionId: string;
  /** Number of the event among those of its session, as the database counts them. */
  readonly seq: number;
}

/** `text (path:line)` or `text (path, event 8 of <session id>)`: the form used in JSON documents, terminals and tooltips. */
export function evidenceText(evidence: Evidence): string {
  return evidence.path === undefined ? evidence.text : `${evidence.text} (${evidencePlace(evidence)})`;
}

/** `path:line` or `path, event 8 of <session id>`; empty for evidence without a place. */
export function evidencePlace({ event, line, path }: Pick<Evidence, "event" | "line" | "path">): string {
  if (path === undefined) return "";
  if (event !== undefined) return `${path}, event ${event.seq} of ${event.sessionId}`;
  return line === undefined ? path : `${path}:${line}`;
}
