/** Which fragments of an agent share a session key, and how surely: OpenClaw queues notices of completions by key. */
import { type Fragment, placeId } from "../model/fragment.ts";
import type { AgentReading } from "../model/reading.ts";
import type { Session } from "../model/session.ts";
import { type StoreRow, transcriptId } from "../model/store.ts";
import { assignedPlaces, withAssignedKeys } from "./assigned-links.ts";
import { execCrossings } from "./exec-crossings.ts";
import { writtenKeys } from "./keys.ts";
import { buildNodes } from "./node.ts";
import { KeyGroups } from "./same-key.ts";
import type { Steps } from "./steps.ts";

/** A fragment with what is known of its key. */
export interface ScopedFragment {
  readonly fragment: Fragment;
  /** The same number for fragments that surely have the same key, known or not. */
  readonly group: number;
  /** The key, where that is sure. */
  readonly key: string | null;
  /** Key of the session that it stands in, or the session's id: the same for fragments that probably have the same key. */
  readonly session: string;
  /** What followed it is not here or not known: it was put away by a reset, or its row names a transcript that is gone. */
  readonly isCutOff: boolean;
  /** One that must or may have come before it could not be named: it may be gone. */
  readonly lacksBefore: boolean;
  /** That the one before it is truly the one before is inferred: another may lie between. */
  readonly isGuessed: boolean;
}

/** All fragments of an agent that stand in chains, session by session, oldest first. */
export function* scopedFragments(agent: AgentReading, sessions: readonly Session[]): Steps<ScopedFragment[]> {
  const nodes = buildNodes(agent.fragments, agent.store.rows, agent.coverage);
  const indexes = new Map(nodes.map(({ fragment, index }) => [placeId(fragment), index]));
  yield;
  const groups = new KeyGroups(withAssignedKeys(writtenKeys(nodes, agent), assignedPlaces(nodes, agent), nodes));
  yield;
  for (const { fragments } of sessions) {
    for (const { fragment, link } of fragments) {
      if (link === null || link.certainty === "inferred") continue;
      const from = indexes.get(placeId(link.previous));
      const to = indexes.get(placeId(fragment));
      if (from !== undefined && to !== undefined) groups.join(from, to);
    }
  }
  yield;
  for (const { reportedIn, startedIn } of execCrossings(nodes)) groups.join(startedIn, reportedIn);
  yield;
  const current = new Set(sessions.flatMap((one) => (one.row === null || one.key === null ? [] : [one.key])));
  return sessions.flatMap(({ fragments, id, key, row }) =>
    fragments.map(({ fragment, link, open }, at): ScopedFragment => {
      const index = indexes.get(placeId(fragment));
      const isLast = at === fragments.length - 1;
      const goesOn = row !== null || !isLast || (key !== null && current.has(key));
      return {
        fragment,
        group: index === undefined ? -1 : groups.groupOf(index),
        key: index === undefined ? null : (groups.keyOf(index)?.key ?? null),
        session: key ?? id,
        isCutOff: (fragment.kind === "reset" && !goesOn) || (isLast && row !== null && isGone(row, fragment)),
        lacksBefore: link === null && open !== null,
        isGuessed: link?.certainty === "inferred",
      };
    }),
  );
}

/** The row names another transcript than the session's newest. A row whose first turn is yet to come names no file. */
function isGone(row: StoreRow, newest: Fragment): boolean {
  return row.sessionFile !== null && transcriptId(row) !== placeId(newest);
}

/** How surely two fragments have the same session key; never, where both keys are known and differ. */
export function kinship(a: ScopedFragment, b: ScopedFragment): "sure" | "likely" | "possible" | "never" {
  if (a.group === b.group && a.group !== -1) return "sure";
  if (a.key !== null && b.key !== null) return a.key === b.key ? "sure" : "never";
  return a.session === b.session ? "likely" : "possible";
}

/** Things of which each stands in a fragment, found by fragments that surely or probably have the same key. */
export class KinIndex<T> {
  private readonly byName = new Map<string, T[]>();
  private readonly order = new Map<T, number>();
  private readonly scopeOf: (item: T) => ScopedFragment;
  private readonly found = new Map<ScopedFragment, readonly T[]>();

  constructor(items: readonly T[], scopeOf: (item: T) => ScopedFragment) {
    this.scopeOf = scopeOf;
    for (const item of items) {
      this.order.set(item, this.order.size);
      for (const name of kinNames(scopeOf(item))) {
        const list = this.byName.get(name);
        if (list === undefined) this.byName.set(name, [item]);
        else list.push(item);
      }
    }
  }

  /** In the order in which they were given. */
  of(scoped: ScopedFragment): readonly T[] {
    const known = this.found.get(scoped);
    if (known !== undefined) return known;
    const named = new Set(kinNames(scoped).flatMap((name) => this.byName.get(name) ?? []));
    const found = [...named]
      .filter((item) => isKin(this.scopeOf(item), scoped))
      .toSorted((a, b) => this.order.get(a)! - this.order.get(b)!);
    this.found.set(scoped, found);
    return found;
  }
}

function isKin(a: ScopedFragment, b: ScopedFragment): boolean {
  const kin = kinship(a, b);
  return kin === "sure" || kin === "likely";
}

/** Fragments that surely or probably have the same key have one of these in common. */
function kinNames({ group, key, session }: ScopedFragment): string[] {
  return [`session ${session}`, ...(group === -1 ? [] : [`group ${group}`]), ...(key === null ? [] : [`key ${key}`])];
}
