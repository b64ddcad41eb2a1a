/** A made-up home with one agent whose sessions are in a database of any size, the same for the same size. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { AgentDatabase } from "../test/support/openclaw-database.ts";

export interface DatabaseSize {
  readonly sessions: number;
  /** Of all sessions together. */
  readonly events: number;
}

export interface MadeDatabase {
  /** Absolute path of the home. */
  readonly home: string;
  /** Absolute path of the database. */
  readonly path: string;
  /** A session to which events can be added. */
  readonly sessionId: string;
}

const AGENT = "main";
/** Every so many events a session begins a new window. */
const WINDOW = 100;
/** Of every so many sessions one waits for an answer; the others have theirs. */
const WAITING = 10;
/** Characters of a message. */
const TEXT = 300;

/** Writes the home; the database is closed, as a gateway leaves it that was stopped. */
export function makeDatabase(home: string, { events, sessions }: DatabaseSize): MadeDatabase {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "openclaw.json"), "{}");
  const path = join(home, "agents", AGENT, "agent", "openclaw-agent.sqlite");
  const database = new AgentDatabase(path, { agent: AGENT });
  fill(database, sessions, Math.max(2, Math.floor(events / sessions)));
  database.close();
  mkdirSync(join(home, "agents", AGENT, "sessions"), { recursive: true });
  return { home, path, sessionId: sessionId(0) };
}

function sessionId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** The numbers from 0 on, as a table of a statement. */
const numbers = (name: string, count: number): string =>
  `${name}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${count - 1})`;

/** All rows by few statements: SQLite makes two million events in the time in which single ones would make some ten thousand. */
function fill({ now, sql }: AgentDatabase, sessions: number, each: number): void {
  sql.exec("PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; BEGIN");
  const id = "printf('00000000-0000-4000-8000-%012d', s.n)";
  const key = `printf('agent:${AGENT}:topic-%d', s.n)`;
  const at = `${now} + s.n * 1000`;
  const all = `WITH ${numbers("s", sessions)}`;
  sql.exec(
    `${all} INSERT INTO session_nodes (session_key, current_session_id, entry_json, entry_valid, updated_at, created_at, status)
     SELECT ${key}, ${id}, json_object('sessionId', ${id}, 'updatedAt', ${at}, 'status', 'done'), 1, ${at}, ${at}, 'done' FROM s`,
  );
  sql.exec(
    `${all} INSERT INTO session_windows (session_id, session_key, created_at, updated_at, started_at, ended_at, status)
     SELECT ${id}, ${key}, ${at}, ${at}, ${at}, ${at}, 'done' FROM s`,
  );
  sql.exec(
    `${all} INSERT INTO transcript_rewrite_watermarks (session_id, generation, updated_at)
     SELECT ${id}, printf('%032d', s.n), ${at} FROM s`,
  );
  sql.exec(
    `${all} INSERT INTO session_transcript_index_state
       (session_id, indexed_seq, leaf_event_id, needs_rebuild, active_event_count, active_message_count, updated_at)
     SELECT ${id}, ${each - 1}, 'event-${each - 1}', 0, ${each - 1}, ${each - 1}, ${at} FROM s`,
  );
  const rows = `WITH ${numbers("s", sessions)}, ${numbers("e", each)}`;
  const type = `CASE WHEN e.n = 0 THEN 'session' WHEN e.n % ${WINDOW} = 0 THEN 'reset' ELSE 'message' END`;
  const time = `strftime('%Y-%m-%dT%H:%M:%fZ', (${at} + e.n) / 1000.0, 'unixepoch')`;
  const parent = "CASE WHEN e.n < 2 THEN NULL ELSE printf('event-%d', e.n - 1) END";
  const text = "x".repeat(TEXT);
  const role = `CASE WHEN e.n = ${each - 1} THEN CASE s.n % ${WAITING} WHEN 0 THEN 'user' ELSE 'assistant' END
    WHEN e.n % 2 = 1 THEN 'user' ELSE 'assistant' END`;
  const event = `CASE ${type}
    WHEN 'session' THEN json_object('type', 'session', 'version', 4, 'id', ${id}, 'timestamp', ${time})
    WHEN 'reset' THEN json_object('type', 'reset', 'id', printf('event-%d', e.n), 'parentId', ${parent}, 'timestamp', ${time}, 'reason', 'new')
    ELSE json_object('type', 'message', 'id', printf('event-%d', e.n), 'parentId', ${parent}, 'timestamp', ${time}, 'message',
      json_object('role', ${role}, 'content', printf('%d ${text}', e.n))) END`;
  sql.exec(
    `${rows} INSERT INTO transcript_events (session_id, seq, event_json, created_at, event_utf8_bytes)
     SELECT id, seq, event, at, length(event) FROM
       (SELECT ${id} AS id, e.n AS seq, ${event} AS event, ${at} + e.n AS at FROM s CROSS JOIN e)`,
  );
  sql.exec(
    `${rows} INSERT INTO transcript_event_identities (session_id, event_id, seq, event_type, parent_id, created_at)
     SELECT ${id}, printf('event-%d', e.n), e.n, ${type}, ${parent}, ${at} + e.n FROM s CROSS JOIN e`,
  );
  sql.exec("DELETE FROM session_canonical_validation_pending; UPDATE session_nodes SET entry_valid = 1; COMMIT");
}
