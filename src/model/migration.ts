/** What a migration from files to a database left: how each file stands to the database, and the records of its runs. */
import type { Evidence } from "./evidence.ts";
import type { FragmentPlace } from "./fragment.ts";

/**
 * How a transcript that lies in a file stands to the database beside it, by the ids and the content of its entries.
 * covered: all of it stands there; prefix: the file goes on where the database ends; missing: the database has nothing of it;
 * diverged: anything else, such as an entry with other content, or entries on both sides that the other lacks.
 */
export type CoverageRelation = "covered" | "prefix" | "missing" | "diverged";

/** How one file stands to the database, and to everything else in its home. Its header counts as no entry. */
export interface Coverage {
  readonly fragment: FragmentPlace;
  readonly relation: CoverageRelation;
  /** Entries of the file; a line that can't be parsed is one. */
  readonly entries: number;
  /** How many of them stand in no other place of the home; null where that was not counted. */
  readonly onlyHere: number | null;
  /** How many of those are messages or summaries of such: what a person would miss. */
  readonly messagesOnlyHere: number | null;
  /** Windows of the database, or archives in it, that hold the rest; most of it first. */
  readonly heldBy: readonly FragmentPlace[];
  readonly evidence: readonly Evidence[];
}

/** Whether the file is the only place of the home where some of its entries stand. */
export function isOnlyCopy({ onlyHere }: Coverage): boolean {
  return onlyHere !== null && onlyHere > 0;
}

/** One run of a migration, as the home has it on record. Times are milliseconds, UTC. */
export interface MigrationRun {
  readonly id: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** running: neither an end nor a failure is on record. */
  readonly status: "completed" | "failed" | "running" | "unreadable";
  /** Release that ran it, as the record says. */
  readonly release: string | null;
  /** Home-relative path of what holds the record. */
  readonly path: string;
  /** What it did with each agent's store. */
  readonly targets: readonly MigrationTarget[];
  readonly evidence: readonly Evidence[];
}

/** One agent's store in a run. Paths are home-relative, or absolute where they lie outside the home. */
export interface MigrationTarget {
  readonly agent: string;
  readonly storePath: string;
  readonly databasePath: string;
  /** Whether the database was compared with the files before they were put away. */
  readonly validation: string | null;
  readonly moves: readonly MigrationMove[];
  readonly issues: readonly MigrationIssue[];
}

/** A file that the run put away, or meant to. */
export interface MigrationMove {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly isDone: boolean;
  /** What the run thought of the file, such as "imported" or "protected"; null where the record is too old to say. */
  readonly classification: string | null;
  /** Whether the archived file was since removed on purpose, or is about to be. */
  readonly disposal: "retained" | "pending-disposal" | "disposed" | null;
}

/** Something that the run could not do, or put off. */
export interface MigrationIssue {
  /** OpenClaw's own code, such as "historical_transcript_deferred". */
  readonly code: string;
  readonly message: string;
  readonly sessionKey: string | null;
  /** The files that the message names, home-relative. */
  readonly paths: readonly string[];
}
