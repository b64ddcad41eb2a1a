/** Links the fragments of one agent into chains: sure evidence first, then everything that is left weighed at once. */
import type { Evidence } from "../model/evidence.ts";
import { placeId, placeOf } from "../model/fragment.ts";
import type { AgentReading } from "../model/reading.ts";
import type { Link, LinkedFragment } from "../model/session.ts";
import { rowPlace, type Store, type StoreRow, transcriptId } from "../model/store.ts";
import { utc } from "../model/time.ts";
import { execCrossings, type ExecCrossing } from "./exec-crossings.ts";
import { assignedPlaces, withAssignedKeys } from "./assigned-links.ts";
import { writtenKeys } from "./keys.ts";
import { buildNodes, type KnownKey, type Node } from "./node.ts";
import { recordedLinks } from "./recorded-links.ts";
import { KeyGroups } from "./same-key.ts";
import { DecidedLinks, familyLinks, neighbourLinks, parentLinks, sameFileLinks } from "./sure-links.ts";
import { finished, type Steps } from "./steps.ts";
import { undecidedNodes } from "./undecided.ts";
import { weigh, type Weighed } from "./weighing.ts";

/** A chain: its fragments oldest first, with the key that evidence gives to any of them. */
export interface Chain {
  readonly fragments: readonly LinkedFragment[];
  readonly nodes: readonly Node[];
  readonly key: KnownKey | null;
  /** The store row that it ends in: its current transcript, or a row that waits for its next turn. */
  readonly row: StoreRow | null;
  /** It may yet turn out to be part of another chain: its ends are still to be weighed. */
  readonly isUnweighed: boolean;
}

/** An agent of which everything is linked that needs no weighing. */
export interface SurelyLinked {
  readonly agent: AgentReading;
  readonly nodes: readonly Node[];
  readonly groups: KeyGroups;
  readonly decided: DecidedLinks;
  readonly crossings: readonly ExecCrossing[];
}

/** All chains of an agent, oldest first. Every fragment that is not a copy stands in exactly one of them. */
export function linkChains(agent: AgentReading): Chain[] {
  return finished(weighedChains(finished(surelyLinked(agent))));
}

/** The first half of it: what the agent wrote down, and what ids and exact times leave no choice about. */
export function* surelyLinked(agent: AgentReading): Steps<SurelyLinked> {
  const nodes = buildNodes(agent.fragments, agent.store.rows, agent.coverage);
  yield;
  const assigned = assignedPlaces(nodes, agent);
  const groups = new KeyGroups(withAssignedKeys(writtenKeys(nodes, agent), assigned, nodes));
  yield;
  const crossings = execCrossings(nodes);
  const decided = new DecidedLinks(nodes, groups);
  for (const { from, to, evidence } of assigned) {
    if (from === null) decided.begin(to);
    else decided.assign({ from, to, certainty: "assigned", evidence: [evidence] });
  }
  // Events of a database are numbered, which says more than clocks.
  for (const link of recordedLinks(nodes)) decided.assign(link);
  for (const link of parentLinks(nodes, groups)) decided.take(link);
  yield;
  for (const link of familyLinks(nodes, agent)) decided.take(link);
  yield;
  for (const link of sameFileLinks(nodes)) decided.take(link);
  yield;
  for (const { startedIn, reportedIn } of crossings) groups.join(startedIn, reportedIn);
  for (const link of neighbourLinks(nodes, groups, decided)) decided.take(link);
  yield;
  return { agent, nodes, groups, decided, crossings };
}

/** The second half: weighs what is open, and composes the chains. */
export function* weighedChains({ agent, nodes, groups, decided, crossings }: SurelyLinked): Steps<Chain[]> {
  const pending = pendingRows(agent, nodes);
  const weights = yield* weigh({ nodes, groups, decided, rows: agent.store.rows, pendingRows: pending });
  yield;
  return chainsOf({
    store: agent.store,
    nodes,
    groups,
    decided,
    weighed: weights.nodes,
    waiting: weights.waiting,
    crossings,
    unweighed: new Set(),
  });
}

/** The chains as far as they are sure: what is still to be weighed is open and says so. */
export function sureChains(sure: SurelyLinked): Chain[] {
  const { agent, nodes, groups, decided, crossings } = sure;
  return chainsOf({
    store: agent.store,
    nodes,
    groups,
    decided,
    weighed: new Map(),
    waiting: new Map(),
    crossings,
    unweighed: undecidedNodes(sure),
  });
}

/** Rows whose transcript is not there (yet). */
function pendingRows(agent: AgentReading, nodes: readonly Node[]): StoreRow[] {
  const present = new Set<string | null>(nodes.map((node) => placeId(node.fragment)));
  return agent.store.rows.filter((row) => !present.has(transcriptId(row)));
}

interface Linked {
  readonly store: Store;
  readonly nodes: readonly Node[];
  readonly groups: KeyGroups;
  readonly decided: DecidedLinks;
  readonly weighed: ReadonlyMap<number, Weighed>;
  readonly waiting: ReadonlyMap<number, StoreRow>;
  readonly crossings: readonly ExecCrossing[];
  /** Nodes that are still to be weighed. */
  readonly unweighed: ReadonlySet<Node>;
}

