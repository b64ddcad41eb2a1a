/** Turns readings of agents into their sessions, and does again only what a change makes necessary. */
import type { AgentProgram, ReadingContext } from "../agents/program.ts";
import { sureChains, type SurelyLinked, surelyLinked, weighedChains } from "../chains/link.ts";
import { composeSessions, lastActive, listedSessions, newestFirst } from "../chains/sessions.ts";
import type { Evidence } from "../model/evidence.ts";
import { type Fragment, placeId } from "../model/fragment.ts";
import type { HomeIdentity } from "../model/home.ts";
import type { AgentReading } from "../model/reading.ts";
import type { LinkedFragment, Session } from "../model/session.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import { type Store, type StoreRow, transcriptId } from "../model/store.ts";
import { inSlices } from "./time-slices.ts";
import { mayDecide, traceOpenPlaces, type Traces, withTraces } from "./tracing.ts";

/** An agent as read and as linked. The linked reading may hold fragments with exec traces that the raw one lacks. */
export interface LinkedAgent {
  readonly raw: AgentReading;
  readonly snapshot: AgentSnapshot;
  /** What was read for linking beside heads and tails. */
  readonly traces: Traces;
  /** Which session each fragment stands in; absent until something grew. */
  readonly owners?: ReadonlyMap<string, string>;
}

/** What can be shown of an agent before its transcripts are read. */
export function listedSnapshot(glance: AgentReading): AgentSnapshot {
  return { reading: glance, sessions: listedSessions(glance), pending: "reading" };
}

/** What can be shown of an agent before its open places are weighed. */
export function surelyLinkedSnapshot(sure: SurelyLinked): AgentSnapshot {
  return { reading: sure.agent, sessions: composeSessions(sure.agent, sureChains(sure)), pending: "linking" };
}

/** Links the agent; with `before` only as far as something changed that links rest on, with `known` the sure links of `raw`. */
export async function linkAgent(
  program: AgentProgram,
  home: HomeIdentity,
  raw: AgentReading,
  context: ReadingContext,
  before?: LinkedAgent,
  known?: SurelyLinked,
): Promise<LinkedAgent> {
  if (before?.raw === raw) return before;
  if (
    before !== undefined &&
    sameForLinking(before.raw, raw) &&
    (await sameTraces(program, home, before, raw, context))
  )
    return carried(before, raw);
  const sure = known ?? (await inSlices(surelyLinked(raw), context.breathe));
  const traces = await traceOpenPlaces(program, home, sure, context);
  const reading = mayDecide(traces) ? withTraces(raw, traces) : raw;
  const found = reading === raw ? sure : await inSlices(surelyLinked(reading), context.breathe);
  const chains = await inSlices(weighedChains(found), context.breathe);
  await context.breathe();
  const sessions = composeSessions(reading, chains);
  return { raw, snapshot: { reading, sessions }, traces };
}

/** Whether fragments that were read for execs have grown without another exec. */
async function sameTraces(
  program: AgentProgram,
  home: HomeIdentity,
  { raw: before, traces }: LinkedAgent,
  raw: AgentReading,
  context: ReadingContext,
): Promise<boolean> {
  if (traces.size === 0) return true;
  const grown = raw.fragments.filter(
    (fragment, index) => fragment !== before.fragments[index] && traces.has(placeId(fragment)),
  );
  if (grown.length === 0) return true;
  const traced = await program.traceExecs(home, grown, context);
  return traced.every(({ execs, ...place }) => JSON.stringify(execs) === JSON.stringify(traces.get(placeId(place))));
}

/** Whether two readings of an agent lead to the same links: growth of a transcript or a row's new times change none. */
function sameForLinking(before: AgentReading, after: AgentReading): boolean {
  return (
    before.name === after.name &&
    before.sessionsPath === after.sessionsPath &&
    before.store.path === after.store.path &&
    before.coverage === after.coverage &&
    JSON.stringify(before.assignedLinks) === JSON.stringify(after.assignedLinks) &&
    sameList(
      before.claims,
      after.claims,
      (a, b) =>
        a.key === b.key &&
        a.sessionId === b.sessionId &&
        a.fileId === b.fileId &&
        a.runId === b.runId &&
        a.path === b.path &&
        a.line === b.line,
    ) &&
    sameList(before.fragments, after.fragments, sameFragment) &&
    sameList(before.store.rows, after.store.rows, (a, b) => sameRow(a, b) && sameWaiting(a, b, after))
  );
}

function sameList<T>(before: readonly T[], after: readonly T[], same: (a: T, b: T) => boolean): boolean {
  if (before === after) return true;
  return (
    before.length === after.length && before.every((item, index) => item === after[index] || same(item, after[index]!))
  );
}

function sameFragment(a: Fragment, b: Fragment): boolean {
  return (
    placeId(a) === placeId(b) &&
    a.kind === b.kind &&
    a.sessionId === b.sessionId &&
    a.startedAt === b.startedAt &&
    a.archivedAt === b.archivedAt &&
    a.start === b.start &&
    a.parentSession === b.parentSession &&
    recordedId(a) === recordedId(b) &&
    a.firstUserText === b.firstUserText &&
    a.peer === b.peer &&
    a.header.state === b.header.state
  );
}

/** What the agent itself wrote down of the predecessor. */
function recordedId({ recordedPrevious }: Fragment): string | null {
  return recordedPrevious === undefined ? null : placeId(recordedPrevious.place);
}

