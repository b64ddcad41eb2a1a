/** What a store of one agent says of its sessions, and how well it could be read: a file of rows, or a database. */
import { placeId, type FragmentPlace, type WindowExtent } from "./fragment.ts";

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
  /** The current window of the row's session in the database at that path; absent where the transcript is a file. */
  readonly transcriptWindow?: WindowExtent;
  /** The archive inside that database which holds the transcript; absent where it stands there itself. */
  readonly transcriptArchive?: string;
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
  /** What only databases record of a session; absent for a row of a file. */
  readonly record?: SessionRecord;
  /** Byte offset and length of the row's value, and the line of its key (from 1); null in a database. */
  readonly offset: number | null;
  readonly length: number | null;
  readonly line: number | null;
}

/** What a row of a database adds (OpenClaw 2026.9, `session_nodes`). Times are milliseconds, UTC. */
export interface SessionRecord {
  readonly createdAt: number | null;
  /** How it came to be, such as "operator", "spawn", "channel" or "cron". */
  readonly createdVia: string | null;
  /** When a person put the session away; null while it stands among the others. */
  readonly archivedAt: number | null;
  readonly pinnedAt: number | null;
  readonly parentKey: string | null;
  /** What a fork was made from; null for a session that is none. */
  readonly forkSource: ForkSource | null;
  /** Session id that the key had before its current one; null where the key always had it, or nothing says so. */
  readonly previousSessionId: string | null;
  /** Run that claimed the transcript last, to write to it; it holds the claim only while the status is running. */
  readonly activeRunId: string | null;
  readonly lastRunId: string | null;
  /** Whether the program itself found the row valid; null where it did not look yet. */
  readonly isValid: boolean | null;
}

/** Where a fork left its source. */
export interface ForkSource {
  readonly key: string | null;
  readonly sessionId: string | null;
  readonly entryId: string | null;
}

/** Where the transcript lies that a row means; null when it means none. */
export function transcriptOf({ transcriptArchive, transcriptPath, transcriptWindow }: StoreRow): FragmentPlace | null {
  if (transcriptPath === null) return null;
  return {
    path: transcriptPath,
    ...(transcriptWindow === undefined ? {} : { window: transcriptWindow }),
    ...(transcriptArchive === undefined ? {} : { archive: transcriptArchive }),
  };
}

/** The name of that place; null when the row means none. */
export function transcriptId(row: StoreRow): string | null {
  const place = transcriptOf(row);
  return place === null ? null : placeId(place);
}

/** Path and line of a row, as its evidence names them. */
export function rowPlace({ path }: Pick<Store, "path">, { line }: StoreRow): { path: string; line?: number } {
  return line === null ? { path } : { path, line };
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

/** A row that counts no more, for its key occurs again further down: of rows with one key the last one counts. */
export interface DuplicateRow {
  readonly key: string;
  readonly sessionId: string | null;
  /** Byte offset and length of the row's value, and the line of its key (from 1). */
  readonly offset: number;
  readonly length: number;
  readonly line: number;
}

/** How the store as a whole could be read. */
export type StoreState = "ok" | "missing" | "empty" | "damaged" | "unreadable";

export interface Store {
  /** Home-relative path. */
  readonly path: string;
  readonly kind: "file" | "database";
  readonly state: StoreState;
  readonly bytes: number;
  readonly modifiedAt: number | null;
  readonly rows: readonly StoreRow[];
  readonly damage: readonly StoreDamage[];
  /** In the order of the file; absent where each key occurs once. */
  readonly duplicates?: readonly DuplicateRow[];
}
