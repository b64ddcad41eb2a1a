// A home of the SQLite era for one test: a copy of the fixture, with a session of as many windows as asked for, and a gateway.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import path from "node:path";

import type { MadeHome } from "./homes.ts";

export interface DatabaseHome extends Pick<MadeHome, "folder" | "remove"> {
  /** Commits one more message to the session `incident`, as its gateway would; resolves with the text. */
  readonly say: (text: string) => void;
  /** Ends every so many events of the session `main` by a reset. */
  readonly addWindows: (windows: number) => void;
  /** Adds so many messages to the session `single`. */
  readonly addMessages: (messages: number) => void;
}

const AT = Date.UTC(2026, 10, 22);

interface Added {
  readonly type: "message" | "reset";
  readonly text: string;
}

/** Appends to the session of a key in one commit. */
function append(file: string, key: string, added: readonly Added[]): void {
  const database = new DatabaseSync(file);
  database.exec("BEGIN IMMEDIATE");
  const node = database.prepare("SELECT current_session_id AS id FROM session_nodes WHERE session_key = ?").get(key);
  const id = String(node?.["id"]);
  const last = database.prepare("SELECT max(seq) AS seq FROM transcript_events WHERE session_id = ?").get(id);
  const event = database.prepare(
    "INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (?, ?, ?, ?)",
  );
  const identity = database.prepare(
    "INSERT INTO transcript_event_identities (session_id, event_id, seq, event_type, created_at) VALUES (?, ?, ?, ?, ?)",
  );
  const first = Number(last?.["seq"]) + 1;
  added.forEach(({ type, text }, index) => {
    const seq = first + index;
    const at = AT + seq * 1000;
    const own = { type, id: `made-${seq}`, parentId: `made-${seq - 1}`, timestamp: new Date(at).toISOString() };
    const message = { role: seq % 2 === 0 ? "assistant" : "user", content: text, timestamp: at };
    const whole = type === "reset" ? { ...own, reason: "new" } : { ...own, message };
    event.run(id, seq, JSON.stringify(whole), at);
    identity.run(id, own.id, seq, type, at);
  });
  const end = AT + (first + added.length) * 1000;
  database
    .prepare("UPDATE session_windows SET updated_at = ?, transcript_updated_at = ? WHERE session_id = ?")
    .run(end, end, id);
  database.exec("COMMIT");
  database.close();
}

export async function makeDatabaseHome(): Promise<DatabaseHome> {
  const { SESSION_FORENSICS_TEST_FIXTURES: fixtures = "" } = process.env;
  const root = await mkdtemp(path.join(tmpdir(), "sf-made-"));
  const folder = path.join(root, ".openclaw");
  const source = path.join(fixtures, "openclaw", "2026.9.6-clean", "state");
  await cp(source, folder, { recursive: true, preserveTimestamps: true });
  const file = path.join(folder, "agents", "main", "agent", "openclaw-agent.sqlite");
  const message = (text: string): Added => ({ type: "message", text });
  return {
    folder,
    say: (text) => append(file, "agent:main:incident", [message(text)]),
    addWindows: (windows) => {
      const one: Added[] = [{ type: "reset", text: "" }, message("Again"), message("Sure")];
      append(file, "agent:main:main", Array.from({ length: windows }, () => one).flat());
    },
    addMessages: (messages) => {
      append(
        file,
        "agent:main:single",
        Array.from({ length: messages }, (_, index) => message(`Message ${index}`)),
      );
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}
