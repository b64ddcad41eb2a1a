/** What happened inside of a session's transcripts that a picture of it shows: compactions, errors, turns that were stopped. */
import type { TranscriptEntry } from "../../model/entry.ts";
import type { SessionHit } from "../query.ts";
import { type ChainEntry, readChain, type TranscriptSource } from "../reading/chain-reader.ts";

export type TurningPointKind = "compaction" | "error" | "aborted";

export interface TurningPoint extends ChainEntry {
  readonly kind: TurningPointKind;
}

/** More can't be told from each other in a picture. */
const MOST = 2000;

/** Null for an entry of an ordinary conversation. */
function turningPointOf({ error, kind, stop }: TranscriptEntry): TurningPointKind | null {
  if (kind === "compaction") return "compaction";
  if (stop === "aborted" || (kind === "prompt-error" && error === "aborted")) return "aborted";
  return kind === "prompt-error" || stop === "error" ? "error" : null;
}

const isTurningPoint = (entry: TranscriptEntry): boolean => turningPointOf(entry) !== null;

/** The newest of them, oldest first; with `complete` false when there are more, or a fragment could not be read. */
export async function turningPoints(
  source: TranscriptSource,
  hit: SessionHit,
  signal?: AbortSignal,
): Promise<{ readonly points: readonly TurningPoint[]; readonly complete: boolean }> {
  const request = { most: MOST, accepts: isTurningPoint, ...(signal === undefined ? {} : { signal }) };
  const { entries, older, unread } = await readChain(source, hit, request);
  const points = entries.flatMap((one) => {
    const kind = turningPointOf(one.entry);
    return kind === null ? [] : [{ ...one, kind }];
  });
  return { points, complete: older === null && unread.length === 0 };
}
