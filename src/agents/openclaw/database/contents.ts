/** What a database says of sessions, part by part: read whole once, and from then on only as far as something changed. */
import type { DatabaseTrouble } from "../../../model/database.ts";
import { SqliteError, type SqliteDatabase } from "../../../system/sqlite.ts";
import { archiveRecords, type ArchiveRecord } from "./archive-records.ts";
import {
  allChanges,
  idUpdates,
  keyUpdates,
  recentChanges,
  watermarks,
  type Changes,
  type Watermarks,
} from "./changes.ts";
import { extents, marks } from "./extents.ts";
import { nodeRecords, type NodeRecord } from "./node-records.ts";
import { emptyRoster, recordIn, withRecords, type Roster } from "./roster.ts";
import type { Schema } from "./schema.ts";
import { sessionTranscripts, type SessionTranscript, type WindowSource } from "./session-windows.ts";
import { windowRecords } from "./window-records.ts";

/** Plain data, as kept across scans. */
export interface DatabaseContents {
  readonly watermarks: Watermarks;
  /** By session key. */
  readonly nodes: Roster<NodeRecord>;
  /** By session id. */
  readonly sessions: Roster<SessionTranscript>;
  readonly archives: readonly ArchiveRecord[];
  readonly trouble: readonly DatabaseTrouble[];
}

/** Keys or ids that are asked for in one statement: enough to cost little, few enough to end soon. */
const BATCH = 200;
/** Events of a database in which every one may be measured. */
const MOST_MEASURED = 50_000;
const MOST_TROUBLE = 50;

export interface ContentsSource {
  readonly database: SqliteDatabase;
  readonly schema: Schema;
  /** Home-relative path of the database. */
  readonly path: string;
  readonly breathe: () => Promise<void>;
}

/** Reads all of it, or what changed since `before`. With `thorough` deletions and changes of old rows are looked for too. */
export async function readContents(
  source: ContentsSource,
  before: DatabaseContents | undefined,
  thorough: boolean,
): Promise<DatabaseContents> {
  const { database, schema } = source;
  const reader = new ContentsReader(source, before);
  // Taken first: what is written while reading lies beyond them, and is read the next time.
  const now = watermarks(database, schema, before?.watermarks);
  const changes = before === undefined ? everything(source) : changesSince(source, before, now, thorough);
  const moved = reader.readArchives(now);
  await reader.readNodes(changes);
  await reader.readSessions(
    { ...changes, ids: [...new Set([...changes.ids, ...moved])] },
    now.eventRow <= MOST_MEASURED,
  );
  return reader.contents(now);
}

function everything({ database, schema }: ContentsSource): Changes {
  return {
    keys: [...keyUpdates(database, schema).keys()],
    ids: [...idUpdates(database, schema).keys()],
    goneKeys: [],
    goneIds: [],
  };
}

function changesSince(
  { database, schema }: ContentsSource,
  before: DatabaseContents,
  now: Watermarks,
  thorough: boolean,
): Changes {
  const recent = thorough ? null : recentChanges(database, schema, before, now);
  return recent ?? allChanges(database, schema, before, now);
}

function coldIds(records: readonly ArchiveRecord[]): ReadonlySet<string> {
  return new Set(records.filter(({ kind }) => kind === "cold").map(({ sessionId }) => sessionId));
}

/** Gathers the parts; trouble with one of them leaves the others. */
class ContentsReader {
  private readonly source: ContentsSource;
  private readonly before: DatabaseContents | undefined;
  private readonly known: Pick<DatabaseContents, "nodes" | "sessions">;
  /** What differs from what is known; null is gone. */
  private readonly nodes = new Map<string, NodeRecord | null>();
  private readonly sessions = new Map<string, SessionTranscript | null>();
  /** Null when their records could not be read. */
  private archives: readonly ArchiveRecord[] | null;
  private readonly trouble: DatabaseTrouble[] = [];

  constructor(source: ContentsSource, before: DatabaseContents | undefined) {
    this.source = source;
    this.before = before;
    this.known = before ?? { nodes: emptyRoster(), sessions: emptyRoster() };
    this.archives = before?.archives ?? [];
  }

  async readNodes({ goneKeys, keys }: Changes): Promise<void> {
    for (const key of goneKeys) this.nodes.set(key, null);
    const { database, schema } = this.source;
    await this.inBatches(keys, "session_nodes", (batch) => {
      for (const node of nodeRecords(database, schema, batch)) {
        // The newest row is asked for at every commit, and mostly says the same.
        const known = recordIn(this.known.nodes, node.key);
        if (JSON.stringify(node) !== JSON.stringify(known)) this.nodes.set(node.key, node);
      }
    });
  }

  async readSessions({ goneIds, ids }: Changes, measured: boolean): Promise<void> {
    for (const id of goneIds) this.sessions.set(id, null);
    const { database, path, schema } = this.source;
    const windowSource: WindowSource = { database, schema, path, measured };
    await this.inBatches(ids, "transcript_events", (batch) => {
      const found = extents(database, schema, batch);
      const divided = marks(database, schema, batch, found);
      const asked = [...windowRecords(database, schema, batch)].map((fresh) => {
        const { sessionId } = fresh;
        const [extent, before] = [found.get(sessionId) ?? null, recordIn(this.known.sessions, sessionId)];
        const isSame = before !== undefined && JSON.stringify(fresh) === JSON.stringify(before.record);
        const record = isSame ? before.record : fresh;
        return { record, extent, marks: divided.get(sessionId), before };
      });
      for (const one of sessionTranscripts(windowSource, asked)) this.sessions.set(one.record.sessionId, one);
    });
  }

  contents(now: Watermarks): DatabaseContents {
    const { archives, known, trouble } = this;
    const nodes = withRecords(known.nodes, this.nodes);
    const sessions = withRecords(known.sessions, this.sessions);
    // A number that no count has: what failed is tried again the next time.
    const reached = archives === null ? { ...now, archives: -1 } : now;
    return { watermarks: reached, nodes, sessions, archives: archives ?? [], trouble };
  }

  /** Sessions that went into cold storage or came back: neither moves any other number. */
  readArchives(now: Watermarks): string[] {
    const { before } = this;
    const { archives, coldArchives } = before?.watermarks ?? {};
    if (archives === now.archives && coldArchives === now.coldArchives) return [];
    const { database, schema } = this.source;
    this.archives = this.guarded("session_transcript_archives", () => archiveRecords(database, schema)) ?? null;
    const [was, is] = [coldIds(before?.archives ?? []), coldIds(this.archives ?? [])];
    return [...[...was].filter((id) => !is.has(id)), ...[...is].filter((id) => !was.has(id))];
  }

  /** A batch that fails is tried again one by one, so that what is damaged costs only itself. */
  private async inBatches(
    names: readonly string[],
    table: string,
    read: (batch: readonly string[]) => void,
  ): Promise<void> {
    for (let at = 0; at < names.length; at += BATCH) {
      await this.source.breathe();
      const batch = names.slice(at, at + BATCH);
      try {
        read(batch);
      } catch (error) {
        if (!(error instanceof SqliteError)) throw error;
        // The file leads in circles: each further statement would take as long.
        if (error.trouble === "late") return this.note(table, error);
        for (const name of batch) {
          await this.source.breathe();
          this.guarded(`${table} of ${name}`, () => read([name]));
        }
      }
    }
  }

  private guarded<T>(where: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error;
      this.note(where, error);
      return undefined;
    }
  }

  private note(where: string, { message }: SqliteError): void {
    if (this.trouble.length < MOST_TROUBLE) this.trouble.push({ kind: "damage", reason: message, where });
  }
}
