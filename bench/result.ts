/** The figures of one home, and how several runs become one figure. */

import type { CheckTimes, HistoryTimes } from "./reading.ts";
import type { LargeTranscriptTimes } from "./large-transcript.ts";
import type { SearchTimes } from "./searching.ts";

/** Medians over the runs. Times in ms. */
export interface Result {
  readonly fragments: number;
  /** All files of the sessions folders: fragments, trajectories, locks, stores. */
  readonly files: number;
  /** readdir + lstat of all files. */
  readonly listMs: number;
  /** The same, and open + read of the first 4 KiB + close of each. */
  readonly readMs: number;
  /** First scan of a process, without kept facts. */
  readonly firstMs: number;
  /** To the first snapshot of such a scan, when somebody watches; and plain reading beside it. */
  readonly lookMs: number;
  readonly lookReadMs: number;
  /** Scan again; nothing changed. */
  readonly rescanMs: number;
  /** First scan of a process with the facts that another one kept. */
  readonly restartMs: number;
  /** One transcript grew by a line, and the engine was told its path. */
  readonly appendMs: number;
  /** Growth of the resident set to its peak during the first scan. */
  readonly peakBytes: number;
  /** Growth of the heap that is still there after the first scan and a collection. */
  readonly keptBytes: number;
  /** From the start of the server's process to the answered first page of sessions. */
  readonly firstRowMs: number;
  /** The same once everything is read, linked and judged. */
  readonly wholeTreeMs: number;
}

/** The same for a home with a database. */
export interface DatabaseResult {
  readonly sessions: number;
  readonly events: number;
  /** Of the database file. */
  readonly bytes: number;
  /** Counting all rows, first in a new process, and afterwards. */
  readonly firstCountMs: number;
  readonly countMs: number;
  readonly firstMs: number;
  readonly rescanMs: number;
  /** From the news of a commit to the snapshot that shows it. */
  readonly commitMs: number;
}

/** A search over transcripts of some size, beside ripgrep alone over the same files. */
export interface SearchResult extends SearchTimes {
  readonly bytes: number;
  readonly text: string;
}

/** A transcript of some size read to its last byte, and the history of a session with many fragments in the same home. */
export interface ReadingResult extends CheckTimes, HistoryTimes {
  readonly bytes: number;
}

/** One huge transcript, beside reading it plainly. */
export interface LargeResult extends LargeTranscriptTimes {
  readonly bytes: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
