/** What a line of the gateway's log says: JSON by tslog in the log file, plain text where its output was kept (2026.3 to 2026.9). */
import { asObject, asText, asTime } from "../../../formats/json-values.ts";

export interface LogLine {
  /** Milliseconds, UTC. */
  readonly at: number | null;
  readonly message: string;
  /** Session that the record is labelled with, by id or by key. */
  readonly session: string | null;
}

const MOST_CHARACTERS = 4096;

/** Null for a line that says nothing. */
export function logLine(text: string): LogLine | null {
  const record = text.startsWith("{") ? parsed(text) : undefined;
  return record === undefined ? plainLine(text) : recordLine(record);
}

/** Since 2026.5 with `message`; before only the arguments under their numbers, the first naming the part of the gateway. */
function recordLine(record: Record<string, unknown>): LogLine | null {
  const message = asText(record["message"]) ?? argumentsText(record);
  const at = asTime(record["time"]) ?? asTime(asObject(record["_meta"])?.["date"]);
  return message === "" ? null : { at, message: bounded(message), session: asText(record["session_id"]) };
}

function argumentsText(record: Record<string, unknown>): string {
  const texts: string[] = [];
  for (let index = 0; String(index) in record; index += 1) {
    const value = record[String(index)];
    const text = asText(value) ?? asText(asObject(value)?.["message"]);
    if (text !== null && !(index === 0 && text.startsWith("{"))) texts.push(text);
  }
  return texts.join(" ");
}

/** `2026-11-21T07:28:22.921+00:00 [gateway] removed stale session lock: …` */
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))\s+(?:\[[^\]\s]{1,80}\]\s+)?/;

function plainLine(text: string): LogLine | null {
  const stamp = STAMPED.exec(text);
  const message = bounded(text.slice(stamp?.[0].length ?? 0).trim());
  return message === "" ? null : { at: asTime(stamp?.[1]), message, session: null };
}

const bounded = (text: string): string => text.slice(0, MOST_CHARACTERS).replaceAll(/\s+/g, " ");

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
