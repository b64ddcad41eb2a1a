/** Turns readings of agents into their sessions, and does again only what a change makes necessary. */
import type { AgentProgram, ReadingContext } from "../agents/program.ts";
import { linkChains, undecided } from "../chains/link.ts";
import { composeSessions } from "../chains/sessions.ts";
import { type Fragment, placeId } from "../model/fragment.ts";
import type { HomeIdentity } from "../model/home.ts";
import type { AgentReading } from "../model/reading.ts";
import type { LinkedFragment, Session } from "../model/session.ts";
import type { AgentSnapshot } from "../model/snapshot.ts";
import type { StoreRow } from "../model/store.ts";

/** An agent as read and as linked. The linked reading may hold fragments with exec traces that the raw one lacks. */
export interface LinkedAgent {
  readonly raw: AgentReading;
  readonly snapshot: AgentSnapshot;
}

/** Links the agent; with `before` only as far as something changed that links rest on. */
export async function linkAgent(
  program: AgentProgram,
  home: HomeIdentity,
  raw: AgentReading,
  context: ReadingContext,
  before?: LinkedAgent,
): Promise<LinkedAgent> {
  if (before?.raw === raw) return before;
  if (before !== undefined && sameForLinking(before.raw, raw)) return { raw, snapshot: carried(before, raw) };
  const chains = linkChains(raw);
  const open = undecided(chains);
  if (open.size === 0) return { raw, snapshot: { reading: raw, sessions: composeSessions(raw, chains) } };
  const reading = await withTraces(program, home, raw, open, context);
  const sessions = composeSessions(reading, reading === raw ? chains : linkChains(reading));
  return { raw, snapshot: { reading, sessions } };
}

/** The reading with exec traces at the open places; the same object when there are none. */
async function withTraces(
  program: AgentProgram,
  home: HomeIdentity,
  raw: AgentReading,
  open: ReadonlySet<string>,
  context: ReadingContext,
): Promise<AgentReading> {
  const wanted = raw.fragments.filter((fragment) => open.has(placeId(fragment)));
  const read = await program.traceExecs(home, wanted, context);
  const found = new Map(
    read
      .filter(({ execs }) => execs !== null && execs.started.length + execs.completed.length > 0)
      .map((fragment) => [placeId(fragment), fragment]),
  );
  if (found.size === 0) return raw;
  return { ...raw, fragments: raw.fragments.map((fragment) => found.get(placeId(fragment)) ?? fragment) };
}

/** Whether two readings of an agent lead to the same links: growth of a transcript or a row's new times change none. */
function sameForLinking(before: AgentReading, after: AgentReading): boolean {
  return (
    before.name === after.name &&
    before.sessionsPath === after.sessionsPath &&
    before.store.path === after.store.path &&
    sameList(
      before.claims,
      after.claims,
      (a, b) => a.key === b.key && a.sessionId === b.sessionId && a.fileId === b.fileId,
    ) &&
    sameList(before.fragments, after.fragments, sameFragment) &&
    sameList(before.store.rows, after.store.rows, sameRow)
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
    a.parentSession === b.parentSession
  );
}

function sameRow(a: StoreRow, b: StoreRow): boolean {
  return (
    a.key === b.key &&
    a.sessionId === b.sessionId &&
    a.transcriptPath === b.transcriptPath &&
    a.transcriptBy === b.transcriptBy &&
    a.sessionStartedAt === b.sessionStartedAt &&
    a.familyIds.join() === b.familyIds.join() &&
    a.checkpoints.length === b.checkpoints.length
  );
}

/** The sessions of before with the fragments and rows of now in them. */
function carried(before: LinkedAgent, raw: AgentReading): AgentSnapshot {
  const old = before.snapshot.reading;
  const fragments = changes(before.raw.fragments, raw.fragments, placeId);
  const rows = changes(old.store.rows, raw.store.rows, (row) => row.key);
  const reading: AgentReading = { ...raw, fragments: withTracesOf(old.fragments, raw.fragments, fragments) };
  const sessions = before.snapshot.sessions.map((session) => carriedSession(session, fragments, rows));
  return { reading, sessions };
}

/** What changed, by name. */
function changes<T>(before: readonly T[], after: readonly T[], name: (item: T) => string): Map<string, T> {
  const changed = new Map<string, T>();
  after.forEach((item, index) => {
    if (item !== before[index]) changed.set(name(item), item);
  });
  return changed;
}

function withTracesOf(
  earlier: readonly Fragment[],
  raw: readonly Fragment[],
  changed: ReadonlyMap<string, Fragment>,
): readonly Fragment[] {
  if (earlier.length !== raw.length) return raw;
  return earlier.map((fragment, index) =>
    changed.size > 0 && changed.has(placeId(fragment)) ? { ...raw[index]!, execs: fragment.execs } : fragment,
  );
}

function carriedSession(
  session: Session,
  fragments: ReadonlyMap<string, Fragment>,
  rows: ReadonlyMap<string, StoreRow>,
): Session {
  const row = session.row === null ? null : (rows.get(session.row.key) ?? session.row);
  const touched = (fragment: Fragment): boolean => fragments.has(placeId(fragment));
  const grown =
    fragments.size > 0 &&
    (session.fragments.some((linked) => touched(linked.fragment)) || session.checkpoints.some(touched));
  if (!grown && row === session.row) return session;
  const renew = (fragment: Fragment): Fragment => ({
    ...(fragments.get(placeId(fragment)) ?? fragment),
    execs: fragment.execs,
  });
  const chain = grown
    ? session.fragments.map((linked): LinkedFragment =>
        touched(linked.fragment) ? { ...linked, fragment: renew(linked.fragment) } : linked,
      )
    : session.fragments;
  const checkpoints = grown
    ? session.checkpoints.map((copy) => (touched(copy) ? renew(copy) : copy))
    : session.checkpoints;
  const newest = chain.at(-1)?.fragment;
  const updatedAt = row?.updatedAt ?? newest?.endedAt ?? session.updatedAt;
  return { ...session, row, fragments: chain, checkpoints, updatedAt };
}
