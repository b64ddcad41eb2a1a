/** Made-up lives of session keys: which fragments each leaves behind, by the rules of two releases. */
import type { Random } from "../test/support/random.ts";
import { END, type Opening } from "./conversation.ts";

export type Release = "2026.3.24" | "2026.5.12";

/** One fragment, before it is written. Times are milliseconds, UTC. */
export interface MadeFragment {
  readonly sessionId: string;
  readonly fileId: string;
  readonly startedAt: number;
  readonly opening: Opening;
  readonly endedBy: "reset" | "deleted" | null;
  /** When it was put away; the end of the history for one that was not. */
  readonly until: number;
}

export interface Life {
  readonly key: string;
  /** Oldest first. */
  readonly fragments: readonly MadeFragment[];
  /** Session ids that the row lists as its usage family. */
  readonly family: readonly string[];
}

/** Shorter than the 30 days for which 2026.5.12 keeps reset archives. */
const HISTORY_MS = 24 * 24 * 3600 * 1000;
const MINUTE = 60_000;
const MOST_FRAGMENTS = 12;
const DELETED = 0.1;

/** How a fragment ends and the next begins. */
interface Reset {
  readonly opening: Opening;
  readonly delayMs: number;
  readonly keepsFile: boolean;
  readonly keepsFamily: boolean;
}

/** At most `most` fragments of one key, spread over the history. */
export function live(key: string, release: Release, most: number, random: Random): Life {
  const length = Math.min(most, 1 + random.below(MOST_FRAGMENTS));
  const beginning = END - HISTORY_MS * random.next() - MINUTE;
  const step = (END - beginning) / length;
  const fragments: MadeFragment[] = [];
  let family: string[] = [];
  let fileId = random.uuid();
  let reset: Reset = { opening: "turn", delayMs: 0, keepsFile: false, keepsFamily: false };
  let begun = Math.floor(beginning);
  for (let at = 0; at < length; at += 1) {
    const sessionId = at === 0 ? fileId : random.uuid();
    if (!reset.keepsFile) fileId = sessionId;
    family = reset.keepsFamily ? [...family, sessionId] : [sessionId];
    const startedAt = begun + reset.delayMs;
    const endedBy = at < length - 1 ? "reset" : random.chance(DELETED) ? "deleted" : null;
    const until = endedBy === null ? END : startedAt + 1 + Math.floor(step * (0.2 + 0.7 * random.next()));
    fragments.push({ sessionId, fileId, startedAt, opening: reset.opening, endedBy, until });
    begun = until;
    reset = release === "2026.5.12" ? modernReset(random) : earlyReset(random);
  }
  return { key, fragments, family: release === "2026.5.12" && family.length > 1 ? family : [] };
}

/** 2026.5.12: the RPC keeps the file name and drops the family, the chat does the reverse. */
function modernReset(random: Random): Reset {
  if (random.chance(0.5)) {
    const opening = random.chance(0.1) ? "header-only" : "turn";
    return { opening, delayMs: 0, keepsFile: true, keepsFamily: false };
  }
  const opening = random.chance(0.5) ? "new-notice" : "reset-notice";
  return { opening, delayMs: random.between(28, 8800), keepsFile: false, keepsFamily: true };
}

/** 2026.3.24: always a new file; after an RPC it comes with the next turn. */
function earlyReset(random: Random): Reset {
  const own = { keepsFile: false, keepsFamily: false };
  return random.chance(0.5)
    ? { opening: "reset-prompt", delayMs: random.between(100, 1500), ...own }
    : { opening: "turn", delayMs: random.between(600, 2 * 24 * 60 * MINUTE), ...own };
}
