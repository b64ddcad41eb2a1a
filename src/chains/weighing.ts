/**
 * Weighs the places that sure evidence leaves open: all archives against all successors of an agent at once, at the
 * least total cost, never mixing keys and never turning time back. Keeps every alternative that the evidence allows.
 */
import type { StoreRow } from "../model/store.ts";
import { assign, type Assignment, type Option } from "./assignment.ts";
import { KeyOrder } from "./key-order.ts";
import { aloneCost, linkCost, NOTHING_FOLLOWS_COST, peerCost, pendingCost } from "./likelihood.ts";
import type { Node } from "./node.ts";
import { OpenArchives } from "./open-archives.ts";
import { refine, REFINED_STRETCHES, type Stretch } from "./refine.ts";
import type { KeyGroups } from "./same-key.ts";
import { mixedLinks } from "./separation.ts";
import type { Steps } from "./steps.ts";
import { type DecidedLinks, SAME_MOMENT_MS } from "./sure-links.ts";

/** Archives that are weighed for one successor: the nearest before it, fewer where there are thousands of successors. */
const NEAREST = 48;
const NEAREST_OF_MANY = 16;
const MANY = 2000;
/** Archives that are looked at to find them. */
const LOOKED_AT = 4 * NEAREST;
/** Neighbours of one key are this much likelier to be linked than strangers. */
const SAME_KEY_GAIN = 3;
/** An alternative is kept while it is at most e^14 times less likely than the best answer. */
const KEPT_REGRET = 14;
const KEPT_ALTERNATIVES = 40;
/** Successors that are weighed again, over all rounds, to separate chains in which two known keys met. */
const SEPARATED_SUCCESSORS = 40_000;
/** Successors between two moments at which others may run: some milliseconds. */
const OFFERS_IN_A_STEP = 500;
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

/** Finds the likeliest whole. Links through which two known keys meet are forbidden and the rest weighed again. */
export function* weigh(input: WeighingInput): Steps<Weights> {
  const { nodes, groups, decided } = input;
  const weighing = new Weighing(input);
  yield* weighing.offerAll();
  let answer = weighing.solve();
  for (let left = SEPARATED_SUCCESSORS; left > 0; left -= weighing.successors.length) {
    yield;
    const mixed = mixedLinks(nodes, groups, decided, (node) => weighing.predecessorIn(answer, node));
    yield;
    if (mixed.length === 0) return weighing.weights(answer);
    for (const to of mixed) weighing.forbid(answer, to);
    answer = weighing.solve();
  }
  for (let weights = weighing.weights(answer); ;) {
    const mixed = mixedLinks(nodes, groups, decided, (node) => weights.nodes.get(node)?.from ?? null);
    if (mixed.length === 0) return weights;
    weights = without(weights, mixed);
  }
}

/** The same weights with these nodes left open. */
function without(weights: Weights, mixed: readonly number[]): Weights {
  const nodes = new Map(weights.nodes);
  for (const to of mixed) {
    const { from, alternatives } = nodes.get(to)!;
    nodes.set(to, { from: null, alternatives: from === null ? alternatives : [from, ...alternatives] });
  }
  return { ...weights, nodes };
}

interface Answer {
  readonly assignment: Assignment;
  /** For each row of the problem the index of its option, or -1 where it stands alone. */
  readonly chosen: readonly number[];
}

/** The problem of who follows whom, and its answers as more and more is forbidden. */
class Weighing {
  /** Nodes without a decided predecessor: the rows of the problem; those of waiting store rows follow behind them. */
  readonly successors: readonly Node[];
  private readonly input: WeighingInput;
  private readonly archives: OpenArchives;
  /** Row of each successor by node index; -1 for other nodes. */
  private readonly rowOf: Int32Array;
  private readonly options: Option[][] = [];
  /** Archives that a row may not take because keys would meet, though the evidence of the pair allows it. */
  private readonly forbidden = new Map<number, number[]>();
  private readonly alone: number[] = [];
  private readonly span: number;
  private readonly nearest: number;

