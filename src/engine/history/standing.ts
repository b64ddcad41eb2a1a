/** How the fragments of a chain stand to now: the one that it goes on in, those before it, and those that a reset ended. */
import type { Evidence } from "../../model/evidence.ts";
import type { Fragment, FragmentKind, FragmentPlace } from "../../model/fragment.ts";
import type { Certainty, LinkedFragment, Session } from "../../model/session.ts";
import { windowCount } from "../lookup.ts";

const PUT_AWAY: ReadonlySet<FragmentKind> = new Set(["reset", "deleted", "cold", "imported", "backup"]);

/** Whether the fragment was put away: nothing is written to it any more. */
export function isPutAway({ archivedAt, kind, window }: Fragment): boolean {
  return PUT_AWAY.has(kind) || (window !== undefined && archivedAt !== null);
}

/** Whether a reset ended it: a reset archive, or a window with a reset behind it. */
export function endedByReset(session: Session, fragment: Fragment): boolean {
  if (fragment.kind === "reset") return true;
  if (fragment.kind === "window" && fragment.archivedAt !== null) return true;
  const windows = windowCount(session, fragment);
  return windows !== undefined && windows.number < windows.of;
}

/** The fragment directly before what the session goes on in. */
export interface Continuation {
  readonly previous: FragmentPlace;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

export interface ChainStanding {
  /** What the session goes on in, or ended in; null when all was put away and the next turn begins a fragment of its own. */
  readonly current: LinkedFragment | null;
  /** Everything before it, oldest first. */
  readonly previous: readonly LinkedFragment[];
  readonly continuationOf: Continuation | null;
  /** What the oldest fragment may continue, best first, where nothing decides; the chain may go on there. */
  readonly mayContinue: readonly FragmentPlace[];
}

/** The store's row has begun a session id under which nothing was written yet. */
function hasBegunAnew({ fragments, row }: Session): boolean {
  const newest = fragments.at(-1)?.fragment;
  if (newest === undefined || row === null || row.sessionId === null || !isPutAway(newest)) return false;
  return fragments.every(({ fragment }) => fragment.sessionId !== row.sessionId);
}

/** After a reset without a turn there is no transcript yet: the key alone ties what was put away to what comes. */
function continuationByKey({ fragments, keyCertainty, keyEvidence, row }: Session): Continuation | null {
  const newest = fragments.at(-1)?.fragment;
  if (newest === undefined) return null;
  const begun = `the store goes on with session ${row?.sessionId ?? "unknown"}, of which no transcript is there yet`;
  return {
    previous: newest,
    certainty: keyCertainty ?? "inferred",
    evidence: [{ kind: "store-row", text: begun }, ...keyEvidence],
  };
}

/** How the fragments of a session stand to now. */
export function standingOf(session: Session): ChainStanding {
  const { fragments } = session;
  const [oldest] = fragments;
  const mayContinue = oldest?.link === null && oldest.open !== null ? oldest.alternatives : [];
  if (hasBegunAnew(session))
    return { current: null, previous: fragments, continuationOf: continuationByKey(session), mayContinue };
  const current = fragments.at(-1) ?? null;
  return { current, previous: fragments.slice(0, -1), continuationOf: current?.link ?? null, mayContinue };
}
