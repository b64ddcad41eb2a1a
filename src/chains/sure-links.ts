/**
 * Links that need no weighing: the agent wrote them down, or ids and exact times leave nothing else.
 * Each rule proposes; a proposal that would give a fragment two successors or two predecessors, mix keys or turn time
 * back is dropped, stronger rules first.
 */
import type { Evidence } from "../model/evidence.ts";
import type { AgentReading } from "../model/reading.ts";
import { rowPlace, type Store } from "../model/store.ts";
import { utc } from "../model/time.ts";
import type { Node, SureLink } from "./node.ts";
import type { KeyGroups } from "./same-key.ts";

/** OpenClaw takes archive stamp and successor's header time from the same clock reading; a millisecond or two lie between. */
export const SAME_MOMENT_MS = 5;

/** The header of a bare /new or /reset came at most 8.8 s after the archive (2026.5.12). */
const LONGEST_RESET_MS = 15_000;

/** The links decided so far: at most one successor and one predecessor each. */
export class DecidedLinks {
  /** By node index: the link to the successor, and the link from the predecessor. */
  private readonly nextLinks: (SureLink | null)[];
  private readonly previousLinks: (SureLink | null)[];
  /** What a person said begins a chain. */
  private readonly beginnings = new Set<number>();
  private readonly nodes: readonly Node[];
  private readonly groups: KeyGroups;

  constructor(nodes: readonly Node[], groups: KeyGroups) {
    this.nodes = nodes;
    this.groups = groups;
    this.nextLinks = nodes.map(() => null);
    this.previousLinks = nodes.map(() => null);
  }

  /** Takes the link unless it contradicts one that is already there. */
  take(link: SureLink): boolean {
    if (!followsInTime(this.nodes[link.from]!, this.nodes[link.to]!)) return false;
    return this.assign(link);
  }

  /** The same whatever the clocks say: for what a person said, and what is numbered one after the other. */
  assign(link: SureLink): boolean {
    const { from, to } = link;
    if (from === to || this.next(from) !== null || this.previous(to) !== null) return false;
    if (this.isBeginning(to) || this.headOf(from) === to || !this.groups.join(from, to)) return false;
    this.nextLinks[from] = link;
    this.previousLinks[to] = link;
    return true;
  }

  /** Nothing comes before the node: a person said so. */
  begin(node: number): void {
    this.beginnings.add(node);
  }

  isBeginning(node: number): boolean {
    return this.beginnings.has(node);
  }

  /** Whether a predecessor may still be found for it. */
  isOpen(node: number): boolean {
    return this.previous(node) === null && !this.isBeginning(node);
  }

  /** The decided link to a node's successor. */
  next(node: number): SureLink | null {
    return this.nextLinks[node] ?? null;
  }

  /** The decided link from a node's predecessor. */
  previous(node: number): SureLink | null {
    return this.previousLinks[node] ?? null;
  }

  /** First node of the stretch of decided links that `node` belongs to. */
  headOf(node: number): number {
    let at = node;
    for (let link = this.previous(at); link !== null; link = this.previous(at)) at = link.from;
    return at;
  }

  /** Last node of that stretch. */
  tailOf(node: number): number {
    let at = node;
    for (let link = this.next(at); link !== null; link = this.next(at)) at = link.to;
    return at;
  }
}

/** Whether `to` can have begun when `from` was put away. A fragment that was never put away ends at its last entry. */
export function followsInTime(from: Node, to: Node): boolean {
  if (to.startedAt === null) return false;
  const end = from.resetAt ?? from.startedAt;
  return end !== null && end <= to.startedAt + SAME_MOMENT_MS;
}

/** Usage families of store rows: ids in order, a suffix of the true chain (2026.5.12). The store in use comes first. */
export function familyLinks(nodes: readonly Node[], { formerStores, store }: AgentReading): SureLink[] {
  const stores = [store, ...formerStores];
  const byId = uniqueBySessionId(nodes, new Set(stores.flatMap(({ rows }) => rows.flatMap((row) => row.familyIds))));
  return stores.flatMap((one) => familyLinksIn(one, byId));
}

function familyLinksIn(store: Store, byId: ReturnType<typeof uniqueBySessionId>): SureLink[] {
  const links: SureLink[] = [];
  for (const row of store.rows) {
    const members = row.familyIds.map((id) => byId.get(id)).filter((session) => session !== undefined);
    const text = `the usage family of ${row.familyKey ?? row.key} lists both ids, one after the other`;
    const evidence: Evidence = { kind: "store-family", text, ...rowPlace(store, row) };
    for (let at = 1; at < members.length; at += 1) {
      const from = members[at - 1]!.last;
      if (!mayBeFollowed(from)) continue;
      links.push({ from: from.index, to: members[at]!.first.index, certainty: "recorded", evidence: [evidence] });
    }
  }
  return links;
}

