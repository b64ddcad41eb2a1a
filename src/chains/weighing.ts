/**
 * Weighs the places that sure evidence leaves open: all archives against all successors of an agent at once, at the
 * least total cost, never mixing keys and never turning time back. Keeps every alternative that the evidence allows.
 */
import type { StoreRow } from "../model/store.ts";
import { assign, type Option } from "./assignment.ts";
import { aloneCost, linkCost, NOTHING_FOLLOWS_COST, peerCost, pendingCost } from "./likelihood.ts";
import type { Node, SureLink } from "./node.ts";
import { refine, REFINED_STRETCHES, type Stretch } from "./refine.ts";
import type { KeyGroups } from "./same-key.ts";
import { type DecidedLinks, followsInTime, lowerBound, SAME_MOMENT_MS } from "./sure-links.ts";

/** Archives that are weighed for one successor: the nearest before it. More would cost time and change nothing. */
const NEAREST = 48;
/** An alternative is kept while it is at most e^14 times less likely than the best answer. */
const KEPT_REGRET = 14;
const KEPT_ALTERNATIVES = 40;
/** Rounds of separating chains in which two keys met. Each forbids at least one link. */
const SEPARATION_ROUNDS = 200;
/** OpenClaw prunes reset archives after 30 days by default: then the chains no longer begin where their keys did. */
const UNPRUNED_MS = 28 * 24 * 3600 * 1000;

/** What weighing found for one successor. */
export interface Weighed {
  /** Node index of the best predecessor, or null where standing alone is likelier. */
  readonly from: number | null;
  /** Other predecessors that are possible, likeliest first. */
  readonly alternatives: readonly number[];
}

export interface WeighingInput {
  readonly nodes: readonly Node[];
  readonly groups: KeyGroups;
  readonly decided: DecidedLinks;
  /** All rows of the store, in its order. */
  readonly rows: readonly StoreRow[];
  /** Rows whose transcript does not exist: an archive may wait for their next turn. */
  readonly pendingRows: readonly StoreRow[];
}

/** What weighing found for a whole agent. */
export interface Weights {
  /** Best predecessor and alternatives for each node that has no decided one; by node index. */
  readonly nodes: ReadonlyMap<number, Weighed>;
  /** The store row whose next turn an archive waits for; by node index of the archive. */
  readonly waiting: ReadonlyMap<number, StoreRow>;
}

/** Finds the likeliest whole; chains in which two known keys met are separated until none is left. */
export function weigh(input: WeighingInput): Weights {
  const forbidden = new Set<string>();
  for (let round = 0; ; round += 1) {
    const result = new Weighing(input, forbidden).solve();
    const mixed = round < SEPARATION_ROUNDS ? mixedLinks(input, result.nodes) : [];
    if (mixed.length === 0) return result;
    for (const pair of mixed) forbidden.add(pair);
  }
}

/** One round: the problem of who follows whom, and its answer. */
class Weighing {
  private readonly input: WeighingInput;
  /** Archives without a decided successor, by the time they were put away: the columns. */
  private readonly archives: readonly Node[];
  /** Nodes without a decided predecessor: the rows; those of waiting store rows follow behind them. */
  private readonly successors: readonly Node[];
  private readonly options: Option[][] = [];
  private readonly alone: number[] = [];
  private readonly span: number;

  constructor(input: WeighingInput, forbidden: ReadonlySet<string>) {
    this.input = input;
    const { nodes, decided } = input;
    this.archives = nodes
      .filter((node) => node.resetAt !== null && decided.next(node.index) === null)
      .toSorted((a, b) => a.resetAt! - b.resetAt! || a.index - b.index);
    this.successors = nodes.filter((node) => node.startedAt !== null && decided.previous(node.index) === null);
    this.span = activeSpan(nodes);
    this.offer(forbidden);
    this.offerPending();
  }

