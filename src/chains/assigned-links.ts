/** What a person said of predecessors: it comes before all other evidence, as far as it can be true at all. */
import type { AssignedLink } from "../model/assigned-link.ts";
import { meantFragment } from "../model/assigned-link.ts";
import type { Evidence } from "../model/evidence.ts";
import type { AgentReading } from "../model/reading.ts";
import { utc } from "../model/time.ts";
import type { KnownKey, Node } from "./node.ts";

/** A place in a chain that a person decided. */
export interface AssignedPlace {
  readonly to: number;
  /** Null: the chain begins with it. */
  readonly from: number | null;
  readonly key: string | null;
  readonly evidence: Evidence;
}

/**
 * The assigned links among these nodes. Left out are those whose fragments are not here, that lead in a circle, that would
 * give a fragment two successors, or that make the current transcript of a row an earlier part of another session; of two
 * about one fragment the later one counts.
 */
export function assignedPlaces(nodes: readonly Node[], agent: AgentReading): AssignedPlace[] {
  const links = agent.assignedLinks ?? [];
  if (links.length === 0) return [];
  const fragments = nodes.map(({ fragment }) => fragment);
  const indexes = new Map(nodes.map(({ fragment, index }) => [fragment, index]));
  const places = new Map<number, AssignedPlace>();
  const successors = new Set<number>();
  for (const link of links.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))) {
    const to = indexes.get(meantFragment(link.fragment, fragments)!);
    const from = link.previous === null ? null : indexes.get(meantFragment(link.previous, fragments)!);
    if (to === undefined || from === undefined || places.has(to)) continue;
    if (from !== null && (nodes[from]!.row !== null || successors.has(from) || leadsBack(from, to, places))) continue;
    if (from !== null) successors.add(from);
    places.set(to, { to, from, key: link.key, evidence: evidenceOf(link) });
  }
  return [...places.values()];
}

/** Whether `to` is among the predecessors of `from`, or is it. */
function leadsBack(from: number, to: number, places: ReadonlyMap<number, AssignedPlace>): boolean {
  for (let at: number | null = from; at !== null; at = places.get(at)?.from ?? null) if (at === to) return true;
  return false;
}

function evidenceOf(link: AssignedLink): Evidence {
  const who = link.by === null ? "a person" : link.by;
  const when = link.at === null ? "" : ` at ${utc(link.at)}`;
  const what = link.previous === null ? "that nothing comes before it" : `what comes before it`;
  const why = link.archiveReason === null ? "" : `, put away by ${link.archiveReason}`;
  return { kind: "assigned", text: `${who} said${when} ${what}${why}`, path: link.path };
}

/**
 * Keys with what a person said: a fragment gets the key that was given with its link (unless a row has it as its current
 * transcript), and its assigned predecessors get the key of what follows them.
 */
export function withAssignedKeys(
  keys: readonly (KnownKey | null)[],
  places: readonly AssignedPlace[],
  nodes: readonly Node[],
): readonly (KnownKey | null)[] {
  if (places.length === 0) return keys;
  const assigned = [...keys];
  const byTo = new Map(places.map((place) => [place.to, place]));
  const followed = new Set(places.map(({ from }) => from));
  for (const last of places) {
    if (followed.has(last.to)) continue;
    let key: KnownKey | null = null;
    for (let place: AssignedPlace | undefined = last; place !== undefined; place = byTo.get(place.from ?? -1)) {
      const given: KnownKey | null = place.key === null ? null : assignedKey(place.key, place.evidence);
      if (nodes[place.to]!.row === null) assigned[place.to] = key ?? given ?? assigned[place.to]!;
      const own: KnownKey | null = assigned[place.to] ?? null;
      key = own === null ? null : assignedKey(own.key, place.evidence);
      if (place.from !== null && key !== null) assigned[place.from] = key;
    }
  }
  return assigned;
}

function assignedKey(key: string, evidence: Evidence): KnownKey {
  return { key, certainty: "assigned", evidence };
}
