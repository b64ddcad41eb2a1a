/** Keys by records of runs: the one fragment that began with the prompt of a reset, moments before the run was recorded. */
import type { KeyClaim } from "../model/reading.ts";
import { lowerBound } from "./sure-links.ts";
import type { Node } from "./node.ts";

/** The agent RPC wrote the header 0.1 to 2.8 s before it recorded its run (2026.5.12, 5 resets). */
const LONGEST_MS = 5000;

/** By node index, the claim that can only be about it; left out where two runs, or two fragments, are as likely. */
export function claimsByRun(nodes: readonly Node[], claims: readonly KeyClaim[]): Map<number, KeyClaim> {
  const runs = claims.filter(({ at, source }) => source === "task-run" && at !== null);
  const found = new Map<number, KeyClaim>();
  if (runs.length === 0) return found;
  const begun = nodes.filter(({ fragment, startedAt }) => fragment.start === "reset-prompt" && startedAt !== null);
  const times = begun.map(({ startedAt }) => startedAt!);
  const disputed = new Set<number>();
  for (const run of runs) {
    const first = lowerBound(times, run.at! - LONGEST_MS);
    const candidates = begun.slice(first, lowerBound(times, run.at! + 1));
    const [only] = candidates;
    if (only === undefined || candidates.length > 1) continue;
    const other = found.get(only.index);
    if (other !== undefined && other.key !== run.key) disputed.add(only.index);
    found.set(only.index, run);
  }
  for (const index of disputed) found.delete(index);
  return found;
}