function chainsOf(linked: Linked): Chain[] {
  const { nodes, decided, weighed } = linked;
  const nextOf = new Map<number, number>();
  for (const [to, { from }] of weighed) if (from !== null) nextOf.set(from, to);
  const reportsOf = Map.groupBy(linked.crossings, (crossing) => crossing.reportedIn);
  const chains: Chain[] = [];
  for (const head of nodes) {
    if (decided.previous(head.index) !== null || (weighed.get(head.index)?.from ?? null) !== null) continue;
    const members: Node[] = [];
    for (let at: number | undefined = head.index; at !== undefined; at = decided.next(at)?.to ?? nextOf.get(at)) {
      members.push(nodes[at]!);
    }
    const fragments = members.map((node) => linkedFragment(node, linked, reportsOf.get(node.index) ?? []));
    const newest = members.at(-1)!;
    const waiting = linked.waiting.get(newest.index) ?? null;
    const key = chainKey(members, linked) ?? (waiting === null ? null : waitingKey(newest, waiting, linked.store));
    const isUnweighed = linked.unweighed.has(head) || linked.unweighed.has(newest);
    chains.push({ fragments, nodes: members, key, row: newest.row ?? waiting, isUnweighed });
  }
  return chains;
}

/**
 * The key of the newest fragment that has one: weighed links never join two keys, so all that have one agree. It is only
 * inferred for the chain when a weighed link leads on from there.
 */
function chainKey(members: readonly Node[], { groups, decided }: Linked): KnownKey | null {
  let sure = true;
  for (let at = members.length - 1; at >= 0; at -= 1) {
    const node = members[at]!;
    const key = groups.keyOf(node.index);
    if (key !== null) return sure ? key : { ...key, certainty: "inferred" };
    sure &&= decided.previous(node.index) !== null;
  }
  return null;
}

function waitingKey(newest: Node, row: StoreRow, store: Store): KnownKey {
  const begun = row.sessionStartedAt ?? row.updatedAt;
  const known = begun === null ? "" : ` and is of ${utc(begun)}`;
  const text = `the store row ${row.key} has no transcript${known}; of all archives left, the one of ${utc(newest.resetAt!)} fits it best`;
  return { key: row.key, certainty: "inferred", evidence: { kind: "row-start-time", text, ...rowPlace(store, row) } };
}

function linkedFragment(node: Node, linked: Linked, reports: readonly ExecCrossing[]): LinkedFragment {
  const { nodes, decided, weighed } = linked;
  const sure = decided.previous(node.index);
  if (sure !== null) {
    const link: Link = {
      previous: placeOf(nodes[sure.from]!.fragment),
      certainty: sure.certainty,
      evidence: sure.evidence,
    };
    return { fragment: node.fragment, link, alternatives: [], open: null };
  }
  if (decided.isBeginning(node.index)) return { fragment: node.fragment, link: null, alternatives: [], open: null };
  if (linked.unweighed.has(node)) return { fragment: node.fragment, link: null, alternatives: [], open: STILL_WEIGHED };
  const found = weighed.get(node.index);
  const alternatives = (found?.alternatives ?? []).map((index) => placeOf(nodes[index]!.fragment));
  if (found === undefined || found.from === null)
    return { fragment: node.fragment, link: null, alternatives, open: whyOpen(node, alternatives.length) };
  const from = nodes[found.from]!;
  const link: Link = {
    previous: placeOf(from.fragment),
    certainty: "inferred",
    evidence: weighedEvidence(from, node, linked, reports),
  };
  return { fragment: node.fragment, link, alternatives, open: null };
}

const STILL_WEIGHED = "what comes before it is still being weighed";

/** How a beginning that only a reset writes reads in words; null for one that says nothing. */
function startWords(node: Node): string | null {
  switch (node.fragment.start) {
    case "reset-prompt":
      return "it opens with the prompt that /new and /reset write";
    case "new-notice":
      return 'it opens with "New session started"';
    case "reset-notice":
      return 'it opens with "Session reset"';
    case "reset-event":
      return "it begins with a reset event";
    default:
      return null;
  }
}

function weighedEvidence(from: Node, to: Node, linked: Linked, reports: readonly ExecCrossing[]): Evidence[] {
  const { path, window } = to.fragment;
  const beginning =
    window === undefined ? { path, line: 1 } : { path, event: { sessionId: window.sessionId, seq: window.fromSeq } };
  const evidence: Evidence[] = reports
    .filter(({ startedIn }) => startedIn === from.index)
    .map((report) => report.evidence);
  const words = startWords(to);
  if (words !== null) evidence.push({ kind: "start-marker", text: words, ...beginning });
  const { peer } = to.fragment;
  if (peer !== null && peer === from.fragment.peer) {
    evidence.push({ kind: "peer", text: `both begin with messages of ${peer}`, path });
  }
  const began = to.row?.sessionStartedAt ?? null;
  if (began !== null)
    evidence.push({ kind: "row-start-time", text: `its store row says that the session began at ${utc(began)}` });
  const gap = to.startedAt! - from.resetAt!;
  evidence.push({
    kind: "time-window",
    text: `archived at ${utc(from.resetAt!)}, begun ${gap} ms later`,
    ...beginning,
  });
  const key = linked.groups.keyOf(to.index);
  if (key !== null && linked.groups.together(from.index, to.index)) evidence.push(key.evidence);
  return evidence;
}

function whyOpen(node: Node, alternatives: number): string | null {
  if (node.startedAt === null) return "its header can't be read, so nothing says when it began";
  const words = startWords(node);
  if (words !== null && alternatives === 0) return `${words}, but no archive that was put away before it is left here`;
  if (alternatives > 0)
    return `${alternatives} archive${alternatives === 1 ? "" : "s"} could precede it; that none does is likelier`;
  return null;
}
