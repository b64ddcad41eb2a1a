// A good home, one damage, and exactly the finding that tells of it: from bytes on disk to what a person reads.
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import { FINDING_KINDS, type FindingCode } from "../../../src/checks/codes.ts";
import { DAMAGE_KINDS } from "../../../src/checks/transcript/kinds.ts";
import { healthySummary } from "../../../src/checks/healthy.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import {
  archiveName,
  conversation,
  doneRow,
  editStore,
  GATEWAY,
  goodHome,
  IDS,
  MAIN,
  OPS,
  settle,
} from "../../support/good-home.ts";
import { json, lines, header, treeState, writeTree } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { NOW, only, processes, world } from "../../support/world.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SHADOW = "agents/ops/agent/codex-home/home/.openclaw";

async function scan(home: string): Promise<Snapshot> {
  const engine = createEngine({
    programs: [openclaw],
    // On this platform nothing is asked of the file system that the temporary folder happens to lie on.
    world: world({ processes: processes([GATEWAY]), platform: "darwin" }),
    given: only(home),
    settings: { locksWarnAfterSeconds: 60 },
    memoFolder: null,
    log: () => {},
  });
  const snapshot = await engine.scan();
  await engine.close();
  return snapshot;
}

interface Damage {
  readonly name: string;
  readonly code: FindingCode;
  readonly act: (home: string) => void;
  /** What the message must say. */
  readonly says: RegExp;
  /** What `path` or one of `related` must name. */
  readonly names: string;
}

const main = (home: string, name: string): string => join(home, MAIN, name);
const subagentFile = `${IDS.subagent}.jsonl`;
const lock = (given: Record<string, unknown>): string =>
  json({ pid: 999, createdAt: new Date(NOW - 2 * MINUTE).toISOString(), starttime: 77, ...given });
const mainStore = (home: string): string => main(home, "sessions.json");

