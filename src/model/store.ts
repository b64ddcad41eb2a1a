/** What the store of one agent says of its sessions, and how well it could be read. */

/** A checkpoint named by a store row. */
export interface CheckpointRow {
  readonly checkpointId: string;
  readonly sessionId: string | null;
  readonly createdAt: number | null;
  /** Base name of the copy made before the compaction. */
  readonly preCompactionFile: string | null;
  readonly postCompactionFile: string | null;
}

/** One row of a store: the current state of one session key. Times are milliseconds, UTC. */
export interface StoreRow {
  readonly key: string;
  readonly sessionId: string | null;
  /** As written: usually absolute, possibly of another machine. */
  readonly sessionFile: string | null;
  /** Home-relative path of the transcript that the row means in this store, whether it exists or not. */
  readonly transcriptPath: string | null;
  /** How that path was found: as written, moved with the home, by base name, or by session id. `foreign`: the written path lies outside this store. */
  readonly transcriptBy: "as-written" | "moved" | "session-id" | "foreign" | "none";
  readonly updatedAt: number | null;
  readonly status: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly sessionStartedAt: number | null;
  readonly lastInteractionAt: number | null;
  readonly abortedLastRun: boolean | null;
  readonly systemSent: boolean | null;
  readonly compactionCount: number | null;
  readonly familyKey: string | null;
  /** Session ids of the same usage family, oldest first; a suffix of the true chain. */
  readonly familyIds: readonly string[];
  readonly checkpoints: readonly CheckpointRow[];
  readonly spawnedBy: string | null;
  readonly forkedFrom: string | null;
  readonly label: string | null;
  readonly displayName: string | null;
  readonly channel: string | null;
  readonly lastTo: string | null;
  /** Byte offset and length of the row's value, and the line of its key (from 1). */
  readonly offset: number;
  readonly length: number;
  readonly line: number;
}

/** A part of a store that could not be read. */
export interface StoreDamage {
  readonly reason: string;
  /** Byte offset where reading stopped making sense. */
  readonly offset: number;
  readonly line: number;
  /** Key of the row, when the damage is inside one. */
  readonly key: string | null;
}

/** How the store as a whole could be read. */
export type StoreState = "ok" | "missing" | "empty" | "damaged" | "unreadable" | "database";

export interface Store {
  /** Home-relative path. */
  readonly path: string;
  readonly state: StoreState;
  readonly bytes: number;
  readonly modifiedAt: number | null;
  readonly rows: readonly StoreRow[];
  readonly damage: readonly StoreDamage[];
}
