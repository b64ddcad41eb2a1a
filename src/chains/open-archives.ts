/** The archives whose successor is not decided: which of them can come before a fragment, nearest in time first. */
import type { Node } from "./node.ts";
import type { KeyGroups } from "./same-key.ts";
import { type DecidedLinks, lowerBound } from "./sure-links.ts";

export class OpenArchives {
  /** By the time they were put away; positions in this list are the columns of the assignment. */
  readonly all: readonly Node[];
  private readonly times: readonly number[];
  private readonly everyColumn: readonly number[];
  private readonly ofUnknownKey: readonly number[];
  private readonly byKey = new Map<string, number[]>();

  constructor(nodes: readonly Node[], groups: KeyGroups, decided: DecidedLinks) {
    this.all = nodes
      .filter((node) => node.resetAt !== null && decided.next(node.index) === null)
      .toSorted((a, b) => a.resetAt! - b.resetAt! || a.index - b.index);
    this.times = this.all.map((node) => node.resetAt!);
    this.everyColumn = this.all.map((_, column) => column);
    const unknown: number[] = [];
    this.all.forEach((node, column) => {
      const key = groups.keyOf(node.index)?.key;
      if (key === undefined) unknown.push(column);
      else if (this.byKey.has(key)) this.byKey.get(key)!.push(column);
      else this.byKey.set(key, [column]);
    });
    this.ofUnknownKey = unknown;
  }

  /** Columns put away at `time` or before, newest first: with a key only those that have it or may have it. */
  *before(time: number, key: string | null): Generator<number> {
    const lists = key === null ? [this.everyColumn] : [this.ofUnknownKey, this.byKey.get(key) ?? []];
    const limit = lowerBound(this.times, time + 1);
    const at = lists.map((list) => lowerBound(list, limit) - 1);
    for (;;) {
      let newest = -1;
      let from = -1;
      lists.forEach((list, index) => {
        const column = list[at[index]!] ?? -1;
        if (column <= newest) return;
        newest = column;
        from = index;
      });
      if (from === -1) return;
      at[from]! -= 1;
      yield newest;
    }
  }
}
