/**
 * Looks at whole chains where pairs alone can't decide: a chain must not mix keys, and the rows of a sessions.json stand
 * in the order in which their keys were created, which is the order in which their chains begin (seen on 2026.3.24 and
 * 2026.5.12). Starts from the best assignment of pairs and searches for a better whole by annealing with a fixed seed.
 */
import type { Option } from "./assignment.ts";

/** A stretch of decided links: the unit that is moved. Those that need a predecessor come with their options. */
export interface Stretch {
  /** Header time of its first fragment; null for a row that waits for its first turn. */
  readonly startedAt: number | null;
  /** A number per known session key; -1 while the key is unknown. */
  readonly key: number;
  /** Position of its row in the store, when it ends in one; else -1. */
  readonly rowPosition: number;
  /** Index of the archive that it ends in, if something can follow it; else -1. */
  readonly endsIn: number;
  readonly options: readonly Option[];
  readonly alone: number;
}

/** More stretches than this are left as the assignment has them: the search would take too long to be worth it. */
export const REFINED_STRETCHES = 400;
/** Moves that are tried, fewer where there are many stretches and each move may touch long chains. */
const MOST_STEPS = 40_000;
const LOOKS = 1_200_000;
const HOTTEST = 4;
const COLDEST = 0.15;
/** Keys must not meet in one chain. */
const MIXED_COST = 30;
/** A row out of the order of creation. */
const DISPLACED_COST = 3.5;

/**
 * Chooses for each stretch its option (index into its options) or -1. `initial` is the assignment of least cost: where no keys
 * meet in it and all rows stand in order, there is nothing better.
 */
export function refine(
  stretches: readonly Stretch[],
  archives: number,
  initial: readonly number[],
  useOrder: boolean,
): number[] {
  const search = new Search(stretches, archives, initial, useOrder);
  search.anneal();
  return search.best;
}

/** Costs are rounded to this, so that sums of them are exact in whatever order they are made. */
const GRAIN = 2 ** -20;

const rounded = (cost: number): number => Math.round(cost / GRAIN) * GRAIN;

/** A stretch, and the index of the option that it takes; -1 where it stands alone. */
type Choice = readonly [stretch: number, option: number];

/** The search goes by differences: a move costs as much as the chains that it touches, not all of them. */
class Search {
  best: number[];
  private readonly stretches: readonly Stretch[];
  private readonly costs: readonly Float64Array[];
  private readonly alone: Float64Array;
  private readonly chosen: number[];
  /** Stretch that follows each archive, and the one that ends in it; or -1. */
  private readonly follower: Int32Array;
  private readonly ending: Int32Array;
  private readonly useOrder: boolean;
  /** For each row of the store when its chain begins; NaN while no chain ends in it. */
  private readonly beginnings: Float64Array;
  private readonly tops: Float64Array;
  private readonly movable: readonly number[];
  /** Of what is chosen at the moment: the sum of the costs, how often keys meet, and how many rows are out of order. */
  private cost = 0;
  private mixed = 0;
  private displaced = 0;
  private state = 0x2545f491;

  constructor(stretches: readonly Stretch[], archives: number, initial: readonly number[], useOrder: boolean) {
    this.stretches = stretches;
    this.useOrder = useOrder;
    this.costs = stretches.map(({ options }) => Float64Array.from(options, ({ cost }) => rounded(cost)));
    this.alone = Float64Array.from(stretches, ({ alone }) => rounded(alone));
    this.chosen = stretches.map(() => -1);
    this.best = [...initial];
    this.follower = new Int32Array(archives).fill(-1);
    this.ending = new Int32Array(archives).fill(-1);
    const rows = stretches.reduce((most, stretch) => Math.max(most, stretch.rowPosition), -1) + 1;
    this.beginnings = new Float64Array(rows).fill(Number.NaN);
    this.tops = new Float64Array(rows);
    this.movable = stretches.flatMap((stretch, index) => (stretch.options.length > 0 ? [index] : []));
    stretches.forEach(({ endsIn }, index) => {
      if (endsIn >= 0) this.ending[endsIn] = index;
      this.cost += this.alone[index]!;
    });
    initial.forEach((option, stretch) => this.join(stretch, option));
    stretches.forEach((_, index) => this.begin(index));
    this.displaced = this.countDisplaced();
  }

  anneal(): void {
    if (this.movable.length < 2 || (this.mixed === 0 && this.displaced === 0)) return;
    let least = this.energy();
    const steps = Math.min(MOST_STEPS, Math.ceil(LOOKS / this.stretches.length));
    for (let step = 0; step < steps; step += 1) {
      const heat = HOTTEST * (COLDEST / HOTTEST) ** (step / steps);
      if (!this.tryMove(heat)) continue;
      const energy = this.energy();
      if (energy >= least) continue;
      least = energy;
      this.best = [...this.chosen];
    }
  }

  private energy(): number {
    return this.cost + MIXED_COST * this.mixed + DISPLACED_COST * this.displaced;
  }

