// `explain` on real and made-up homes: the place, whether it is still so, and what repairs it.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { EXPLAIN_SCHEMA, type ExplainDocument } from "../../../src/engine/explain/document.ts";
import { cli, type CliOptions, type CliResult } from "../../support/cli-world.ts";
import { engineOn } from "../../support/engines.ts";
import { fixtureHome } from "../../support/homes.ts";

const LOCKED = "b714ba31-e33b-431b-9810-4df416795511";
const LOCK = `agents/main/sessions/${LOCKED}.jsonl.lock`;

function explain(home: string, args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return cli(["explain", ...args, "--home", home], { ...options, engine: () => engineOn([home]) });
}

async function document(home: string, text: string): Promise<ExplainDocument> {
  const { code, out } = await explain(home, [text, "--json"]);
  assert.equal(code, 0);
  const parsed = JSON.parse(out) as ExplainDocument;
  assert.equal(parsed.schema, EXPLAIN_SCHEMA);
  return parsed;
}

const fileIn = (home: string, agent: string, name: RegExp): string =>
  readdirSync(join(home, "agents", agent, "sessions")).find((one) => name.test(one)) ?? assert.fail("no such file");

const killed = (t: TestContext): string => fixtureHome(t, "2026.5.12-killed");

describe("explain", () => {
  it("lands on the lock that a message names, and says what it is now", async (t) => {
    const home = killed(t);
    const told = await document(home, `session file locked (timeout 60000ms): pid=13529 ${join(home, LOCK)}`);
    assert.deepEqual([told.isSo, told.located], [true, true]);
    assert.deepEqual(
      told.locks.map(({ lock, path }) => [path, lock?.verdict]),
      [[join(home, LOCK), "unknown"]],
    );
    assert.equal(told.sessions[0]?.key, "agent:main:stuck");
    assert.deepEqual(
      told.findings.map(({ code }) => code),
      ["lock/unknown"],
    );
  });

  it("says when the lock is gone", async (t) => {
    const home = killed(t);
    rmSync(join(home, LOCK));
    const text = `session file locked (timeout 60000ms): pid=13529 ${join(home, LOCK)}`;
    const told = await document(home, text);
    assert.deepEqual(told.locks, [{ path: join(home, LOCK), lock: null }]);
    assert.equal(told.findings.filter(({ code }) => code.startsWith("lock/")).length, 0);
    const { out } = await explain(home, [text]);
    assert.match(out, /gone: .*is not there any more/);
  });

  it("finds what a message names by the path of another machine", async (t) => {
    const home = killed(t);
    const foreign = `/srv/elsewhere/.openclaw/${LOCK}`;
    const told = await document(home, `session file locked (timeout 10000ms): pid=1 ${foreign}`);
    assert.deepEqual(
      told.sessions.map(({ key, movedFrom }) => [key, movedFrom]),
      [["agent:main:stuck", foreign]],
    );
    assert.deepEqual(
      told.locks.map(({ path }) => path),
      [join(home, LOCK)],
    );
  });

  it("finds the line of a tool call", async (t) => {
    const home = killed(t);
    const transcript = readFileSync(join(home, "agents/ops/sessions", fileIn(home, "ops", /\.jsonl$/)), "utf8");
    const callId = /"type":"toolCall","id":"(\w+)"/.exec(transcript)?.[1] ?? assert.fail("no call");
    const told = await document(home, `tool_use ids were found without tool_result blocks: ${callId}`);
    assert.ok(told.lines.length > 0);
    assert.ok(told.lines.every(({ text, line }) => text === callId && line !== null));
    assert.ok(told.sessions.some(({ namedBy }) => namedBy === `the tool call ${callId}`));
  });

  it("reads the transcript whole for damage that only that tells, and names the line and the repair", async (t) => {
    const home = killed(t);
    const path = join(home, "agents/ops/sessions", fileIn(home, "ops", /\.jsonl$/));
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const call = lines.findIndex((line) => line.includes('"type":"toolCall"'));
    const id = /"type":"toolCall","id":"(\w+)"/.exec(lines[call] ?? "")?.[1] ?? assert.fail("no call");
    const asked = lines.find((line) => line.includes('"role":"user"')) ?? assert.fail("no message");
    // The result is lost, and the conversation went on.
    const kept = lines.filter((line) => !line.includes(`"toolCallId":"${id}"`));
    writeFileSync(path, `${[...kept, asked.replaceAll(/"id":"\w+"/g, '"id":"0badcafe"')].join("\n")}\n`);
    const told = await document(home, `messages.3: tool_use ids were found without tool_result blocks: ${id}`);
    assert.equal(told.isSo, true);
    const [finding] = told.findings;
    assert.equal(finding?.code, "transcript/call-without-result");
    assert.ok(told.lines.some(({ line }) => line === call + 1));
    assert.ok(finding.repairs.length > 0);
  });

  it("takes the message from standard input, and as several words", async (t) => {
    const home = killed(t);
    const piped = await explain(home, ["-"], { input: "agent:main:stuck is stuck in typing" });
    const words = await explain(home, ["agent:main:stuck", "is", "stuck", "in", "typing"]);
    assert.equal(piped.out, words.out);
    assert.match(piped.out, /agent:main:stuck: agent main, live/);
  });

  it("says so when it knows neither the wording nor the names in it", async (t) => {
    const home = killed(t);
    const none = await explain(home, ["I feel sick"]);
    assert.match(none.out, /not known here[\s\S]*names no session/);
    const id = "00000000-1111-4222-8333-444444444444";
    const named = await explain(home, [`strange thing with ${id}`]);
    assert.match(named.out, new RegExp(`searched for it[\\s\\S]*Not found: ${id}`));
    assert.equal(named.code, 0);
  });

  it("quotes what the transcripts say of a name that is nobody's", async (t) => {
    const home = killed(t);
    const id = "00000000-1111-4222-8333-444444444444";
    const folder = join(home, "agents/main/sessions");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `${LOCKED}.jsonl.reset.2026-11-21T00-00-00.000Z`),
      `{"type":"session","version":3,"id":"x","timestamp":"2026-11-20T00:00:00.000Z"}\n{"type":"message","id":"a","message":{"role":"user","content":"see ${id}"}}\n`,
    );
    const told = await document(home, `strange thing with ${id}`);
    assert.deepEqual(
      told.lines.map(({ line }) => line),
      [2],
    );
  });

  it("without a text is bad usage", async (t) => {
    const { code, err } = await explain(killed(t), []);
    assert.equal(code, 2);
    assert.match(err, /nothing to explain/);
  });
});
