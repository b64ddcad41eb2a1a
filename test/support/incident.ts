/**
 * The incident, as releases left it on disk: a background command was started, a reset came, the command's end arrived in the
 * fresh fragment; and now the user says "continue" there.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Fixtures with the session `agent:main:incident`, of each way to keep sessions. */
export const INCIDENT_HOMES = ["2026.3.24-shadow", "2026.5.12-killed", "2026.9.6-clean"] as const;

export const INCIDENT_KEY = "agent:main:incident";
export const CONTINUE = "continue";

const AT = "2026-11-21T00:59:00.000Z";

const said = (content: unknown, id: string): string =>
  JSON.stringify({
    type: "message",
    id,
    parentId: null,
    timestamp: AT,
    message: { role: "user", content, timestamp: Date.parse(AT) },
  });

/** Lets the user say it in the fresh fragment of this home, a copy of a fixture. */
export function sayContinue(home: string): void {
  const database = join(home, "agents/main/agent/openclaw-agent.sqlite");
  if (existsSync(database)) sayInDatabase(database);
  else sayInFile(join(home, "agents/main/sessions"));
}

function sayInFile(folder: string): void {
  const rows: Record<string, { readonly sessionFile: string }> = JSON.parse(
    readFileSync(join(folder, "sessions.json"), "utf8"),
  );
  const { sessionFile } = rows[INCIDENT_KEY] ?? { sessionFile: "none" };
  appendFileSync(join(folder, basename(sessionFile)), `${said([{ type: "text", text: CONTINUE }], "c0ffee00")}\n`);
}

function sayInDatabase(file: string): void {
  const database = new DatabaseSync(file);
  const node = database
    .prepare("SELECT current_session_id AS id FROM session_nodes WHERE session_key = ?")
    .get(INCIDENT_KEY);
  const id = String(node?.["id"]);
  const last = database.prepare("SELECT max(seq) AS seq FROM transcript_events WHERE session_id = ?").get(id);
  const seq = Number(last?.["seq"]) + 1;
  database
    .prepare("INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (?, ?, ?, ?)")
    .run(id, seq, said(CONTINUE, "continue-1"), Date.parse(AT));
  database
    .prepare(
      "INSERT INTO transcript_event_identities (session_id, event_id, seq, event_type, created_at) VALUES (?, ?, ?, ?, ?)",
    )
    .run(id, "continue-1", seq, "message", Date.parse(AT));
  database.close();
}
