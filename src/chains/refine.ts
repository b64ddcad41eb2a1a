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
/** Moves that are tried, fewer where each costs more: every move looks at all stretches again. */
const MOST_STEPS = 40_000;
const LOOKS = 1_200_000;
const HOTTEST = 4;
const COLDEST = 0.15;
/** Keys must not meet in one chain. */
const MIXED_COST = 30;
/** A row out of the order of creation. */
const DISPLACED_COST = 3.5;

/** Chooses for each stretch its option (index into its options) or -1; `initial` is the assignment to start from. */
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

class Search {
  best: number[];
  private readonly stretches: readonly Stretch[];
  private readonly chosen: number[];
  /** Stretch that follows each archive, or -1. */
  private readonly follower: Int32Array;
  private readonly useOrder: boolean;
  private readonly beginnings: Float64Array;
  private readonly tops: Float64Array;
  private readonly movable: number[];
  private state = 0x2545f491;

  constructor(stretches: readonly Stretch[], archives: number, initial: readonly number[], useOrder: boolean) {
    this.stretches = stretches;
    this.useOrder = useOrder;
    this.chosen = [...initial];
    this.best = [...initial];
    this.follower = new Int32Array(archives).fill(-1);
    const rows = stretches.reduce((most, stretch) => Math.max(most, stretch.rowPosition), -1) + 1;
    this.beginnings = new Float64Array(rows);
    this.tops = new Float64Array(rows);
    this.movable = stretches.flatMap((stretch, index) => (stretch.options.length > 0 ? [index] : []));
    initial.forEach((option, stretch) => {
      if (option >= 0) this.follower[stretches[stretch]!.options[option]!.column] = stretch;
    });
  }

  anneal(): void {
    if (this.movable.length < 2) return;
    let energy = this.energy();
    let least = energy;
    const steps = Math.min(MOST_STEPS, Math.ceil(LOOKS / this.stretches.length));
    for (let step = 0; step < steps; step += 1) {
      const heat = HOTTEST * (COLDEST / HOTTEST) ** (step / steps);
      const undo = this.move();
      const next = this.energy();
      if (next <= energy || this.random() < Math.exp((energy - next) / heat)) {
        energy = next;
        if (next < least - 1e-9) {
          least = next;
          this.best = [...this.chosen];
        }
      } else {
        for (const [stretch, option] of undo.toReversed()) this.choose(stretch, option);
      }
    }
  }

  /** Gives one stretch another option; whoever held that archive takes the freed one if it may, else stands alone. */
  private move(): [number, number][] {
    const stretch = this.movable[this.below(this.movable.length)]!;
    const { options } = this.stretches[stretch]!;
    const before = this.chosen[stretch]!;
    let option = this.below(options.length + 1) - 1;
    if (option === before) option = option === -1 ? 0 : -1;
    const undo: [number, number][] = [[stretch, before]];
    const wanted = option < 0 ? -1 : options[option]!.column;
    const holder = wanted < 0 ? -1 : this.follower[wanted]!;
    if (holder >= 0 && holder !== stretch) {
      undo.push([holder, this.chosen[holder]!]);
      const freed = before < 0 ? -1 : options[before]!.column;
      this.choose(holder, -1);
      this.choose(stretch, option);
      const swapped =
        freed < 0 ? -1 : this.stretches[holder]!.options.findIndex((candidate) => candidate.column === freed);
      if (swapped >= 0) this.choose(holder, swapped);
    } else {
      this.choose(stretch, option);
    }
    return undo;
  }

  private choose(stretch: number, option: number): void {
    const { options } = this.stretches[stretch]!;
    const before = this.chosen[stretch]!;
    if (before >= 0) {
      const column = options[before]!.column;
      if (this.follower[column] === stretch) this.follower[column] = -1;
    }
    this.chosen[stretch] = option;
    if (option >= 0) this.follower[options[option]!.column] = stretch;
  }

  private energy(): number {
    let total = 0;
    this.beginnings.fill(Number.NaN);
    for (let head = 0; head < this.stretches.length; head += 1) {
      if (this.chosen[head] !== -1) continue;
      const startedAt = this.stretches[head]!.startedAt;
      let key = -1;
      for (let at = head; at >= 0;) {
        const stretch = this.stretches[at]!;
        const option = this.chosen[at]!;
        total += option < 0 ? stretch.alone : stretch.options[option]!.cost;
        if (stretch.key >= 0) {
          if (key >= 0 && key !== stretch.key) total += MIXED_COST;
          key = stretch.key;
        }
        if (stretch.rowPosition >= 0 && startedAt !== null) this.beginnings[stretch.rowPosition] = startedAt;
        at = stretch.endsIn < 0 ? -1 : this.follower[stretch.endsIn]!;
      }
    }
    return this.useOrder ? total + DISPLACED_COST * this.displaced() : total;
  }

  /** How many rows would have to go for the rest to stand in order: all but a longest rising run. */
  private displaced(): number {
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
