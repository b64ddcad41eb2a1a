/** The parts of a database put together: rows with the windows that they mean, windows with what came before them, keys. */
import type { Evidence } from "../../../model/evidence.ts";
import { type Fragment, placeOf } from "../../../model/fragment.ts";
import { listChanges, patched, type ListChange } from "../../../model/list-changes.ts";
import type { KeyClaim } from "../../../model/reading.ts";
import type { StoreRow } from "../../../model/store.ts";
import type { ArchiveRecord } from "./archive-records.ts";
import type { DatabaseContents } from "./contents.ts";
import type { NodeRecord } from "./node-records.ts";
import { recordIn } from "./roster.ts";
import type { SessionTranscript } from "./session-windows.ts";
import type { WindowRecord } from "./window-records.ts";

export interface DatabaseSessions {
  readonly rows: readonly StoreRow[];
  /** Session by session, each in the order of its windows. */
  readonly fragments: readonly Fragment[];
  /** Those of sessions, in their order, and behind them those of archives. */
  readonly claims: readonly KeyClaim[];
  /** The same windows, for each session its own. */
  readonly windows: readonly (readonly Fragment[])[];
  /** Session ids that have another one before them, with that. */
  readonly previousIds: ReadonlyMap<string, string>;
}

/** What was put together before, and of what. */
export interface SessionsBefore extends DatabaseSessions {
  readonly contents: DatabaseContents | null;
  readonly archives: { readonly cold: ColdWindows };
}

/** Windows of sessions whose events are in cold storage, by session id. */
type ColdWindows = ReadonlyMap<string, readonly Fragment[]>;

/** Puts them together; with `before` only what rests on a session or a row that changed since, and the rest is copied. */
export function databaseSessions(
  path: string,
  contents: DatabaseContents,
  cold: ColdWindows,
  before?: SessionsBefore,
): DatabaseSessions {
  const known = before?.contents ?? null;
  const sessions = known === null ? null : listChanges(known.sessions.records, contents.sessions.records);
  const nodes = known === null ? null : listChanges(known.nodes.records, contents.nodes.records);
  const isSame = before?.archives.cold === cold && known?.archives === contents.archives;
  const parts = new Parts(path, contents, cold);
  return before === undefined || sessions === null || nodes === null || !isSame
    ? parts.all()
    : parts.after(before, sessions, nodes);
}

class Parts {
  private readonly path: string;
  private readonly contents: DatabaseContents;
  private readonly cold: ColdWindows;

  constructor(path: string, contents: DatabaseContents, cold: ColdWindows) {
    this.path = path;
    this.contents = contents;
    this.cold = cold;
  }

  all(): DatabaseSessions {
    const { archives, nodes, sessions } = this.contents;
    const previousIds = previousIdsOf(this.contents);
    const windows = sessions.records.map((session) => this.windowsAfter(session, previousIds));
    const claims = sessions.records.map((session) => this.claim(session));
    return {
      rows: nodes.records.map((node) => this.row(node)),
      fragments: windows.flat(),
      claims: [...claims, ...archives.flatMap((record) => archiveClaim(this.path, record))],
      windows,
      previousIds,
    };
  }

  after(
    before: SessionsBefore,
    sessions: readonly ListChange<SessionTranscript>[],
    nodes: readonly ListChange<NodeRecord>[],
  ): DatabaseSessions {
    const changed = sessions.flatMap(bothSides);
    const saysPrevious =
      changed.some(({ record }) => record.previousId !== null) || nodes.flatMap(bothSides).some(hasPrevious);
    const previousIds = saysPrevious ? previousIdsOf(this.contents) : before.previousIds;
    const windows = patched(before.windows, sessions, (session) => this.windowsAfter(session, previousIds));
    this.follow(
      windows,
      saysPrevious ? [...before.previousIds.keys(), ...previousIds.keys()] : previousIds.keys(),
      previousIds,
    );
    return {
      rows: this.rowsAfter(before.rows, nodes, new Set(changed.map(({ record }) => record.sessionId))),
      fragments: flatAgain(before, windows),
      claims: patched(before.claims, sessions, (session) => this.claim(session)),
      windows,
      previousIds,
    };
  }

