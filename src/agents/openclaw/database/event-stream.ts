/** The events of many windows of one database, a stretch at a time: for whoever looks at all of them. */
import type { WindowExtent } from "../../../model/fragment.ts";
import { FileError } from "../../../system/files.ts";
import { readDatabase, SqliteError, type SqliteDatabase } from "../../../system/sqlite.ts";
import type { EventStretch, StretchRequest } from "../../transcripts.ts";
import { eventsOf } from "./event-pages.ts";
import { readSchema, type Schema } from "./schema.ts";

/**
 * One stretch; `path` and `home` are absolute. The windows are read as far as their extents say. Rejects with FileError when not even
 * one event can be read.
 */
export async function readEventStretch(
  home: string,
  path: string,
  windows: readonly WindowExtent[],
  request: StretchRequest,
): Promise<EventStretch> {
  try {
    // It may be read twice, when somebody writes meanwhile.
    const look = await readDatabase(path, { home }, (database) =>
      stretch(database, readSchema(database), windows, request),
    );
    if (look.state === "ok") return look.value;
    throw new FileError(look.state === "missing" ? "gone" : "io", path, look.reason);
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    throw new FileError("io", path, error.message, error);
  }
}

function stretch(
  database: SqliteDatabase,
  schema: Schema,
  windows: readonly WindowExtent[],
  { accepts, from, mostBytes }: StretchRequest,
): EventStretch {
  const events: EventStretch["events"][number][] = [];
  let at = from;
  let bytes = 0;
  try {
    for (; at.index < windows.length; at = { index: at.index + 1, seq: 0 }) {
      const window = windows[at.index]!;
      for (const { seq, text } of eventsOf(database, schema, window, Math.max(window.fromSeq, at.seq))) {
        if (accepts(text)) events.push({ index: at.index, seq, text });
        at = { index: at.index, seq: seq + 1 };
        bytes += text.length;
        if (bytes >= mostBytes) return { events, next: at };
      }
    }
    return { events, next: null };
  } catch (error) {
    // What was read before the damage counts; who goes on from here meets it.
    if (!(error instanceof SqliteError) || bytes === 0) throw error;
    return { events, next: at };
  }
}
