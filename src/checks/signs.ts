/** Signs of life of a session: what was written last, and how long a living run may be silent. */
import { type Fragment, placeId } from "../model/fragment.ts";
import { keptAlong } from "../model/lineage.ts";
import type { AgentReading } from "../model/reading.ts";
import { type StoreRow, transcriptId } from "../model/store.ts";
import { sortedFragments } from "./sorted-fragments.ts";

/**
 * A run takes its lock after its row says running, and gives it back before the row says done; while it waits for another
 * run's lock (60 s) or, in later releases, for the model, it holds none. Whoever is silent for longer does not run.
 */
export const SILENT_MS = 5 * 60_000;

const byPlace = keptAlong(
  (fragments: readonly Fragment[]) => new Map(fragments.map((fragment) => [placeId(fragment), fragment])),
  (places, changes) => {
    for (const { removed } of changes) for (const fragment of removed) places.delete(placeId(fragment));
    for (const { added } of changes) for (const fragment of added) places.set(placeId(fragment), fragment);
    return places;
  },
);

/** The agent's fragment at a place (`placeId`), where it is here. */
export function fragmentAt({ fragments }: Pick<AgentReading, "fragments">, id: string): Fragment | undefined {
  return byPlace(fragments).get(id);
}

/** The transcript that the row means, where it is here. Mostly a live file: those are looked up without a table of all. */
export function currentFragment(row: StoreRow, agent: AgentReading): Fragment | undefined {
  const id = transcriptId(row);
  if (id === null) return undefined;
  const { live, livePlaces } = sortedFragments(agent);
  const at = livePlaces.get(id);
  if (at !== undefined) return live[at];
  return id.endsWith(".jsonl") ? undefined : byPlace(agent.fragments).get(id);
}

/** By what was written, not by a file's time: a copied file has the time of the copy. Milliseconds, UTC; null without any. */
export function lastSign(row: StoreRow, agent: AgentReading): number | null {
  const written = currentFragment(row, agent)?.endedAt ?? null;
  const signs = [row.updatedAt, row.startedAt, row.lastInteractionAt, written].filter((time) => time !== null);
  return signs.length === 0 ? null : Math.max(...signs);
}
