/** Turns readings of agents into their sessions, and does again only what a change makes necessary. */
import type { AgentProgram, ReadingContext } from "../agents/program.ts";
import { sureChains, type SurelyLinked, surelyLinked, weighedChains } from "../chains/link.ts";
import { isSeparable as separable, relinked } from "../chains/relink.ts";
import { byTime, composeSessions, lastActive, listedSessions, newestFirst } from "../chains/sessions.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ExecFacts } from "../model/exec-trace.ts";
import { type Fragment, placeId } from "../model/fragment.ts";
import type { HomeIdentity } from "../model/home.ts";
import { succeeds } from "../model/lineage.ts";
import { listChanges, sortedAgain } from "../model/list-changes.ts";
import type { AgentReading, KeyClaim } from "../model/reading.ts";
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
  /** Which sessions fragments and rows stand in; absent until something changed. */
  readonly owners?: Owners;
  /** See `isSeparable`; absent until something changed. */
  readonly separable?: boolean;
}

/** Ids of sessions, by the places of their fragments and by the keys of their rows. Belongs to the newest state of an agent. */
interface Owners {
  readonly byPlace: Map<string, string>;
  readonly byKey: Map<string, string>;
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
  if (before === undefined) return linkedAnew(program, home, raw, context, known);
  const isSame = sameForLinking(before, raw) && (await sameTraces(program, home, before, raw, context));
  const now =
    (isSame ? carried(before, raw) : inPart(before, raw)) ?? (await linkedAnew(program, home, raw, context, known));
  succeeds(raw.fragments, before.raw.fragments);
  succeeds(raw.store.rows, before.raw.store.rows);
  succeeds(now.snapshot.reading.fragments, before.snapshot.reading.fragments);
  succeeds(now.snapshot.sessions, before.snapshot.sessions);
  return now;
}

async function linkedAnew(
  program: AgentProgram,
  home: HomeIdentity,
  raw: AgentReading,
  context: ReadingContext,
  known: SurelyLinked | undefined,
): Promise<LinkedAgent> {
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
  if (traces.size === 0 || raw.fragments === before.fragments) return true;
  const grown = raw.fragments.filter(
    (fragment, index) => fragment !== before.fragments[index] && traces.has(placeId(fragment)),
  );
  if (grown.length === 0) return true;
  const traced = await program.traceExecs(home, grown, context);
  return traced.every(({ execs, ...place }) => linkedBy(execs) === linkedBy(traces.get(placeId(place))));
}

/** What links rest on among exec facts: an agent that polls adds to the others all the time. */
function linkedBy(execs: ExecFacts | null | undefined): string {
  return JSON.stringify([execs?.started, execs?.completed]);
}

/** Whether two readings of an agent lead to the same links: growth of a transcript or a row's new times change none. */
function sameForLinking(linked: LinkedAgent, after: AgentReading): boolean {
  const before = linked.raw;
  return (
    before.name === after.name &&
    before.sessionsPath === after.sessionsPath &&
    before.store.path === after.store.path &&
    before.coverage === after.coverage &&
    JSON.stringify(before.assignedLinks) === JSON.stringify(after.assignedLinks) &&
    sameList(before.claims, after.claims, sameClaim) &&
    sameList(before.fragments, after.fragments, sameFragment) &&
    sameList(before.store.rows, after.store.rows, (a, b) => sameRow(a, b) && sameWaiting(a, b, linked))
  );
}

function sameList<T>(before: readonly T[], after: readonly T[], same: (a: T, b: T) => boolean): boolean {
  const changes = listChanges(before, after);
  if (changes !== null)
    return changes.every(
      ({ added, removed }) =>
        added.length === removed.length && removed.every((item, index) => same(item, added[index]!)),
    );
  return before.length === after.length && before.every((item, index) => same(item, after[index]!));
}

