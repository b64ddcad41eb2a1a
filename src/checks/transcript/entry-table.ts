/**
 * Ids and parents of the entries of a transcript, kept compactly: 49 bytes for each place (24 in a hash table, 25 in columns) of
 * tables that double when they are full. A transcript of 1 GB with lines of 1 kB takes 51 MB. More than 2,097,152 entries
 * (103 MB) are not kept: what comes behind them is not followed, and the reading says so.
 *
 * Ids are kept as 64 bits of a hash: among two million the chance that two of them fall together is one in eight million.
 */

/** More entries are not kept. */
export const MOST_ENTRIES = 1 << 21;

/** What is known of an entry, as bits. */
export const FLAG = {
  hasChild: 1,
  prompt: 2,
  answer: 4,
  message: 8,
  /** Names a parent that is not there. */
  broken: 16,
  /** Holds context that the program put around a prompt. */
  rewritten: 32,
} as const;

/** An entry as it is added; `parent` is the number of another one. */
export interface TableEntry {
  readonly id: string;
  /** Index of the parent; -1 without one. */
  readonly parent: number;
  readonly seq: number;
  readonly offset: number;
  readonly size: number;
  readonly flags: number;
  /** Hash of a prompt's words; 0 for other entries. */
  readonly words: number;
}

const FIRST_CAPACITY = 1024;

/** Entries by their numbers, in the order in which they were added, and found by their ids. */
export class EntryTable {
  #length = 0;
  #parent = new Int32Array(FIRST_CAPACITY);
  #seq = new Uint32Array(FIRST_CAPACITY);
  #offset = new Float64Array(FIRST_CAPACITY);
  #size = new Uint32Array(FIRST_CAPACITY);
  #words = new Uint32Array(FIRST_CAPACITY);
  #flags = new Uint8Array(FIRST_CAPACITY);
  /** Three numbers for each slot: both halves of the hash, and the index from 1. */
  #slots = new Uint32Array(3 * 2 * FIRST_CAPACITY);

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= MOST_ENTRIES;
  }

  /** Index of the last entry with this id; -1 without one. */
  find(id: string): number {
    const [high, low] = hashOf(id);
    const slot = this.#slotOf(high, low);
    return this.#slots[slot + 2]! - 1;
  }

  /** Index of the new entry. From now on its id means it, whoever had it before. */
  add({ flags, id, offset, parent, seq, size, words }: TableEntry): number {
    if (this.#length === this.#parent.length) this.#grow();
    const index = this.#length;
    this.#length += 1;
    this.#parent[index] = parent;
    this.#seq[index] = seq;
    this.#offset[index] = offset;
    this.#size[index] = size;
    this.#words[index] = words;
    this.#flags[index] = flags;
    if (parent >= 0) this.mark(parent, FLAG.hasChild);
    const [high, low] = hashOf(id);
    this.#put(high, low, index + 1);
    return index;
  }

  parent(index: number): number {
    return this.#parent[index]!;
  }

  setParent(index: number, parent: number): void {
    this.#parent[index] = parent;
    this.mark(parent, FLAG.hasChild);
  }

  seq(index: number): number {
    return this.#seq[index]!;
  }

  offset(index: number): number {
    return this.#offset[index]!;
  }

  size(index: number): number {
    return this.#size[index]!;
  }

  words(index: number): number {
    return this.#words[index]!;
  }

  has(index: number, flag: number): boolean {
    return (this.#flags[index]! & flag) !== 0;
  }

  mark(index: number, flag: number): void {
    this.#flags[index] = this.#flags[index]! | flag;
  }

  unmark(index: number, flag: number): void {
    this.#flags[index] = this.#flags[index]! & ~flag;
  }

  #put(high: number, low: number, value: number): void {
    const slot = this.#slotOf(high, low);
    this.#slots[slot] = high;
    this.#slots[slot + 1] = low;
    this.#slots[slot + 2] = value;
  }

  /** Where the hash stands, or the free slot where it would. */
  #slotOf(high: number, low: number): number {
    const slots = this.#slots;
    const count = slots.length / 3;
    for (let at = low & (count - 1); ; at = (at + 1) & (count - 1)) {
      const slot = 3 * at;
      if (slots[slot + 2] === 0 || (slots[slot] === high && slots[slot + 1] === low)) return slot;
    }
  }

  #grow(): void {
    const capacity = 2 * this.#parent.length;
    this.#parent = copied(new Int32Array(capacity), this.#parent);
    this.#seq = copied(new Uint32Array(capacity), this.#seq);
    this.#offset = copied(new Float64Array(capacity), this.#offset);
    this.#size = copied(new Uint32Array(capacity), this.#size);
    this.#words = copied(new Uint32Array(capacity), this.#words);
    this.#flags = copied(new Uint8Array(capacity), this.#flags);
    const before = this.#slots;
    this.#slots = new Uint32Array(3 * 2 * capacity);
    for (let slot = 0; slot < before.length; slot += 3)
      if (before[slot + 2] !== 0) this.#put(before[slot]!, before[slot + 1]!, before[slot + 2]!);
  }
}

function copied<T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(into: T, from: T): T {
  into.set(from);
  return into;
}

/** Two independent halves (FNV-1a, and a multiplication with another constant), each mixed to its end. */
function hashOf(text: string): [high: number, low: number] {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b) + 0x27d4eb2f;
  }
  return [mixed(high), mixed(low)];
}

function mixed(hash: number): number {
  let value = hash ^ (hash >>> 16);
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A number for a text, never 0. */
export function wordsHash(text: string): number {
  return hashOf(text)[0] || 1;
}