  constructor(input: WeighingInput) {
    this.input = input;
    const { nodes, groups, decided } = input;
    this.archives = new OpenArchives(nodes, groups, decided);
    this.successors = nodes.filter((node) => node.startedAt !== null && decided.isOpen(node.index));
    this.rowOf = new Int32Array(nodes.length).fill(-1);
    this.successors.forEach((node, row) => (this.rowOf[node.index] = row));
    this.span = activeSpan(nodes);
    this.nearest = this.successors.length > MANY ? NEAREST_OF_MANY : NEAREST;
  }

  /** States the problem: which archives each successor can take, and what that costs. */
  *offerAll(): Steps<void> {
    const { nodes, groups, decided, pendingRows } = this.input;
    const order = new KeyOrder(nodes, groups, decided);
    for (const [index, successor] of this.successors.entries()) {
      if (index % OFFERS_IN_A_STEP === 0) yield;
      this.offer(successor, order);
    }
    for (const row of pendingRows) this.offerPending(row);
  }

  private offer(successor: Node, order: KeyOrder): void {
    const facts = { start: successor.fragment.start, startedAt: successor.startedAt!, row: successor.row };
    const key = this.input.groups.keyOf(successor.index)?.key ?? null;
    const own: Option[] = [];
    let looked = 0;
    for (const column of this.archives.before(facts.startedAt + SAME_MOMENT_MS, key)) {
      if (own.length === this.nearest || (looked += 1) > LOOKED_AT) break;
      const archive = this.archives.all[column]!;
      if (!order.allows(archive, successor)) continue;
      const gain = order.together(archive, successor) ? SAME_KEY_GAIN : 0;
      const peers = peerCost(archive.fragment.peer, successor.fragment.peer);
      own.push({ column, cost: linkCost(facts, archive.resetAt!) + peers - gain - NOTHING_FOLLOWS_COST });
    }
    this.options.push(own);
    this.alone.push(aloneCost(facts, this.span));
  }

  private offerPending(row: StoreRow): void {
    const own: Option[] = [];
    for (const column of this.archives.before(Infinity, row.key)) {
      if (own.length === this.nearest) break;
      own.push({ column, cost: pendingCost(row, this.archives.all[column]!.resetAt!) - NOTHING_FOLLOWS_COST });
    }
    this.options.push(own);
    this.alone.push(aloneCost({ start: "turn", startedAt: 0, row: null }, this.span));
  }

  solve(): Answer {
    const assignment = assign({ columns: this.archives.all.length, options: this.options, alone: this.alone });
    const first = this.options.map((own, row) => own.findIndex((option) => option.column === assignment.column[row]));
    return { assignment, chosen: this.options.length <= REFINED_STRETCHES ? this.refined(first) : first };
  }

  /** The node that the answer gives to `node` as its predecessor, or null. */
  predecessorIn({ chosen }: Answer, node: number): number | null {
    const row = this.rowOf[node]!;
    const option = row === -1 ? undefined : this.options[row]![chosen[row]!];
    return option === undefined ? null : this.archives.all[option.column]!.index;
  }

  /** Takes the option away that the answer gives to `node`. */
  forbid({ chosen }: Answer, node: number): void {
    const row = this.rowOf[node]!;
    const taken = this.options[row]!.splice(chosen[row]!, 1).map(({ column }) => this.archives.all[column]!.index);
    this.forbidden.set(row, [...(this.forbidden.get(row) ?? []), ...taken]);
  }

  weights({ assignment, chosen }: Answer): Weights {
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
        .map(({ option }) => this.archives.all[option.column]!.index);
      weighed.set(successor.index, {
        from: best === null ? null : this.archives.all[best.column]!.index,
        alternatives: [...alternatives, ...(this.forbidden.get(row) ?? [])],
      });
    });
    const waiting = new Map<number, StoreRow>();
    this.input.pendingRows.forEach((row, index) => {
      const at = this.successors.length + index;
      const option = this.options[at]![chosen[at]!];
      if (option !== undefined) waiting.set(this.archives.all[option.column]!.index, row);
    });
    return { nodes: weighed, waiting };
  }

  private refined(first: readonly number[]): number[] {
    const { decided, groups, nodes, pendingRows, rows } = this.input;
    const columnOf = new Map(this.archives.all.map((archive, column) => [archive.index, column]));
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
    return refine(stretches, this.archives.all.length, first, this.span < UNPRUNED_MS);
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
