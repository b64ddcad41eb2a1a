/** A database beside the files of an older home, filled with their entries as OpenClaw's import fills it (read in 2026.9.6). */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { AgentDatabase } from "./openclaw-database.ts";

type Entry = Readonly<Record<string, unknown>>;

/** A session to import. */
export interface ImportedSession {
  readonly key: string;
  readonly sessionId: string;
  /** What the database holds then, header first. */
  readonly entries: readonly Entry[];
  /** The row of the store, as it was. */
  readonly row?: Entry;
}

/** The entries of a transcript file, header first. */
export function entriesOf(path: string): Entry[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): Entry => JSON.parse(line));
}

/** Makes the database of an agent with these sessions, and leaves it as a gateway that was stopped in good order. */
export function importedDatabase(home: string, agent: string, sessions: readonly ImportedSession[]): void {
  const database = new AgentDatabase(join(home, "agents", agent, "agent", "openclaw-agent.sqlite"), { agent });
  database.commit(() => sessions.forEach((session) => importSession(database, session)));
  database.close();
}

function importSession(database: AgentDatabase, { entries, key, row = {}, sessionId }: ImportedSession): void {
  const times = entries.map(timeOf);
  const [created_at = 0] = times;
  const updated_at = Math.max(0, ...times);
  const entry_json = JSON.stringify({ ...row, sessionId, updatedAt: updated_at });
  const status = typeof row["status"] === "string" ? row["status"] : null;
  database.insert("session_nodes", { session_key: key, current_session_id: sessionId, entry_json, updated_at, status });
  database.insert("session_windows", { session_id: sessionId, session_key: key, created_at, updated_at });
  const seen = new Set<unknown>();
  for (const given of entries) {
    const entry = given["type"] === "session" ? { ...given, id: sessionId } : given;
    const { id = null, parentId = null, type } = entry;
    // Of entries with the same id only the first is taken.
    if (id !== null && seen.has(id)) continue;
    const seq = seen.size;
    seen.add(id ?? entry);
    const created = timeOf(entry);
    database.insert("transcript_events", {
      session_id: sessionId,
      seq,
      event_json: JSON.stringify(entry),
      created_at: created,
    });
    if (typeof id !== "string") continue;
    database.insert("transcript_event_identities", {
      session_id: sessionId,
      event_id: id,
      seq,
      event_type: String(type),
      parent_id: typeof parentId === "string" ? parentId : null,
      created_at: created,
    });
  }
}

function timeOf(entry: Entry): number {
  const time = Date.parse(String(entry["timestamp"]));
  return Number.isNaN(time) ? 0 : time;
}
