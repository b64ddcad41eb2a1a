/**
 * Which start each notice of a completion belongs to. Notices that name an exec come first, in the order of time: where only one
 * exec can be meant, that one is taken, and no other notice can mean it. What is left is matched by time alone.
 */
import type { ExecEnding } from "../model/exec.ts";
import type { Certainty } from "../model/session.ts";
import { mayHoldStart, NOTICE_GRAIN_MS, prefixOf } from "./exec-crossings.ts";
import {
  entryName,
  type ToldApproved,
  type ToldExecs,
  type ToldNotice,
  type ToldStart,
  type ToldUnnamed,
} from "./exec-entries.ts";
import { isEchoed } from "./exec-evidence.ts";
import { KinIndex, kinship, type ScopedFragment } from "./exec-scope.ts";
import { inSteps, type Steps } from "./steps.ts";

/** So many execs that a notice can mean are looked at, those that began last; with more no match is sure. */
const MOST_POSSIBLE = 200;
/** So many alternatives are kept. */
const MOST_ALTERNATIVES = 20;

/** What was found for a notice that names its exec. */
export interface NamedMatch {
  readonly notice: ToldNotice;
  readonly start: ToldStart | null;
  certainty: Certainty;
  /** Other starts that it can mean, likeliest first; the first of them where they are many. */
  readonly alternatives: readonly ToldStart[];
  /** How many others there are, as far as they were counted. */
  readonly others: number;
  /** Starts of that name that other notices reported. */
  readonly reported: number;
  /** Fragments that could hold another such start, and were not read. */
  readonly unread: readonly ScopedFragment[];
  /** A fragment between start and notice before which another is missing. */
  readonly lacking: ScopedFragment | null;
  contested: ToldNotice | null;
  /** Why there is no start. */
  readonly open: string | null;
  /** What was found for the same notice, where it came before. */
  readonly repeats: NamedMatch | null;
}

/** A match that nothing else competes with. */
const NOTHING_ELSE = {
  alternatives: [],
  others: 0,
  reported: 0,
  unread: [],
  lacking: null,
  contested: null,
  repeats: null,
} as const;

/** What was found for a notice that names none. */
export interface UnnamedMatch {
  readonly notice: ToldUnnamed;
  readonly start: ToldStart | null;
  readonly alternatives: readonly ToldStart[];
  readonly others: number;
  readonly open: string | null;
}

export interface Matches {
  readonly named: readonly NamedMatch[];
  readonly unnamed: readonly UnnamedMatch[];
}

/** Matches all notices of an agent's fragments with their starts. `scoped` are the same fragments, those that were not read included. */
export function* matchNotices(
  told: ToldExecs,
  ends: ReadonlyMap<ToldStart, ExecEnding>,
  scoped: readonly ScopedFragment[],
): Steps<Matches> {
  const matching = new Matching(told, ends, scoped);
  const named = yield* inSteps(told.notices, (notice) => matching.named(notice));
  const unnamed = yield* inSteps(told.unnamed, (notice) => matching.unnamed(notice));
  return { named, unnamed };
}

class Matching {
  /** By the approvals that they waited for; of several the first. */
  private readonly approved: ReadonlyMap<string | undefined, ToldApproved>;
  private readonly ends: ReadonlyMap<ToldStart, ExecEnding>;
  private readonly untraced: readonly ScopedFragment[];
  private readonly starts: KinIndex<ToldStart>;
  private readonly lacking: KinIndex<ScopedFragment>;
  private readonly byPrefix: ReadonlyMap<string, readonly ToldStart[]>;
  /** By what they tell: the same notice may come more than once. */
  private readonly byWords = new Map<string, NamedMatch[]>();
  /** Starts that a notice was matched with. */
  private readonly taken = new Map<ToldStart, NamedMatch | UnnamedMatch>();

  constructor(told: ToldExecs, ends: ReadonlyMap<ToldStart, ExecEnding>, scoped: readonly ScopedFragment[]) {
    this.approved = new Map(told.approved.toReversed().map((one) => [one.approvalId, one]));
    this.ends = ends;
    this.untraced = scoped.filter(({ fragment }) => fragment.execs === null);
    this.starts = new KinIndex(told.starts, (start) => start.scoped);
    this.lacking = new KinIndex(
      scoped.filter(({ lacksBefore }) => lacksBefore),
      (one) => one,
    );
    this.byPrefix = Map.groupBy(told.starts, ({ trace }) => prefixOf(trace.slug));
  }

