/** What several repairs ask of a home, and the conditions under which they may write. */
import { join } from "node:path";

import type { Fragment } from "../model/fragment.ts";
import type { Conflict, Gate, LockToTake } from "../model/plan.ts";
import type { Session } from "../model/session.ts";
import type { AgentSnapshot, HomeSnapshot } from "../model/snapshot.ts";
import type { StoreRow } from "../model/store.ts";
import type { Outline } from "./outline.ts";
import type { RepairInput } from "./repair.ts";

/** A fragment with the agent and session that it stands in. */
export interface FoundFragment {
  readonly agent: AgentSnapshot;
  readonly fragment: Fragment;
  readonly session: Session | undefined;
}

const BY_PATH = new WeakMap<readonly Fragment[], ReadonlyMap<string, Fragment>>();

/** The file of an agent at a home-relative path, if it holds a transcript. Thousands may be asked for. */
export function transcriptAt({ reading: { fragments } }: AgentSnapshot, path: string): Fragment | undefined {
  const byPath =
    BY_PATH.get(fragments) ??
    new Map(fragments.flatMap((one) => (one.window === undefined ? [[one.path, one] as const] : [])));
  BY_PATH.set(fragments, byPath);
  return byPath.get(path);
}

/** The same in any agent of a home, with the session that it stands in. */
export function fragmentAt(home: HomeSnapshot, path: string): FoundFragment | undefined {
  for (const agent of home.agents) {
    const fragment = transcriptAt(agent, path);
    if (fragment !== undefined) return { agent, fragment, session: sessionOf(agent, fragment) };
  }
  return undefined;
}

/** The session that a fragment stands in. */
export function sessionOf(agent: AgentSnapshot, fragment: Fragment): Session | undefined {
  return agent.sessions.find(
    ({ fragments, checkpoints }) =>
      fragments.some((one) => one.fragment === fragment) || checkpoints.includes(fragment),
  );
}

/** The agent that a finding is about, by its name. */
export function agentNamed(home: HomeSnapshot, name: string | undefined): AgentSnapshot | undefined {
  return home.agents.find(({ reading }) => reading.name === name);
}

/** OpenClaw compares session keys without regard to case (`normalizeStoreSessionKey`, 2026.5.12). */
export function rowWithKey({ reading }: AgentSnapshot, key: string): StoreRow | undefined {
  const wanted = key.toLowerCase();
  return reading.store.rows.find((row) => row.key.toLowerCase() === wanted);
}

/** Id of the agent as its session keys have it. */
export function agentId({ reading }: AgentSnapshot): string {
  for (const { key } of reading.store.rows) {
    const id = /^agent:([^:]+):/.exec(key)?.[1];
    if (id !== undefined) return id.toLowerCase();
  }
  return reading.name.replace(/ \(.+\)$/, "").toLowerCase();
}

/** Why the agent's store can't be written by us, if so: a database, a damaged file, a place outside the home. */
export function storeConflict({ reading }: AgentSnapshot): Conflict | null {
  const { store } = reading;
  const reason =
    reading.databases.length > 0 || store.kind === "database"
      ? "This agent keeps its sessions in a database, which this tool only reads: use OpenClaw's own commands."
      : isOutside(store.path)
        ? "The store lies outside the home."
        : store.state === "ok" || store.state === "missing"
          ? null
          : "The store can't be read whole: repair it first.";
  return reason === null ? null : { path: store.path, reason };
}

/** Whether a home-relative path leads out of the home. */
export function isOutside(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:|\\/.test(path) || path.split("/").includes("..");
}

/** What must hold and be held while a store is written. */
export function storeGuards({ reading }: AgentSnapshot, input: RepairInput): Pick<Outline, "gates" | "locks"> {
  const { path, state } = reading.store;
  const lock = `${path}.lock`;
  const gates: Gate[] = [
    { gate: "gateway-down", why: "A running gateway keeps the store in memory and would write over the change." },
    { gate: "lock-free", path: lock, why: "Whoever holds this lock is writing the store." },
  ];
  if (state !== "missing") {
    gates.push({ gate: "quiet", path, quietMs: input.quietMs, why: "A store that was just written to may be in use." });
  }
  return { gates, locks: [{ path: lock, of: "store", target: path }] };
}

/** What must hold and be held while a transcript is moved or made. `exists`: it is there now. */
export function transcriptGuards(path: string, exists: boolean, input: RepairInput): Pick<Outline, "gates" | "locks"> {
  const lock = `${path}.lock`;
  const free: Gate = { gate: "lock-free", path: lock, why: "Whoever holds this lock is writing the transcript." };
  const why = "A transcript that was just written to belongs to a turn that runs.";
  const quiet: Gate = { gate: "quiet", path, quietMs: input.quietMs, why };
  const locks: LockToTake[] = [{ path: lock, of: "transcript", target: path }];
  return { gates: exists ? [free, quiet] : [free], locks };
}

/** Both sets of guards. */
export function together(...guards: readonly Pick<Outline, "gates" | "locks">[]): Pick<Outline, "gates" | "locks"> {
  return { gates: guards.flatMap(({ gates }) => gates), locks: guards.flatMap(({ locks }) => locks) };
}

/** Rows of a store above which OpenClaw drops those that were used least recently (2026.5.12, `session.maintenance.maxEntries`). */
const MOST_ROWS = 500;

/** What is to be known of a row that a repair adds. */
export function newRowNotes({ reading }: AgentSnapshot): string[] {
  const notes = [
    "The new row is dated now: OpenClaw drops rows (and archives their transcripts) that were not used for 30 days.",
  ];
  if (reading.store.rows.length >= MOST_ROWS) {
    const full = `The store has ${reading.store.rows.length} rows, and OpenClaw keeps ${MOST_ROWS} by default`;
    notes.push(`${full}: it may drop those that were used least recently when it next writes.`);
  }
  return notes;
}

/** The absolute path that OpenClaw writes into a row. */
export function sessionFileOf(home: string, path: string): string {
  return join(home, path);
}
