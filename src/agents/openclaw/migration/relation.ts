/** How one transcript file stands to what a database holds of it: pure arithmetic over digests. */
import type { CoverageRelation } from "../../../model/migration.ts";
import type { TranscriptDigest } from "./transcript-digest.ts";

/** What the database has of one file's entries. */
export interface HeldEntries {
  /** By entry of the file: 1 where an event with the same content stands in the database. */
  readonly held: Uint8Array;
  /** Entries whose id stands in the database with other content. */
  readonly changed: number;
  /** Whether the session that holds most of them has events which the file lacks. */
  readonly databaseHasMore: boolean;
}

/** The relation; a file without entries, such as one with nothing but a header, lacks nothing. */
export function relationOf({ held, changed, databaseHasMore }: HeldEntries): CoverageRelation {
  const count = held.reduce((sum, one) => sum + one, 0);
  if (count === held.length) return "covered";
  if (changed > 0) return "diverged";
  if (count === 0) return "missing";
  return held.lastIndexOf(1) === count - 1 && !databaseHasMore ? "prefix" : "diverged";
}

/** Counts, over the entries of the file for which `is` holds, all of them and the messages among them. Equal entries count once. */
export function countEntries(
  digest: TranscriptDigest,
  is: (content: bigint, at: number) => boolean,
): { readonly entries: number; readonly messages: number } {
  const seen = new Set<bigint>();
  let messages = 0;
  digest.contents.forEach((content, at) => {
    if (!is(content, at) || seen.has(content)) return;
    seen.add(content);
    messages += digest.messages[at]!;
  });
  return { entries: seen.size, messages };
}
