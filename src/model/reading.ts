/** What reading one home yields: facts only, before any linking or judging. */
import type { AssignedLink } from "./assigned-link.ts";
import type { DatabaseReading } from "./database.ts";
import type { Fragment } from "./fragment.ts";
import type { HomeIdentity } from "./home.ts";
import type { SavedArchive } from "./kept-files.ts";
import type { LockFile } from "./lock.ts";
import type { Coverage, MigrationRun } from "./migration.ts";
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
  readonly source: ClaimSource;
  /** Home-relative path of the file that says it. */
  readonly path: string;
  /** Line in that file, from 1; null in a database. */
  readonly line: number | null;
}

/**
 * Who says it: a line of a trajectory; a database's record of a session id, or of an archived transcript; a store that is
 * in use no more; a record of a run.
 */
export type ClaimSource = "trajectory" | "window" | "archive-record" | "former-store" | "task-run";

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
  /** The store in use: the database where one can be read, else the file. */
  readonly store: Store;
  /** Stores that stand beside it and are in use no more, such as the `sessions.json` that a migration left. */
  readonly formerStores: readonly Store[];
  readonly fragments: readonly Fragment[];
  readonly claims: readonly KeyClaim[];
  readonly companions: readonly Companion[];
  /** Databases of this agent, and how each could be read. */
  readonly databases: readonly DatabaseReading[];
  /** How the transcripts left as files stand to the database; empty where there is none. */
  readonly coverage: readonly Coverage[];
  /** Absolute path that the sessions folder really is, when it is a symlink leading out of the home. */
  readonly sessionsLinkTarget: string | null;
  /** Links that a person set; absent where nobody did. */
  readonly assignedLinks?: readonly AssignedLink[];
  /** Archives that were copied to safety; absent where none was. */
  readonly savedArchives?: readonly SavedArchive[];
}

/** Whether the agent's sessions are in a database that could be read, be it in part. */
export function usesDatabase({ store }: Pick<AgentReading, "store">): boolean {
  return store.kind === "database" && (store.state === "ok" || store.state === "damaged");
}

/** One home as read. */
export interface HomeReading {
  readonly home: HomeIdentity;
  readonly agents: readonly AgentReading[];
  readonly locks: readonly LockFile[];
  readonly skipped: readonly Skipped[];
  /** Migrations from files to databases that the home has records of, oldest first. */
  readonly migrations: readonly MigrationRun[];
  /** Retention of reset archives as the config has it, in days; null when off or unknown. */
  readonly archiveRetentionDays: number | null;
  /** Where that number comes from, for the finding. */
  readonly archiveRetentionSource: string;
}
