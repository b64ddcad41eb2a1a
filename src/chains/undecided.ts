/** Which fragments stand at places that sure evidence leaves open: there an exec may tell who follows whom. */
import type { SurelyLinked } from "./link.ts";
import type { Node } from "./node.ts";
import type { KeyGroups } from "./same-key.ts";
import { SAME_MOMENT_MS } from "./sure-links.ts";

/** Fragments without a sure predecessor and archives without a sure successor, as far as one of them fits one of the others. */
export function undecidedNodes({ nodes, groups, decided }: SurelyLinked): Set<Node> {
  const heads = nodes.filter((node) => node.startedAt !== null && decided.isOpen(node.index));
  const archives = nodes.filter((node) => node.resetAt !== null && decided.next(node.index) === null);
  const firstReset = new Least(groups, archives, (node) => node.resetAt!);
  const lastStart = new Least(groups, heads, (node) => -node.startedAt!);
  return new Set([
    ...heads.filter((node) => firstReset.fitting(node) <= node.startedAt! + SAME_MOMENT_MS),
    ...archives.filter((node) => -lastStart.fitting(node) >= node.resetAt! - SAME_MOMENT_MS),
  ]);
}

/** The least value among nodes that may have the same key as another one. */
class Least {
  private readonly groups: KeyGroups;
  private readonly byKey = new Map<string | null, number>();
  private readonly ofAll: number;

  constructor(groups: KeyGroups, nodes: readonly Node[], value: (node: Node) => number) {
    this.groups = groups;
    let least = Infinity;
    for (const node of nodes) {
      const key = groups.keyOf(node.index)?.key ?? null;
      this.byKey.set(key, Math.min(this.byKey.get(key) ?? Infinity, value(node)));
      least = Math.min(least, value(node));
    }
    this.ofAll = least;
  }

  /** Infinity when there is none. */
  fitting(node: Node): number {
    const key = this.groups.keyOf(node.index)?.key ?? null;
    if (key === null) return this.ofAll;
    return Math.min(this.byKey.get(key) ?? Infinity, this.byKey.get(null) ?? Infinity);
  }
}
