// For every repair: a good home with one damage, repaired without losing a byte, healthy after, and undone to the identical tree.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after as atTheEnd, describe, test } from "node:test";

import {
  archiveName,
  conversation,
  doneRow,
  editStore,
  goodHome,
  IDS,
  MAIN,
  OPS,
  type Row,
} from "../../support/good-home.ts";
import { useMemoryFolder } from "../../support/cut-points.ts";
import { json, writeTree } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { cutPoints, walk } from "../../support/repairs.ts";
import { agentIn, homeAt, sessionOf } from "../../support/engines.ts";
import { NOW } from "../../support/world.ts";

useMemoryFolder();
atTheEnd(() => console.log(`${cutPoints.tried} cuts, each at a call that changes something`));

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SHADOW = "agents/ops/agent/codex-home/home/.openclaw";
const COMPACTED = "agent:main:compacted";

const main = (home: string, name: string): string => join(home, MAIN, name);
const rowsOf = (text: string): Record<string, Row> => JSON.parse(text) as Record<string, Row>;

describe("a stale lock", () => {
  for (const name of [`${IDS.subagent}.jsonl.lock`, "sessions.json.lock"]) {
    test(`is moved aside: ${name}`, async (t) => {
      const home = goodHome(t);
      writeFileSync(
        main(home, name),
        json({ pid: 999, createdAt: new Date(NOW - 2 * MINUTE).toISOString(), starttime: 77 }),
      );
      const { plan } = await walk({ home });
      assert.deepEqual(
        plan.steps.map((step) => [step.do, step.path]),
        [["move-aside", `${MAIN}/${name}`]],
      );
      assert.deepEqual(
        plan.gates.map(({ gate }) => gate),
        ["still-stale"],
      );
    });
  }
});

describe("a missing transcript", () => {
  const archive = archiveName(IDS.subagent, "deleted", NOW - MINUTE);

  test("is copied back from its archive, which stays", async (t) => {
    const home = goodHome(t);
    renameSync(main(home, `${IDS.subagent}.jsonl`), main(home, archive));
    const { plan, after } = await walk({ home });
    assert.deepEqual(
      plan.steps.map((step) => step.path),
      [`${MAIN}/${IDS.subagent}.jsonl`, `${MAIN}/sessions.json`],
    );
    const session = sessionOf(agentIn(homeAt(after, home), "main"), "agent:main:subagent:77");
    assert.deepEqual(
      session.checkpoints.map(({ path }) => path),
      [`${MAIN}/${archive}`],
    );
  });

  test("without the torn end of its archive", async (t) => {
    const home = goodHome(t);
    renameSync(main(home, `${IDS.subagent}.jsonl`), main(home, archive));
    const whole = readFileSync(main(home, archive));
    appendFileSync(main(home, archive), '{"type":"mess');
    const { plan } = await walk({ home, code: "store/missing-transcript", stays: ["transcript/torn-tail"] });
    assert.equal(plan.steps[0]?.after.is === "file" && plan.steps[0].after.bytes, whole.length);
  });
});

describe("an archive of an unknown session", () => {
  const archive = archiveName(uuid(5), "reset", NOW - MINUTE);
  const withArchive = (home: string): void =>
    writeFileSync(main(home, archive), conversation(uuid(5), NOW - 30 * MINUTE, "whose am I"));

  test("is restored as a session of its own", async (t) => {
    const home = goodHome(t);
    withArchive(home);
    const { after } = await walk({ home, repair: "restore-beside" });
    const restored = agentIn(homeAt(after, home), "main").sessions.find(({ key }) => key?.includes(":recovered:"));
    assert.equal(restored?.state, "live");
    assert.equal(restored?.title, "whose am I");
  });

  test("gets the session that a person names", async (t) => {
    const home = goodHome(t);
    withArchive(home);
    const { after } = await walk({ home, repair: "link", choice: "key:agent:main:main" });
    const sessions = agentIn(homeAt(after, home), "main").sessions;
    const own = sessions.find(({ fragments }) => fragments.some((one) => one.fragment.path.endsWith(archive)));
    assert.deepEqual([own?.key, own?.keyCertainty], ["agent:main:main", "assigned"]);
  });

  test("gets the successor that a person names", async (t) => {
    const home = goodHome(t);
    withArchive(home);
    const { after } = await walk({ home, repair: "link", choice: `before:${MAIN}/${IDS.compacted}.jsonl` });
    const session = sessionOf(agentIn(homeAt(after, home), "main"), COMPACTED);
    assert.deepEqual(
      session.fragments.map(({ link }) => link?.certainty),
      [undefined, "assigned"],
    );
  });
});

describe("an orphan", () => {
  test("gets a row of its own", async (t) => {
    const home = goodHome(t);
    editStore(home, MAIN, (rows) => delete rows[COMPACTED]);
    const { after } = await walk({ home });
    const agent = agentIn(homeAt(after, home), "main");
    assert.equal(sessionOf(agent, `agent:main:recovered:${IDS.compacted}`).state, "live");
  });

  test("gets its own key where a trajectory names it", async (t) => {
    const home = goodHome(t);
    editStore(home, MAIN, (rows) => delete rows[COMPACTED]);
    const line = { sessionKey: COMPACTED, sessionId: IDS.compacted, runId: "r1" };
    writeFileSync(main(home, `${IDS.compacted}.trajectory.jsonl`), `${JSON.stringify(line)}\n`);
    const { after } = await walk({ home });
    assert.equal(sessionOf(agentIn(homeAt(after, home), "main"), COMPACTED).state, "live");
  });
});

