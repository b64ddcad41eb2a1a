/**
 * Whether a home was written under the path where it lies now. A lock says nothing about its machine ({pid, createdAt,
 * starttime}), so this is the best hint at whether its pid is a number of this machine at all.
 *
 * A home whose rows name transcripts below another root was copied, restored, moved, or is seen through a mount of another
 * container or host. In none of these cases does a pid mean anything here, and they can't be told apart by the files alone.
 */
import type { LockFile } from "../../model/lock.ts";
import type { HomeReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";

export interface Place {
  /** here: written under this very path; elsewhere: under another; unsure: nothing in it says where. */
  readonly home: "here" | "elsewhere" | "unsure";
  /** The path under which it was written, when that is another. */
  readonly writtenAt: string | null;
}

/** Rules (anchors in docs/where-state-lives.md) by which programs of this machine use a home; others only lead to it. */
const USED_HERE: ReadonlySet<string> = new Set([
  "openclaw-state-dir",
  "openclaw-home",
  "openclaw-config-path",
  "profile",
  "user-home",
  "legacy-name",
  "running-gateway",
]);
const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

/** Judges by the lock's own payload, else by its own row, else by the row written last. */
export function placeOf(reading: HomeReading, lock: LockFile): Place {
  if (reading.home.role === "backup") return { home: "elsewhere", writtenAt: null };
  if (lock.stateDir !== null && lock.stateDir === reading.home.path) return { home: "here", writtenAt: null };
  const rows = reading.agents.flatMap((agent) => agent.store.rows).filter(tellsPlace);
  const own = rows.find((row) => row.transcriptPath === lock.target);
  const witness = own ?? newest(rows);
  if (witness !== undefined) {
    if (witness.transcriptBy === "as-written") return { home: "here", writtenAt: null };
    return { home: "elsewhere", writtenAt: rootOf(witness.sessionFile ?? "") };
  }
  if (lock.stateDir !== null) return { home: "elsewhere", writtenAt: lock.stateDir };
  const usedHere = reading.home.reasons.some(({ rule }) => USED_HERE.has(rule));
  return { home: usedHere ? "here" : "unsure", writtenAt: null };
}

function tellsPlace(row: StoreRow): boolean {
  if (row.sessionFile === null || !ABSOLUTE.test(row.sessionFile)) return false;
  return row.transcriptBy === "as-written" || row.transcriptBy === "moved";
}

function newest(rows: readonly StoreRow[]): StoreRow | undefined {
  let found: StoreRow | undefined;
  for (const row of rows) {
    if (found === undefined || (row.updatedAt ?? -Infinity) > (found.updatedAt ?? -Infinity)) found = row;
  }
  return found;
}

/** What stands before `agents/<name>/sessions/…` in a transcript's path; the folder of the file where that is not its shape. */
function rootOf(sessionFile: string): string {
  const parts = sessionFile.split(/[\\/]/);
  const agents = parts.lastIndexOf("agents");
  const kept = parts.slice(0, agents > 0 ? agents : -1).join("/");
  return kept === "" ? sessionFile : kept;
}
