/** What several rules ask of a home. */
import type { Evidence } from "../model/evidence.ts";
import type { FindingRange } from "../model/finding.ts";
import type { Fragment } from "../model/fragment.ts";
import type { Lock } from "../model/lock.ts";
import type { AgentReading } from "../model/reading.ts";
import type { Session } from "../model/session.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import { rowPlace, type StoreRow } from "../model/store.ts";
import { keptWhile } from "./kept.ts";
import type { CheckedHome } from "./rule.ts";
import { sortedFragments } from "./sorted-fragments.ts";

/** Agents whose sessions are files; what agents with a database keep beside it is not judged. */
export function fileAgents(home: CheckedHome): AgentSnapshot[] {
  return home.agents.filter(({ reading }) => reading.databases.length === 0);
}

/** Whether the store could be read so well that what it does not list is really not listed. */
export function storeIsWhole({ store }: AgentReading): boolean {
  return store.state === "ok";
}

/** The agent's live transcripts. */
export function liveTranscripts(agent: AgentReading): readonly Fragment[] {
  return sortedFragments(agent).live;
}

/** Fragments whose header can't be read or whose end is torn. */
export function damagedFragments(agent: AgentReading): readonly Fragment[] {
  return sortedFragments(agent).damaged;
}

/** When the agent's first reset archive was put away; Infinity without any. Milliseconds, UTC. */
export function oldestReset(agent: AgentReading): number {
  return sortedFragments(agent).oldestReset;
}

/** Rows by the transcript that they mean, in the order of the store; rows that mean none here are left out. */
export function rowsByTranscript({ store }: AgentReading): ReadonlyMap<string, readonly StoreRow[]> {
  return rowsByPath(store.rows);
}

const rowsByPath = keptWhile((rows: readonly StoreRow[]) => {
  const byPath = new Map<string, StoreRow[]>();
  for (const row of rows) {
    if (row.transcriptPath === null) continue;
    const known = byPath.get(row.transcriptPath);
    if (known === undefined) byPath.set(row.transcriptPath, [row]);
    else known.push(row);
  }
  return byPath;
});

/** The row that speaks for several of one transcript: cron rows come in pairs, the shorter key is the job's. */
export function mainRow(rows: readonly StoreRow[]): StoreRow | undefined {
  return rows.length < 2 ? rows[0] : rows.toSorted((a, b) => a.key.length - b.key.length)[0];
}

/** A writer may be at work on this transcript or store: somebody holds its lock, or that can't be excluded. */
export function mayBeWritten(home: CheckedHome, path: string): boolean {
  const lock = lockOn(home, path);
  return lock !== undefined && lock.verdict !== "stale";
}

export function lockOn(home: CheckedHome, path: string): Lock | undefined {
  return home.locks.find((lock) => lock.target === path);
}

/** A time at most this long ago. A time that is yet to come says nothing: then a clock is wrong. */
export function isWithin(ms: number, time: number | null, now: number): boolean {
  return time !== null && time <= now && now - time < ms;
}

/** The row's place in its store, for editors: nothing in a database. */
export function rowRange({ length, line, offset }: StoreRow): { readonly range?: FindingRange } {
  return offset === null || length === null ? {} : { range: { line, offset, bytes: length } };
}

/** "the row of agent:main:main (path:line)" as evidence. */
export function rowEvidence(agent: AgentReading, row: StoreRow, text: string): Evidence {
  return { kind: "store-row", text, ...rowPlace(agent.store, row) };
}

/** The session that a fragment stands in, whatever its place in the chain. */
export function sessionsByFragment(agent: AgentSnapshot): Map<Fragment, Session> {
  const byFragment = new Map<Fragment, Session>();
  for (const session of agent.sessions) {
    for (const { fragment } of session.fragments) byFragment.set(fragment, session);
    for (const fragment of session.checkpoints) byFragment.set(fragment, session);
  }
  return byFragment;
}

/** A copy of the same name and size lies where no cleanup of OpenClaw looks. */
export function isSaved({ savedArchives = [] }: AgentReading, path: string, bytes: number): boolean {
  return savedArchives.some((copy) => copy.bytes === bytes && path.endsWith(`/${copy.name}`));
}

/** Longest name that a sentence can bear; ids come from files and may have any length. */
const MOST_CHARACTERS = 120;

/** Last part of a home-relative path, for a sentence. */
export function baseName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.length <= MOST_CHARACTERS ? name : `${name.slice(0, MOST_CHARACTERS)}…`;
}

/** Whether an absolute path lies inside a folder, on any system. */
export function isBelow(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
}