function sameClaim(a: KeyClaim, b: KeyClaim): boolean {
  return (
    a.key === b.key &&
    a.sessionId === b.sessionId &&
    a.fileId === b.fileId &&
    a.runId === b.runId &&
    a.path === b.path &&
    a.line === b.line
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
function sameWaiting(before: StoreRow, after: StoreRow, linked: LinkedAgent): boolean {
  if (before.updatedAt === after.updatedAt) return true;
  const place = transcriptId(after);
  return place !== null && ownersOf(linked).byPlace.has(place);
}

/** Linked again in part, where sessions of other keys can't be concerned; null where they may be. */
function inPart(before: LinkedAgent, raw: AgentReading): LinkedAgent | null {
  const { snapshot, traces } = before;
  const isSeparable =
    traces.size === 0 && snapshot.reading === before.raw && (before.separable ?? separable(before.raw));
  if (!isSeparable || before.snapshot.pending !== undefined) return null;
  const owners = ownersOf(before);
  const found = relinked(before.raw, snapshot.sessions, raw, (place) => owners.byPlace.get(place));
  if (found === null) return null;
  disown(owners, found.removed);
  own(owners, found.added);
  const sessions = inOrder(snapshot.sessions, found.removed, found.added);
  return { raw, snapshot: { reading: raw, sessions }, traces, owners, separable: true };
}

/** The sessions of before with the fragments and rows of now in them; null when they are not known to stand in any. */
function carried(before: LinkedAgent, raw: AgentReading): LinkedAgent | null {
  const { reading: old, sessions } = before.snapshot;
  const owners = ownersOf(before);
  const changed = new Map<Fragment, Fragment>();
  const fragments = old.fragments.slice();
  for (const index of changedPlaces(before.raw.fragments, raw.fragments)) {
    const shown = fragments[index]!;
    const fragment = raw.fragments[index]!;
    const now = shown.execs === null ? fragment : { ...fragment, execs: shown.execs };
    fragments[index] = now;
    changed.set(shown, now);
  }
  const reading = { ...raw, fragments: changed.size === 0 ? old.fragments : fragments };
  const rows = changedRows(old.store, raw.store);
  const lines = movedLines(rows);
  // A row that shares its transcript with another one stands in no session of its own.
  const touched = new Set([
    ...[...changed.keys()].map((fragment) => owners.byPlace.get(placeId(fragment))),
    ...[...rows.keys()].map((row) => owners.byKey.get(row.key)),
  ]);
  const removed: Session[] = [];
  const added: Session[] = [];
  touched.delete(undefined);
  for (const session of sessions) {
    // Where rows moved, any session may name their lines.
    if (lines.size === 0 && touched.size === 0) break;
    if (!touched.delete(session.id) && lines.size === 0) continue;
    const now = withEvidenceAt(lines, raw.store.path, carriedSession(session, changed, rows));
    if (now === session) continue;
    removed.push(session);
    added.push(now);
  }
  if (touched.size > 0) return null;
  return { ...before, raw, snapshot: { reading, sessions: inOrder(sessions, removed, added) }, owners };
}

/** Where more change at once, sorting anew takes less than putting each in its place. */
const MOST_PLACED = 256;

function inOrder(sessions: readonly Session[], removed: readonly Session[], added: readonly Session[]): Session[] {
  if (removed.length <= MOST_PLACED) return sortedAgain(sessions, removed, added, byTime);
  const gone = new Set(removed);
  return newestFirst([...sessions.filter((session) => !gone.has(session)), ...added]);
}

const OWNERS = new WeakMap<readonly Session[], Owners>();

function ownersOf({ owners, snapshot: { sessions } }: LinkedAgent): Owners {
  const known = owners ?? OWNERS.get(sessions) ?? ownersIn(sessions);
  OWNERS.set(sessions, known);
  return known;
}

function ownersIn(sessions: readonly Session[]): Owners {
  const owners: Owners = { byPlace: new Map(), byKey: new Map() };
  own(owners, sessions);
  return owners;
}

function own({ byKey, byPlace }: Owners, sessions: readonly Session[]): void {
  for (const session of sessions) {
    for (const fragment of fragmentsIn(session)) byPlace.set(placeId(fragment), session.id);
    if (session.row !== null) byKey.set(session.row.key, session.id);
  }
}

function disown({ byKey, byPlace }: Owners, sessions: readonly Session[]): void {
  for (const session of sessions) {
    for (const fragment of fragmentsIn(session)) byPlace.delete(placeId(fragment));
    if (session.row !== null) byKey.delete(session.row.key);
  }
}

function* fragmentsIn({ checkpoints, fragments }: Session): Generator<Fragment> {
  for (const { fragment } of fragments) yield fragment;
  yield* checkpoints;
}

/** Lines of the store at which rows stood, and where they stand now. */
function movedLines(rows: ReadonlyMap<StoreRow, StoreRow>): Map<number, number> {
  const moved = new Map<number, number>();
  for (const [{ line }, { line: now }] of rows) if (line !== null && now !== null && now !== line) moved.set(line, now);
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

/** Rows that changed, with what they are now. */
function changedRows(before: Store, after: Store): Map<StoreRow, StoreRow> {
  const changed = new Map<StoreRow, StoreRow>();
  for (const index of changedPlaces(before.rows, after.rows)) changed.set(before.rows[index]!, after.rows[index]!);
  return changed;
}

/** Where two lists of equal length hold different objects. */
function* changedPlaces<T>(before: readonly T[], after: readonly T[]): Generator<number> {
  const changes = listChanges(before, after);
  if (changes === null) {
    for (let at = 0; at < after.length; at += 1) if (before[at] !== after[at]) yield at;
  } else {
    for (const { added, at } of changes) for (let next = at; next < at + added.length; next += 1) yield next;
  }
}

function carriedSession(
  session: Session,
  fragments: ReadonlyMap<Fragment, Fragment>,
  rows: ReadonlyMap<StoreRow, StoreRow>,
): Session {
  const row = session.row === null ? null : (rows.get(session.row) ?? session.row);
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