  /** The sessions of these ids may follow other windows than before. */
  private follow(
    windows: (readonly Fragment[])[],
    ids: Iterable<string>,
    previousIds: ReadonlyMap<string, string>,
  ): void {
    const { sessions } = this.contents;
    for (const id of ids) {
      const session = recordIn(sessions, id);
      if (session === undefined) continue;
      const place = sessions.places.get(id)!;
      const now = this.windowsAfter(session, previousIds);
      if (now[0] !== windows[place]![0]) windows[place] = now;
    }
  }

  private rowsAfter(
    before: readonly StoreRow[],
    changes: readonly ListChange<NodeRecord>[],
    sessionIds: ReadonlySet<string>,
  ): readonly StoreRow[] {
    const { nodes } = this.contents;
    const rows = patched(before, changes, (node) => this.row(node));
    for (let place = 0; place < rows.length; place += 1) {
      const node = nodes.records[place]!;
      if (node.sessionId !== null && sessionIds.has(node.sessionId)) rows[place] = this.row(node);
    }
    return rows;
  }

  private windowsOf(id: string): readonly Fragment[] {
    const warm = recordIn(this.contents.sessions, id)?.windows ?? [];
    const cold = this.cold.get(id);
    return cold === undefined ? warm : [...cold, ...warm];
  }

  /** The windows of a session, the first of them with what came before it. */
  private windowsAfter({ record }: SessionTranscript, previousIds: ReadonlyMap<string, string>): readonly Fragment[] {
    const windows = this.windowsOf(record.sessionId);
    const previousId = previousIds.get(record.sessionId);
    const [first, ...rest] = windows;
    if (first === undefined || previousId === undefined) return windows;
    return [afterPrevious(this.path, first, record, previousId, this.windowsOf(previousId).at(-1)), ...rest];
  }

  private row(node: NodeRecord): StoreRow {
    const { sessionId } = node;
    if (sessionId === null) return storeRow(node, undefined, undefined);
    return storeRow(node, recordIn(this.contents.sessions, sessionId)?.record, this.windowsOf(sessionId).at(-1));
  }

  private claim({ record }: SessionTranscript): KeyClaim {
    return windowClaim(this.path, record);
  }
}

function bothSides<T>({ added, removed }: ListChange<T>): T[] {
  return [...removed, ...added];
}

function hasPrevious({ record }: NodeRecord): boolean {
  return (record?.previousSessionId ?? null) !== null;
}

/** Earlier releases named the session id before only in the row of the key, for its current one. */
function previousIdsOf({ nodes, sessions }: DatabaseContents): Map<string, string> {
  const previous = new Map<string, string>();
  for (const { record, sessionId } of nodes.records) {
    const before = record?.previousSessionId ?? null;
    if (sessionId !== null && before !== null) previous.set(sessionId, before);
  }
  for (const { record } of sessions.records) {
    if (record.previousId !== null) previous.set(record.sessionId, record.previousId);
  }
  return previous;
}

/** All windows of all sessions, in one list. */
function flatAgain(before: DatabaseSessions, windows: readonly (readonly Fragment[])[]): readonly Fragment[] {
  const changes = listChanges(before.windows, windows);
  if (changes === null) return windows.flat();
  const fragments = before.fragments.slice();
  let moved = 0;
  let place = 0;
  let offset = 0;
  for (const { added, from, removed } of changes) {
    for (; place < from; place += 1) offset += before.windows[place]!.length;
    const [out, into] = [removed.flat(), added.flat()];
    fragments.splice(offset + moved, out.length, ...into);
    moved += into.length - out.length;
  }
  return fragments;
}

/** Rows and windows are looked up by identity after every commit, so the same parts give the same object. */
const ROWS = new WeakMap<NodeRecord, { readonly row: StoreRow; readonly record: WindowRecord | undefined }>();
const WINDOWS = new WeakMap<Fragment, Fragment>();
const CLAIMS = new WeakMap<WindowRecord, KeyClaim>();

/** The row with the window in which its session goes on, and what only the record of its session id says. */
function storeRow(node: NodeRecord, record: WindowRecord | undefined, current: Fragment | undefined): StoreRow {
  const known = ROWS.get(node);
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
  previous: Fragment | undefined,
): Fragment {
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