  named(notice: ToldNotice): NamedMatch {
    const match = this.approvedOf(notice) ?? this.firstOf(notice) ?? this.startOf(notice);
    if (match.repeats === null) {
      const list = this.byWords.get(wordsOf(notice));
      if (list === undefined) this.byWords.set(wordsOf(notice), [match]);
      else list.push(match);
    }
    return match;
  }

  /** The command that was approved under the id that the notice names: what is told of it again tells the same. */
  private approvedOf(notice: ToldNotice): NamedMatch | null {
    const start = this.approved.get(notice.trace.approvalId);
    if (start === undefined) return null;
    const before = this.taken.get(start);
    if (before !== undefined && "contested" in before) return repeated(notice, before);
    const match: NamedMatch = { ...NOTHING_ELSE, notice, start, certainty: "recorded", open: null };
    this.taken.set(start, match);
    return match;
  }

  /** The same notice, put into the transcript once more: it states the same end and the same output. */
  private firstOf(notice: ToldNotice): NamedMatch | null {
    if (notice.trace.stated !== true) return null;
    const first = this.alike(notice);
    return first === undefined ? null : repeated(notice, first);
  }

  private alike(notice: ToldNotice): NamedMatch | undefined {
    const alike = this.byWords.get(wordsOf(notice)) ?? [];
    return alike.findLast((one) => kinship(one.notice.scoped, notice.scoped) !== "never");
  }

  private startOf(notice: ToldNotice): NamedMatch {
    const named = this.byPrefix.get(prefixOf(notice.trace.slug)) ?? [];
    const possible = lastOf(named, notice.trace.at, (start) => this.canMean(notice, start));
    const free = possible.filter((start) => !this.isSurelyTaken(start));
    if (free.length === 0) {
      const first = this.alike(notice);
      return first !== undefined && possible.length > 0 ? repeated(notice, first) : this.withoutStart(notice, possible);
    }
    const [start, ...others] = free
      .map((one) => ({ one, rank: this.rank(notice, one) }))
      .toSorted((a, b) => b.rank - a.rank)
      .map(({ one }) => one);
    const unread = this.unreadBefore(notice.scoped, notice.trace.at);
    const lacking = this.lackingBetween(notice, start!);
    // Whatever may have the same key was looked into: that only one exec is left also shows that both keys are one.
    const isSure =
      others.length === 0 &&
      possible.length < MOST_POSSIBLE &&
      unread.length === 0 &&
      (lacking === null || isEchoed(notice, start!)) &&
      kinship(notice.scoped, start!.scoped) !== "possible";
    const match: NamedMatch = {
      notice,
      start: start!,
      certainty: isSure ? "derived" : "inferred",
      alternatives: others.slice(0, MOST_ALTERNATIVES),
      others: others.length,
      reported: possible.length - free.length,
      unread,
      lacking,
      contested: null,
      open: null,
      repeats: null,
    };
    if (!this.taken.has(start!)) this.taken.set(start!, match);
    return match;
  }

  /** A notice that is left over shows that some start of that name is missing: then none of them is sure. */
  private withoutStart(notice: ToldNotice, possible: readonly ToldStart[]): NamedMatch {
    for (const start of possible) {
      const match = this.taken.get(start);
      if (match === undefined || !("contested" in match)) continue;
      match.certainty = "inferred";
      match.contested ??= notice;
    }
    const open = this.whyWithoutStart(notice, possible);
    return { ...NOTHING_ELSE, notice, start: null, certainty: "inferred", reported: possible.length, open };
  }

  private whyWithoutStart({ scoped, trace }: ToldNotice, possible: readonly ToldStart[]): string {
    if (possible.length > 0) {
      const reporter = this.taken.get(possible[0]!);
      const where = reporter === undefined ? "" : `, at ${entryName(reporter.notice)}`;
      return `the only exec with such a name was reported by another notice${where}`;
    }
    const unread = this.unreadBefore(scoped, trace.at)[0];
    if (unread !== undefined)
      return `no transcript that was read started such an exec, and ${unread.fragment.path} could not be read`;
    return "none of the transcripts that are here started an exec of that name before";
  }

