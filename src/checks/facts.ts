/** What several rules ask of a home. */
import type { Evidence } from "../model/evidence.ts";
import type { FindingRange } from "../model/finding.ts";
import type { Fragment } from "../model/fragment.ts";
import type { Lock } from "../model/lock.ts";
import type { AgentReading } from "../model/reading.ts";
import type { Session } from "../model/session.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import { rowPlace, type StoreRow } from "../model/store.ts";
import type { CheckedHome } from "./rule.ts";

/** Agents whose sessions are files; what agents with a database keep beside it is not judged. */
export function fileAgents(home: CheckedHome): AgentSnapshot[] {
  return home.agents.filter(({ reading }) => reading.databases.length === 0);
}

/** Whether the store could be read so well that what it does not list is really not listed. */
export function storeIsWhole({ store }: AgentReading): boolean {
  return store.state === "ok";
}

/** Fragments by what rules look for among them. */
interface Sorted {
  readonly live: Fragment[];
  /** With a header or an end that is not as it should be. */
  readonly damaged: Fragment[];
  /** When the first of the reset archives was put away; Infinity without any. Milliseconds, UTC. */
  oldestReset: number;
}

const SORTED = new WeakMap<readonly Fragment[], Sorted>();

/** One pass for all rules: a home may have a hundred thousand fragments, and is checked after every change. */
function sorted({ fragments }: AgentReading): Readonly<Sorted> {
  const known = SORTED.get(fragments);
  if (known !== undefined) return known;
  const found: Sorted = { live: [], damaged: [], oldestReset: Infinity };
  for (const fragment of fragments) {
    const { archivedAt, header, kind, tail } = fragment;
    if (kind === "live") found.live.push(fragment);
    if (kind === "reset" && archivedAt !== null) found.oldestReset = Math.min(found.oldestReset, archivedAt);
    if (header.state !== "ok" || tail.state === "torn") found.damaged.push(fragment);
  }
  SORTED.set(fragments, found);
  return found;
}

/** The agent's live transcripts. */
export function liveTranscripts(agent: AgentReading): readonly Fragment[] {
  return sorted(agent).live;
}

/** Fragments whose header can't be read or whose end is torn. */
export function damagedFragments(agent: AgentReading): readonly Fragment[] {
  return sorted(agent).damaged;
}

/** When the agent's first reset archive was put away; Infinity without any. Milliseconds, UTC. */
export function oldestReset(agent: AgentReading): number {
  return sorted(agent).oldestReset;
}

const ROWS_BY_TRANSCRIPT = new WeakMap<AgentReading, ReadonlyMap<string, readonly StoreRow[]>>();

/** Rows by the transcript that they mean, in the order of the store; rows that mean none here are left out. */
export function rowsByTranscript(agent: AgentReading): ReadonlyMap<string, readonly StoreRow[]> {
  const known = ROWS_BY_TRANSCRIPT.get(agent) ?? groupRows(agent);
  ROWS_BY_TRANSCRIPT.set(agent, known);
  return known;
}

function groupRows({ store }: AgentReading): ReadonlyMap<string, readonly StoreRow[]> {
  const byPath = new Map<string, StoreRow[]>();
  for (const row of store.rows) {
    if (row.transcriptPath === null) continue;
    const known = byPath.get(row.transcriptPath);
    if (known === undefined) byPath.set(row.transcriptPath, [row]);
    else known.push(row);
  }
  return byPath;
}

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
