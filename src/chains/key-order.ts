/** Which pairs the order inside groups of one key allows. */
import type { Node } from "./node.ts";
import type { KeyGroups } from "./same-key.ts";
import { type DecidedLinks, followsInTime, SAME_MOMENT_MS } from "./sure-links.ts";

/** Thousands of archives are held against each successor: what that needs is looked up once per node. */
export class KeyOrder {
  /** All by node index. */
  private readonly groups: readonly number[];
  private readonly keys: readonly (string | null)[];
  /** Next and previous fragment of the same group. */
  private readonly next: (Node | undefined)[];
  private readonly previous: (Node | undefined)[];
  /** For the first node of a stretch: when the stretch can be over. */
  private readonly over: Float64Array;
  /** For the last node of a stretch: the first. */
  private readonly heads: Node[];
  /** For the first node of a stretch the lesser index of its ends, for the last node the greater one: the same two as a rule. */
  private readonly earliest: Int32Array;
  private readonly latest: Int32Array;

  constructor(nodes: readonly Node[], groups: KeyGroups, decided: DecidedLinks) {
    this.groups = nodes.map(({ index }) => groups.groupOf(index));
    this.keys = nodes.map(({ index }) => groups.keyOf(index)?.key ?? null);
    this.next = nodes.map(() => undefined);
    this.previous = nodes.map(() => undefined);
    this.over = new Float64Array(nodes.length);
    this.heads = [...nodes];
    this.earliest = new Int32Array(nodes.length);
    this.latest = new Int32Array(nodes.length);
    const newest = new Map<number, Node>();
    for (const node of nodes) {
      const { index } = node;
      if (decided.previous(index) === null) {
        const tail = nodes[decided.tailOf(index)]!;
        this.over[index] = overAt(tail);
        this.heads[tail.index] = node;
        this.earliest[index] = Math.min(index, tail.index);
        this.latest[tail.index] = Math.max(index, tail.index);
      }
      if (node.startedAt === null) continue;
      const group = this.groups[index]!;
      const before = newest.get(group);
      this.previous[index] = before;
      if (before !== undefined) this.next[before.index] = node;
      newest.set(group, node);
    }
  }

  /**
   * Whether `to`, the first of its stretch, can follow `from`, the last of its own, without turning time back, mixing keys,
   * skipping a fragment of the same key, or ever leading in a circle (several of one moment could follow each other).
   */
  allows(from: Node, to: Node): boolean {
    if (!followsInTime(from, to) || this.latest[from.index]! >= this.earliest[to.index]!) return false;
    if (this.together(from, to)) return this.next[from.index] === to;
    const key = this.keys[from.index]!;
    const other = this.keys[to.index]!;
    if (key !== null && other !== null && key !== other) return false;
    const next = this.next[from.index];
    if (next !== undefined && this.over[to.index]! > next.startedAt! + SAME_MOMENT_MS) return false;
    const before = this.previous[to.index];
    return before === undefined || followsInTime(before, this.heads[from.index]!);
  }

  together(a: Node, b: Node): boolean {
    return this.groups[a.index] === this.groups[b.index];
  }
}

/** When a stretch can be over, so that its key begins anew: put away, or gone with a key that was deleted. */
function overAt({ fragment, row, startedAt }: Node): number {
  return row !== null ? Infinity : (fragment.archivedAt ?? startedAt ?? Infinity);
}
