/** Rows whose session waits for an answer: found once, and after a change among what changed alone. */
import { type Fragment, placeId } from "../model/fragment.ts";
import { listChanges } from "../model/list-changes.ts";
import { listBefore } from "../model/lineage.ts";
import type { AgentReading } from "../model/reading.ts";
import { type StoreRow, transcriptId } from "../model/store.ts";
import { currentFragment, lastSign } from "./signs.ts";
import { isWaiting, sortedFragments } from "./sorted-fragments.ts";

/** A row and its current transcript, of which the last turn waits for an answer. */
export interface OpenTurn {
  readonly row: StoreRow;
  readonly fragment: Fragment;
  /** See `lastSign`. */
  readonly lastSign: number | null;
}

interface Kept {
  readonly rows: readonly StoreRow[];
  readonly fragments: readonly Fragment[];
  /** Rows by the place of the transcript that they mean. */
  readonly byPlace: Map<string | null, StoreRow[]>;
  readonly turns: Map<StoreRow, OpenTurn>;
}

/** Belongs to the newest fragments of an agent, and is changed in place with them. */
const KEPT = new WeakMap<readonly Fragment[], Kept>();

/** The open turns of an agent, in no particular order. A turn that did not change is the same object. */
export function openTurns(agent: AgentReading): Iterable<OpenTurn> {
  const { fragments, store } = agent;
  const before = listBefore(fragments);
  const known = KEPT.get(fragments) ?? (before === undefined ? undefined : KEPT.get(before));
  const kept = known === undefined ? found(agent) : (changed(known, agent) ?? found(agent));
  if (before !== undefined) KEPT.delete(before);
  KEPT.set(fragments, { ...kept, fragments, rows: store.rows });
  return kept.turns.values();
}

function found(agent: AgentReading): Kept {
  const { fragments, store } = agent;
  const byPlace = Map.groupBy(store.rows, transcriptId);
  const turns = new Map<StoreRow, OpenTurn>();
  for (const fragment of sortedFragments(agent).waiting)
    for (const row of byPlace.get(placeId(fragment)) ?? [])
      if (currentFragment(row, agent) === fragment) turns.set(row, turnOf(row, fragment, agent));
  return { rows: store.rows, fragments, byPlace, turns };
}

/** What was kept, with what changed since; null when too much did. */
function changed({ byPlace, fragments, rows, turns }: Kept, agent: AgentReading): Kept | null {
  const changedRows = listChanges(rows, agent.store.rows);
  const changedFragments = listChanges(fragments, agent.fragments);
  if (changedRows === null || changedFragments === null) return null;
  const look = new Set<StoreRow>();
  for (const { added, removed } of changedRows) {
    for (const row of removed) {
      turns.delete(row);
      const id = transcriptId(row);
      byPlace.set(id, byPlace.get(id)?.filter((one) => one !== row) ?? []);
    }
    for (const row of added) {
      const id = transcriptId(row);
      byPlace.set(id, [...(byPlace.get(id) ?? []), row]);
      look.add(row);
    }
  }
  for (const { added, removed } of changedFragments)
    for (const fragment of [...removed, ...added])
      for (const row of byPlace.get(placeId(fragment)) ?? []) look.add(row);
  for (const row of look) {
    const fragment = currentFragment(row, agent);
    if (fragment !== undefined && isWaiting(fragment)) turns.set(row, turnOf(row, fragment, agent));
    else turns.delete(row);
  }
  return { rows, fragments, byPlace, turns };
}

function turnOf(row: StoreRow, fragment: Fragment, agent: AgentReading): OpenTurn {
  return { row, fragment, lastSign: lastSign(row, agent) };
}
