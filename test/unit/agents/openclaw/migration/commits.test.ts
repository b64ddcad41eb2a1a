import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";

import type { AgentReading, HomeReading } from "../../../../../src/model/reading.ts";
import { DatabaseHome } from "../../../../support/database-home.ts";
import type { DatabaseSession } from "../../../../support/openclaw-database.ts";

interface Mixed {
  readonly home: DatabaseHome;
  readonly main: DatabaseSession;
  readonly other: DatabaseSession;
  readonly first: HomeReading;
}

/** A gateway at work on two sessions; of one of them a file is left, with one entry more. */
async function mixed(
  test: TestContext,
  extra = '{"type":"message","id":"only-here","message":{"role":"user","content":"Psst."}}\n',
): Promise<Mixed> {
  const home = new DatabaseHome(test);
  const [main, other] = [home.database.session("main"), home.database.session("other")];
  for (const session of [main, other]) {
    session.user("How are the disks?");
    session.assistant("Fine.");
  }
  writeFileSync(join(home.sessionsFolder, `${main.id}.jsonl`), main.lines + extra);
  return { home, main, other, first: await home.read() };
}

function agent({ agents }: HomeReading): AgentReading {
  return agents[0]!;
}

function digests({ home }: Mixed): number {
  return home.facts.reads.filter((read) => read.startsWith("openclaw/digest")).length;
}

it("a commit to a session that no file belongs to compares nothing anew", async (test) => {
  const given = await mixed(test);
  const before = digests(given);
  given.other.user("And the network?");
  const next = await given.home.update(given.first);
  assert.notEqual(agent(next), agent(given.first));
  assert.equal(agent(next).coverage, agent(given.first).coverage);
  assert.equal(digests(given), before);
});

it("a commit to the session of a file tells what it took over", async (test) => {
  const given = await mixed(test);
  const [found] = agent(given.first).coverage;
  assert.deepEqual([found?.relation, found?.onlyHere], ["prefix", 1]);
  given.main.event({ type: "message", message: { role: "user", content: "Psst." } }, { id: "only-here" });
  given.main.user("And the network?");
  const [next] = agent(await given.home.update(given.first)).coverage;
  assert.equal(next?.relation, "diverged");
});

it("a file that grows is compared anew, and a covered one need not be when its session goes on", async (test) => {
  const given = await mixed(test, "");
  assert.equal(agent(given.first).coverage[0]?.relation, "covered");
  const before = digests(given);
  given.main.user("And the network?");
  const second = await given.home.update(given.first);
  assert.equal(agent(second).coverage, agent(given.first).coverage);
  assert.equal(digests(given), before);
  const name = `agents/main/sessions/${given.main.id}.jsonl`;
  appendFileSync(
    join(given.home.path, name),
    '{"type":"message","id":"late","message":{"role":"user","content":"Late."}}\n',
  );
  const third = await given.home.update(second, name);
  assert.equal(agent(third).coverage[0]?.onlyHere, 1);
});

it("what is put away into the import archive, and the record of it, are seen at once", async (test) => {
  const given = await mixed(test);
  const { path, sessionsFolder } = given.home;
  const archive = join(path, "agents/main/session-sqlite-import-archive");
  const archived = `agent_main_main.${given.main.id}.jsonl.imported-1795219500000`;
  mkdirSync(archive);
  renameSync(join(sessionsFolder, `${given.main.id}.jsonl`), join(archive, archived));
  const name = `agents/main/sessions/${given.main.id}.jsonl`;
  const next = await given.home.update(given.first, name, "agents/main/session-sqlite-import-archive");
  assert.deepEqual(
    agent(next).coverage.map(({ fragment, onlyHere }) => [fragment.path, onlyHere]),
    [[`agents/main/session-sqlite-import-archive/${archived}`, 1]],
  );
  mkdirSync(join(path, "session-sqlite-migration-runs"));
  writeFileSync(
    join(path, "session-sqlite-migration-runs/run-1.json"),
    '{"runId":"run-1","startedAt":"2026-11-21T00:00:00.000Z"}',
  );
  const last = await given.home.update(next, "session-sqlite-migration-runs/run-1.json");
  assert.deepEqual(
    last.migrations.map(({ id, status }) => [id, status]),
    [["run-1", "running"]],
  );
  assert.equal(agent(last), agent(next));
});

it("an unchanged home is the same reading", async (test) => {
  const given = await mixed(test);
  assert.equal(await given.home.read(given.first), given.first);
});
