/** The parts of a database put together: rows with the windows that they mean, windows with what came before them, keys. */
import type { Evidence } from "../../../model/evidence.ts";
import { type Fragment, placeOf } from "../../../model/fragment.ts";
import type { KeyClaim } from "../../../model/reading.ts";
import type { StoreRow } from "../../../model/store.ts";
import type { ArchiveRecord } from "./archive-records.ts";
import type { DatabaseContents } from "./contents.ts";
import type { NodeRecord } from "./node-records.ts";
import type { SessionTranscript } from "./session-windows.ts";
import type { WindowRecord } from "./window-records.ts";

export interface DatabaseSessions {
  readonly rows: readonly StoreRow[];
  /** Session by session, each in the order of its windows. */
  readonly fragments: readonly Fragment[];
  readonly claims: readonly KeyClaim[];
}

/** Puts them together; `coldWindows` are those of sessions whose events are in cold storage, by session id. */
export function databaseSessions(
  path: string,
  { archives, nodes, sessions }: DatabaseContents,
  coldWindows: ReadonlyMap<string, readonly Fragment[]>,
): DatabaseSessions {
  const windowsOf = (id: string): readonly Fragment[] => {
    const cold = coldWindows.get(id);
    const warm = sessions.get(id)?.windows ?? [];
    return cold === undefined ? warm : [...cold, ...warm];
  };
  const previousIds = previousIdsOf(nodes.values());
  const fragments: Fragment[] = [];
  for (const { record } of sessions.values()) {
    const [first, ...rest] = windowsOf(record.sessionId);
    if (first === undefined) continue;
    const previousId = record.previousId ?? previousIds.get(record.sessionId) ?? null;
    fragments.push(previousId === null ? first : afterPrevious(path, first, record, previousId, windowsOf), ...rest);
  }
  return {
    rows: [...nodes.values()].map((node) => storeRow(node, sessions, windowsOf)),
    fragments,
    claims: [
      ...[...sessions.values()].map(({ record }) => windowClaim(path, record)),
      ...archives.flatMap((record) => archiveClaim(path, record)),
    ],
  };
}

/** Earlier releases named the session id before only in the row of the key, for its current one. */
function previousIdsOf(nodes: Iterable<NodeRecord>): Map<string, string> {
  const previous = new Map<string, string>();
  for (const { record, sessionId } of nodes) {
    const before = record?.previousSessionId ?? null;
    if (sessionId !== null && before !== null) previous.set(sessionId, before);
  }
  return previous;
}

/** Rows and windows are looked up by identity after every commit, so the same parts give the same object. */
const ROWS = new WeakMap<NodeRecord, StoreRow>();
const WINDOWS = new WeakMap<Fragment, Fragment>();
const CLAIMS = new WeakMap<WindowRecord, KeyClaim>();

/** The row with the window in which its session goes on, and what only the record of its session id says. */
function storeRow(
  node: NodeRecord,
  sessions: ReadonlyMap<string, SessionTranscript>,
  windowsOf: (id: string) => readonly Fragment[],
): StoreRow {
  const known = ROWS.get(node);
  const current = node.sessionId === null ? undefined : windowsOf(node.sessionId).at(-1);
  if (known !== undefined && meansThe(known, current)) return known;
  const record = node.sessionId === null ? undefined : sessions.get(node.sessionId)?.record;
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
  ROWS.set(node, row);
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
