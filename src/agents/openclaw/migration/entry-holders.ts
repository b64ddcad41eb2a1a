/** For very many entries, by the hash of their content, which holder has each: one number in a table of fixed-size slots. */

/** Held by more than one holder. */
export const SEVERAL = -2;
const NOBODY = -1;

/** An open-addressing table: 12 bytes a slot, at most three quarters of them in use. Holders are numbers from 0. */
export class EntryHolders {
  private keys: BigUint64Array;
  private holders: Int32Array;
  private used = 0;

  constructor(expected = 0) {
    const slots = slotsFor(expected);
    this.keys = new BigUint64Array(slots);
    this.holders = new Int32Array(slots).fill(NOBODY);
  }

  /** Notes that the holder has the entry; a second time of the same holder is no other one. */
  add(content: bigint, holder: number): void {
    if ((this.used + 1) * 4 > this.keys.length * 3) this.grow();
    const slot = this.slotOf(content);
    const known = this.holders[slot]!;
    if (known === NOBODY) {
      this.keys[slot] = content;
      this.holders[slot] = holder;
      this.used += 1;
    } else if (known !== holder) this.holders[slot] = SEVERAL;
  }

  /** The one holder, SEVERAL, or undefined where nobody has it. */
  get(content: bigint): number | undefined {
    const holder = this.holders[this.slotOf(content)]!;
    return holder === NOBODY ? undefined : holder;
  }

  /** How many different entries there are. */
  get size(): number {
    return this.used;
  }

  has(content: bigint): boolean {
    return this.get(content) !== undefined;
  }

  /** The entry's slot, or the free one where it would go. Content hashes need no further mixing. */
  private slotOf(content: bigint): number {
    const mask = this.keys.length - 1;
    let slot = Number(BigInt.asUintN(32, content)) & mask;
    while (this.holders[slot] !== NOBODY && this.keys[slot] !== content) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const [keys, holders] = [this.keys, this.holders];
    this.keys = new BigUint64Array(keys.length * 2);
    this.holders = new Int32Array(keys.length * 2).fill(NOBODY);
    holders.forEach((holder, at) => {
      if (holder === NOBODY) return;
      const slot = this.slotOf(keys[at]!);
      this.keys[slot] = keys[at]!;
      this.holders[slot] = holder;
    });
  }
}

const LEAST_SLOTS = 64;

/** A power of two with room for so many. */
function slotsFor(expected: number): number {
  let slots = LEAST_SLOTS;
  while (expected * 4 > slots * 3) slots *= 2;
  return slots;
}
