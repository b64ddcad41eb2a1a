/** Which fragments are read whole for exec traces: those at open places, and those that could hold an exec's start. */
import type { AgentProgram, ReadingContext } from "../agents/program.ts";
import { foreignNotices, mayHoldStart } from "../chains/exec-crossings.ts";
import type { SurelyLinked } from "../chains/link.ts";
import { undecidedNodes } from "../chains/undecided.ts";
import { isCopy } from "../chains/node.ts";
import type { ExecFacts } from "../model/exec-trace.ts";
import { type Fragment, placeId } from "../model/fragment.ts";
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
  sure: SurelyLinked,
  context: ReadingContext,
): Promise<Traces> {
  const open = new Set([...undecidedNodes(sure)].map(({ fragment }) => fragment));
  if (open.size === 0 || open.size > MOST_TRACED) return new Map();
  const traced = await program.traceExecs(home, oldestFirst([...open]), context);
  const notices = traced.flatMap(foreignNotices);
  const rest = sure.agent.fragments.filter(
    (one) => !isCopy(one) && !open.has(one) && notices.some(({ at }) => mayHoldStart(one, at)),
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

/** When not all can be read, what is known then reaches from the beginning to some moment, and counts up to there. */
function oldestFirst(fragments: readonly Fragment[]): Fragment[] {
  return fragments.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
}