function sameRow(a: StoreRow, b: StoreRow): boolean {
  return (
    a.key === b.key &&
    a.sessionId === b.sessionId &&
    transcriptId(a) === transcriptId(b) &&
    a.transcriptBy === b.transcriptBy &&
    a.sessionStartedAt === b.sessionStartedAt &&
    a.compactionCount === b.compactionCount &&
    a.familyKey === b.familyKey &&
    a.familyIds.join() === b.familyIds.join() &&
    checkpointIds(a) === checkpointIds(b) &&
    a.spawnedBy === b.spawnedBy &&
    a.displayName === b.displayName &&
    a.label === b.label
  );
}

function checkpointIds({ checkpoints }: StoreRow): string {
  return checkpoints.map(({ sessionId }) => sessionId).join();
}

/** A row that waits for its next turn says by its time which archive it may have come from. */
function sameWaiting(before: StoreRow, after: StoreRow, { fragments }: AgentReading): boolean {
  if (before.updatedAt === after.updatedAt) return true;
  return fragments.some((fragment) => placeId(fragment) === transcriptId(after));
}

/** The sessions of before with the fragments and rows of now in them. */
function carried(before: LinkedAgent, raw: AgentReading): LinkedAgent {
  const { reading: old, sessions } = before.snapshot;
  const owners = before.owners ?? ownersIn(sessions);
  const fragments = [...old.fragments];
  const changed = new Map<Fragment, Fragment>();
  raw.fragments.forEach((fragment, index) => {
    if (fragment === before.raw.fragments[index]) return;
    const shown = old.fragments[index]!;
    const now = shown.execs === null ? fragment : { ...fragment, execs: shown.execs };
    fragments[index] = now;
    changed.set(shown, now);
  });
  const reading = { ...raw, fragments: changed.size === 0 ? old.fragments : fragments };
  const rows = changedRows(old.store, raw.store);
  const lines = movedLines(old.store, raw.store);
  const touched = new Set([...changed.keys()].map((fragment) => owners.get(placeId(fragment))));
  // A store is written as a whole: any session may have another row then.
  const isAnyTouched = rows.size > 0 || lines.size > 0;
  const now = sessions.map((session) =>
    isAnyTouched || touched.has(session.id)
      ? withEvidenceAt(lines, raw.store.path, carriedSession(session, changed, rows))
      : session,
  );
  return { raw, snapshot: { reading, sessions: newestFirst(now) }, traces: before.traces, owners };
}

/** Ids of the sessions that fragments stand in, by place: they stay as long as no link changes. */
function ownersIn(sessions: readonly Session[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { id, fragments, checkpoints } of sessions) {
    for (const { fragment } of fragments) owners.set(placeId(fragment), id);
    for (const fragment of checkpoints) owners.set(placeId(fragment), id);
  }
  return owners;
}

/** Lines of the store at which rows stood, and where they stand now. */
function movedLines(before: Store, after: Store): Map<number, number> {
  const moved = new Map<number, number>();
  if (before.rows === after.rows) return moved;
  before.rows.forEach(({ line }, index) => {
    const now = after.rows[index]!.line;
    if (line !== null && now !== null && now !== line) moved.set(line, now);
  });
  return moved;
}

/** The session with the lines of the store that its evidence names as they are now. */
function withEvidenceAt(lines: ReadonlyMap<number, number>, storePath: string, session: Session): Session {
  if (lines.size === 0) return session;
  const moved = ({ path, line }: Evidence): boolean => path === storePath && line !== undefined && lines.has(line);
  const links = session.fragments.some(({ link }) => link?.evidence.some(moved) === true);
  if (!links && !session.keyEvidence.some(moved)) return session;
  const renew = (evidence: readonly Evidence[]): Evidence[] =>
    evidence.map((one) => (moved(one) ? { ...one, line: lines.get(one.line!)! } : one));
  const fragments = links
    ? session.fragments.map((one) =>
        one.link === null ? one : { ...one, link: { ...one.link, evidence: renew(one.link.evidence) } },
      )
    : session.fragments;
  return { ...session, keyEvidence: renew(session.keyEvidence), fragments };
}

/** Rows that changed, by key. */
function changedRows(before: Store, after: Store): Map<string, StoreRow> {
  if (before.rows === after.rows) return new Map();
  return new Map(after.rows.filter((row, index) => row !== before.rows[index]).map((row) => [row.key, row]));
}

function carriedSession(
  session: Session,
  fragments: ReadonlyMap<Fragment, Fragment>,
  rows: ReadonlyMap<string, StoreRow>,
): Session {
  const row = session.row === null ? null : (rows.get(session.row.key) ?? session.row);
  const touched = (fragment: Fragment): boolean => fragments.has(fragment);
  const grown =
    fragments.size > 0 &&
    (session.fragments.some((linked) => touched(linked.fragment)) || session.checkpoints.some(touched));
  if (!grown && row === session.row) return session;
  const renew = (fragment: Fragment): Fragment => fragments.get(fragment) ?? fragment;
  const chain = grown
    ? session.fragments.map((linked): LinkedFragment =>
        touched(linked.fragment) ? { ...linked, fragment: renew(linked.fragment) } : linked,
      )
    : session.fragments;
  const checkpoints = grown
    ? session.checkpoints.map((copy) => (touched(copy) ? renew(copy) : copy))
    : session.checkpoints;
  const newest = chain.at(-1)?.fragment ?? checkpoints.at(-1);
  const updatedAt = row?.updatedAt ?? (newest === undefined ? session.updatedAt : lastActive(newest));
  return { ...session, row, fragments: chain, checkpoints, updatedAt };
}
