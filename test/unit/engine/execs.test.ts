// Background execs asked of the engine: what is read for them, what is kept, and what is said while something is missing.
import assert from "node:assert/strict";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { openclaw } from "../../../src/agents/openclaw/index.ts";
import type { AgentProgram } from "../../../src/agents/program.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { execIndex } from "../../../src/engine/exec-index.ts";
import type { ExecProvenance } from "../../../src/model/exec.ts";
import { header, lines, message, temporaryTree } from "../../support/homes.ts";
import { engineOn, observed } from "../../support/engines.ts";
import { homeTree, row, sessionId } from "../../support/openclaw.ts";

const SESSIONS = "agents/main/sessions";
const KEY = "agent:main:one";
const OTHER = "agent:main:two";

const at = (seconds: number): string => new Date(Date.parse("2026-11-21T00:00:00.000Z") + seconds * 1000).toISOString();

const started = (slug: string, seconds: number): unknown =>
  message("toolResult", "Command still running", at(seconds), {
    toolName: "exec",
    details: { status: "running", sessionId: slug, pid: 7, startedAt: Date.parse(at(seconds)) },
  });

const polled = (slug: string, seconds: number): unknown =>
  message("toolResult", "done", at(seconds), {
    toolName: "process",
    details: { status: "completed", sessionId: slug, exitCode: 0 },
  });

const reported = (slug: string, seconds: number): unknown => {
  const stamp = at(seconds).replace("T", " ").slice(0, 19);
  return message(
    "user",
    `System: [${stamp} UTC] Exec completed (${slug.slice(0, 8)}, code 0) :: ok\n\ncontinue`,
    at(seconds + 1),
  );
};

const transcript = (number: number, seconds: number, ...entries: unknown[]): string =>
  lines(header(sessionId(number), at(seconds)), message("user", "go", at(seconds)), ...entries);

/** KEY has the live transcript 1, OTHER the live transcript 2; `more` are further files. */
function home(test: TestContext, one: string, two: string, more: Record<string, string> = {}): string {
  const rows = { [KEY]: row(sessionId(1)), [OTHER]: row(sessionId(2)) };
  const files = { [`${sessionId(1)}.jsonl`]: one, [`${sessionId(2)}.jsonl`]: two, ...more };
  return temporaryTree(test, homeTree(rows, files));
}

async function scanned(state: string, calls: string[]): Promise<Engine> {
  const engine = engineOn([state], { programs: [observed(calls)] });
  await engine.scan();
  calls.length = 0;
  return engine;
}

const fates = ({ execs }: ExecProvenance): unknown[] =>
  execs.map(({ delivery, slug, undelivered }) => [slug, delivery?.certainty ?? undelivered?.reason]);

