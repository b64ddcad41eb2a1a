/** One event of a transcript as a database stores it: as text, or as a zstd frame beside what navigation needs of it. */
import { asObject, asText } from "../../../formats/json-values.ts";
import { decompressZstd } from "../../../formats/zstd.ts";
import type { SqliteRow } from "../../../system/sqlite.ts";
import type { Entry } from "../entries.ts";
import { selected, type Schema } from "./schema.ts";

/** A larger one is not written: the schema bounds `event_utf8_bytes`. */
const MOST_EVENT_BYTES = 4_194_304;

/** What a SELECT must ask for so that an event can be read. */
export function eventColumns(schema: Schema, from: string): string {
  return selected(
    schema,
    "transcript_events",
    ["seq", "event_json", "event_zstd", "event_utf8_bytes", "navigation_json", "created_at"],
    from,
  );
}

/** The text of an event, or why it can't be read. */
export type EventText = { readonly text: string } | { readonly trouble: string };

/** The text as it was written, whichever way it is stored. */
export function eventText(row: SqliteRow): EventText {
  const plain = row["event_json"];
  if (typeof plain === "string") return { text: plain };
  const packed = row["event_zstd"];
  if (!(packed instanceof Uint8Array)) return { trouble: "it has no content" };
  const bytes = decompressZstd(packed, MOST_EVENT_BYTES);
  return bytes === null ? { trouble: "its zstd frame can't be unpacked" } : { text: bytes.toString("utf8") };
}

/** The event as an object; undefined when it can't be read. */
export function eventEntry(row: SqliteRow): Entry | undefined {
  const event = eventText(row);
  return "text" in event ? parsed(event.text) : undefined;
}

/** As much of the event as is stored unpacked: type, ids, time and role, without content when it is a compressed one. */
export function outlineOf(row: SqliteRow): Entry | undefined {
  if (typeof row["event_json"] === "string") return parsed(row["event_json"]);
  return asObject(parsed(asText(row["navigation_json"]) ?? "")?.["navigation"]);
}

function parsed(text: string): Entry | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
