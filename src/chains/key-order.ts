/** Which pairs the order inside groups of one key allows. */
import type { Node } from "./node.ts";
import type { KeyGroups } from "./same-key.ts";
import { type DecidedLinks, followsInTime, SAME_MOMENT_MS } from "./sure-links.ts";

export class KeyOrder {
  private readonly nodes: readonly Node[];
  private readonly groups: KeyGroups;
  private readonly decided: DecidedLinks;
  private readonly members = new Map<number, Node[]>();
  private readonly position = new Map<number, number>();

  constructor(nodes: readonly Node[], groups: KeyGroups, decided: DecidedLinks) {
    this.nodes = nodes;
    this.groups = groups;
    this.decided = decided;
    for (const node of nodes) {
      if (node.startedAt === null) continue;
      const group = groups.groupOf(node.index);
      const list = this.members.get(group);
      this.position.set(node.index, list?.length ?? 0);
      if (list === undefined) this.members.set(group, [node]);
      else list.push(node);
    }
  }

  /** Whether `to` can follow `from` without turning time back, mixing keys or skipping a fragment of the same key. */
  allows(from: Node, to: Node): boolean {
    const { groups, decided, nodes } = this;
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
    return at === undefined ? undefined : this.members.get(this.groups.groupOf(node.index))![at + step];
  }
}

/** Whether `end` can be over when `next` begins under the same key: put away, or gone with a key that was deleted. */
function canEndBefore(end: Node, next: Node): boolean {
  if (end.row !== null || next.startedAt === null) return false;
  const over = end.fragment.archivedAt ?? end.startedAt;
  return over !== null && over <= next.startedAt + SAME_MOMENT_MS;
}
