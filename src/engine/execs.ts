/** Background execs of a session or of a whole agent: reads what is needed for them, and keeps what did not change. */
import type { AgentProgram, ReadingContext, TraceBounds } from "../agents/program.ts";
import { mayHoldStart } from "../chains/exec-crossings.ts";
import { execProvenance } from "../chains/exec-provenance.ts";
import { type ScopedFragment, scopedFragments } from "../chains/exec-scope.ts";
import type { ExecProvenance } from "../model/exec.ts";
import type { ExecFacts } from "../model/exec-trace.ts";
import type { Fragment } from "../model/fragment.ts";
import type { HomeIdentity } from "../model/home.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import { inSlices } from "./time-slices.ts";

/**
 * Of the fragments whose session key is not known, at most so many are read to make sure that an exec was started in none of
 * them. With more, matches with starts in other fragments are inferred.
 */
const MOST_DOUBTFUL = 2000;

/** Somebody asked for this session, so more is read than a scan would: 1 GB takes a few seconds, once. */
const BOUNDS_OF_ONE: TraceBounds = { mostBytesPerFragment: 2 ** 31, mostBytes: 2 ** 32 };

/** Where fragments are read: the program of a home, with the engine's memo behind the context. */
export interface ExecSource {
  readonly program: Pick<AgentProgram, "traceExecs">;
  readonly home: HomeIdentity;
  readonly context: ReadingContext;
}

/** Everything here is kept with the snapshot or the fragment that it describes, so it goes when that is replaced. */
export class Execs {
  private readonly known = new WeakMap<AgentSnapshot, Map<string | null, Promise<ExecProvenance>>>();
  private readonly scopes = new WeakMap<AgentSnapshot, Promise<readonly ScopedFragment[]>>();
  private readonly traces = new WeakMap<Fragment, Promise<ExecFacts | null>>();

  /** Execs and notices of the session with this id, and of others with its key; of all sessions of the agent without an id. */
  of(source: ExecSource, agent: AgentSnapshot, sessionId: string | null): Promise<ExecProvenance> {
    const known = this.known.get(agent) ?? new Map<string | null, Promise<ExecProvenance>>();
    this.known.set(agent, known);
    const before = known.get(sessionId);
    if (before !== undefined) return before;
    const found = this.find(source, agent, sessionId);
    known.set(sessionId, found);
    found.catch(() => known.delete(sessionId));
    return found;
  }

  private async find(source: ExecSource, agent: AgentSnapshot, sessionId: string | null): Promise<ExecProvenance> {
    const scope = await this.scopeOf(source, agent);
    const name = sessionName(agent, sessionId);
    const own = await this.traced(
      source,
      scope.filter(({ session }) => name === null || session === name),
      name === null ? undefined : BOUNDS_OF_ONE,
    );
    const others = name === null ? [] : await this.doubtful(source, scope, own, name);
    const asked = new Set(own);
    const { breathe } = source.context;
    return inSlices(
      execProvenance([...own, ...others], (one) => asked.has(one)),
      breathe,
    );
  }

  private scopeOf({ context }: ExecSource, agent: AgentSnapshot): Promise<readonly ScopedFragment[]> {
    const known = this.scopes.get(agent);
    if (known !== undefined) return known;
    const scope = inSlices(scopedFragments(agent.reading, agent.sessions), context.breathe).then((all) =>
      // What is still being read or weighed may follow any of them.
      agent.pending === undefined ? all : all.map((one) => ({ ...one, isCutOff: true })),
    );
    this.scopes.set(agent, scope);
    scope.catch(() => this.scopes.delete(agent));
    return scope;
  }

  /** Fragments of other sessions that may have the same key, as far as something here can have to do with them. */
  private async doubtful(
    source: ExecSource,
    scope: readonly ScopedFragment[],
    own: readonly ScopedFragment[],
    name: string,
  ): Promise<ScopedFragment[]> {
    const keys = new Set(own.map(({ key }) => key));
    const told = own.flatMap(({ fragment: { execs } }) => [...(execs?.completed ?? []), ...(execs?.quoted ?? [])]);
    const started = own.filter(({ key }) => key === null).flatMap(({ fragment }) => fragment.execs?.started ?? []);
    const lastTold = told.reduce((last, { at }) => Math.max(last, at ?? Infinity), -Infinity);
    const firstStarted = started.reduce((first, { at }) => Math.min(first, at ?? -Infinity), Infinity);
    const others = scope.filter(
      ({ fragment, key, session }) =>
        session !== name &&
        (key === null || keys.has(null) || keys.has(key)) &&
        ((told.length > 0 && mayHoldStart(fragment, lastTold)) ||
          (started.length > 0 && mayHoldNotice(fragment, firstStarted))),
    );
    return others.length > MOST_DOUBTFUL ? others.map(untraced) : this.traced(source, others);
  }

  private async traced(
    source: ExecSource,
    scoped: readonly ScopedFragment[],
    bounds?: TraceBounds,
  ): Promise<ScopedFragment[]> {
    this.trace(
      source,
      scoped.map(({ fragment }) => fragment),
      bounds,
    );
    return Promise.all(
      scoped.map(async (one) => {
        const execs = await this.traces.get(one.fragment)!;
        return { ...one, fragment: { ...one.fragment, execs } };
      }),
    );
  }

  /** Begins to read those that were not read yet, oldest first: not all may be read, and the past is what most depends on. */
  private trace({ context, home, program }: ExecSource, fragments: readonly Fragment[], bounds?: TraceBounds): void {
    const missing = fragments
      .filter((one) => !this.traces.has(one))
      .toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
    if (missing.length === 0) return;
    const run = program.traceExecs(home, missing.map(unread), context, bounds);
    missing.forEach((fragment, index) => {
      const facts = run.then((traced) => traced[index]?.execs ?? null);
      this.traces.set(fragment, facts);
      const forget = (): unknown => this.traces.delete(fragment);
      // What lay beyond the bounds here may lie within them the next time.
      facts.then((execs) => execs ?? forget(), forget);
    });
  }
}

/** What linking kept of a fragment may be older than the fragment. */
function unread(fragment: Fragment): Fragment {
  return fragment.execs === null ? fragment : { ...fragment, execs: null };
}

function untraced(one: ScopedFragment): ScopedFragment {
  return { ...one, fragment: unread(one.fragment) };
}

/** Whether the notice of an exec that began at this time can stand there. */
function mayHoldNotice({ archivedAt }: Fragment, at: number): boolean {
  return archivedAt === null || archivedAt >= at;
}

/** What all sessions of a key are called among scoped fragments; null for all sessions. */
function sessionName(agent: AgentSnapshot, sessionId: string | null): string | null {
  if (sessionId === null) return null;
  return agent.sessions.find(({ id }) => id === sessionId)?.key ?? sessionId;
}
