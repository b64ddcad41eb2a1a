// The plain way to link, for comparison: each archive is followed by the nearest later header that is still free.
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { LinkCount } from "./measure.ts";
import { fragmentName, type TrueChain } from "./truth.ts";

export function greedyLinks(snapshot: Snapshot, truth: readonly TrueChain[]): LinkCount {
  const previous = new Map<string, string>();
  for (const { home, agents } of snapshot.homes) {
    if (home.role !== "canonical") continue;
    for (const { reading } of agents) {
      const fragments = reading.fragments.filter(({ kind }) => kind !== "checkpoint");
      const archives = fragments
        .filter(({ archivedAt, kind }) => kind === "reset" || (kind === "window" && archivedAt !== null))
        .toSorted((a, b) => a.archivedAt! - b.archivedAt!);
      const headers = fragments
        .filter(({ startedAt }) => startedAt !== null)
        .toSorted((a, b) => a.startedAt! - b.startedAt!);
      for (const archive of archives) {
        const next = headers.find((one) => one.startedAt! >= archive.archivedAt! && !previous.has(fragmentName(one)));
        if (next !== undefined) previous.set(fragmentName(next), fragmentName(archive));
      }
    }
  }
  let right = 0;
  let wrong = 0;
  for (const { fragments } of truth) {
    fragments.forEach((fragment, index) => {
      const named = previous.get(fragment);
      if (named === undefined) return;
      if (named === fragments[index - 1]) right += 1;
      else wrong += 1;
    });
  }
  return { right, wrong };
}