const DAMAGES: readonly Damage[] = [
  {
    name: "the lock of a process that died",
    code: "lock/stale",
    act: (home) => writeFileSync(main(home, `${subagentFile}.lock`), lock({})),
    says: /Process 999 no longer lives/,
    names: `${MAIN}/${subagentFile}.lock`,
  },
  {
    name: "an empty lock of the store",
    code: "lock/stale",
    act: (home) => writeFileSync(main(home, "sessions.json.lock"), ""),
    says: /is empty.*doctor does not look at it/s,
    names: `${MAIN}/sessions.json.lock`,
  },
  {
    name: "a lock held for two minutes",
    code: "lock/held-long",
    act: (home) =>
      writeFileSync(main(home, `${subagentFile}.lock`), lock({ pid: GATEWAY.pid, starttime: GATEWAY.startTicks })),
    says: /has been held for long.*held since 2026-11-21 01:08:00 UTC/,
    names: `${MAIN}/${subagentFile}.lock`,
  },
  {
    name: "a lock of another host",
    code: "lock/unknown",
    act: (home) => writeFileSync(main(home, `${subagentFile}.lock`), lock({ hostname: "elsewhere" })),
    says: /host elsewhere/,
    names: `${MAIN}/${subagentFile}.lock`,
  },
  {
    name: "a lock that is a folder",
    code: "lock/unknown",
    act: (home) => mkdirSync(main(home, `${subagentFile}.lock`)),
    says: /not a plain file/,
    names: `${MAIN}/${subagentFile}.lock`,
  },
  {
    name: "a second store with sessions of its own",
    code: "store/shadow",
    act: (home) => {
      const folder = join(home, SHADOW, MAIN);
      writeTree(folder, {
        "sessions.json": json({ "agent:main:scratch": doneRow(folder, uuid(1), NOW - DAY) }),
        [`${uuid(1)}.jsonl`]: conversation(uuid(1), NOW - DAY, "on my own"),
      });
    },
    says: /1 session key and 1 transcript are only here/,
    names: ".",
  },
  {
    name: "a second store with another conversation under the same key",
    code: "store/shadow-diverged",
    act: (home) => {
      const folder = join(home, SHADOW, MAIN);
      writeTree(folder, {
        "sessions.json": json({ "agent:main:main": doneRow(folder, uuid(1), NOW - MINUTE * 30) }),
        [`${uuid(1)}.jsonl`]: conversation(uuid(1), NOW - MINUTE * 30, "who am I"),
      });
    },
    says: /1 session key has different content.*This one was written last/s,
    names: ".",
  },
  {
    name: "a transcript was removed",
    code: "store/missing-transcript",
    act: (home) => rmSync(main(home, subagentFile)),
    says: /agent:main:subagent:77 is missing.*--fix-missing/s,
    names: `${MAIN}/sessions.json`,
  },
  {
    name: "a transcript was renamed as if deleted",
    code: "store/missing-transcript",
    act: (home) => {
      rmSync(main(home, subagentFile));
      const archive = archiveName(IDS.subagent, "deleted", NOW - MINUTE);
      writeFileSync(main(home, archive), conversation(IDS.subagent, NOW - DAY, "[Subagent Context] go"));
    },
    says: /A copy exists: deleted archive/,
    names: `${MAIN}/${archiveName(IDS.subagent, "deleted", NOW - MINUTE)}`,
  },
  {
    name: "a row was lost",
    code: "store/orphan-transcript",
    act: (home) => editStore(home, MAIN, (rows) => delete rows["agent:main:compacted"]),
    says: /does not list it/,
    names: `${MAIN}/${IDS.compacted}.jsonl`,
  },
  {
    name: "the run died",
    code: "store/stuck-running",
    act: (home) =>
      editStore(home, MAIN, (rows) =>
        Object.assign(rows["agent:main:compacted"] ?? {}, { status: "running", endedAt: undefined }),
      ),
    says: /agent:main:compacted is running, but no lock stands/,
    names: `${MAIN}/sessions.json`,
  },
  {
    name: "a row points into another agent's folder",
    code: "store/foreign-session-file",
    act: (home) =>
      editStore(home, MAIN, (rows) =>
        Object.assign(rows["agent:main:subagent:77"] ?? {}, { sessionFile: join(home, OPS, subagentFile) }),
      ),
    says: /in another folder of this home/,
    names: `${MAIN}/${subagentFile}`,
  },
  {
    name: "two keys were given one transcript",
    code: "store/shared-transcript",
    act: (home) =>
      editStore(
        home,
        MAIN,
        (rows) => (rows["agent:main:copy"] = { ...rows["agent:main:compacted"], compactionCheckpoints: [] }),
      ),
    says: /2 sessions name the same transcript/,
    names: `${MAIN}/${IDS.compacted}.jsonl`,
  },
  {
    name: "the store was cut",
    code: "store/unreadable",
    act: (home) => truncateSync(mainStore(home), 900),
    says: /damaged.*byte \d+/s,
    names: `${MAIN}/sessions.json.bak.1`,
  },
  {
    name: "the store is empty",
    code: "store/unreadable",
    act: (home) => truncateSync(mainStore(home), 0),
    says: /is empty/,
    names: `${MAIN}/sessions.json`,
  },
  {
    name: "a row was written twice by hand",
    code: "store/duplicate-key",
    act: (home) => {
      const text = readFileSync(mainStore(home), "utf8");
      writeFileSync(mainStore(home), text.replace("{", '{\n  "agent:main:compacted": { "sessionId": "before" },'));
    },
    says: /1 row .*agent:main:compacted occurs again further down\. OpenClaw uses the last one, in line \d+/,
    names: `${MAIN}/sessions.json`,
  },
  {
    name: "the store was removed",
    code: "store/missing",
    act: (home) => rmSync(join(home, OPS, "sessions.json")),
    says: /1 transcript and 1 archive, but no sessions.json/,
    names: `${OPS}/sessions.json`,
  },
  {
    name: "a write of the store did not finish",
    code: "store/temporary-left",
    act: (home) => writeFileSync(main(home, `sessions.json.999.${uuid(9)}.tmp`), "{"),
    says: /1 temporary file/,
    names: `${MAIN}/sessions.json.999.${uuid(9)}.tmp`,
  },
  {
    name: "the store has grown to 11 MB",
    code: "store/large",
    act: (home) =>
      editStore(home, MAIN, (rows) =>
        Object.assign(rows["agent:main:compacted"] ?? {}, { skillsSnapshot: "x".repeat(11e6) }),
      ),
    says: /11 MB for 5 rows/,
    names: `${MAIN}/sessions.json`,
  },
  {
    name: "an archive of an unknown session",
    code: "chain/unlinked-archive",
    act: (home) =>
      writeFileSync(
        main(home, archiveName(uuid(5), "reset", NOW - MINUTE)),
        conversation(uuid(5), NOW - 30 * MINUTE, "whose am I"),
      ),
    says: /which session it belongs to/,
    names: `${MAIN}/${archiveName(uuid(5), "reset", NOW - MINUTE)}`,
  },
  {
    name: "an archive of 27 days",
    code: "chain/archive-expiring",
    act: (home) => {
      const time = NOW - 27 * DAY;
      writeFileSync(main(home, archiveName(uuid(6), "reset", time)), conversation(uuid(6), time - MINUTE, "long ago"));
      editStore(home, MAIN, (rows) =>
        Object.assign(rows["agent:main:main"] ?? {}, {
          usageFamilySessionIds: [uuid(6), IDS.first, IDS.second, IDS.main],
        }),
      );
    },
    says: /1 reset archive of agent main will soon be removed.*after 2026-11-24 01:10:00 UTC/s,
    names: `${MAIN}/${archiveName(uuid(6), "reset", NOW - 27 * DAY)}`,
  },
  {
    name: "a transcript breaks off",
    code: "transcript/torn-tail",
    act: (home) => appendFileSync(main(home, subagentFile), '{"type":"message","id":"77'),
    says: /agent:main:subagent:77 breaks off/,
    names: `${MAIN}/${subagentFile}`,
  },
  {
    name: "the beginning of a transcript was overwritten",
    code: "transcript/bad-header",
    act: (home) => writeFileSync(main(home, subagentFile), `\0\0\0\0${lines(header(IDS.subagent, "x"))}`),
    says: /header of the transcript of agent:main:subagent:77 can't be read/,
    names: `${MAIN}/${subagentFile}`,
  },
  {
    name: "a transcript was emptied",
    code: "transcript/empty",
    act: (home) => truncateSync(main(home, subagentFile), 0),
    says: /0 bytes/,
    names: `${MAIN}/${subagentFile}`,
  },
  {
    name: "a transcript was replaced by a fresh header",
    code: "transcript/wiped",
    act: (home) =>
      writeFileSync(main(home, subagentFile), lines(header(IDS.subagent, new Date(NOW - DAY).toISOString()))),
    says: /nothing but a header/,
    names: `${MAIN}/${subagentFile}`,
  },
  {
    name: "a database is cut off",
    code: "store/database-corrupt",
    act: (home) => writeTree(home, { "agents/ops/agent/openclaw-agent.sqlite": "SQLite format 3\0" }),
    says: /damaged: SQLite can't make sense/,
    names: "agents/ops/agent/openclaw-agent.sqlite",
  },
];