describe("the execs of a session", () => {
  it("are read once, and no other transcript of a known key is read for them", async (test) => {
    const state = home(test, transcript(1, 0, started("calm-bay", 5), reported("calm-bay", 9)), transcript(2, 1));
    const calls: string[] = [];
    const engine = await scanned(state, calls);
    const first = await engine.execs(state, "main", KEY);
    assert.deepEqual(fates(first), [["calm-bay", "derived"]]);
    assert.deepEqual(calls, [`trace ${SESSIONS}/${sessionId(1)}.jsonl`]);
    assert.equal(await engine.execs(state, "main", KEY), first);
    assert.equal(calls.length, 1);
  });

  it("follow a transcript that grows, and only that is read again", async (test) => {
    const state = home(test, transcript(1, 0, started("calm-bay", 5)), transcript(2, 1, started("keen-fox", 6)));
    const calls: string[] = [];
    const engine = await scanned(state, calls);
    assert.deepEqual(fates(await engine.execs(state, "main")), [
      ["calm-bay", "never"],
      ["keen-fox", "never"],
    ]);
    const path = join(state, SESSIONS, `${sessionId(1)}.jsonl`);
    appendFileSync(path, lines(reported("calm-bay", 9)));
    calls.length = 0;
    await engine.changed([path]);
    assert.deepEqual(fates(await engine.execs(state, "main")), [
      ["calm-bay", "derived"],
      ["keen-fox", "never"],
    ]);
    assert.deepEqual(
      calls.filter((call) => call.startsWith("trace")),
      [`trace ${SESSIONS}/${sessionId(1)}.jsonl`],
    );
  });

  it("are looked for in transcripts of an unknown key too, where a notice may tell of them", async (test) => {
    const lost = transcript(3, 0, started("calm-bay", 2));
    const state = home(test, transcript(1, 4, reported("calm-bay", 9)), transcript(2, 1), {
      [`${sessionId(3)}.jsonl`]: lost,
    });
    const calls: string[] = [];
    const engine = await scanned(state, calls);
    const { execs, notices } = await engine.execs(state, "main", KEY);
    assert.deepEqual(
      calls,
      [1, 3].map((number) => `trace ${SESSIONS}/${sessionId(number)}.jsonl`),
    );
    assert.deepEqual(execs, []);
    assert.deepEqual(
      notices.map(({ origin }) => [origin?.slug, origin?.certainty, origin?.start.fragment.path]),
      [["calm-bay", "inferred", `${SESSIONS}/${sessionId(3)}.jsonl`]],
    );
  });

  it("can't be known where a transcript went away, and that is said", async (test) => {
    const state = home(test, transcript(1, 0, started("calm-bay", 5)), transcript(2, 1));
    const engine = await scanned(state, []);
    rmSync(join(state, SESSIONS, `${sessionId(1)}.jsonl`));
    const { execs, unread } = await engine.execs(state, "main", KEY);
    assert.deepEqual([execs, unread.map(({ path }) => path)], [[], [`${SESSIONS}/${sessionId(1)}.jsonl`]]);
  });

  it("of a transcript that is too large for a scan are read when one session is asked for", async (test) => {
    const path = `${SESSIONS}/${sessionId(1)}.jsonl`;
    const state = home(test, transcript(1, 0, started("calm-bay", 5)), transcript(2, 1));
    const traceExecs: AgentProgram["traceExecs"] = (identity, fragments, context, bounds) =>
      openclaw.traceExecs(identity, fragments, context, bounds ?? { mostBytesPerFragment: 9, mostBytes: 99 });
    const engine = engineOn([state], { programs: [{ ...openclaw, traceExecs }] });
    await engine.scan();
    const whole = await engine.execs(state, "main");
    assert.deepEqual([whole.execs, whole.unread.length], [[], 2]);
    assert.deepEqual(fates(await engine.execs(state, "main", KEY)), [["calm-bay", "never"]]);
    assert.ok(whole.unread.some((one) => one.path === path));
  });

  it("of a home or an agent that is not known are refused", async (test) => {
    const state = home(test, transcript(1, 0), transcript(2, 1));
    const engine = await scanned(state, []);
    await assert.rejects(engine.execs("/nowhere", "main"), { name: "FileError" });
    await assert.rejects(engine.execs(state, "nobody"), { name: "FileError" });
    assert.deepEqual((await engine.execs(state, "main", "no such session")).execs, []);
  });
});

describe("an entry", () => {
  it("leads to the execs that it started, reported or saw end, by its line or its id", async (test) => {
    const entries = [started("calm-bay", 5), polled("calm-bay", 7), reported("calm-bay", 6)];
    const state = home(test, transcript(1, 0, ...entries), transcript(2, 1));
    const provenance = await (await scanned(state, [])).execs(state, "main", KEY);
    const index = execIndex(provenance);
    const fragment = { path: `${SESSIONS}/${sessionId(1)}.jsonl` };
    const slugs = (execs: ReturnType<typeof index.startedAt>): string[] => execs.map(({ slug }) => slug);
    assert.deepEqual(slugs(index.startedAt({ fragment, line: 3 })), ["calm-bay"]);
    assert.deepEqual(slugs(index.endedAt({ fragment, line: 4 })), ["calm-bay"]);
    assert.equal(index.toldAt({ fragment, line: 5 })[0]?.origin?.start.line, 3);
    assert.deepEqual(slugs(index.startedAt({ fragment, entryId: "0a1b2c3d" })), ["calm-bay"]);
    assert.deepEqual(index.startedAt({ fragment, line: 5 }), []);
    assert.deepEqual(index.startedAt({ fragment: { path: "other" }, line: 3 }), []);
    assert.deepEqual(index.toldAt({ fragment, entryId: null }), []);
    assert.equal(execIndex(provenance), index);
  });
});