test("a run that died is set to failed, and nothing else of its row changes", async (t) => {
  const home = goodHome(t);
  editStore(home, MAIN, (rows) => Object.assign(rows[COMPACTED]!, { status: "running", endedAt: undefined }));
  const before = readFileSync(main(home, "sessions.json"), "utf8");
  const { plan } = await walk({ home });
  const [step] = plan.steps;
  assert.ok(step?.do === "write-file" && step.content.as === "copy");
  const rows = rowsOf(before);
  Object.assign(rows[COMPACTED]!, { status: "failed", abortedLastRun: true, updatedAt: NOW, endedAt: NOW });
  let at = 0;
  let text = "";
  for (const edit of step.content.edits) {
    text += before.slice(at, edit.offset) + edit.text;
    at = edit.offset + edit.length;
  }
  assert.deepEqual(rowsOf(text + before.slice(at)), rows);
});

test("a row that points elsewhere is pointed at the transcript in its store", async (t) => {
  const home = goodHome(t);
  editStore(home, MAIN, (rows) =>
    Object.assign(rows["agent:main:subagent:77"]!, { sessionFile: join(home, OPS, `${IDS.subagent}.jsonl`) }),
  );
  await walk({ home });
});

describe("a store that can't be read", () => {
  test("is replaced by the newest copy that can be", async (t) => {
    const home = goodHome(t);
    const whole = readFileSync(main(home, "sessions.json"));
    writeFileSync(main(home, "sessions.json.bak.2"), whole);
    truncateSync(main(home, "sessions.json"), 900);
    const { plan } = await walk({ home });
    const [step] = plan.steps;
    assert.ok(step?.do === "write-file" && step.content.as === "copy");
    assert.equal(step.content.of, `${MAIN}/sessions.json.bak.2`);
  });

  for (const [name, damage] of [
    ["cut", (path: string) => truncateSync(path, 900)],
    ["emptied", (path: string) => truncateSync(path, 0)],
    ["with a byte order mark", (path: string) => writeFileSync(path, `\uFEFF${readFileSync(path, "utf8")}`)],
  ] as const) {
    test(`is made anew of what is left: ${name}`, async (t) => {
      const home = goodHome(t);
      damage(main(home, "sessions.json"));
      const { after } = await walk({ home });
      const { reading } = agentIn(homeAt(after, home), "main");
      assert.deepEqual([reading.store.state, reading.store.rows.length >= 4], ["ok", true]);
    });
  }

  test("is made anew where none is left", async (t) => {
    const home = goodHome(t);
    rmSync(join(home, OPS, "sessions.json"));
    await walk({ home });
  });
});

describe("a shadow store", () => {
  const folder = (home: string): string => join(home, SHADOW, MAIN);

  test("is brought into the canonical one, and linked to it", async (t) => {
    const home = goodHome(t);
    writeTree(folder(home), {
      "sessions.json": json({ "agent:main:scratch": { ...doneRow(folder(home), uuid(1), NOW - DAY), future: 1 } }),
      [`${uuid(1)}.jsonl`]: conversation(uuid(1), NOW - DAY, "on my own"),
    });
    const { after } = await walk({ home, repair: "link-shadow" });
    const session = sessionOf(agentIn(homeAt(after, home), "main"), "agent:main:scratch");
    assert.equal(session.fragments[0]?.fragment.path, `${MAIN}/${uuid(1)}.jsonl`);
  });

  test("that went its own way under the same key stands beside the canonical session", async (t) => {
    const home = goodHome(t);
    writeTree(folder(home), {
      "sessions.json": json({ "agent:main:main": doneRow(folder(home), uuid(1), NOW - 30 * MINUTE) }),
      [`${uuid(1)}.jsonl`]: conversation(uuid(1), NOW - 30 * MINUTE, "who am I"),
    });
    const { after } = await walk({ home, repair: "link-shadow" });
    const agent = agentIn(homeAt(after, home), "main");
    assert.equal(sessionOf(agent, `agent:main:recovered:${uuid(1)}`).title, "who am I");
    assert.equal(sessionOf(agent, "agent:main:main").fragments.at(-1)?.fragment.sessionId, IDS.main);
  });

  test("with another conversation under the same id is copied under a new one", async (t) => {
    const home = goodHome(t);
    writeTree(folder(home), {
      "sessions.json": json({ [COMPACTED]: doneRow(folder(home), IDS.compacted, NOW - 30 * MINUTE) }),
      [`${IDS.compacted}.jsonl`]: conversation(IDS.compacted, NOW - 30 * MINUTE, "another talk"),
    });
    const { after } = await walk({ home, repair: "link-shadow" });
    const copy = agentIn(homeAt(after, home), "main").sessions.find(({ title }) => title === "another talk");
    assert.equal(copy?.state, "live");
  });
});

test("archives about to expire are copied to where no maintenance looks", async (t) => {
  const home = goodHome(t);
  const time = NOW - 27 * DAY;
  const archive = archiveName(uuid(6), "reset", time);
  writeFileSync(main(home, archive), conversation(uuid(6), time - MINUTE, "long ago"));
  editStore(home, MAIN, (rows) =>
    Object.assign(rows["agent:main:main"]!, { usageFamilySessionIds: [uuid(6), IDS.first, IDS.second, IDS.main] }),
  );
  const { plan } = await walk({ home });
  assert.match(plan.notes.join("\n"), /"resetArchiveRetention": false/);
  assert.equal(existsSync(main(home, archive)), true);
});
