/** The fragments of an agent by what rules look for among them, found in one pass, and after a change in next to none. */
import type { Fragment } from "../model/fragment.ts";
import { keptAlong } from "../model/lineage.ts";
import type { ListChange } from "../model/list-changes.ts";
import type { AgentReading } from "../model/reading.ts";

/** Only the live ones stand in the order of the fragments. */
export interface SortedFragments {
  readonly live: readonly Fragment[];
  /** Path of each live transcript, with its place in that list. The same map as long as the same transcripts are there. */
  readonly livePlaces: ReadonlyMap<string, number>;
  /** Live transcripts with nothing but a header. */
  readonly bare: readonly Fragment[];
  /** Whose last turn waits for an answer. */
  readonly waiting: Iterable<Fragment>;
  /** With a header or an end that is not as it should be. */
  readonly damaged: readonly Fragment[];
  /** When the first of the reset archives was put away; Infinity without any. Milliseconds, UTC. */
  readonly oldestReset: number;
}

/** A home may have a hundred thousand fragments, and is checked after every change. */
export function sortedFragments({ fragments }: Pick<AgentReading, "fragments">): SortedFragments {
  return sorted(fragments);
}

const sorted = keptAlong(sortAll, exchanged);

/** As it is kept: what belongs to the newest list is changed in place. */
interface Kept extends SortedFragments {
  readonly waiting: Set<Fragment>;
}

function sortAll(fragments: readonly Fragment[]): Kept {
  const live: Fragment[] = [];
  const livePlaces = new Map<string, number>();
  const bare: Fragment[] = [];
  const waiting = new Set<Fragment>();
  const damaged: Fragment[] = [];
  let oldestReset = Infinity;
  for (const fragment of fragments) {
    if (fragment.kind === "live") {
      livePlaces.set(fragment.path, live.length);
      live.push(fragment);
      if (isBare(fragment)) bare.push(fragment);
    }
    oldestReset = Math.min(oldestReset, resetAt(fragment));
    if (isWaiting(fragment)) waiting.add(fragment);
    if (isDamaged(fragment)) damaged.push(fragment);
  }
  return { live, livePlaces, bare, waiting, damaged, oldestReset };
}

function resetAt({ archivedAt, kind }: Fragment): number {
  return kind === "reset" && archivedAt !== null ? archivedAt : Infinity;
}

function isBare({ header, kind, start }: Fragment): boolean {
  return kind === "live" && header.state === "ok" && start === "header-only";
}

/** Whether the last turn waits for an answer. */
export function isWaiting({ turn }: Fragment): boolean {
  return turn === "waits-for-model" || turn === "waits-for-tool";
}

function isDamaged({ header, tail }: Fragment): boolean {
  return header.state !== "ok" || tail.state === "torn";
}

/** The lists without what is gone and with what is new. Live transcripts that come or go shift the places of the others. */
function exchanged(before: Kept, changes: readonly ListChange<Fragment>[], fragments: readonly Fragment[]): Kept {
  const removed = changes.flatMap((change) => change.removed);
  const added = changes.flatMap((change) => change.added);
  const isOldestGone = removed.some((one) => resetAt(one) === before.oldestReset) && before.oldestReset !== Infinity;
  if (isOldestGone || !changes.every(keepsLivePlaces)) return sortAll(fragments);
  for (const fragment of removed) before.waiting.delete(fragment);
  for (const fragment of added) if (isWaiting(fragment)) before.waiting.add(fragment);
  return {
    live: withGrown(before, added),
    livePlaces: before.livePlaces,
    bare: withOthers(before.bare, removed, added.filter(isBare)),
    waiting: before.waiting,
    damaged: withOthers(before.damaged, removed, added.filter(isDamaged)),
    oldestReset: Math.min(before.oldestReset, ...added.map(resetAt)),
  };
}

/** Whether the same live transcripts are there as before, in the same order. */
function keepsLivePlaces({ added, removed }: ListChange<Fragment>): boolean {
  const [were, are] = [removed.filter(isLive), added.filter(isLive)];
  return were.length === are.length && were.every(({ path }, index) => path === are[index]!.path);
}

function isLive({ kind }: Fragment): boolean {
  return kind === "live";
}

function withGrown({ live, livePlaces }: SortedFragments, added: readonly Fragment[]): readonly Fragment[] {
  const grown = added.filter(isLive);
  if (grown.length === 0) return live;
  const copy = live.slice();
  for (const fragment of grown) copy[livePlaces.get(fragment.path)!] = fragment;
  return copy;
}

function withOthers(
  list: readonly Fragment[],
  removed: readonly Fragment[],
  added: readonly Fragment[],
): readonly Fragment[] {
  const kept = list.some((one) => removed.includes(one)) ? list.filter((one) => !removed.includes(one)) : list;
  return added.length === 0 ? kept : [...kept, ...added];
}