  private offer(forbidden: ReadonlySet<string>): void {
    const resetTimes = this.archives.map((node) => node.resetAt!);
    const order = new GroupOrder(this.input);
    for (const successor of this.successors) {
      const facts = { start: successor.fragment.start, startedAt: successor.startedAt!, row: successor.row };
      const own: Option[] = [];
      const latest = lowerBound(resetTimes, facts.startedAt + SAME_MOMENT_MS + 1) - 1;
      for (let column = latest; column >= 0 && own.length < NEAREST; column -= 1) {
        const archive = this.archives[column]!;
        if (forbidden.has(pairName(archive.index, successor.index)) || !order.allows(archive, successor)) continue;
        const cost = linkCost(facts, archive.resetAt!) + order.preference(archive, successor) - NOTHING_FOLLOWS_COST;
        own.push({ column, cost });
      }
      this.options.push(own);
      this.alone.push(aloneCost(facts, this.span));
    }
  }

  private offerPending(): void {
    for (const row of this.input.pendingRows) {
      const own: Option[] = [];
      for (let column = this.archives.length - 1; column >= 0 && own.length < NEAREST; column -= 1) {
        const archive = this.archives[column]!;
        const known = this.input.groups.keyOf(archive.index);
        if (known !== null && known.key !== row.key) continue;
        own.push({ column, cost: pendingCost(row, archive.resetAt!) - NOTHING_FOLLOWS_COST });
      }
      this.options.push(own);
      this.alone.push(aloneCost({ start: "turn", startedAt: 0, row: null }, this.span));
    }
  }

  solve(): Weights {
    const assignment = assign({ columns: this.archives.length, options: this.options, alone: this.alone });
    const first = this.options.map((own, row) => own.findIndex((option) => option.column === assignment.column[row]));
    const chosen = this.options.length <= REFINED_STRETCHES ? this.refined(first) : first;
    const weighed = new Map<number, Weighed>();
    this.successors.forEach((successor, row) => {
      const own = this.options[row]!;
      const best = chosen[row]! < 0 ? null : own[chosen[row]!]!;
      const alternatives = own
        .filter((option) => option !== best)
        .map((option) => ({ option, regret: assignment.regret(row, option) }))
        .filter(({ regret }) => regret <= KEPT_REGRET)
        .toSorted((a, b) => a.regret - b.regret || b.option.column - a.option.column)
        .slice(0, KEPT_ALTERNATIVES)
        .map(({ option }) => this.archives[option.column]!.index);
      weighed.set(successor.index, { from: best === null ? null : this.archives[best.column]!.index, alternatives });
    });
    const waiting = new Map<number, StoreRow>();
    this.input.pendingRows.forEach((row, index) => {
      const at = this.successors.length + index;
      const option = this.options[at]![chosen[at]!];
      if (option !== undefined) waiting.set(this.archives[option.column]!.index, row);
    });
    return { nodes: weighed, waiting };
  }

  private refined(first: readonly number[]): number[] {
    const { decided, groups, nodes, pendingRows, rows } = this.input;
    const columnOf = new Map(this.archives.map((archive, column) => [archive.index, column]));
    const position = new Map(rows.map((row, index) => [row, index]));
    const keyNumbers = new Map<string, number>();
    const numberOf = (key: string | undefined): number => {
      if (key === undefined) return -1;
      if (!keyNumbers.has(key)) keyNumbers.set(key, keyNumbers.size);
      return keyNumbers.get(key)!;
    };
    const stretches: Stretch[] = this.successors.map((head, row) => {
      const tail = nodes[decided.tailOf(head.index)]!;
      return {
        startedAt: head.startedAt,
        key: numberOf(groups.keyOf(head.index)?.key),
        rowPosition: tail.row === null ? -1 : (position.get(tail.row) ?? -1),
        endsIn: columnOf.get(tail.index) ?? -1,
        options: this.options[row]!,
        alone: this.alone[row]!,
      };
    });
    pendingRows.forEach((row, index) => {
      const at = this.successors.length + index;
      const options = this.options[at]!;
      stretches.push({
        startedAt: null,
        key: numberOf(row.key),
        rowPosition: position.get(row) ?? -1,
        endsIn: -1,
        options,
        alone: this.alone[at]!,
      });
    });
    return refine(stretches, this.archives.length, first, this.span < UNPRUNED_MS);
  }
}

