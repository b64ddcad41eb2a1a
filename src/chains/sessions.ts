/** Composes the sessions of one agent: its chains with their keys, the copies beside them, and rows that have no transcript. */
import type { Evidence } from "../model/evidence.ts";
import { type Fragment, placeId } from "../model/fragment.ts";
import type { Coverage } from "../model/migration.ts";
import type { AgentReading } from "../model/reading.ts";
import type { Session, SessionState } from "../model/session.ts";
import { rowPlace, type StoreRow, transcriptId } from "../model/store.ts";
import type { Chain } from "./link.ts";
import { compareText, copiesAmong } from "./node.ts";

/** Every fragment in exactly one session; newest first, then by id. */
export function composeSessions(agent: AgentReading, linked: readonly Chain[]): Session[] {
  const chains = withWaitingRows(agent, linked);
  const copies = new Copies([...copiesAmong(agent.fragments, agent.coverage)], chains, agent.coverage);
  const ids = new SessionIds();
  const aliases = otherKeys(agent.store.rows);
  const shown = new Set(chains.flatMap(({ row }) => (row === null ? [] : [row.key, ...(aliases.get(row) ?? [])])));
  // Chains with a current row claim their key as id before those that only once had it.
  const ordered = [...chains.filter(({ row }) => row !== null), ...chains.filter(({ row }) => row === null)];
  const sessions = ordered.map((chain) => chainSession(agent, chain, ids, copies.of(chain), aliases));
  const rowsLeft = agent.store.rows.filter((row) => !shown.has(row.key));
  return newestFirst([
    ...sessions,
    ...rowsLeft.map((row) => rowSession(agent, row, ids, "whose transcript is not here")),
    ...copies.left().map((copy) => copySession(copy, ids)),
  ]);
}

/** The sessions that the store alone tells of, before any transcript is read: no chain yet, one for all rows of a transcript. */
export function listedSessions(agent: AgentReading): Session[] {
  const ids = new SessionIds();
  const aliases = otherKeys(agent.store.rows);
  const others = new Set([...aliases.values()].flat());
  return newestFirst(
    agent.store.rows
      .filter((row) => !others.has(row.key))
      .map((row) => ({
        ...rowSession(agent, row, ids, "whose transcripts are still being read"),
        otherKeys: aliases.get(row) ?? [],
      })),
  );
}

/** Sorted by `byTime`. */
export function newestFirst(sessions: readonly Session[]): Session[] {
  return sessions.toSorted(byTime);
}

/** The order of sessions: by their last write, the newest first, then by id. */
export function byTime(a: Session, b: Session): number {
  return (b.updatedAt ?? 0) - (a.updatedAt ?? 0) || compareText(a.id, b.id);
}

/** A row whose transcript is not here belongs to the newest chain of its key, when that ends in a reset. */
function withWaitingRows(agent: AgentReading, chains: readonly Chain[]): Chain[] {
  const taken = new Set(chains.map(({ row }) => row?.key));
  const newest = new Map(
    chains.filter(({ row, key }) => row === null && key !== null).map((chain) => [chain.key!.key, chain]),
  );
  const rows = new Map<Chain, StoreRow>();
  for (const row of agent.store.rows) {
    const chain = taken.has(row.key) ? undefined : newest.get(row.key);
    if (chain?.fragments.at(-1)?.fragment.kind === "reset") rows.set(chain, row);
  }
  return chains.map((chain) => ({ ...chain, row: chain.row ?? rows.get(chain) ?? null }));
}

/** A key names one session; others that had it once are named by their newest fragment. */
class SessionIds {
  private readonly taken = new Set<string>();

  name(key: string | null, fallback: string): string {
    const id = key === null || this.taken.has(key) ? fallback : key;
    this.taken.add(id);
    return id;
  }
}

