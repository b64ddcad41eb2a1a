// A good home with a database, one damage, and exactly the finding that tells of it.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { FINDING_KINDS, type FindingCode } from "../../../src/checks/codes.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import type { Finding, Severity } from "../../../src/model/finding.ts";
import { DATABASE, DatabaseHome } from "../../support/database-home.ts";
import { header, json, lines, message, treeState } from "../../support/homes.ts";
import { SESSIONS, uuid } from "../../support/model.ts";
import type { DatabaseSession } from "../../support/openclaw-database.ts";
import { only, world } from "../../support/world.ts";

async function findingsIn(path: string): Promise<readonly Finding[]> {
  const before = treeState(path);
  const engine = createEngine({
    programs: [openclaw],
    world: world(),
    given: only(path),
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: () => {},
  });
  const snapshot = await engine.scan();
  await engine.close();
  assert.deepEqual(treeState(path), before);
  return snapshot.homes.flatMap(({ findings }) => findings);
}

const KEY = "agent:main:main";

/** A home with one session of one turn. */
interface GoodHome {
  readonly path: string;
  readonly databasePath: string;
  readonly database: DatabaseHome["database"];
  readonly main: DatabaseSession;
}

function goodHome(t: TestContext): GoodHome {
  const { database, path } = new DatabaseHome(t);
  const main = database.session("main");
  main.user("How are the disks?");
  main.assistant("Fine.");
  return { path, databasePath: join(path, DATABASE), database, main };
}

function leaveFile({ path }: GoodHome, name: string, content: string): void {
  writeFileSync(join(path, SESSIONS, name), content);
}

interface Damage {
  readonly name: string;
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Before the gateway stops. */
  readonly write?: (home: GoodHome) => void;
  /** After it. */
  readonly act?: (home: GoodHome) => void;
  readonly says: RegExp;
  readonly path: string;
}

const ARCHIVED = uuid(0x21);
const ARCHIVE = `${ARCHIVED}.jsonl.reset.2026-11-20T00-10-00.000Z`;
/** A conversation of before the database. */
const EARLIER = lines(
  header(ARCHIVED, "2026-11-20T00:00:00.000Z"),
  { ...message("user", "Where were we?", "2026-11-20T00:00:01.000Z"), id: "aaaa0001" },
  { ...message("assistant", "At the disks.", "2026-11-20T00:00:02.000Z"), id: "aaaa0002" },
);
const TRAJECTORY = lines({
  traceSchema: "openclaw-trajectory",
  type: "session.started",
  ts: "2026-11-20T00:00:01.000Z",
  sessionId: ARCHIVED,
  sessionKey: KEY,
  runId: "run-1",
});

