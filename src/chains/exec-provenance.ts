/**
 * Where background execs came from, and what came of them: starts, notices of completions and polls of an agent's fragments,
 * matched by the name of the exec, the session key and the times. A match is derived where nothing else can be meant, inferred
 * otherwise; a notice that names no exec is matched by time alone, and says so.
 */
import type {
  ExecDelivery,
  ExecEnding,
  ExecNotice,
  ExecOrigin,
  ExecPlace,
  ExecProvenance,
  ExecRecord,
} from "../model/exec.ts";
import type { ExecOutcome } from "../model/exec-trace.ts";
import { placeOf } from "../model/fragment.ts";
import { polledEnds } from "./exec-ends.ts";
import { toldExecs, type ToldStart } from "./exec-entries.ts";
import { namedEvidence, unnamedEvidence } from "./exec-evidence.ts";
import { type Matches, matchNotices, type NamedMatch, type UnnamedMatch } from "./exec-matching.ts";
import { KinIndex, type ScopedFragment } from "./exec-scope.ts";
import { whyUndelivered } from "./exec-undelivered.ts";
import { inSteps, type Steps } from "./steps.ts";

/**
 * Records of the execs and notices that stand in the fragments for which `isAsked`. `scoped` are these fragments, and all others
 * whose session key may be the same, with `execs` filled; null there means that the fragment could not be read.
 */
export function* execProvenance(
  scoped: readonly ScopedFragment[],
  isAsked: (one: ScopedFragment) => boolean,
): Steps<ExecProvenance> {
  const told = toldExecs(scoped);
  yield;
  const ends = polledEnds(told);
  const matches = yield* matchNotices(told, ends, scoped);
  const deliveries = new Deliveries(matches);
  const asked = scoped.filter(isAsked);
  const isIn = new Set(asked);
  const kin = new KinIndex(scoped, (one) => one);
  yield;
  const starts = [...told.starts, ...told.approved]
    .filter((start) => isIn.has(start.scoped))
    .toSorted((a, b) => (a.trace.at ?? 0) - (b.trace.at ?? 0));
  const named = matches.named.filter(({ notice }) => isIn.has(notice.scoped));
  const unnamed = matches.unnamed.filter(({ notice }) => isIn.has(notice.scoped));
  const notices = [...(yield* inSteps(named, namedNotice)), ...(yield* inSteps(unnamed, unnamedNotice))];
  return {
    execs: yield* inSteps(starts, (start) => execRecord(start, ends.get(start) ?? null, deliveries, kin)),
    notices: notices.toSorted((a, b) => (a.place.at ?? 0) - (b.place.at ?? 0)),
    unread: asked.filter(({ fragment }) => fragment.execs === null).map(({ fragment }) => placeOf(fragment)),
  };
}

/** The matches seen from the starts. */
class Deliveries {
  private readonly named = new Map<ToldStart, NamedMatch>();
  private readonly unnamed = new Map<ToldStart, UnnamedMatch>();
  private readonly possible = new Map<ToldStart, ExecPlace[]>();

  constructor({ named, unnamed }: Matches) {
    for (const match of named) {
      if (match.repeats !== null || match.start === null) continue;
      const known = this.named.get(match.start);
      // Of two notices that can mean the same exec, one at most does.
      if (known === undefined) this.named.set(match.start, match);
      for (const start of match.alternatives) this.add(start, match.notice.place);
    }
    for (const match of unnamed) {
      if (match.start !== null) this.unnamed.set(match.start, match);
      for (const start of match.alternatives) this.add(start, match.notice.place);
    }
  }

  private add(start: ToldStart, place: ExecPlace): void {
    const list = this.possible.get(start);
    if (list === undefined) this.possible.set(start, [place]);
    else list.push(place);
  }

  of(start: ToldStart): ExecDelivery | null {
    const named = this.named.get(start);
    if (named !== undefined) return namedDelivery(named, start);
    const unnamed = this.unnamed.get(start);
    return unnamed === undefined ? null : unnamedDelivery(unnamed, start);
  }

  candidates(start: ToldStart): readonly ExecPlace[] {
    return this.possible.get(start) ?? [];
  }
}

const UNTOLD: ExecOutcome = { outcome: null, exitCode: null, signal: null, output: null };

function execRecord(
  start: ToldStart,
  ended: ExecEnding | null,
  deliveries: Deliveries,
  kin: KinIndex<ScopedFragment>,
): ExecRecord {
  const { command, pid, slug, toolCallId } = start.trace;
  const delivery = deliveries.of(start);
  return {
    slug,
    pid: pid ?? null,
    command: command ?? null,
    toolCallId: toolCallId ?? null,
    startedAt: startTime(start),
    start: start.place,
    delivery,
    undelivered:
      delivery === null ? whyUndelivered(start, ended, deliveries.candidates(start), kin.of(start.scoped)) : null,
    ended,
  };
}

function namedDelivery(match: NamedMatch, start: ToldStart): ExecDelivery {
  const { alternatives, certainty, notice } = match;
  return {
    ...(notice.trace.outcome ?? UNTOLD),
    place: notice.place,
    endedAt: endedAt(match),
    certainty,
    evidence: namedEvidence(notice, start, match),
    alternatives: alternatives.map(({ place }) => place),
  };
}

function unnamedDelivery({ alternatives, notice, others }: UnnamedMatch, start: ToldStart): ExecDelivery {
  return {
    ...UNTOLD,
    place: notice.place,
    endedAt: null,
    certainty: "inferred",
    evidence: unnamedEvidence(notice, start, others),
    alternatives: alternatives.map(({ place }) => place),
  };
}

function endedAt({ notice }: NamedMatch): number | null {
  return notice.trace.stated === true ? notice.trace.at : null;
}

function namedNotice(match: NamedMatch): ExecNotice {
  const { notice, repeats } = match;
  const found = repeats ?? match;
  const { alternatives, certainty, open, start } = found;
  const evidence = start === null ? [] : namedEvidence(notice, start, found);
  return {
    ...(notice.trace.outcome ?? UNTOLD),
    slug: notice.trace.slug,
    form: notice.trace.form ?? "system-line",
    place: notice.place,
    endedAt: endedAt(match),
    origin: start === null ? null : { ...originOf(start), certainty, evidence, alternatives: places(alternatives) },
    open,
    repeats: repeats?.notice.place ?? null,
  };
}

function unnamedNotice({ alternatives, notice, open, others, start }: UnnamedMatch): ExecNotice {
  const evidence = start === null ? [] : unnamedEvidence(notice, start, others);
  const origin: ExecOrigin | null =
    start === null ? null : { ...originOf(start), certainty: "inferred", evidence, alternatives: places(alternatives) };
  const { form } = notice.trace;
  return { ...UNTOLD, slug: null, form, place: notice.place, endedAt: null, origin, open, repeats: null };
}

function originOf(start: ToldStart): Pick<ExecOrigin, "slug" | "command" | "startedAt" | "start"> {
  const { command = null, slug } = start.trace;
  return { slug, command, startedAt: startTime(start), start: start.place };
}

/** When a command began for which an approval was asked, nothing tells. */
function startTime(start: ToldStart): number | null {
  return "approvalId" in start ? null : start.trace.at;
}

function places(starts: readonly ToldStart[]): ExecPlace[] {
  return starts.map(({ place }) => place);
}
