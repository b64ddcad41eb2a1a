/** Entries that tell of background execs, taken out of traced fragments: with their fragment, as one list in the order of time. */
import { type Evidence, evidencePlace } from "../model/evidence.ts";
import type { ExecPlace } from "../model/exec.ts";
import type {
  ExecEndTrace,
  ExecNoticeTrace,
  ExecRequestTrace,
  ExecStartTrace,
  UnnamedNoticeTrace,
} from "../model/exec-trace.ts";
import { type Fragment, placeOf } from "../model/fragment.ts";
import type { ScopedFragment } from "./exec-scope.ts";

/** A trace in its fragment. `at` is what it is ordered by: the time that it states, else that of its entry. */
export interface Told<T> {
  readonly scoped: ScopedFragment;
  readonly trace: T;
  readonly place: ExecPlace;
}

export type ToldStart = Told<ExecStartTrace>;
export type ToldEnd = Told<ExecEndTrace>;
export type ToldNotice = Told<ExecNoticeTrace>;
export type ToldUnnamed = Told<UnnamedNoticeTrace>;

/** A command that was approved, and of which a notice tells under the id of the approval. */
export interface ToldApproved extends ToldStart {
  readonly approvalId: string;
}

/** All that the fragments of an agent tell of background execs. */
export interface ToldExecs {
  readonly starts: readonly ToldStart[];
  readonly ends: readonly ToldEnd[];
  readonly notices: readonly ToldNotice[];
  readonly unnamed: readonly ToldUnnamed[];
  readonly approved: readonly ToldApproved[];
}

type Timed = Pick<ExecStartTrace, "at" | "line" | "entryId" | "writtenAt">;

/** Everything that the fragments tell, each list in the order of time. */
export function toldExecs(scoped: readonly ScopedFragment[]): ToldExecs {
  const all = scoped.flatMap((one) => (one.fragment.execs === null ? [] : [{ one, execs: one.fragment.execs }]));
  const notices = inOrder(
    all.flatMap(({ execs, one }) => [...execs.completed, ...(execs.quoted ?? [])].map((trace) => told(one, trace))),
  );
  const requests = all.flatMap(({ execs, one }) => (execs.requested ?? []).map((trace) => told(one, trace)));
  const firstTold = new Map(notices.toReversed().map((notice) => [notice.trace.approvalId, notice]));
  return {
    starts: inOrder(withoutCopies(all.flatMap(({ execs, one }) => execs.started.map((trace) => told(one, trace))))),
    ends: inOrder(all.flatMap(({ execs, one }) => (execs.ended ?? []).map((trace) => told(one, trace)))),
    notices,
    unnamed: inOrder(all.flatMap(({ execs, one }) => (execs.unnamed ?? []).map((trace) => told(one, trace)))),
    approved: inOrder(requests.flatMap((request) => approvedBy(request, firstTold))),
  };
}

/** What was asked for and never told of may have been denied: only a notice shows that it ran. */
function approvedBy(
  { place, scoped, trace }: Told<ExecRequestTrace>,
  firstTold: ReadonlyMap<string | undefined, ToldNotice>,
): ToldApproved[] {
  const { approvalId, at, command, entryId, line, toolCallId } = trace;
  const notice = firstTold.get(approvalId);
  if (notice === undefined) return [];
  const { slug } = notice.trace;
  const called = { ...(toolCallId === undefined ? {} : { toolCallId }), ...(command === undefined ? {} : { command }) };
  return [{ approvalId, place, scoped, trace: { slug, at, line, entryId, ...called } }];
}

function told<T extends Timed>(scoped: ScopedFragment, trace: T): Told<T> {
  const { at, entryId, line, writtenAt } = trace;
  return { scoped, trace, place: { fragment: placeOf(scoped.fragment), line, entryId, at: writtenAt ?? at } };
}

function inOrder<T extends Told<Timed>>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => (a.trace.at ?? 0) - (b.trace.at ?? 0));
}

/** A fork begins with a copy of what it was forked from: the same process may stand in several fragments, and the first has it. */
function withoutCopies(starts: readonly ToldStart[]): ToldStart[] {
  const first = new Map<string, ToldStart>();
  for (const start of starts) {
    const { at, pid, slug } = start.trace;
    const name = JSON.stringify([slug, pid ?? null, at]);
    const known = first.get(name);
    if (known === undefined || begin(start) < begin(known)) first.set(name, start);
  }
  const kept = new Set(first.values());
  return starts.filter((start) => kept.has(start) || start.trace.pid === undefined);
}

function begin({ scoped }: ToldStart): number {
  return scoped.fragment.startedAt ?? Infinity;
}

/** Where an entry can be looked up. */
export function entryEvidence(fragment: Fragment, line: number): Pick<Evidence, "path" | "line" | "event"> {
  const { archive, path, window } = fragment;
  if (window === undefined) return { path, line };
  if (archive !== undefined) return { path };
  const seq = window.fromSeq + line - 1;
  return fragment.kind === "window" ? { path, event: { sessionId: window.sessionId, seq } } : { path, line: seq + 1 };
}

/** The same in words: `path:line`. */
export function entryName({ place, scoped }: Told<unknown>): string {
  return evidencePlace(entryEvidence(scoped.fragment, place.line));
}
