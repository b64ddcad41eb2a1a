/** Keeps keys apart: finds weighed links through which two known keys met in one chain. */
import type { Node } from "./node.ts";
import type { KeyGroups } from "./same-key.ts";
import type { DecidedLinks } from "./sure-links.ts";

/** In each stretch between two different known keys, the weighed link with the longest gap: index of its successor. */
export function mixedLinks(
  nodes: readonly Node[],
  groups: KeyGroups,
  decided: DecidedLinks,
  previousOf: (node: number) => number | null,
): number[] {
  const nextOf = new Map<number, number>();
  for (const { index } of nodes) {
    const from = decided.previous(index) === null ? previousOf(index) : null;
    if (from !== null) nextOf.set(from, index);
  }
  const cuts: number[] = [];
  for (const head of nodes) {
    if (decided.previous(head.index) !== null || previousOf(head.index) !== null) continue;
    let key: string | null = null;
    let widest: { readonly to: number; readonly gap: number } | null = null;
    for (let at: number | undefined = head.index; at !== undefined;) {
      const known = groups.keyOf(at)?.key ?? null;
      if (known !== null) {
        if (key !== null && known !== key && widest !== null) cuts.push(widest.to);
        key = known;
        widest = null;
      }
      const sure: number | undefined = decided.next(at)?.to;
      const to: number | undefined = sure ?? nextOf.get(at);
      if (sure === undefined && to !== undefined) {
        const gap = nodes[to]!.startedAt! - nodes[at]!.resetAt!;
        if (widest === null || gap > widest.gap) widest = { to, gap };
      }
      at = to;
    }
  }
  return cuts;
}
