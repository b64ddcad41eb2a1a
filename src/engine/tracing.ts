/** Which fragments are read whole for exec traces: those at open places, and those that could hold an exec's start. */
import type { AgentProgram, ReadingContext } from "../agents/program.ts";
import { foreignNotices, mayHoldStart } from "../chains/exec-crossings.ts";
import { type Chain, isUndecided } from "../chains/link.ts";
import { isCopy } from "../chains/node.ts";
import { type ExecFacts, type Fragment, placeId } from "../model/fragment.ts";
import type { HomeIdentity } from "../model/home.ts";
import type { AgentReading } from "../model/reading.ts";

/**
 * More fragments of an agent are not read whole: it would take longer than the rest of the scan. As an exec counts only
 * when its start can lie in no other fragment, reading some of them would decide next to nothing.
 */
const MOST_TRACED = 2000;

/** What fragments say of execs, by place; null for one that could not be read. */
export type Traces = ReadonlyMap<string, ExecFacts | null>;

/** Reads the fragments at open places, and if one of them tells of an exec of another, all that can have started it. */
export async function traceOpenPlaces(
  program: AgentProgram,
  home: HomeIdentity,
  { fragments }: AgentReading,
  chains: readonly Chain[],
  context: ReadingContext,
): Promise<Traces> {
  const open = openPlaces(chains);
  if (open.size === 0 || open.size > MOST_TRACED) return new Map();
  const traced = await program.traceExecs(
    home,
    oldestFirst(fragments.filter((one) => open.has(placeId(one)))),
    context,
  );
  const notices = traced.flatMap(foreignNotices);
  const rest = fragments.filter(
    (one) => !isCopy(one) && !open.has(placeId(one)) && notices.some(({ at }) => mayHoldStart(one, at)),
  );
  if (rest.length > 0 && open.size + rest.length <= MOST_TRACED)
    traced.push(...(await program.traceExecs(home, oldestFirst(rest), context)));
  return new Map(traced.map((one) => [placeId(one), one.execs]));
}

/** Without a single notice no exec crosses anything. */
export function mayDecide(traces: Traces): boolean {
  return [...traces.values()].some((execs) => execs !== null && execs.completed.length > 0);
}

/** The reading with the traces in it. */
export function withTraces(raw: AgentReading, traces: Traces): AgentReading {
  const fragments = raw.fragments.map((one) => {
    const execs = traces.get(placeId(one)) ?? null;
    return execs === null ? one : { ...one, execs };
  });
  return { ...raw, fragments };
}

/** Undecided fragments, and all that may come before them. */
function openPlaces(chains: readonly Chain[]): Set<string> {
  const places = new Set<string>();
  for (const { fragments } of chains) {
    for (const linked of fragments) {
      if (!isUndecided(linked)) continue;
      const { fragment, link, alternatives } = linked;
      for (const one of [fragment, ...alternatives, ...(link === null ? [] : [link.previous])])
        places.add(placeId(one));
      if (places.size > MOST_TRACED) return places;
    }
  }
  return places;
}

/** When not all can be read, what is known then reaches from the beginning to some moment, and counts up to there. */
function oldestFirst(fragments: readonly Fragment[]): Fragment[] {
  return fragments.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
}