/** Scans without changing anything. */
async function findingsIn(home: string): Promise<readonly Finding[]> {
  settle(home);
  const before = treeState(home);
  const snapshot = await scan(home);
  assert.deepEqual(treeState(home), before);
  return snapshot.homes.flatMap(({ findings }) => findings);
}

async function healthyOne(t: TestContext): Promise<string> {
  const home = goodHome(t);
  assert.deepEqual(await findingsIn(home), []);
  return home;
}

test("the good home is healthy, and says what was checked", async (t) => {
  const { homes } = await scan(goodHome(t));
  assert.deepEqual(
    homes.map(({ home }) => home.role),
    ["canonical", "shadow"],
  );
  const [first] = homes;
  assert.ok(first !== undefined);
  assert.match(healthySummary(first) ?? "", /^Nothing is wrong here\. Checked: 2 stores with 7 rows/);
});

describe("one damage, one finding", () => {
  for (const { name, code, act, says, names } of DAMAGES) {
    test(`${code}: ${name}`, async (t) => {
      const home = await healthyOne(t);
      act(home);
      const findings = await findingsIn(home);
      assert.deepEqual(
        findings.map((finding) => finding.code),
        [code],
      );
      const [finding] = findings;
      assert.match(finding?.message ?? "", says);
      const named = [finding?.path, ...(finding?.related ?? []).map(({ path }) => path)];
      assert.ok(named.includes(names), `${names} is not among ${named.join(", ")}`);
      assert.ok((finding?.evidence.length ?? 0) > 0);
    });
  }
});

/** Held by database-damage.test.ts, and what only a whole read tells by transcript-damage.test.ts. */
const OF_DATABASES = /^(?:migration|store\/(?:database|schema|archive|unfinished))/;

test("every code has a damage", () => {
  const isHere = (code: string): boolean => !OF_DATABASES.test(code) && !Object.hasOwn(DAMAGE_KINDS, code);
  const shown = new Set(DAMAGES.map(({ code }) => code).filter(isHere));
  const codes = Object.keys(FINDING_KINDS).filter(isHere);
  assert.deepEqual([...shown].toSorted(), codes.toSorted());
});
