/** Nodes: the fragments of one agent that can stand in a chain, with what linking has learnt of each so far. */
import type { Evidence } from "../model/evidence.ts";
import { type Fragment, placeId } from "../model/fragment.ts";
import type { Coverage } from "../model/migration.ts";
import type { Certainty } from "../model/session.ts";
import { type StoreRow, transcriptId } from "../model/store.ts";

/** A session key that evidence gives to a fragment. */
export interface KnownKey {
  readonly key: string;
  readonly certainty: Certainty;
  readonly evidence: Evidence;
}

/** A link that needs no weighing: nothing else could explain its evidence. */
export interface SureLink {
  readonly from: number;
  readonly to: number;
  readonly certainty: "recorded" | "derived" | "assigned";
  readonly evidence: readonly Evidence[];
}

export interface Node {
  readonly index: number;
  readonly fragment: Fragment;
  /** Header time; a fragment whose header can't be read has none and takes no part in linking. */
  readonly startedAt: number | null;
  /** When it was put away by a reset; null for a fragment that nothing can follow. */
  readonly resetAt: number | null;
  /** The row whose current transcript this is. */
  readonly row: StoreRow | null;
  /** The file that it is, or that a window was imported from: its name still tells what it followed. */
  readonly file: Fragment | null;
}

/** Copies are shown beside the chain; they are never links of it. */
export function isCopy(fragment: Fragment): boolean {
  return fragment.kind === "checkpoint" || fragment.kind === "backup";
}

/** By fragments, what was found with which coverage. */
const COPIES = new WeakMap<
  readonly Fragment[],
  { readonly coverage: readonly Coverage[]; readonly copies: ReadonlySet<Fragment> }
>();

/**
 * All copies among an agent's fragments: those that are named as such, files of which a database holds the transcript or a
 * part of it, and archives of which the transcript stands here once more, as when somebody copied it back. A header id that
 * was used again comes with another time.
 */
export function copiesAmong(
  fragments: readonly Fragment[],
  coverage: readonly Coverage[] = NO_COVERAGE,
): ReadonlySet<Fragment> {
  const known = COPIES.get(fragments);
  if (known?.coverage === coverage) return known.copies;
  const held = new Set(coverage.filter(({ heldBy }) => heldBy.length > 0).map(({ fragment }) => placeId(fragment)));
  const live = new Map<string | null, number | null>();
  for (const { kind, sessionId, startedAt } of fragments) if (kind === "live") live.set(sessionId, startedAt);
  const copies = new Set(fragments.filter((one) => isCopy(one) || held.has(placeId(one)) || isCopiedBack(one, live)));
  COPIES.set(fragments, { coverage, copies });
  return copies;
}

/** `live`: header times of the transcripts in use, by session id. */
function isCopiedBack(
  { kind, window, sessionId, startedAt }: Fragment,
  live: ReadonlyMap<string | null, number | null>,
): boolean {
  if ((kind !== "reset" && kind !== "deleted") || window !== undefined || sessionId === null || startedAt === null) {
    return false;
  }
  return live.get(sessionId) === startedAt;
}

const NO_COVERAGE: readonly Coverage[] = [];

/** The files that first windows of sessions were imported from, by the window's place. */
function originals(fragments: readonly Fragment[], coverage: readonly Coverage[]): ReadonlyMap<string, Fragment> {
  if (coverage.length === 0) return new Map();
  const files = new Map(fragments.filter((one) => !isCopy(one)).map((one) => [placeId(one), one]));
  const found = new Map<string, Fragment>();
  for (const { fragment, heldBy } of coverage) {
    const file = files.get(placeId(fragment));
    const first = heldBy.find(({ window }) => window?.fromSeq === 0 && window.sessionId === file?.sessionId);
    if (file !== undefined && first !== undefined) found.set(placeId(first), file);
  }
  return found;
}

/** Builds the nodes, oldest first; ties are broken by path, so that the order never depends on the listing. */
export function buildNodes(
  fragments: readonly Fragment[],
  rows: readonly StoreRow[],
  coverage: readonly Coverage[] = NO_COVERAGE,
): Node[] {
  const rowByPlace = currentRows(rows);
  const copies = copiesAmong(fragments, coverage);
  const files = originals(fragments, coverage);
  return fragments
    .filter((fragment) => !copies.has(fragment))
    .map((fragment) => ({ fragment, order: fragment.startedAt ?? fragment.archivedAt ?? fragment.modifiedAt }))
    .toSorted(
      (a, b) =>
        a.order - b.order ||
        (a.fragment.archivedAt ?? Infinity) - (b.fragment.archivedAt ?? Infinity) ||
        compareText(a.fragment.path, b.fragment.path) ||
        (a.fragment.window?.fromSeq ?? 0) - (b.fragment.window?.fromSeq ?? 0),
    )
    .map(({ fragment }, index) => ({
      index,
      fragment,
      startedAt: fragment.startedAt,
      resetAt: fragment.kind === "reset" ? fragment.archivedAt : null,
      row: rowByPlace.get(placeId(fragment)) ?? null,
      file: fragment.window === undefined ? fragment : (files.get(placeId(fragment)) ?? null),
    }));
}

/** The row that names each transcript. Of several (cron rows come in pairs) the one with the shortest key. */
function currentRows(rows: readonly StoreRow[]): Map<string, StoreRow> {
  const byPlace = new Map<string, StoreRow>();
  for (const row of rows) {
    const place = transcriptId(row);
    if (place === null || row.transcriptBy === "foreign") continue;
    const other = byPlace.get(place);
    if (other === undefined || row.key.length < other.key.length) byPlace.set(place, row);
  }
  return byPlace;
}

/** Plain code-unit order: the same on every machine and in every language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
