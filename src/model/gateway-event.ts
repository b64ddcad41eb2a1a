/** What an agent program's own gateway logged about sessions: evidence that the transcripts themselves don't hold. */

/**
 * lock-timeout: somebody waited for a lock in vain. lock-removed: a lock was taken for stale and removed. takeover: a transcript was
 * changed by another writer while a turn ran. reset, deleted: a session was. interrupted: a turn was found cut off at a start.
 * resumed, given-up: what became of it. transcript: a transcript or a store could not be read or written. started, stopped: the
 * gateway itself.
 */
export type GatewayEventKind =
  | "lock-timeout"
  | "lock-removed"
  | "takeover"
  | "reset"
  | "deleted"
  | "interrupted"
  | "resumed"
  | "given-up"
  | "transcript"
  | "started"
  | "stopped";

export interface GatewayEvent {
  /** Milliseconds, UTC; null where the line has no time. */
  readonly at: number | null;
  readonly kind: GatewayEventKind;
  /** The log's own words, on one line, bounded. Untrusted. */
  readonly message: string;
  /** What the line names; null where it does not. */
  readonly sessionKey: string | null;
  readonly sessionId: string | null;
  /** Absolute path of a transcript, lock or store. */
  readonly path: string | null;
  readonly pid: number | null;
  /** Absolute path of the log. */
  readonly log: string;
  /** Counted from 1. */
  readonly line: number;
  /**
   * Whether the line is surely about this home: it names a path in it or one of its session ids. Several homes may share a log,
   * and have the same session keys.
   */
  readonly isSure: boolean;
}