  /** Makes a random move; takes it back (false) when it is worse than the heat bears. */
  private tryMove(heat: number): boolean {
    const before = this.energy();
    const { displaced } = this;
    const move = this.randomMove();
    const undo = move.map(([stretch]): Choice => [stretch, this.chosen[stretch]!]);
    let drawn: number | null = null;
    const isBearable = (): boolean => {
      const worse = this.energy() - before;
      if (worse <= 0) return true;
      drawn ??= this.random();
      return drawn < Math.exp(-worse / heat);
    };
    const rows = this.choose(move);
    // Each row whose beginning changed brings at most itself into order: only if that would do, rows are counted.
    this.displaced = Math.max(0, displaced - rows);
    if (isBearable()) {
      this.displaced = rows === 0 ? displaced : this.countDisplaced();
      if (isBearable()) return true;
    }
    this.choose(undo);
    this.displaced = displaced;
    return false;
  }

  /** Gives one stretch another option; whoever held that archive takes the freed one if it may, else stands alone. */
  private randomMove(): Choice[] {
    const stretch = this.movable[this.below(this.movable.length)]!;
    const { options } = this.stretches[stretch]!;
    const before = this.chosen[stretch]!;
    let option = this.below(options.length + 1) - 1;
    if (option === before) option = option === -1 ? 0 : -1;
    const holder = option < 0 ? -1 : this.follower[options[option]!.column]!;
    if (holder < 0 || holder === stretch) return [[stretch, option]];
    const freed = before < 0 ? -1 : options[before]!.column;
    const swapped = freed < 0 ? -1 : this.stretches[holder]!.options.findIndex(({ column }) => column === freed);
    return [
      [stretch, option],
      [holder, swapped],
    ];
  }

  /** Takes all these choices at once; how many rows' chains begin otherwise than before. */
  private choose(choices: readonly Choice[]): number {
    for (const [stretch] of choices) this.part(stretch);
    for (const [stretch, option] of choices) this.join(stretch, option);
    let rows = 0;
    for (const [stretch] of choices) rows += this.begin(stretch);
    return rows;
  }

  private part(stretch: number): void {
    const option = this.chosen[stretch]!;
    if (option < 0) return;
    const { column } = this.stretches[stretch]!.options[option]!;
    if (this.mixes(column, stretch)) this.mixed -= 1;
    this.cost += this.alone[stretch]! - this.costs[stretch]![option]!;
    this.follower[column] = -1;
    this.chosen[stretch] = -1;
  }

  private join(stretch: number, option: number): void {
    if (option < 0) return;
    const { column } = this.stretches[stretch]!.options[option]!;
    if (this.mixes(column, stretch)) this.mixed += 1;
    this.cost += this.costs[stretch]![option]! - this.alone[stretch]!;
    this.follower[column] = stretch;
    this.chosen[stretch] = option;
  }

  /** Whether two known keys meet, or would meet, where `stretch` follows the archive. */
  private mixes(column: number, stretch: number): boolean {
    let key = -1;
    for (let at = this.ending[column]!; at >= 0 && key < 0; at = this.previous(at)) key = this.stretches[at]!.key;
    if (key < 0) return false;
    let other = -1;
    for (let at = stretch; at >= 0 && other < 0; at = this.next(at)) other = this.stretches[at]!.key;
    return other >= 0 && other !== key;
  }

  /** Writes down anew when the chain begins, for the rows that it ends in; how many that changes. */
  private begin(stretch: number): number {
    let head = stretch;
    for (let at = this.previous(head); at >= 0; at = this.previous(at)) head = at;
    // What follows an archive of unknown beginning has none either.
    const beginning = this.chosen[head]! >= 0 ? Number.NaN : (this.stretches[head]!.startedAt ?? Number.NaN);
    let rows = 0;
    for (let at = stretch; at >= 0; at = this.next(at)) {
      const { rowPosition } = this.stretches[at]!;
      if (rowPosition < 0 || Object.is(this.beginnings[rowPosition], beginning)) continue;
      this.beginnings[rowPosition] = beginning;
      rows += 1;
    }
    return rows;
  }

  private previous(stretch: number): number {
    const option = this.chosen[stretch]!;
    return option < 0 ? -1 : this.ending[this.stretches[stretch]!.options[option]!.column]!;
  }

  private next(stretch: number): number {
    const { endsIn } = this.stretches[stretch]!;
    return endsIn < 0 ? -1 : this.follower[endsIn]!;
  }

  /** How many rows would have to go for the rest to stand in order: all but a longest rising run. */
  private countDisplaced(): number {
    if (!this.useOrder) return 0;
    let length = 0;
    let rows = 0;
    for (const beginning of this.beginnings) {
      if (Number.isNaN(beginning)) continue;
      rows += 1;
      let low = 0;
      let high = length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.tops[middle]! <= beginning) low = middle + 1;
        else high = middle;
      }
      this.tops[low] = beginning;
      if (low === length) length += 1;
    }
    return rows - length;
  }

  /** Xorshift: the same search on every machine. */
  private random(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 4294967296;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}