/** Put away by a reset, or the last window of a session id that its key has left. */
function mayBeFollowed({ fragment, resetAt, row }: Node): boolean {
  return resetAt !== null || (fragment.kind === "window" && row === null);
}

/**
 * Headers that name their parent session, by id or by file. A fork names its parent too, so it is a link only where both
 * have the same written key; and nothing follows the current transcript of a row.
 */
export function parentLinks(nodes: readonly Node[], groups: KeyGroups): SureLink[] {
  const children = nodes.filter(({ fragment }) => fragment.parentSession !== null);
  // Most agents have none, and of the others' names no table is needed then.
  if (children.length === 0) return [];
  const byId = uniqueBySessionId(nodes, new Set(children.map(({ fragment }) => fragment.parentSession!)));
  const byFile = new Map(nodes.map((node) => [baseName(node.fragment.path), node]));
  const links: SureLink[] = [];
  for (const node of children) {
    const parent = node.fragment.parentSession!;
    const from = byId.get(parent)?.last ?? byFile.get(baseName(parent));
    if (from === undefined || from.row !== null || !groups.together(from.index, node.index)) continue;
    links.push({ from: from.index, to: node.index, certainty: "recorded", evidence: [parentEvidence(node, parent)] });
  }
  return links;
}

/** Windows have no header of their own; a database's record of their session names the one before it. */
function parentEvidence({ fragment: { path, window } }: Node, parent: string): Evidence {
  if (window === undefined) {
    return { kind: "parent-header", text: `the header names ${baseName(parent)} as its parent`, path, line: 1 };
  }
  const text = `the database's record of session ${window.sessionId} names ${parent} as the one before it`;
  return { kind: "window", text, path };
}

/** One file name, used by one header after the other (2026.5.12: `sessions.reset` and the agent RPC keep the file). */
export function sameFileLinks(nodes: readonly Node[]): SureLink[] {
  const first = new Map<string, Node>();
  // Most names are used once: only of the others a list is made.
  const shared = new Map<string, Node[]>();
  for (const node of nodes) {
    const fileId = node.file?.fileId ?? null;
    if (fileId === null || node.startedAt === null) continue;
    const topic = node.file?.topic ?? null;
    const name = topic === null ? fileId : `${fileId} ${topic}`;
    const before = first.get(name);
    if (before === undefined) first.set(name, node);
    else if (shared.has(name)) shared.get(name)!.push(node);
    else shared.set(name, [before, node]);
  }
  return [...shared.values()].flatMap(successiveHeaders);
}

function successiveHeaders(users: readonly Node[]): SureLink[] {
  const links: SureLink[] = [];
  for (let at = 1; at < users.length; at += 1) {
    const to = users[at]!;
    const from = users[at - 1]!;
    if (from.resetAt === null || from.fragment.sessionId === to.fragment.sessionId) continue;
    // Two that were put away within the same few milliseconds can't be told apart by this rule.
    const rival = users[at - 2];
    const rivalAt = rival?.resetAt ?? null;
    if (rivalAt !== null && Math.abs(rivalAt - from.resetAt) <= SAME_MOMENT_MS) continue;
    links.push({ from: from.index, to: to.index, certainty: "derived", evidence: successionEvidence(from, to) });
  }
  return links;
}

function successionEvidence(from: Node, to: Node): Evidence[] {
  const { fileId, path } = to.file ?? to.fragment;
  const reuse: Evidence = {
    kind: "same-file-id",
    text: `the file name ${fileId ?? ""} was used by one header after the other`,
    path,
    line: 1,
  };
  if (Math.abs(to.startedAt! - from.resetAt!) > SAME_MOMENT_MS) return [reuse];
  const text = `archived and begun at the same moment, ${utc(from.resetAt!)}`;
  return [reuse, { kind: "archive-equals-header", text, path, line: 1 }];
}

/**
 * Neighbours of one key: put away and begun one after the other, and no fragment of unknown key fits between them.
 * Works on the stretches decided so far, so it comes last.
 */
