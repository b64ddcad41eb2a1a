/**
 * Archives of sessions in cold storage: a record per line, `{kind: "header" | "event" | "identity" | …, row}`
 * (2026.9, session-cold-storage-codec). Only events count here; the other records follow from them.
 */
import { asNumber, asObject, asText } from "../../../formats/json-values.ts";
import { linesOf } from "../../../formats/json-lines.ts";
import type { StoredLine } from "../archived-windows.ts";

/** The events of an unpacked archive, as they stood in the database. A record that can't be read is passed over. */
export function* coldEvents(bytes: Buffer): Generator<StoredLine> {
  for (const { end, start } of linesOf(bytes)) {
    const record = parsed(bytes.toString("utf8", start, end));
    const row = record?.["kind"] === "event" ? asObject(record["row"]) : undefined;
    const seq = asNumber(row?.["seq"]);
    const text = asText(row?.["event_json"]);
    if (seq !== null && text !== null) yield { seq, bytes: Buffer.from(text) };
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
