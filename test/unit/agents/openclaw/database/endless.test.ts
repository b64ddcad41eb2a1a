// A database whose trees lead from page to page without end: what is asked of it ends all the same.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { watermarks } from "../../../../../src/agents/openclaw/database/changes.ts";
import { readContents } from "../../../../../src/agents/openclaw/database/contents.ts";
import { readSchema } from "../../../../../src/agents/openclaw/database/schema.ts";
import { openDatabase, type OpenDatabase, SqliteError } from "../../../../../src/system/sqlite.ts";
import { endlessTrees } from "../../../../support/damaged-files.ts";
import { temporaryTree } from "../../../../support/homes.ts";
import { AgentDatabase } from "../../../../support/openclaw-database.ts";

/** As many that every index of theirs has pages below its root, and a few dozen of them. */
const ROWS = 20_000;

/** A database in which every tree of the table, be it its own or an index, is endless. Statements may take half a second. */
function endless(test: TestContext, table: string): OpenDatabase {
  const path = join(temporaryTree(test, {}), "agent.sqlite");
  const database = new AgentDatabase(path);
  const session = database.session("main");
  const numbers = `WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})`;
  database.sql.exec(
    `PRAGMA foreign_keys = OFF; ${numbers} INSERT INTO session_nodes (session_key, current_session_id, entry_json, updated_at)
       SELECT 'agent:main:' || i, 'id-' || i, '{}', i FROM n;
     ${numbers} INSERT INTO transcript_events (session_id, seq, event_json, created_at)
       SELECT '${session.id}', i, '{}', i FROM n`,
  );
  const roots = database.sql
    .prepare("SELECT rootpage FROM sqlite_master WHERE tbl_name = ? AND rootpage > 0")
    .all(table);
  database.close();
  const bytes = readFileSync(path);
  const interior = roots
    .map(({ rootpage }) => Number(rootpage))
    .filter((root) => [2, 5].includes(bytes[(root - 1) * 4096]!));
  assert.ok(interior.length > 1);
  writeFileSync(path, endlessTrees(bytes, interior));
  const look = openDatabase(path, { statementMs: 500 });
  if (look.state !== "ok") assert.fail(look.reason);
  test.after(() => look.database.close());
  return look.database;
}

describe("a database without end", () => {
  it("is not counted for ever", (test) => {
    const database = endless(test, "session_nodes");
    const isLate = (error: unknown): boolean => error instanceof SqliteError && error.trouble === "late";
    assert.throws(() => watermarks(database, readSchema(database)), isLate);
  });

  it("costs a part of its sessions, and tells which", async (test) => {
    const database = endless(test, "transcript_events");
    const source = { database, schema: readSchema(database), path: "agent.sqlite", breathe: () => Promise.resolve() };
    const { trouble } = await readContents(source, undefined, true);
    assert.deepEqual(
      trouble.map(({ where }) => where),
      ["transcript_events"],
    );
    assert.match(trouble[0]!.reason, /took longer than 500 ms/);
  });
});