export function neighbourLinks(nodes: readonly Node[], groups: KeyGroups, decided: DecidedLinks): SureLink[] {
  const members = new Map<number, Node[]>();
  for (const node of nodes) {
    if (node.startedAt === null) continue;
    const group = groups.groupOf(node.index);
    const list = members.get(group);
    if (list === undefined) members.set(group, [node]);
    else list.push(node);
  }
  const intruders = new Intruders(nodes, groups, decided);
  const links: SureLink[] = [];
  for (const list of members.values()) {
    for (let at = 1; at < list.length; at += 1) {
      const from = list[at - 1]!;
      const to = list[at]!;
      if (from.resetAt === null || decided.next(from.index) !== null || decided.previous(to.index) !== null) continue;
      if (!followsInTime(from, to) || intruders.fitBetween(from, to) || !opensWithReset(from, to)) continue;
      links.push({
        from: from.index,
        to: to.index,
        certainty: "derived",
        evidence: neighbourEvidence(from, to, groups),
      });
    }
  }
  return links;
}

/**
 * Only a reset writes such a beginning, and soon. After any other, or a longer gap, the key may have been deleted in between,
 * while it waited for its next turn and had no file: what follows is then another conversation under the old name.
 */
function opensWithReset({ resetAt }: Node, { fragment, startedAt }: Node): boolean {
  const { start } = fragment;
  if (start !== "reset-prompt" && start !== "new-notice" && start !== "reset-notice") return false;
  return startedAt! - resetAt! <= LONGEST_RESET_MS;
}

function neighbourEvidence(from: Node, to: Node, groups: KeyGroups): Evidence[] {
  const known = groups.keyOf(to.index);
  const key = known === null ? "the same key" : known.key;
  const text = `both belong to ${key}, ${utc(from.resetAt!)} is followed by ${utc(to.startedAt!)}, and no other fragment fits between`;
  const order: Evidence = { kind: "trajectory", text, path: to.fragment.path, line: 1 };
  return known === null
    ? [{ ...order, kind: "exec-completion" }]
    : [{ ...order, kind: known.evidence.kind }, known.evidence];
}

/** Stretches of unknown key, searchable by "begins after … and ends before …". */
class Intruders {
  private readonly starts: number[];
  /** Least end among the stretches from each position on. */
  private readonly leastEnd: number[];

  constructor(nodes: readonly Node[], groups: KeyGroups, decided: DecidedLinks) {
    const stretches = nodes
      .filter((node) => groups.keyOf(node.index) === null && decided.previous(node.index) === null)
      .map((head) => ({ start: head.startedAt, end: endOf(nodes[decided.tailOf(head.index)]!) }))
      .filter((stretch): stretch is { start: number; end: number } => stretch.start !== null && stretch.end !== null)
      .toSorted((a, b) => a.start - b.start);
    this.starts = stretches.map((stretch) => stretch.start);
    this.leastEnd = stretches.map((stretch) => stretch.end);
    for (let at = this.leastEnd.length - 2; at >= 0; at -= 1) {
      this.leastEnd[at] = Math.min(this.leastEnd[at]!, this.leastEnd[at + 1]!);
    }
  }

  fitBetween(from: Node, to: Node): boolean {
    const position = lowerBound(this.starts, from.resetAt! - SAME_MOMENT_MS);
    const end = this.leastEnd[position];
    return end !== undefined && end <= to.startedAt! + SAME_MOMENT_MS;
  }
}

/** When a stretch can have ended: put away, or else with its key, which may have been deleted at any time after it began. */
function endOf(tail: Node): number | null {
  return tail.fragment.archivedAt ?? tail.startedAt;
}

/** First position whose value is at least `value`. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What carries one session id: a fragment, or the windows of one transcript. */
interface SessionNodes {
  readonly first: Node;
  readonly last: Node;
}

/** The sessions of these ids; ids that several transcripts carry are left out. */
function uniqueBySessionId(nodes: readonly Node[], wanted: ReadonlySet<string>): Map<string, SessionNodes> {
  const byId = new Map<string, SessionNodes>();
  const repeated = new Set<string>();
  for (const node of nodes) {
    const id = node.fragment.sessionId;
    if (id === null || !wanted.has(id)) continue;
    const known = byId.get(id);
    if (known === undefined) byId.set(id, { first: node, last: node });
    else if (!areOfOneTranscript(known.first, node)) repeated.add(id);
    else if (fromSeq(node) < fromSeq(known.first)) byId.set(id, { ...known, first: node });
    else if (fromSeq(node) > fromSeq(known.last)) byId.set(id, { ...known, last: node });
  }
  for (const id of repeated) byId.delete(id);
  return byId;
}

function areOfOneTranscript({ fragment: a }: Node, { fragment: b }: Node): boolean {
  return a.window !== undefined && b.window !== undefined && a.path === b.path && a.archive === b.archive;
}

function fromSeq({ fragment }: Node): number {
  return fragment.window?.fromSeq ?? 0;
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