function chainSession(
  agent: AgentReading,
  chain: Chain,
  ids: SessionIds,
  checkpoints: readonly Fragment[],
  aliases: ReadonlyMap<StoreRow, readonly string[]>,
): Session {
  const { fragments, key, row } = chain;
  const newest = fragments.at(-1)!.fragment;
  return {
    id: ids.name(key?.key ?? null, placeId(newest)),
    key: key?.key ?? null,
    keyCertainty: key?.certainty ?? null,
    keyEvidence: [...(key === null ? [] : [key.evidence]), ...originEvidence(agent, row)],
    title: titleOf(
      row,
      fragments.map(({ fragment }) => fragment),
      key?.key ?? null,
    ),
    state: stateOf(chain, agent),
    row,
    otherKeys: row === null ? [] : (aliases.get(row) ?? []),
    updatedAt: row?.updatedAt ?? lastActive(newest),
    fragments,
    checkpoints,
    unattributed: key === null ? whyUnattributed(chain, agent) : null,
  };
}

/** Who spawned the session, and what it was forked from, as its row says. */
function originEvidence({ store }: AgentReading, row: StoreRow | null): Evidence[] {
  if (row === null) return [];
  const place = rowPlace(store, row);
  const evidence: Evidence[] = [];
  if (row.spawnedBy !== null) {
    evidence.push({ kind: "spawn-row", text: `its row says that ${row.spawnedBy} spawned it`, ...place });
  }
  const source = row.record?.forkSource ?? null;
  if (source !== null) {
    const entry = source.entryId === null ? "" : ` at entry ${source.entryId}`;
    const text = `its row says that it was forked from ${source.key ?? `session ${source.sessionId}`}${entry}`;
    evidence.push({ kind: "fork-row", text, ...place });
  }
  return evidence;
}

/** When the fragment was last written, as its content, name and file say; milliseconds, UTC. */
export function lastActive(fragment: Fragment): number {
  return fragment.endedAt ?? fragment.archivedAt ?? fragment.startedAt ?? fragment.modifiedAt;
}

/** A transcript without a row is an orphan only if all rows could be read. */
function stateOf({ fragments, key, row }: Chain, agent: AgentReading): SessionState {
  if (row !== null) return "live";
  const { kind } = fragments.at(-1)!.fragment;
  if (kind === "deleted") return "deleted";
  if (kind === "live") return mayLackRows(agent) ? "unknown" : "orphan";
  return key === null ? "unknown" : "ended";
}

/** The store holds, or held, rows that could not be read. */
function mayLackRows({ store }: AgentReading): boolean {
  return store.state === "unreadable" || store.state === "damaged";
}

function titleOf(row: StoreRow | null, fragments: readonly Fragment[], key: string | null): string {
  const said = fragments.find(({ firstUserText }) => firstUserText !== null && firstUserText !== "")?.firstUserText;
  return row?.displayName ?? row?.label ?? said ?? (key === null ? "" : key.split(":").slice(2).join(":"));
}

function whyUnattributed({ fragments, isUnweighed }: Chain, agent: AgentReading): string {
  if (isUnweighed) return "what it continues, and what continues it, is still being weighed";
  const { fragment } = fragments.at(-1)!;
  if (fragment.header.state !== "ok") return "its header can't be read, so nothing says whose it is";
  switch (fragment.kind) {
    case "live":
      if (mayLackRows(agent)) {
        return "the store can't be read whole, and no trajectory, usage family or later fragment names its key";
      }
      return "no row of the store names this transcript, and no trajectory, usage family or later fragment names its key";
    case "deleted":
      return "its key was deleted with it, and no trajectory names the key";
    default:
      return "it was put away by a reset, and no row, trajectory, usage family or later fragment leads to it";
  }
}