  private canMean(notice: ToldNotice, start: ToldStart): boolean {
    const { at, slug, stated } = notice.trace;
    if (kinship(notice.scoped, start.scoped) === "never") return false;
    // Approvals write the whole slug.
    if (prefixOf(slug) !== slug && slug !== start.trace.slug) return false;
    if (start.trace.at === null || at === null) return true;
    if (start.trace.at > at + NOTICE_GRAIN_MS) return false;
    const ended = this.ends.get(start);
    const seenAt = ended === undefined || ended.certainty === "inferred" ? null : ended.place.at;
    return stated !== true || seenAt === null || at <= seenAt + NOTICE_GRAIN_MS;
  }

  private isSurelyTaken(start: ToldStart): boolean {
    const match = this.taken.get(start);
    return match !== undefined && "certainty" in match && match.certainty !== "inferred";
  }

  /** Higher is likelier: the same key, the output in the command, not reported yet, begun last. */
  private rank(notice: ToldNotice, start: ToldStart): number {
    const kin = { sure: 2, likely: 1, possible: 0, never: 0 }[kinship(notice.scoped, start.scoped)];
    const signs = kin * 4 + (isEchoed(notice, start) ? 2 : 0) + (this.taken.has(start) ? 0 : 1);
    return signs * 1e15 + (start.trace.at ?? 0);
  }

  private unreadBefore(scoped: ScopedFragment, at: number | null): ScopedFragment[] {
    return this.untraced.filter((one) => kinship(one, scoped) !== "never" && mayHoldStart(one.fragment, at));
  }

  /** What is missing there may have started another exec of that name. */
  private lackingBetween({ scoped, trace }: ToldNotice, start: ToldStart): ScopedFragment | null {
    const found = this.lacking.of(scoped).find(({ fragment }) => {
      const { startedAt } = fragment;
      if (!mayHoldStart(fragment, trace.at)) return false;
      return startedAt === null || start.trace.at === null || startedAt > start.trace.at;
    });
    return found ?? null;
  }

  unnamed(notice: ToldUnnamed): UnnamedMatch {
    const at = notice.trace.at;
    const candidates = lastOf(
      this.starts.of(notice.scoped),
      at,
      (start) => !this.taken.has(start) && (start.trace.at === null || at === null || start.trace.at <= at),
    );
    const isOver = (start: ToldStart): boolean => this.ends.has(start);
    const [start, ...others] = candidates.toSorted(
      (a, b) => Number(isOver(a)) - Number(isOver(b)) || (b.trace.at ?? 0) - (a.trace.at ?? 0),
    );
    if (start === undefined) {
      const open = "it names no exec, and no exec of its session key that is known here is left that it could mean";
      return { notice, start: null, alternatives: [], others: 0, open };
    }
    const alternatives = others.slice(0, MOST_ALTERNATIVES);
    const match: UnnamedMatch = { notice, start, alternatives, others: others.length, open: null };
    this.taken.set(start, match);
    return match;
  }
}

/** The last that hold among those that began until `at`, as many as are looked at; in the order of time, as they are given. */
function lastOf(starts: readonly ToldStart[], at: number | null, holds: (start: ToldStart) => boolean): ToldStart[] {
  const found: ToldStart[] = [];
  const until = at === null ? starts.length : countUntil(starts, at + NOTICE_GRAIN_MS);
  for (let index = until - 1; index >= 0 && found.length < MOST_POSSIBLE; index -= 1) {
    const start = starts[index]!;
    if (holds(start)) found.push(start);
  }
  return found.toReversed();
}

/** How many began until `at`; those without a time stand first. */
function countUntil(starts: readonly ToldStart[], at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle]!.trace.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Notices that state different ends are two, however alike they are else. */
function wordsOf({ trace: { at, outcome, slug, stated } }: ToldNotice): string {
  return JSON.stringify([slug, outcome ?? null, stated === true ? at : null]);
}

function repeated(notice: ToldNotice, first: NamedMatch): NamedMatch {
  return { ...first, notice, repeats: first };
}
