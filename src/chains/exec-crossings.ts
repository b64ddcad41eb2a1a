/**
 * Background execs that were started in one fragment and reported in another: both belong to one session key,
 * since OpenClaw queues the notice by key, whatever was reset in between.
 */
import type { Evidence } from "../model/evidence.ts";
import type { ExecTrace } from "../model/exec-trace.ts";
import type { Fragment } from "../model/fragment.ts";
import { utc } from "../model/time.ts";
import type { Node } from "./node.ts";

export interface ExecCrossing {
  readonly startedIn: number;
  readonly reportedIn: number;
  readonly evidence: Evidence;
}

/** A notice names only the first eight characters of the slug. */
const NOTICE_SLUG_LENGTH = 8;
/** A notice states whole seconds, so it may seem to come up to a second before the start. */
export const NOTICE_GRAIN_MS = 1000;

/**
 * Crossings whose start can be only one fragment of this agent: all that began before the notice were read for execs, and
 * one of them alone started such an exec.
 */
export function execCrossings(nodes: readonly Node[]): ExecCrossing[] {
  const starts = startsByPrefix(nodes);
  const untracedSince = earliestUntraced(nodes);
  const crossings: ExecCrossing[] = [];
  for (const node of nodes) {
    for (const notice of node.fragment.execs?.completed ?? []) {
      if (untracedSince <= (notice.at ?? Number.MAX_VALUE) + NOTICE_GRAIN_MS) continue;
      const start = onlyOrigin(starts.get(prefixOf(notice.slug)) ?? [], notice);
      if (start !== null && start.node !== node) crossings.push(crossing(start, node, notice));
    }
  }
  return crossings;
}

/** Notices of execs that the fragment itself did not start. */
export function foreignNotices({ execs }: Fragment): ExecTrace[] {
  const own = new Set(execs?.started.map(({ slug }) => prefixOf(slug)));
  return (execs?.completed ?? []).filter(({ slug }) => !own.has(prefixOf(slug)));
}

/** Whether an exec of which a notice of the time `at` tells can have been started in the fragment. */
export function mayHoldStart({ startedAt }: Fragment, at: number | null): boolean {
  return startedAt === null || at === null || startedAt <= at + NOTICE_GRAIN_MS;
}

/** When the first fragment began that was not read for execs; Infinity when all were. */
function earliestUntraced(nodes: readonly Node[]): number {
  return nodes.reduce(
    (least, { fragment, startedAt }) => (fragment.execs === null ? Math.min(least, startedAt ?? -Infinity) : least),
    Infinity,
  );
}

interface Start {
  readonly node: Node;
  readonly trace: ExecTrace;
}

/** The first start that the notice can tell of, if all of them lie in one fragment. */
function onlyOrigin(starts: readonly Start[], notice: ExecTrace): Start | null {
  let only: Start | null = null;
  for (const start of starts) {
    if (!canBeStartOf(start.trace, notice)) continue;
    if (only !== null && only.node !== start.node) return null;
    only ??= start;
  }
  return only;
}

function startsByPrefix(nodes: readonly Node[]): Map<string, Start[]> {
  const starts = new Map<string, Start[]>();
  for (const node of nodes) {
    for (const trace of node.fragment.execs?.started ?? []) {
      const prefix = prefixOf(trace.slug);
      const list = starts.get(prefix);
      if (list === undefined) starts.set(prefix, [{ node, trace }]);
      else list.push({ node, trace });
    }
  }
  return starts;
}

/** What a notice names of a slug. */
export function prefixOf(slug: string): string {
  return slug.slice(0, NOTICE_SLUG_LENGTH);
}

function canBeStartOf(start: ExecTrace, notice: ExecTrace): boolean {
  return start.at === null || notice.at === null || start.at <= notice.at + NOTICE_GRAIN_MS;
}

function crossing(start: Start, reportedIn: Node, notice: ExecTrace): ExecCrossing {
  const when = start.trace.at === null ? "" : ` at ${utc(start.trace.at)}`;
  const text = `exec ${start.trace.slug}, started${when} in ${start.node.fragment.path}:${start.trace.line}, is reported here`;
  const evidence: Evidence = { kind: "exec-completion", text, path: reportedIn.fragment.path, line: notice.line };
  return { startedIn: start.node.index, reportedIn: reportedIn.index, evidence };
}
