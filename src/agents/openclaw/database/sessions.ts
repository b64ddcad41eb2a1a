/** The parts of a database put together: rows with the windows that they mean, windows with what came before them, keys. */
import type { Evidence } from "../../../model/evidence.ts";
import { type Fragment, placeOf } from "../../../model/fragment.ts";
import type { KeyClaim } from "../../../model/reading.ts";
import type { StoreRow } from "../../../model/store.ts";
import type { ArchiveRecord } from "./archive-records.ts";
import type { DatabaseContents } from "./contents.ts";
import type { NodeRecord } from "./node-records.ts";
import { recordIn, type Roster } from "./roster.ts";
import type { SessionTranscript } from "./session-windows.ts";
import type { WindowRecord } from "./window-records.ts";

export interface DatabaseSessions {
  readonly rows: readonly StoreRow[];
  /** Session by session, each in the order of its windows. */
  readonly fragments: readonly Fragment[];
  readonly claims: readonly KeyClaim[];
  /** The same windows, for each session its own. */
  readonly windows: readonly (readonly Fragment[])[];
}

/** What was put together before, and of what. */
export interface SessionsBefore extends DatabaseSessions {
  readonly contents: DatabaseContents | null;
  readonly archives: { readonly cold: ColdWindows };
}

/** Windows of sessions whose events are in cold storage, by session id. */
type ColdWindows = ReadonlyMap<string, readonly Fragment[]>;

/** Puts them together; with `before` again only what rests on a session or a row that changed since. */
export function databaseSessions(
  path: string,
  contents: DatabaseContents,
  cold: ColdWindows,
  before?: SessionsBefore,
): DatabaseSessions {
  const last = before?.archives.cold === cold ? before : undefined;
  const known = last?.contents ?? undefined;
  const { archives, nodes, sessions } = contents;
  const windowsOf = (id: string): readonly Fragment[] => {
    const warm = recordIn(sessions, id)?.windows ?? [];
    const own = cold.get(id);
    return own === undefined ? warm : [...own, ...warm];
  };
  const changed = changedNames(known?.sessions, sessions);
  const previous = previousIdsOf(nodes.records);
  const windows = sessions.records.map(({ record, windows: warm }, place): readonly Fragment[] => {
    const { sessionId } = record;
    const previousId = record.previousId ?? previous.get(sessionId) ?? null;
    if (previousId === null) return cold.has(sessionId) ? windowsOf(sessionId) : warm;
    const linked = windowsAfter(path, record, windowsOf, previousId);
    const kept = changed.has(sessionId) ? undefined : last?.windows[place];
    return kept !== undefined && kept[0] === linked[0] ? kept : linked;
  });
  const rows = nodes.records.map((node, place) => {
    const stays = node === known?.nodes.records[place] && !(node.sessionId !== null && changed.has(node.sessionId));
    return stays ? last!.rows[place]! : storeRow(node, sessions, windowsOf);
  });
  const claims = sessions.records.map((session, place) =>
    session === known?.sessions.records[place] ? last!.claims[place]! : windowClaim(path, session.record),
  );
  for (const record of archives) claims.push(...archiveClaim(path, record));
  return { rows, windows, fragments: allOf(windows), claims };
}

/** As `flat` does, in a fraction of its time. */
function allOf(windows: readonly (readonly Fragment[])[]): Fragment[] {
  const all: Fragment[] = [];
  for (const own of windows) for (let at = 0; at < own.length; at += 1) all.push(own[at]!);
  return all;
}

/** Names of which either list has another record, or another place, than the other. */
function changedNames<T>(before: Roster<T> | undefined, after: Roster<T>): ReadonlySet<string> {
  const changed = new Set<string>();
  const length = Math.max(before?.names.length ?? 0, after.names.length);
  for (let place = 0; place < length; place += 1) {
    if (before?.records[place] === after.records[place]) continue;
    for (const name of [before?.names[place], after.names[place]]) if (name !== undefined) changed.add(name);
  }
  return changed;
}

