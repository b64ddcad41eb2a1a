/** The fragments of an agent by what rules look for among them, found in one pass, and after growth in next to none. */
import type { Fragment } from "../model/fragment.ts";
import type { AgentReading } from "../model/reading.ts";

/** Lists in the order of the fragments. */
export interface SortedFragments {
  readonly live: readonly Fragment[];
  /** Path of each live transcript, with its place in that list. The same map as long as the same transcripts are there. */
  readonly livePlaces: ReadonlyMap<string, number>;
  /** Live transcripts with nothing but a header. */
  readonly bare: readonly Fragment[];
  /** Whose last turn waits for an answer. */
  readonly waiting: readonly Fragment[];
  /** With a header or an end that is not as it should be. */
  readonly damaged: readonly Fragment[];
  /** When the first of the reset archives was put away; Infinity without any. Milliseconds, UTC. */
  readonly oldestReset: number;
}

/** By the store beside which they stand: it is the same object while transcripts grow. */
const SORTED = new WeakMap<
  AgentReading["store"],
  { readonly of: readonly Fragment[]; readonly sorted: SortedFragments }
>();

/** More that changed at once is not worth looking for one by one. */
const MOST_GROWN = 64;

/** A home may have a hundred thousand fragments, and is checked after every change. */
export function sortedFragments({ fragments, store }: AgentReading): SortedFragments {
  const last = SORTED.get(store);
  if (last?.of === fragments) return last.sorted;
  const grown = last === undefined ? null : grownSince(last.of, fragments);
  const sorted = last === undefined || grown === null ? sortAll(fragments) : exchanged(last.sorted, grown);
  SORTED.set(store, { of: fragments, sorted });
  return sorted;
}

function sortAll(fragments: readonly Fragment[]): SortedFragments {
  const live: Fragment[] = [];
  const livePlaces = new Map<string, number>();
  const bare: Fragment[] = [];
  const waiting: Fragment[] = [];
  const damaged: Fragment[] = [];
  let oldestReset = Infinity;
  for (const fragment of fragments) {
    const { archivedAt, kind, path } = fragment;
    if (kind === "live") {
      livePlaces.set(path, live.length);
      live.push(fragment);
      if (isBare(fragment)) bare.push(fragment);
    }
    if (kind === "reset" && archivedAt !== null) oldestReset = Math.min(oldestReset, archivedAt);
    if (isWaiting(fragment)) waiting.push(fragment);
    if (isDamaged(fragment)) damaged.push(fragment);
  }
  return { live, livePlaces, bare, waiting, damaged, oldestReset };
}

function isBare({ header, start }: Fragment): boolean {
  return header.state === "ok" && start === "header-only";
}

function isWaiting({ turn }: Fragment): boolean {
  return turn === "waits-for-model" || turn === "waits-for-tool";
}

function isDamaged({ header, tail }: Fragment): boolean {
  return header.state !== "ok" || tail.state === "torn";
}

/** Live transcripts that are longer than before; null when anything else differs that this sorts by. */
function grownSince(before: readonly Fragment[], after: readonly Fragment[]): readonly Fragment[] | null {
  if (before.length !== after.length) return null;
  const grown: Fragment[] = [];
  for (let at = 0; at < after.length; at += 1) {
    const [was, is] = [before[at]!, after[at]!];
    if (was === is) continue;
    if (was.path !== is.path || !isOrdinary(was) || !isOrdinary(is) || grown.length === MOST_GROWN) return null;
    grown.push(is);
  }
  return grown;
}

/** In no list but that of the live ones. */
function isOrdinary(fragment: Fragment): boolean {
  return fragment.kind === "live" && !isBare(fragment) && !isWaiting(fragment) && !isDamaged(fragment);
}

function exchanged(sorted: SortedFragments, grown: readonly Fragment[]): SortedFragments {
  const live = [...sorted.live];
  for (const fragment of grown) live[sorted.livePlaces.get(fragment.path)!] = fragment;
  return { ...sorted, live };
}
