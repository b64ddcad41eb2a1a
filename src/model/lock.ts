/** Locks: what the lock file says, what the machine says, and the verdict. */

export type LockVerdict = "held" | "stale" | "unknown";

export type LockReason =
  // OpenClaw's own reasons
  | "missing-pid"
  | "dead-pid"
  | "recycled-pid"
  | "invalid-createdAt"
  | "too-old"
  | "orphan-self-pid"
  | "non-openclaw-owner"
  // what OpenClaw lacks
  | "live-owner"
  | "over-max-hold"
  | "fresh-payload"
  | "other-pid-namespace"
  | "other-host"
  | "restored-home"
  | "before-boot" // made before this machine started
  | "owner-unseen" // the system does not tell whether the process lives
  | "unrecognised-owner" // a live process that may be OpenClaw, or not
  | "not-a-file"
  | "unreadable";

/** A lock file as it lies there. Times are milliseconds, UTC. */
export interface LockFile {
  /** Home-relative path. */
  readonly path: string;
  /** transcript: one session's; store: sessions.json's; gateway: the whole home's. */
  readonly of: "transcript" | "store" | "gateway";
  /** Home-relative path of what it locks; for a gateway lock the home itself ("."). */
  readonly target: string;
  readonly pid: number | null;
  readonly createdAt: number | null;
  /** Start time of the owner in clock ticks since boot (field 22 of /proc/<pid>/stat). */
  readonly startTicks: number | null;
  readonly maxHoldMs: number | null;
  readonly host: string | null;
  /** Absolute state directory named by the payload (gateway locks). */
  readonly stateDir: string | null;
  readonly port: number | null;
  readonly payload: "ok" | "empty" | "torn" | "senseless" | "not-a-file" | "unreadable";
  readonly modifiedAt: number;
  readonly bytes: number;
}

/** What is known of the process that a lock names. */
export interface LockHolder {
  readonly command: string;
  /** Milliseconds, UTC. */
  readonly startedAt: number | null;
}

/** A judged lock. */
export interface Lock extends LockFile {
  readonly ageMs: number | null;
  readonly verdict: LockVerdict;
  readonly reasons: readonly LockReason[];
  /** The verdict in plain words: one sentence. */
  readonly explanation: string;
  readonly holder?: LockHolder;
}
