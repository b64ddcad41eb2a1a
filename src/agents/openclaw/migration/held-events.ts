/** What is asked of the databases of a home while its files are compared: each is opened once, however much is asked. */
import type { FragmentPlace } from "../../../model/fragment.ts";
import type { HomeIdentity } from "../../../model/home.ts";
import { FileError, pathFrom } from "../../../system/files.ts";
import { openDatabase, SqliteError, type OpenDatabase } from "../../../system/sqlite.ts";
import { eventColumns, eventText } from "../database/events.ts";
import { readSchema, type Schema } from "../database/schema.ts";
import { readTranscript } from "../transcript-pages.ts";
import type { HeldEvents } from "./held-digest.ts";

/** Few enough that no statement stays open while other work of the process runs. */
const EVENTS_AT_ONCE = 256;
const PAGE = { mostEvents: 4096, mostBytes: 16 << 20 } as const;

/** Hands `use` the events of a home, and closes what was opened for them. */
export async function withHeldEvents<T>(home: HomeIdentity, use: (events: HeldEvents) => Promise<T>): Promise<T> {
  const databases = new OpenDatabases(home);
  try {
    return await use({
      texts: (place) =>
        place.archive === undefined && place.window !== undefined && !place.path.endsWith(".zst")
          ? databases.texts(place.path, place.window)
          : pagesOf(home, place),
      sessionsWith: (path, eventIds) => databases.sessionsWith(path, eventIds),
    });
  } finally {
    databases.close();
  }
}

/** What is packed into an archive is read as it is shown. */
async function* pagesOf(home: HomeIdentity, place: FragmentPlace): AsyncGenerator<string> {
  for (let from = place.window?.fromSeq ?? 0; ;) {
    const { events, next } = await readTranscript(home, place, { ...PAGE, from });
    for (const { text } of events) yield text;
    if (next === null) return;
    from = next;
  }
}

class OpenDatabases {
  private readonly home: HomeIdentity;
  private readonly opened = new Map<string, { readonly database: OpenDatabase; readonly columns: string }>();

  constructor(home: HomeIdentity) {
    this.home = home;
  }

  /** An event that can't be read is left out: what it says may then stand nowhere else. */
  async *texts(path: string, window: NonNullable<FragmentPlace["window"]>): AsyncGenerator<string> {
    for (let from = window.fromSeq; from <= window.toSeq; from += EVENTS_AT_ONCE) {
      const to = Math.min(from + EVENTS_AT_ONCE - 1, window.toSeq);
      for (const event of this.rows(path, window.sessionId, from, to).map(eventText)) {
        if ("text" in event) yield event.text;
      }
    }
  }

  /** One pass over the index of events, which is small beside the events themselves. */
  sessionsWith(path: string, eventIds: readonly string[]): string[] | null {
    try {
      const { database } = this.open(pathFrom(this.home.path, path));
      const statement =
        "SELECT DISTINCT session_id FROM transcript_event_identities WHERE in_time() AND event_id IN (SELECT value FROM json_each(?))";
      return database.all(statement, JSON.stringify(eventIds)).map((row) => String(row["session_id"]));
    } catch (error) {
      if (error instanceof SqliteError || error instanceof FileError) return null;
      throw error;
    }
  }

  close(): void {
    for (const { database } of this.opened.values()) database.close();
  }

  private rows(path: string, sessionId: string, from: number, to: number): ReturnType<OpenDatabase["all"]> {
    const absolute = pathFrom(this.home.path, path);
    const { database, columns } = this.open(absolute);
    try {
      const statement = `SELECT ${columns} FROM transcript_events AS events WHERE session_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`;
      return database.all(statement, sessionId, from, to);
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error;
      throw new FileError("io", absolute, error.message, error);
    }
  }

  private open(path: string): { readonly database: OpenDatabase; readonly columns: string } {
    const known = this.opened.get(path);
    if (known !== undefined) return known;
    const look = openDatabase(path, { home: this.home.path });
    if (look.state !== "ok") throw new FileError("io", path, look.reason);
    const fresh = { database: look.database, columns: columnsOf(look.database, path) };
    this.opened.set(path, fresh);
    return fresh;
  }
}

function columnsOf(database: OpenDatabase, path: string): string {
  try {
    const schema: Schema = readSchema(database);
    return eventColumns(schema, "events");
  } catch (error) {
    database.close();
    if (!(error instanceof SqliteError)) throw error;
    throw new FileError("io", path, error.message, error);
  }
}
