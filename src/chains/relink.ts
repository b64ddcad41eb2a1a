/**
 * Links again only the sessions of the keys that a change concerns, where nothing else can be concerned: in an agent whose
 * store wrote down the key of every fragment, and where no archive is open that could be anybody's.
 */
import { type Fragment, placeId } from "../model/fragment.ts";
import { listChanges, type ListChange } from "../model/list-changes.ts";
import type { AgentReading, KeyClaim } from "../model/reading.ts";
import type { Session } from "../model/session.ts";
import type { StoreRow } from "../model/store.ts";
import { linkChains } from "./link.ts";
import { composeSessions } from "./sessions.ts";

/** Sessions that are replaced by others. */
export interface Relinked {
  readonly removed: readonly Session[];
  readonly added: readonly Session[];
}

/** More keys at once are not worth telling apart from the others. */
const MOST_KEYS = 64;

/**
 * Whether the sessions of each key can be linked without the others. No fragment waits for a successor or may follow one that
 * does, none is a copy of another, and keys rest on nothing but records of session ids.
 */
export function isSeparable(agent: AgentReading): boolean {
  const { assignedLinks = [], claims, coverage, fragments, formerStores, store } = agent;
  return (
    store.kind === "database" &&
    coverage.length === 0 &&
    formerStores.length === 0 &&
    assignedLinks.length === 0 &&
    fragments.every(standsAlone) &&
    claims.every(isOfSession)
  );
}

function standsAlone({ execs, kind, parentSession }: Fragment): boolean {
  return (kind === "window" || kind === "deleted" || kind === "cold") && parentSession === null && execs === null;
}

function isOfSession({ fileId, sessionId, source }: KeyClaim): boolean {
  return sessionId !== null && fileId === null && (source === "window" || source === "archive-record");
}

/**
 * What becomes of the sessions of a separable agent, whose reading `before` was linked to them; null when the change reaches
 * further than single keys. `ownerOf` gives the id of the session that a place stood in.
 */
export function relinked(
  before: AgentReading,
  sessions: readonly Session[],
  after: AgentReading,
  ownerOf: (place: string) => string | undefined,
): Relinked | null {
  const changes = changesBetween(before, after);
  if (changes === null) return null;
  const { claims, fragments, rows } = changes;
  if (!added(fragments).every(standsAlone) || !added(claims).every(isOfSession)) return null;
  const owners = new Set(removed(fragments).map((fragment) => ownerOf(placeId(fragment))));
  const keys = new Set(
    [...rows, ...claims].flatMap((change) => [...change.removed, ...change.added]).map(({ key }) => key),
  );
  for (const { id, key } of sessions) if (owners.delete(id) && key !== null) keys.add(key);
  if (owners.size > 0 || keys.size > MOST_KEYS) return null;
  const own = sessions.filter(({ key }) => key !== null && keys.has(key));
  const part = partOf(after, own, keys, added(fragments), new Set(removed(fragments)));
  return part === null ? null : { removed: own, added: composeSessions(part, linkChains(part)) };
}

interface Changes {
  readonly fragments: readonly ListChange<Fragment>[];
  readonly rows: readonly ListChange<StoreRow>[];
  readonly claims: readonly ListChange<KeyClaim>[];
}

/** Null when anything changed beside these lists, or too much of them. */
function changesBetween(before: AgentReading, after: AgentReading): Changes | null {
  const isSameStore = before.store.path === after.store.path && before.store.state === after.store.state;
  const isSameAgent = before.name === after.name && before.sessionsPath === after.sessionsPath;
  if (!isSameAgent || !isSameStore || before.coverage !== after.coverage) return null;
  if (after.formerStores.length > 0 || (after.assignedLinks ?? []).length > 0) return null;
  const fragments = listChanges(before.fragments, after.fragments);
  const rows = listChanges(before.store.rows, after.store.rows);
  const claims = listChanges(before.claims, after.claims);
  return fragments === null || rows === null || claims === null ? null : { fragments, rows, claims };
}

function added<T>(changes: readonly ListChange<T>[]): T[] {
  return changes.flatMap((change) => change.added);
}

function removed<T>(changes: readonly ListChange<T>[]): T[] {
  return changes.flatMap((change) => change.removed);
}

/** The agent as if it had these keys alone; null when one of them has to do with others. */
function partOf(
  after: AgentReading,
  sessions: readonly Session[],
  keys: ReadonlySet<string>,
  fresh: readonly Fragment[],
  gone: ReadonlySet<Fragment>,
): AgentReading | null {
  const known = sessions.flatMap((session) => session.fragments.map(({ fragment }) => fragment));
  const fragments = [...new Set([...known.filter((fragment) => !gone.has(fragment)), ...fresh])];
  const places = new Set(fragments.map(placeId));
  const ids = new Set(fragments.map(({ sessionId }) => sessionId));
  const follows = fragments.every(
    ({ recordedPrevious: previous }) => previous === undefined || places.has(placeId(previous.place)),
  );
  const rows = after.store.rows.filter(({ key }) => keys.has(key));
  const claims = after.claims.filter(({ key, sessionId }) => keys.has(key) || ids.has(sessionId));
  const isClosed =
    follows &&
    claims.every(({ key }) => keys.has(key)) &&
    fresh.every(({ sessionId }) => claims.some((claim) => claim.sessionId === sessionId)) &&
    !after.store.rows.some((row) => !keys.has(row.key) && namesAny(row, ids)) &&
    !isNamedElsewhere(rows, ids, after.fragments);
  if (!isClosed) return null;
  return { ...after, fragments, claims, store: { ...after.store, rows } };
}

/** Whether the row has to do with one of these session ids. */
function namesAny({ familyIds, transcriptWindow }: StoreRow, ids: ReadonlySet<string | null>): boolean {
  if (transcriptWindow !== undefined && ids.has(transcriptWindow.sessionId)) return true;
  return familyIds.some((id) => ids.has(id));
}

/** Whether the families of these rows have members beside these session ids. */
function isNamedElsewhere(
  rows: readonly StoreRow[],
  ids: ReadonlySet<string | null>,
  fragments: readonly Fragment[],
): boolean {
  const others = new Set(rows.flatMap(({ familyIds }) => familyIds).filter((id) => !ids.has(id)));
  return others.size > 0 && fragments.some(({ sessionId }) => sessionId !== null && others.has(sessionId));
}