const DAMAGES: readonly Damage[] = [
  {
    name: "a transcript is left that the database holds whole",
    code: "migration/half-done",
    severity: "info",
    write: (home) => leaveFile(home, `${home.main.id}.jsonl`, home.main.lines),
    says: /1 transcript still lies as a file: 1 wholly in the database\. Nothing in it stands there alone\..*doctor --session-sqlite recover/,
    path: SESSIONS,
  },
  {
    name: "the store of before is left",
    code: "migration/half-done",
    severity: "info",
    write: (home) => leaveFile(home, "sessions.json", json({ [KEY]: { sessionId: home.main.id, updatedAt: 1 } })),
    says: /The store of the files, agents\/main\/sessions\/sessions\.json, is still there/,
    path: SESSIONS,
  },
  {
    name: "a run of the migration failed and put a transcript off",
    code: "migration/half-done",
    severity: "warning",
    act: ({ path }) => {
      mkdirSync(join(path, "session-sqlite-migration-runs"));
      const target = {
        agentId: "main",
        storePath: join(path, SESSIONS, "sessions.json"),
        sqlitePath: join(path, DATABASE),
        plannedMoves: [],
        completedMoves: [],
        issues: [{ code: "historical_transcript_deferred", message: `${join(path, SESSIONS, "a.jsonl")}: changed` }],
      };
      const run = { runId: "run-1", startedAt: "2026-11-21T00:30:00.000Z", failedAt: "2026-11-21T00:31:00.000Z" };
      writeFileSync(join(path, "session-sqlite-migration-runs/run-1.json"), json({ ...run, targets: [target] }));
    },
    says: /Its last run, of 2026-11-21 00:31:00 UTC, failed\. It put off: 1 × historical_transcript_deferred\./,
    path: SESSIONS,
  },
  {
    name: "a reset archive of before the migration",
    code: "migration/only-copy",
    severity: "warning",
    write: (home) => {
      leaveFile(home, ARCHIVE, EARLIER);
      leaveFile(home, `${ARCHIVED}.trajectory.jsonl`, TRAJECTORY);
    },
    says: /^Only copy: 2 entries \(2 messages\) of the reset archive .* It belongs to agent:main:main\. Session maintenance removes the oldest such archives/,
    path: `${SESSIONS}/${ARCHIVE}`,
  },
  {
    name: "an import archive that a run recorded as taken over, with a branch that it dropped",
    code: "migration/only-copy",
    severity: "warning",
    act: ({ main, path }) => {
      const name = `agent_main_main.${main.id}.jsonl.imported-1795219500000`;
      const archive = join(path, "agents/main/session-sqlite-import-archive");
      mkdirSync(archive);
      const branch = { ...message("user", "Never mind.", "2026-11-21T00:00:03.000Z"), id: "bbbb0001" };
      writeFileSync(join(archive, name), `${main.lines}${lines(branch)}`);
      mkdirSync(join(path, "session-sqlite-migration-runs"));
      const move = {
        kind: "transcript",
        sourcePath: join(path, SESSIONS, `${main.id}.jsonl`),
        archivePath: join(archive, name),
        artifact: { classification: "repair-original", disposal: { state: "retained" } },
      };
      const target = {
        agentId: "main",
        storePath: join(path, SESSIONS, "sessions.json"),
        sqlitePath: join(path, DATABASE),
        validationBeforeArchive: "passed",
        plannedMoves: [move],
        completedMoves: [move],
        issues: [],
      };
      const run = { runId: "run-1", startedAt: "2026-11-21T00:30:00.000Z", completedAt: "2026-11-21T00:31:00.000Z" };
      writeFileSync(join(path, "session-sqlite-migration-runs/run-1.json"), json({ ...run, targets: [target] }));
    },
    says: /^Only copy: 1 entry \(1 message\) of the imported transcript .* The database holds the rest\..*`openclaw update cleanup` deletes it for ever/,
    path: "agents/main/session-sqlite-import-archive",
  },
  {
    name: "a newer schema",
    code: "store/schema-unknown",
    severity: "warning",
    write: ({ database }) => database.sql.exec("PRAGMA user_version = 24; UPDATE schema_meta SET schema_version = 24"),
    says: /schema of version 24, written by OpenClaw 2026\.9\.6; known here is version 23/,
    path: DATABASE,
  },
  {
    name: "a database of which the end is missing",
    code: "store/database-corrupt",
    severity: "error",
    act: ({ databasePath }) => truncateSync(databasePath, 50),
    says: /is damaged.*renames the database with its -wal, -shm and -journal/,
    path: DATABASE,
  },
  {
    name: "a database of zero bytes",
    code: "store/database-corrupt",
    severity: "error",
    act: ({ databasePath }) => truncateSync(databasePath, 0),
    says: /holds nothing at all/,
    path: DATABASE,
  },
  {
    name: "something that is no database",
    code: "store/database-corrupt",
    severity: "error",
    act: ({ databasePath }) => writeFileSync(databasePath, "These are my notes.\n".repeat(400)),
    says: /is none of OpenClaw's/,
    path: DATABASE,
  },
  {
    name: "an archive whose file is gone",
    code: "store/archive-damaged",
    severity: "info",
    write: ({ database, path }) => {
      const gone = database.session("gone");
      gone.user("Delete me.");
      rmSync(join(path, SESSIONS, gone.delete({ sessionsFolder: join(path, SESSIONS) })));
    },
    says: /the database still holds its content/,
    path: DATABASE,
  },
  {
    name: "a session that was running when the gateway was killed",
    code: "store/stuck-running",
    severity: "warning",
    write: ({ main }) => {
      main.user("And the network?");
      main.running();
    },
    says: /^The database says that agent:main:main is running, but no gateway holds this home, and nothing was written since/,
    path: DATABASE,
  },
  {
    name: "a question that was never answered",
    code: "store/unfinished-turn",
    severity: "info",
    write: ({ main }) => void main.user("And the network?"),
    says: /^The last turn of agent:main:main was not finished: the last message was never answered/,
    path: DATABASE,
  },
];

test("the good home with a database is healthy", async (t) => {
  const home = goodHome(t);
  home.database.close();
  assert.deepEqual(await findingsIn(home.path), []);
});

describe("one damage, one finding", () => {
  for (const { name, code, severity, write, act, says, path } of DAMAGES) {
    test(`${code}: ${name}`, async (t) => {
      const home = goodHome(t);
      write?.(home);
      home.database.close();
      act?.(home);
      const findings = await findingsIn(home.path);
      assert.deepEqual(
        findings.map((finding) => [finding.code, finding.severity]),
        [[code, severity]],
      );
      const [finding] = findings;
      assert.match(finding?.message ?? "", says);
      assert.ok(finding?.path.startsWith(path), finding?.path);
      assert.ok((finding?.evidence.length ?? 0) > 0);
    });
  }
});

test("a copy of the home elsewhere can't tell whether its gateway lives", async (t) => {
  const home = goodHome(t);
  home.main.running();
  home.database.close();
  const lock = { pid: 4242, createdAt: "2026-11-21T00:00:00.000Z", stateDir: "/srv/agents/.openclaw", port: 18789 };
  mkdirSync(join(home.path, "tmp/openclaw-0"), { recursive: true });
  writeFileSync(join(home.path, "tmp/openclaw-0/gateway.state.lock"), json(lock));
  const copy = `${home.path}-copy`;
  cpSync(home.path, copy, { recursive: true });
  t.after(() => rmSync(copy, { recursive: true, force: true }));
  const stuck = (await findingsIn(copy)).find(({ code }) => code === "store/stuck-running");
  assert.equal(stuck?.severity, "info");
  assert.match(stuck?.message ?? "", /whether its gateway lives can't be told from here/);
});

test("every code of databases and migrations has a damage here or among the rules", () => {
  const codes = Object.keys(FINDING_KINDS).filter((code) =>
    /^(?:migration|store\/(?:database|schema|archive|unfinished))/.test(code),
  );
  const shown = new Set<string>([...DAMAGES.map(({ code }) => code), "store/database-unread"]);
  assert.deepEqual(
    codes.filter((code) => !shown.has(code)),
    [],
  );
});
