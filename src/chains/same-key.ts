/** Groups of nodes that share one session key, known or not: a union-find that never joins two different keys. */
import type { KnownKey } from "./node.ts";

export class KeyGroups {
  private readonly parent: number[];
  private readonly keys: (KnownKey | null)[];
  /** What a person said of single nodes: that stays theirs among others of the same key. */
  private readonly assigned: ReadonlyMap<number, KnownKey>;

  constructor(keys: readonly (KnownKey | null)[]) {
    this.parent = keys.map((_, index) => index);
    this.keys = [...keys];
    this.assigned = new Map(
      keys.flatMap((known, node) => (known?.certainty === "assigned" ? [[node, known] as const] : [])),
    );
    const first = new Map<string, number>();
    keys.forEach((known, node) => {
      if (known === null) return;
      const root = first.get(known.key);
      if (root === undefined) first.set(known.key, node);
      else this.parent[node] = root;
    });
  }

  /** A number that is the same for all nodes of one group. */
  groupOf(node: number): number {
    let root = node;
    while (this.parent[root] !== root) root = this.parent[root]!;
    while (this.parent[node] !== root) {
      const next = this.parent[node]!;
      this.parent[node] = root;
      node = next;
    }
    return root;
  }

  /** The key of the node's group, with the evidence that the group has it by. */
  keyOf(node: number): KnownKey | null {
    return this.assigned.get(node) ?? this.keys[this.groupOf(node)] ?? null;
  }

  together(a: number, b: number): boolean {
    return this.groupOf(a) === this.groupOf(b);
  }

  /** False when both keys are known and differ. */
  compatible(a: number, b: number): boolean {
    const first = this.keyOf(a);
    const second = this.keyOf(b);
    return first === null || second === null || first.key === second.key;
  }

  /** Joins two groups; refuses (false) when that would mix keys. */
  join(a: number, b: number): boolean {
    const first = this.groupOf(a);
    const second = this.groupOf(b);
    if (first === second) return true;
    if (!this.compatible(first, second)) return false;
    const key = this.keys[first] ?? this.keys[second] ?? null;
    this.parent[second] = first;
    this.keys[first] = key;
    return true;
  }
}