/** The windows of a session, the first of them with what came before it. */
function windowsAfter(
  path: string,
  record: WindowRecord,
  windowsOf: (id: string) => readonly Fragment[],
  previousId: string | null,
): readonly Fragment[] {
  const windows = windowsOf(record.sessionId);
  const [first, ...rest] = windows;
  if (first === undefined || previousId === null) return windows;
  return [afterPrevious(path, first, record, previousId, windowsOf), ...rest];
}

/** Earlier releases named the session id before only in the row of the key, for its current one. */
function previousIdsOf(nodes: readonly NodeRecord[]): Map<string, string> {
  const previous = new Map<string, string>();
  for (const { record, sessionId } of nodes) {
    const before = record?.previousSessionId ?? null;
    if (sessionId !== null && before !== null) previous.set(sessionId, before);
  }
  return previous;
}

/** Rows and windows are looked up by identity after every commit, so the same parts give the same object. */
const ROWS = new WeakMap<NodeRecord, { readonly row: StoreRow; readonly record: WindowRecord | undefined }>();
const WINDOWS = new WeakMap<Fragment, Fragment>();
const CLAIMS = new WeakMap<WindowRecord, KeyClaim>();

/** The row with the window in which its session goes on, and what only the record of its session id says. */
function storeRow(
  node: NodeRecord,
  sessions: Roster<SessionTranscript>,
  windowsOf: (id: string) => readonly Fragment[],
): StoreRow {
  const known = ROWS.get(node);
  const current = node.sessionId === null ? undefined : windowsOf(node.sessionId).at(-1);
  const record = node.sessionId === null ? undefined : recordIn(sessions, node.sessionId)?.record;
  if (known !== undefined && known.record === record && meansThe(known.row, current)) return known.row;
  const row: StoreRow = {
    ...node,
    status: node.status ?? record?.status ?? null,
    startedAt: node.startedAt ?? record?.startedAt ?? null,
    endedAt: node.endedAt ?? record?.endedAt ?? null,
    channel: node.channel ?? record?.channel ?? null,
    transcriptPath: current?.path ?? null,
    ...(current?.window === undefined ? {} : { transcriptWindow: current.window }),
    ...(current?.archive === undefined ? {} : { transcriptArchive: current.archive }),
    transcriptBy: current === undefined ? "none" : "session-id",
  };
  ROWS.set(node, { row, record });
  return row;
}

function meansThe(row: StoreRow, current: Fragment | undefined): boolean {
  return (
    row.transcriptPath === (current?.path ?? null) &&
    row.transcriptWindow === current?.window &&
    row.transcriptArchive === current?.archive
  );
}

/** A session id that the database names as the one before: a link where it is here, else a name to look for elsewhere. */
function afterPrevious(
  path: string,
  window: Fragment,
  { reason, sessionId }: WindowRecord,
  previousId: string,
  windowsOf: (id: string) => readonly Fragment[],
): Fragment {
  const previous = windowsOf(previousId).at(-1);
  const known = WINDOWS.get(window);
  const before = known?.recordedPrevious?.place;
  if (known !== undefined && before?.window === previous?.window && before?.path === previous?.path) return known;
  const why = reason === null ? "" : ` (${reason})`;
  const evidence: Evidence = {
    kind: "window",
    text: `the database's record of session ${sessionId} names ${previousId} as the one before it${why}`,
    path,
  };
  const linked: Fragment =
    previous === undefined
      ? { ...window, parentSession: previousId }
      : { ...window, recordedPrevious: { place: placeOf(previous), evidence: [evidence] } };
  WINDOWS.set(window, linked);
  return linked;
}

function windowClaim(path: string, record: WindowRecord): KeyClaim {
  const known = CLAIMS.get(record);
  if (known?.path === path) return known;
  const { createdAt, key, sessionId } = record;
  const claim: KeyClaim = {
    key,
    sessionId,
    fileId: null,
    runId: null,
    at: createdAt,
    source: "window",
    path,
    line: null,
  };
  CLAIMS.set(record, claim);
  return claim;
}

function archiveClaim(path: string, { createdAt, key, sessionId }: ArchiveRecord): KeyClaim[] {
  if (key === null) return [];
  return [{ key, sessionId, fileId: null, runId: null, at: createdAt, source: "archive-record", path, line: null }];
}
