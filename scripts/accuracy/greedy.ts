// The plain way to link, for comparison: each archive is followed by the nearest later header that is still free.
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { LinkCount } from "./measure.ts";
import type { TrueChain } from "./truth.ts";

export function greedyLinks(snapshot: Snapshot, truth: readonly TrueChain[]): LinkCount {
  const previous = new Map<string, string>();
  for (const { home, agents } of snapshot.homes) {
    if (home.role !== "canonical") continue;
    for (const { reading } of agents) {
      const fragments = reading.fragments.filter(({ kind }) => kind !== "checkpoint");
      const archives = fragments
        .filter(({ kind }) => kind === "reset")
        .toSorted((a, b) => a.archivedAt! - b.archivedAt!);
      const headers = fragments
        .filter(({ startedAt }) => startedAt !== null)
        .toSorted((a, b) => a.startedAt! - b.startedAt!);
      for (const archive of archives) {
        const next = headers.find((one) => one.startedAt! >= archive.archivedAt! && !previous.has(one.path));
        if (next !== undefined) previous.set(next.path, archive.path);
      }
    }
  }
  let right = 0;
  let wrong = 0;
  for (const { files } of truth) {
    files.forEach((file, index) => {
      const named = previous.get(file);
      if (named === undefined) return;
      if (named === files[index - 1]) right += 1;
      else wrong += 1;
    });
  }
  return { right, wrong };
}
