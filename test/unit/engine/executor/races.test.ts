// Races against a process that keeps OpenClaw's protocol: no live lock is touched, and none of its writes is lost.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";

import { appearAsOpenClaw } from "../../../../src/engine/executor/disguise.ts";
import type { ProcessFacts } from "../../../../src/model/machine.ts";
import { createExecutor, type Executor } from "../../../../src/engine/executor/executor.ts";
import { localSurroundings } from "../../../../src/engine/executor/local-surroundings.ts";
import type { Surroundings } from "../../../../src/engine/executor/surroundings.ts";
import { localWorld } from "../../../../src/engine/local-engine.ts";
import type { Gate, Plan, Step } from "../../../../src/model/plan.ts";
import { planFor, stateAt } from "../../../support/executor.ts";
import { temporaryTree, type TreeNode } from "../../../support/homes.ts";
import { homeReading } from "../../../support/model.ts";
import { aside, stateOfText } from "../../../support/sample-plan.ts";

const SESSIONS = "agents/main/sessions";
const LOCK = `${SESSIONS}/one.jsonl.lock`;
const PLAYER = join(import.meta.dirname, "../../../support/racing-openclaw.ts");

interface Played {
  readonly takes: number;
  readonly left: number;
  readonly lost: number;
  readonly lines: number;
  readonly updates: number;
}

interface Race {
  readonly home: string;
  readonly around: Surroundings;
  readonly executor: Executor;
  /** Ends the other process; what it did. */
  readonly end: () => Promise<Played>;
}

/** A home, an executor in the real world, and the other process at work on it. */
function race(test: TestContext, what: "locks" | "writes", sessions: Record<string, TreeNode>): Race {
  const home = temporaryTree(test, { agents: { main: { sessions } } });
  const { pid: deadPid } = spawnSync(process.execPath, ["-e", ""]);
  const child = spawn(process.execPath, [PLAYER, what, join(home, SESSIONS), String(deadPid)]);
  test.after(() => child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const reading = homeReading({});
  const real = localSurroundings({ home: { ...reading.home, path: home }, agents: [] }, localWorld());
  const around = { ...real, owners: () => Promise.resolve([]) };
  const by = { pid: process.pid, host: "here", face: "test", version: "0.0.0" };
  return {
    home,
    around,
    executor: createExecutor({ home, around, by, lockWaitMs: 2000, claimMs: 40 }),
    end: () =>
      new Promise((resolve, reject) => {
        child.on("close", () => {
          try {
            resolve(JSON.parse(output) as Played);
          } catch {
            reject(new Error(output));
          }
        });
        child.stdin.end();
      }),
  };
}

function staleLockPlan(home: string): Plan | null {
  const step = aside(home, LOCK);
  if (step.before.is !== "file") return null;
  return planFor(home, { steps: [step], gates: [{ gate: "still-stale", path: LOCK, why: "a race" }] });
}

it("while stale locks are moved aside in a loop, no live lock is ever touched", async (test) => {
  const { home, around, executor, end } = race(test, "locks", {});
  let moved = 0;
  let looks = 0;
  while (moved < 25) {
    looks += 1;
    const plan = around.lockAt(LOCK)?.verdict === "stale" ? staleLockPlan(home) : null;
    if (plan !== null && (await executor.run(plan)).outcome === "done") moved += 1;
    await around.sleep(1);
  }
  const played = await end();
  const outcomes = executor.journal().map(({ outcome }) => outcome);
  test.diagnostic(
    `${played.takes} takes, ${played.left} locks left behind, ${looks} looks, ${outcomes.length} runs, ${moved} moved aside`,
  );
  assert.equal(played.lost, 0);
  assert.ok(played.takes > 1000);
});

/** Counts one repair up in the store, by an edit of the bytes that stand there now. */
function storePlan(home: string): Plan | null {
  const path = `${SESSIONS}/sessions.json`;
  const before = stateAt(home, path);
  if (before.is !== "file") return null;
  const text = readFileSync(join(home, path), "utf8");
  const found = /"repairs": (\d+)/.exec(text);
  if (found === null || stateOfText(text).sha256 !== before.sha256) return null;
  const edit = { offset: found.index, length: found[0].length, text: `"repairs": ${Number(found[1]) + 1}` };
  const edited = text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length);
  const step: Step = {
    do: "write-file",
    path,
    before,
    after: stateOfText(edited),
    content: { as: "copy", of: path, expect: before, edits: [edit] },
    mode: 0o600,
    mtimeMs: null,
    why: "a race",
  };
  return planFor(home, { steps: [step], locks: [{ path: `${path}.lock`, of: "store", target: path }] });
}

/** Puts an equal copy in the place of the transcript, as a repair of it would. */
function transcriptPlan(home: string): Plan | null {
  const path = `${SESSIONS}/one.jsonl`;
  const before = stateAt(home, path);
  if (before.is !== "file") return null;
  const { bytes, sha256 } = before;
  const gates: Gate[] = [{ gate: "lock-free", path: LOCK, why: "a race" }];
  const step: Step = {
    do: "write-file",
    path,
    before,
    after: { is: "file", bytes, sha256 },
    content: { as: "copy", of: path, expect: before, edits: [] },
    mode: 0o644,
    mtimeMs: null,
    why: "a race",
  };
  return planFor(home, { steps: [step], gates, locks: [{ path: LOCK, of: "transcript", target: path }] });
}

it("while store and transcript are repaired in a loop, none of the other's writes is lost", async (test) => {
  const store = JSON.stringify({ updates: 0, repairs: 0 }, null, 2);
  const { home, around, executor, end } = race(test, "writes", { "sessions.json": store, "one.jsonl": "" });
  const repaired = { store: 0, transcript: 0 };
  const tried = { store: 0, transcript: 0 };
  while (repaired.store < 8 || repaired.transcript < 8) {
    for (const [what, planned] of [
      ["store", storePlan],
      ["transcript", transcriptPlan],
    ] as const) {
      const plan = planned(home);
      if (plan === null) continue;
      tried[what] += 1;
      if ((await executor.run(plan)).outcome === "done") repaired[what] += 1;
    }
    await around.sleep(1);
  }
  const played = await end();
  test.diagnostic(
    `${played.lines} lines, ${played.updates} updates; ${JSON.stringify(tried)} tried, ${JSON.stringify(repaired)} repaired`,
  );
  const lines = readFileSync(join(home, SESSIONS, "one.jsonl"), "utf8");
  assert.deepEqual(
    lines
      .split("\n")
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { line: number }).line),
    Array.from({ length: played.lines }, (_, index) => index),
  );
  assert.deepEqual(JSON.parse(readFileSync(join(home, SESSIONS, "sessions.json"), "utf8")), {
    updates: played.updates,
    repairs: repaired.store,
  });
  assert.deepEqual(readdirSync(join(home, SESSIONS)).toSorted(), ["one.jsonl", "sessions.json"]);
});

it(
  "a title that OpenClaw takes for its own is put on for as long as somebody needs it",
  { skip: process.platform === "win32" },
  () => {
    const { processes } = localWorld();
    const seen = (): string => (processes.look(processes.self.pid) as ProcessFacts).command;
    const before = seen();
    const off = appearAsOpenClaw(processes);
    const offToo = appearAsOpenClaw(processes);
    assert.ok(off !== null && offToo !== null);
    assert.match(process.title, /(?:^|\/)openclaw$/);
    off();
    off();
    assert.match(process.title, /(?:^|\/)openclaw$/);
    offToo();
    assert.equal(seen(), before, "the command line is as it was: others find this process by it");
  },
);