function activeSpan(nodes: readonly Node[]): number {
  let least = Infinity;
  let most = -Infinity;
  for (const { startedAt, resetAt } of nodes) {
    if (startedAt === null) continue;
    least = Math.min(least, startedAt);
    most = Math.max(most, startedAt, resetAt ?? startedAt);
  }
  return most > least ? most - least : 0;
}

function pairName(from: number, to: number): string {
  return `${from}>${to}`;
}

/** Which pairs the order inside groups of one key allows. */
class GroupOrder {
  private readonly members = new Map<number, Node[]>();
  private readonly position = new Map<number, number>();
  private readonly input: WeighingInput;

  constructor(input: WeighingInput) {
    this.input = input;
    for (const node of input.nodes) {
      if (node.startedAt === null) continue;
      const group = input.groups.groupOf(node.index);
      const list = this.members.get(group);
      this.position.set(node.index, list?.length ?? 0);
      if (list === undefined) this.members.set(group, [node]);
      else list.push(node);
    }
  }

  /** Neighbours of one key are likelier than strangers, and so are those that talk with the same person. */
  preference(from: Node, to: Node): number {
    const neighbours = this.input.groups.together(from.index, to.index) ? -3 : 0;
    return neighbours + peerCost(from.fragment.peer, to.fragment.peer);
  }

  allows(from: Node, to: Node): boolean {
    const { groups, decided, nodes } = this.input;
    if (!followsInTime(from, to) || !groups.compatible(from.index, to.index)) return false;
    if (groups.together(from.index, to.index)) return this.neighbourOf(from, 1) === to;
    const next = this.neighbourOf(from, 1);
    const end = nodes[decided.tailOf(to.index)]!;
    if (next !== undefined && !canEndBefore(end, next)) return false;
    const before = this.neighbourOf(to, -1);
    return before === undefined || followsInTime(before, nodes[decided.headOf(from.index)]!);
  }

  private neighbourOf(node: Node, step: 1 | -1): Node | undefined {
    const at = this.position.get(node.index);
    return at === undefined ? undefined : this.members.get(this.input.groups.groupOf(node.index))![at + step];
  }
}

/** Whether `end` can be over when `next` begins under the same key: put away, or gone with a key that was deleted. */
function canEndBefore(end: Node, next: Node): boolean {
  if (end.row !== null || next.startedAt === null) return false;
  const over = end.fragment.archivedAt ?? end.startedAt;
  return over !== null && over <= next.startedAt + SAME_MOMENT_MS;
}

/** In each chain in which two known keys met, one weighed link between them: the one with the longest gap. */
function mixedLinks(input: WeighingInput, result: ReadonlyMap<number, Weighed>): string[] {
  const { nodes, groups, decided } = input;
  const nextOf = new Map<number, number>();
  for (const [to, { from }] of result) if (from !== null) nextOf.set(from, to);
  const cuts: string[] = [];
  for (const head of nodes) {
    if (decided.previous(head.index) !== null || (result.get(head.index)?.from ?? null) !== null) continue;
    let key: string | null = null;
    let widest: { name: string; gap: number } | null = null;
    for (let at: number | undefined = head.index; at !== undefined;) {
      const known = groups.keyOf(at)?.key ?? null;
      if (known !== null && key !== null && known !== key && widest !== null) cuts.push(widest.name);
      if (known !== null) {
        key = known;
        widest = null;
      }
      const sure: SureLink | null = decided.next(at);
      if (sure !== null) {
        at = sure.to;
        continue;
      }
      const to = nextOf.get(at);
      if (to !== undefined) {
        const gap = nodes[to]!.startedAt! - nodes[at]!.resetAt!;
        if (widest === null || gap > widest.gap) widest = { name: pairName(at, to), gap };
      }
      at = to;
    }
  }
  return cuts;
}