/** Keys of the rows that name the same transcript as another row, by that row (the one with the shortest key). */
function otherKeys(rows: readonly StoreRow[]): Map<StoreRow, string[]> {
  const byPlace = Map.groupBy(
    rows.filter((row) => row.transcriptPath !== null && row.transcriptBy !== "foreign"),
    transcriptId,
  );
  const others = new Map<StoreRow, string[]>();
  for (const sharing of byPlace.values()) {
    if (sharing.length < 2) continue;
    const main = sharing.reduce((least, row) => (row.key.length < least.key.length ? row : least));
    others.set(
      main,
      sharing.filter((row) => row !== main).map((row) => row.key),
    );
  }
  return others;
}

function rowSession(agent: AgentReading, row: StoreRow, ids: SessionIds, where: string): Session {
  const evidence: Evidence = {
    kind: "store-row",
    text: `the store has a row ${row.key}, ${where}`,
    ...rowPlace(agent.store, row),
  };
  return {
    id: ids.name(row.key, `${row.key} (row)`),
    key: row.key,
    keyCertainty: "recorded",
    keyEvidence: [evidence, ...originEvidence(agent, row)],
    title: titleOf(row, [], row.key),
    state: "live",
    row,
    otherKeys: [],
    updatedAt: row.updatedAt,
    fragments: [],
    checkpoints: [],
    unattributed: null,
  };
}

function copySession(copy: Fragment, ids: SessionIds): Session {
  return {
    id: ids.name(null, placeId(copy)),
    key: null,
    keyCertainty: null,
    keyEvidence: [],
    title: titleOf(null, [copy], null),
    state: "unknown",
    row: null,
    otherKeys: [],
    updatedAt: lastActive(copy),
    fragments: [],
    checkpoints: [copy],
    unattributed: "it is a copy of a transcript that is not here any more",
  };
}

/**
 * Copies, each with the chain that holds the transcript it was made of: where most of its entries stand, else the same
 * header id, else the same file name.
 */
class Copies {
  private readonly byPlace = new Map<string, Chain>();
  private readonly holders = new Map<string, string>();
  private readonly byHeader = new Map<string, Chain>();
  private readonly byFile = new Map<string, Chain>();
  private readonly found = new Map<Chain, Fragment[]>();
  private readonly strays: Fragment[] = [];

  constructor(copies: readonly Fragment[], chains: readonly Chain[], coverage: readonly Coverage[]) {
    for (const { fragment, heldBy } of coverage) {
      if (heldBy[0] !== undefined) this.holders.set(placeId(fragment), placeId(heldBy[0]));
    }
    this.learn(copies, chains);
    for (const copy of copies) this.add(copy);
  }

  /** Where the originals stand: of many fragments few have copies, and a table of all would take longer than the rest. */
  private learn(copies: readonly Fragment[], chains: readonly Chain[]): void {
    const places = new Set(this.holders.values());
    const headers = new Set(copies.map(({ sessionId }) => sessionId));
    const files = new Set(copies.map(({ fileId }) => fileId));
    for (const chain of chains) {
      for (const { fragment } of chain.fragments) {
        const { fileId, sessionId } = fragment;
        if (places.size > 0 && places.has(placeId(fragment))) this.byPlace.set(placeId(fragment), chain);
        if (sessionId !== null && headers.has(sessionId)) this.byHeader.set(sessionId, chain);
        if (fileId !== null && files.has(fileId)) this.byFile.set(fileId, chain);
      }
    }
  }

  private add(copy: Fragment): void {
    const chain =
      this.byPlace.get(this.holders.get(placeId(copy)) ?? "") ??
      this.byHeader.get(copy.sessionId ?? "") ??
      this.byFile.get(copy.fileId ?? "");
    const list = chain === undefined ? this.strays : this.found.get(chain);
    if (list !== undefined) list.push(copy);
    else this.found.set(chain!, [copy]);
  }

  of(chain: Chain): readonly Fragment[] {
    return (this.found.get(chain) ?? []).toSorted(
      (a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || compareText(a.path, b.path),
    );
  }

  left(): readonly Fragment[] {
    return this.strays;
  }
}
