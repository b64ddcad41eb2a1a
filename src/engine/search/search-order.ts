/** What a search looks at, in which order: sessions newest first, their fragments oldest first, copies last. */
import { isPlainFile } from "../../agents/transcripts.ts";
import type { Fragment } from "../../model/fragment.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { FileError, isInside, pathFrom, realPath, statOf } from "../../system/files.ts";
import { allSessions, type SessionHit } from "../query.ts";

/** One fragment to be searched. */
export interface SearchedFragment {
  readonly hit: SessionHit;
  readonly fragment: Fragment;
  /** It says again, at least in part, what stands in the chain. */
  readonly isCopy: boolean;
  /** Absolute path where it is a plain file that lies in its home, links resolved; null for all else. */
  readonly file: string | null;
}

/** The same order whatever reads the files, so that a search that ends at its limit has found the same. */
export function sessionsInOrder(snapshot: Snapshot, accepts: (hit: SessionHit) => boolean): SessionHit[] {
  return allSessions(snapshot)
    .filter(accepts)
    .toSorted((a, b) => (b.session.updatedAt ?? -Infinity) - (a.session.updatedAt ?? -Infinity) || 0);
}

/** The fragments of a session in the order in which they are searched. */
export function fragmentsOf(hit: SessionHit): SearchedFragment[] {
  const { session, home } = hit;
  const searched = (fragment: Fragment, isCopy: boolean): SearchedFragment => ({
    hit,
    fragment,
    isCopy,
    file: isPlainFile(fragment) ? fileInside(home.home.path, fragment.path) : null,
  });
  return [
    ...session.fragments.map(({ fragment }) => searched(fragment, false)),
    ...session.checkpoints.map((fragment) => searched(fragment, true)),
  ];
}

/** Null for what is gone or no file any more, and for a link that leads out of the home: reading it says why. */
function fileInside(home: string, path: string): string | null {
  const real = realPath(pathFrom(home, path));
  return real !== undefined && isInside(home, real) && isFile(real) ? real : null;
}

/** ripgrep would wait for whoever writes into a pipe. */
function isFile(path: string): boolean {
  try {
    return statOf(path)?.kind === "file";
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** Sessions whose fragments are looked at together. */
export type Batch = readonly SessionHit[];

const FIRST_BATCH_BYTES = 4 << 20;
const LARGEST_BATCH_BYTES = 256 << 20;
const MOST_FRAGMENTS = 2000;

/** The first batches are small, so that something shows soon. A session is never torn apart. */
export function* batches(hits: readonly SessionHit[]): Generator<Batch> {
  let batch: SessionHit[] = [];
  let [bytes, fragments, most] = [0, 0, FIRST_BATCH_BYTES];
  for (const hit of hits) {
    batch.push(hit);
    bytes += bytesOf(hit);
    fragments += hit.session.fragments.length + hit.session.checkpoints.length;
    if (bytes < most && fragments < MOST_FRAGMENTS) continue;
    yield batch;
    batch = [];
    [bytes, fragments, most] = [0, 0, Math.min(LARGEST_BATCH_BYTES, most * 4)];
  }
  if (batch.length > 0) yield batch;
}

/** What there is to read of a session. */
export function bytesOf({ session: { fragments, checkpoints } }: SessionHit): number {
  return [...fragments.map(({ fragment }) => fragment), ...checkpoints].reduce((sum, { bytes }) => sum + bytes, 0);
}
