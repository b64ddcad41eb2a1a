/** What is left of a lost transcript: archives, checkpoints, backups, other homes' files of the session, trajectories. */
import { listed } from "../model/amounts.ts";
import type { Fragment, FragmentKind } from "../model/fragment.ts";
import type { AgentReading } from "../model/reading.ts";
import { baseName } from "./facts.ts";
import type { CheckedHome, CheckInput } from "./rule.ts";

export interface Copy {
  /** Home-relative, or absolute where it lies in another home. */
  readonly path: string;
  /** What it is, such as "reset archive". */
  readonly label: string;
}

export const KIND_NAMES: Readonly<Record<FragmentKind, string>> = {
  live: "transcript",
  reset: "reset archive",
  deleted: "deleted archive",
  checkpoint: "checkpoint (a copy from before a compaction)",
  imported: "imported transcript",
  cold: "cold archive",
  backup: "backup",
  window: "database",
};
const MOST_COPIES = 10;

/** Copies of the transcript with this session id, best first; `key` finds the same session in other homes. */
export function copiesOf(
  sessionId: string,
  key: string | null,
  agent: AgentReading,
  { home, others }: CheckInput,
): Copy[] {
  const own = fragmentsOf(sessionId, agent)
    .filter((one) => one.kind !== "live")
    .toSorted((a, b) => (b.archivedAt ?? b.modifiedAt) - (a.archivedAt ?? a.modifiedAt))
    .map((one) => ({ path: one.path, label: KIND_NAMES[one.kind] }));
  const elsewhere = others.flatMap((other) => copiesIn(other, sessionId, key, home));
  return [...own, ...elsewhere, ...trajectoriesOf(sessionId, agent)].slice(0, MOST_COPIES);
}

/** Sidecars that recorded turns of the session; they are not archived with it. */
function trajectoriesOf(sessionId: string, { claims }: AgentReading): Copy[] {
  const own = claims.filter((claim) => claim.source === "trajectory" && claim.sessionId === sessionId);
  return [...new Set(own.map(({ path }) => path))].map((path) => ({
    path,
    label: "trajectory (a record of its turns)",
  }));
}

/** By the id in the header; by the one in the name only where the header can't be read. */
function idOf({ fileId, header, sessionId }: Fragment): string | null {
  return header.state === "empty" ? null : (sessionId ?? fileId);
}

function isOf(fragment: Fragment, sessionId: string): boolean {
  return idOf(fragment) === sessionId;
}

/** Thousands of transcripts may be missing at once: then each is looked up, not searched for. */
const BY_ID = new WeakMap<readonly Fragment[], ReadonlyMap<string | null, readonly Fragment[]>>();

function fragmentsOf(sessionId: string, { fragments }: AgentReading): readonly Fragment[] {
  const byId = BY_ID.get(fragments) ?? Map.groupBy(fragments, idOf);
  BY_ID.set(fragments, byId);
  return byId.get(sessionId) ?? [];
}

/** Another home's files of the session id, and the transcript that it has under the same key if it is this home's shadow. */
function copiesIn(other: CheckedHome, sessionId: string, key: string | null, home: CheckedHome): Copy[] {
  const { reading } = other;
  const place = `${reading.home.role} home ${reading.home.path}`;
  const isPair =
    reading.home.canonicalPath === home.reading.home.path || home.reading.home.canonicalPath === reading.home.path;
  return reading.agents.flatMap((agent) => {
    const underKey =
      isPair && key !== null ? agent.store.rows.find((row) => row.key === key)?.transcriptPath : undefined;
    const found =
      underKey === undefined
        ? fragmentsOf(sessionId, agent)
        : agent.fragments.filter((one) => isOf(one, sessionId) || one.path === underKey);
    return found.map((one) => ({
      path: `${reading.home.path}/${one.path}`,
      label: `${KIND_NAMES[one.kind]} ${isOf(one, sessionId) ? "of the same session" : "of the same key"} in the ${place}`,
    }));
  });
}

/** "Copies exist: reset archive x and …", or that there is none. */
export function copiesText(copies: readonly Copy[]): string {
  if (copies.length === 0) return "No copy of it was found in any home that was scanned; look in your backups.";
  const named = copies.slice(0, 3).map(({ path, label }) => `${label} (${baseName(path)})`);
  const more = copies.length > named.length ? [`${copies.length - named.length} more`] : [];
  return `${copies.length === 1 ? "A copy exists" : "Copies exist"}: ${listed([...named, ...more])}.`;
}
