/** What reading one home yields: facts only, before any linking or judging. */
import type { Fragment } from "./fragment.ts";
import type { HomeIdentity } from "./home.ts";
import type { LockFile } from "./lock.ts";
import type { Store } from "./store.ts";

/** Something that could not be read, and why. `path` is absolute. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** A statement, outside the transcript, that a session id or a file belongs to a key. */
export interface KeyClaim {
  readonly key: string;
  readonly sessionId: string | null;
  /** Id in the name of the file that the claim is about (trajectory sidecars are named by it). */
  readonly fileId: string | null;
  readonly runId: string | null;
  /** Milliseconds, UTC. */
  readonly at: number | null;
  readonly source: "trajectory";
  /** Home-relative path of the file that says it. */
  readonly path: string;
  readonly line: number;
}

/** A file in a sessions folder that is not a fragment, a store or a lock. */
export interface Companion {
  /** Home-relative path. */
  readonly path: string;
  readonly what:
    | "trajectory"
    | "trajectory-pointer"
    | "store-backup"
    | "store-temporary"
    | "repair-backup"
    | "migrated"
    | "temporary"
    | "foreign";
  readonly bytes: number;
  readonly modifiedAt: number;
}

/** One agent of a home. */
export interface AgentReading {
  readonly name: string;
  /** Home-relative path of the folder with its sessions. */
  readonly sessionsPath: string;
  readonly store: Store;
  readonly fragments: readonly Fragment[];
  readonly claims: readonly KeyClaim[];
  readonly companions: readonly Companion[];
  /** Databases of the SQLite era that were recognised; home-relative. */
  readonly databases: readonly string[];
  /** Absolute path that the sessions folder really is, when it is a symlink leading out of the home. */
  readonly sessionsLinkTarget: string | null;
}

/** One home as read. */
export interface HomeReading {
  readonly home: HomeIdentity;
  readonly agents: readonly AgentReading[];
  readonly locks: readonly LockFile[];
  readonly skipped: readonly Skipped[];
  /** Retention of reset archives as the config has it, in days; null when off or unknown. */
  readonly archiveRetentionDays: number | null;
  /** Where that number comes from, for the finding. */
  readonly archiveRetentionSource: string;
}
