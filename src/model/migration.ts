/** What a migration from files to a database left: how each file stands to the database, and the records of its runs. */
import type { Evidence } from "./evidence.ts";
import type { FragmentPlace } from "./fragment.ts";

/**
 * How a transcript that lies in a file stands to the database beside it, by the ids and the content of its entries.
 * covered: all of it stands there; prefix: the file goes on where the database ends; missing: the database has nothing of it;
 * diverged: both have entries that the other lacks.
 */
export type CoverageRelation = "covered" | "prefix" | "missing" | "diverged";

export interface Coverage {
  readonly fragment: FragmentPlace;
  readonly relation: CoverageRelation;
  /** How many of its entries stand in no other place; null where that was not counted. */
  readonly onlyHere: number | null;
  readonly evidence: readonly Evidence[];
}

/** One run of a migration, as the home has it on record. Times are milliseconds, UTC. */
export interface MigrationRun {
  readonly id: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** As the record says, such as "completed" or "failed". */
  readonly status: string | null;
  /** Home-relative path of what holds the record. */
  readonly path: string;
  readonly evidence: readonly Evidence[];
}
