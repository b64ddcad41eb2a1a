/** Links that the agent itself wrote down where the fragments lie: a reset between two windows, the id before a session's own. */
import { placeId } from "../model/fragment.ts";
import type { Node, SureLink } from "./node.ts";

/** The recorded predecessors that are here. */
export function recordedLinks(nodes: readonly Node[]): SureLink[] {
  // Files record none, and need no table then.
  if (!nodes.some(({ fragment }) => fragment.recordedPrevious !== undefined)) return [];
  const byPlace = new Map(nodes.map(({ fragment, index }) => [placeId(fragment), index]));
  const links: SureLink[] = [];
  for (const { fragment, index } of nodes) {
    const recorded = fragment.recordedPrevious;
    const from = recorded === undefined ? undefined : byPlace.get(placeId(recorded.place));
    if (from === undefined) continue;
    links.push({ from, to: index, certainty: "recorded", evidence: recorded!.evidence });
  }
  return links;
}
