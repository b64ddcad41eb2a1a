// What stands in a plan's way is said before anything is written, with the reason; then nothing changes, not even our own room.
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { type FileOperations, fileOperations } from "../../../../src/engine/executor/file-operations.ts";
import {
  ABSENT,
  FORENSICS_FOLDER,
  type Gate,
  type MakeFolder,
  type Plan,
  type Step,
  type WriteFile,
} from "../../../../src/model/plan.ts";
import type { RefusalCode } from "../../../../src/model/receipt.ts";
import { executorOn, planFor, ran, surroundings, treeOf, withoutFolderTimes } from "../../../support/executor.ts";
import { file, json, temporaryTree } from "../../../support/homes.ts";
import { aside, renamed, sampleTree, stateOfText, written } from "../../../support/sample-plan.ts";
import { NOW } from "../../../support/world.ts";

const SESSIONS = "agents/main/sessions";
const STORE = `${SESSIONS}/sessions.json`;

/** A step that writes where nothing stands. */
function made(path: string, text = "x"): WriteFile {
  const content = { as: "text", text } as const;
  const after = stateOfText(text);
  return { do: "write-file", path, before: ABSENT, after, content, mode: 0o600, mtimeMs: null, why: "a test" };
}

function madeFolder(path: string): MakeFolder {
  return {
    do: "make-folder",
    path,
    before: { is: "absent" },
    after: { is: "folder", mode: 0o700 },
    mode: 0o700,
    why: "a test",
  };
}

interface Case {
  readonly name: string;
  readonly code: RefusalCode;
  readonly reason: RegExp;
  readonly plan: (home: string) => Plan;
  /** What happens between planning and running. */
  readonly meanwhile?: (home: string, test: TestContext) => void;
}

const steps =
  (make: (home: string) => Step[]): Case["plan"] =>
  (home) =>
    planFor(home, { steps: make(home) });

const CASES: readonly Case[] = [
  {
    name: "a file that was written to since",
    code: "changed",
    reason: /sessions\.json has 12 bytes, not 8: make the plan again/,
    plan: steps((home) => [written(home, STORE, "{}")]),
    meanwhile: (home) => writeFileSync(join(home, STORE), '{"a":1,"b":2'),
  },
  {
    name: "a file of the same size and other content",
    code: "changed",
    reason: /has other content/,
    plan: steps((home) => [written(home, STORE, "{}")]),
    meanwhile: (home) => writeFileSync(join(home, STORE), '{"a":2}\n'),
  },
  {
    name: "a file that appeared",
    code: "changed",
    reason: /has appeared \(a file\)/,
    plan: steps(() => [made(`${SESSIONS}/new.jsonl`)]),
    meanwhile: (home) => writeFileSync(join(home, SESSIONS, "new.jsonl"), "mine"),
  },
  {
    name: "a folder in which something changed",
    code: "changed",
    reason: /holds other files/,
    plan: steps((home) => [aside(home, "agents/shadow/sessions")]),
    meanwhile: (home) => writeFileSync(join(home, "agents/shadow/sessions/nested/y.jsonl"), "y"),
  },
  {
    name: "a path that leads out",
    code: "unsafe-path",
    reason: /no plain path inside the home/,
    plan: steps(() => [made("../outside.txt")]),
  },
  {
    name: "an absolute path",
    code: "unsafe-path",
    reason: /no plain path inside the home/,
    plan: steps(() => [made("/etc/passwd")]),
  },
  {
    name: "a folder of our room that is not there",
    code: "changed",
    reason: /The folder .*\.session-forensics\/links is not there/,
    plan: steps(() => [made(`${FORENSICS_FOLDER}/links/agents.json`)]),
  },
  {
    name: "a folder that no step makes inside of one that a step makes",
    code: "changed",
    reason: /The folder .*\/fresh\/deep is not there/,
    plan: steps(() => [madeFolder("agents/fresh"), made("agents/fresh/deep/x.jsonl")]),
  },
  {
    name: "a file as a folder",
    code: "changed",
    reason: /The folder .*\/new\.jsonl is not there/,
    plan: steps(() => [made(`${SESSIONS}/new.jsonl`), made(`${SESSIONS}/new.jsonl/x`)]),
  },
  {
    name: "a folder that became a link in between",
    code: "unsafe-path",
    reason: /sessions is a link to .*elsewhere: nothing is written through it/,
    plan: steps(() => [made(`${SESSIONS}/new.jsonl`)]),
    meanwhile: (home) => {
      mkdirSync(join(home, "elsewhere"));
      renameSync(join(home, SESSIONS), join(home, "agents/main/was"));
      symlinkSync(join(home, "elsewhere"), join(home, SESSIONS));
    },
  },
  {
    name: "a file that became a link in between",
    code: "changed",
    reason: /is a link, not a file/,
    plan: steps((home) => [written(home, STORE, "{}")]),
    meanwhile: (home) => {
      renameSync(join(home, STORE), join(home, "moved.json"));
      symlinkSync("../../../moved.json", join(home, STORE));
    },
  },
  {
    name: "a name that differs from another one only in case",
    code: "unsafe-path",
    reason: /one\.jsonl stands beside ONE\.jsonl/,
    plan: steps(() => [made(`${SESSIONS}/ONE.jsonl`)]),
  },
  {
    name: "two new names that differ only in how a letter is composed",
    code: "unsafe-path",
    reason: /they are one file/,
    plan: steps(() => [made(`${SESSIONS}/caf\u00e9.jsonl`), made(`${SESSIONS}/cafe\u0301.jsonl`)]),
  },
  {
    name: "a file of another user",
    code: "not-permitted",
    reason: /belongs to the user with the id \d+, and this runs as 54321: run it as that user/,
    plan: steps((home) => [written(home, STORE, "{}")]),
    meanwhile: (_home, test) => {
      const { geteuid } = process;
      process.geteuid = () => 54_321;
      test.after(() => {
        if (geteuid !== undefined) process.geteuid = geteuid;
      });
    },
  },
  {
    name: "a disk without room for it",
    code: "no-space",
    reason: /needs 1 PB, and .* are free/,
    plan: steps((home) => {
      const step = written(home, STORE, "{}");
      return [{ ...step, after: { ...step.after, bytes: 1e15 } }];
    }),
  },
  {
    name: "a journal that a plan would change",
    code: "unsafe-path",
    reason: /belongs to the journal, which no plan changes/,
    plan: steps(() => [made(`${FORENSICS_FOLDER}/receipts/x`)]),
  },
  {
    name: "a plan that says itself that it can't be done",
    code: "conflict",
    reason: /two copies differ/,
    plan: (home) =>
      planFor(home, {
        steps: [written(home, STORE, "{}")],
        conflicts: [{ path: STORE, reason: "The two copies differ." }],
      }),
  },
  { name: "a plan without steps", code: "conflict", reason: /no steps/, plan: (home) => planFor(home, {}) },
  {
    name: "a home that moved",
    code: "changed",
    reason: /is not there/,
    plan: steps((home) => [written(home, STORE, "{}")]),
    meanwhile: (home) => renameSync(join(home, "agents"), join(home, "agents.was")),
  },
];

describe("a plan is refused for", () => {
  for (const { name, code, reason, plan, meanwhile } of CASES) {
    it(name, async (test) => {
      const home = temporaryTree(test, sampleTree());
      const planned = plan(home);
      meanwhile?.(home, test);
      const before = treeOf(home);
      const result = await executorOn(home).run(planned);
      assert.ok("refusals" in result, JSON.stringify(result));
      assert.equal(result.refusals[0]?.code, code);
      assert.match(result.refusals[0].reason, reason);
      assert.deepEqual(treeOf(home), before);
      assert.ok(!existsSync(join(home, FORENSICS_FOLDER)));
    });
  }

  it("a folder that can't be written to", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    const makeFolder: FileOperations["makeFolder"] = () => {
      throw Object.assign(new Error("EROFS: read-only file system, mkdir"), { code: "EROFS" });
    };
    const executor = executorOn(home, { files: { ...fileOperations, makeFolder } });
    const result = await executor.run(planFor(home, { steps: [written(home, STORE, "{}")] }));
    assert.ok("refusals" in result);
    assert.deepEqual(
      result.refusals.map(({ code }) => code),
      ["not-permitted"],
    );
    assert.deepEqual(treeOf(home), before);
  });

  it("a room that is a link", async (test) => {
    const home = temporaryTree(test, { ...sampleTree(), elsewhere: {} });
    symlinkSync("elsewhere", join(home, FORENSICS_FOLDER));
    const result = await executorOn(home).run(planFor(home, { steps: [written(home, STORE, "{}")] }));
    assert.ok("refusals" in result);
    assert.match(result.refusals[0]?.reason ?? "", /is not a folder/);
  });
});

describe("the gates", () => {
  const LOCK = `${SESSIONS}/one.jsonl.lock`;
  const live = json({ pid: 4242, createdAt: "2026-11-21T01:09:00.000Z", starttime: 5 });
  const process = { pid: 4242, command: "openclaw", argv: ["openclaw"], startTicks: 5 };

  async function refusedBy(home: string, gate: Gate, given: Parameters<typeof surroundings> = [home]): Promise<string> {
    const plan = planFor(home, { steps: [written(home, STORE, "{}")], gates: [gate] });
    const before = treeOf(home);
    const result = await executorOn(home, { around: surroundings(...given) }).run(plan);
    assert.ok("refusals" in result);
    assert.deepEqual(treeOf(home), before);
    return result.refusals.map(({ reason }) => reason).join(" ");
  }

  it("name the process that holds a lock, and what to do", async (test) => {
    const home = temporaryTree(test, sampleTree());
    writeFileSync(join(home, LOCK), live);
    const gate: Gate = { gate: "lock-free", path: LOCK, why: "a test" };
    assert.match(await refusedBy(home, gate, [home, {}, [process]]), /is held by the process 4242 \(openclaw\)\. Wait/);
  });

  it("take a lock that may be held for a held one", async (test) => {
    const home = temporaryTree(test, sampleTree());
    writeFileSync(join(home, LOCK), live);
    const gate: Gate = { gate: "lock-free", path: LOCK, why: "a test" };
    const unseen = processlessLock(home);
    assert.match(await refusedBy(home, gate, unseen), /may be held: .* Make sure that nothing uses the session/);
  });

  it("let a file rest first that was written to a moment ago", async (test) => {
    const tree = { agents: { main: { sessions: { "sessions.json": file("{}\n", { mtime: NOW - 4000 }) } } } };
    const home = temporaryTree(test, tree);
    const gate: Gate = { gate: "quiet", path: STORE, quietMs: 10_000, why: "a test" };
    assert.match(await refusedBy(home, gate), /was written to 4 s ago; it must have been quiet for 10 s/);
  });

  it("know a file that a repair of ours wrote a moment ago, as long as nobody else has", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const gates: Gate[] = [{ gate: "quiet", path: STORE, quietMs: 10_000, why: "a test" }];
    const store = (text: string): WriteFile => ({ ...written(home, STORE, text), mtimeMs: NOW - 10 });
    const executor = executorOn(home);
    await ran(executor, planFor(home, { steps: [store("{}")], gates }));
    await ran(executor, planFor(home, { steps: [store("[]")], gates }));
    await ran(executor, executor.planUndo(null));
    writeFileSync(join(home, STORE), "another one");
    utimesSync(join(home, STORE), NOW / 1000, NOW / 1000);
    const result = await executor.run(planFor(home, { steps: [store("null")], gates }));
    assert.ok("refusals" in result);
    assert.equal(result.refusals[0]?.code, "still-growing");
  });

  it("name a running gateway", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const gate: Gate = { gate: "gateway-down", why: "a test" };
    const owner = { ...process, environment: { HOME: "/nowhere", OPENCLAW_STATE_DIR: home } };
    assert.match(await refusedBy(home, gate, [home, {}, [owner]]), /the process 4242 \(openclaw\)\. Stop it first/);
  });

  it("are open when nobody is there", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const gates: Gate[] = [
      { gate: "lock-free", path: LOCK, why: "a test" },
      { gate: "quiet", path: STORE, quietMs: 10_000, why: "a test" },
      { gate: "gateway-down", why: "a test" },
    ];
    await ran(executorOn(home), planFor(home, { steps: [written(home, STORE, "{}")], gates }));
  });

  it("are looked at again when the run holds the agent's locks", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    let looks = 0;
    const owners = (): Promise<{ pid: number; text: string }[]> => {
      looks += 1;
      return Promise.resolve(looks === 1 ? [] : [{ pid: 4242, text: "A gateway has come up." }]);
    };
    const plan = planFor(home, {
      steps: [written(home, STORE, "{}")],
      gates: [{ gate: "gateway-down", why: "a test" }],
      locks: [{ path: LOCK, of: "transcript", target: `${SESSIONS}/one.jsonl` }],
    });
    const receipt = await ran(executorOn(home, { around: surroundings(home, { owners }) }), plan, "rolled-back");
    assert.match(receipt.reason ?? "", /A gateway has come up/);
    assert.deepEqual(treeOf(home), before);
  });

  /** A world in which processes can't be seen. */
  function processlessLock(home: string): Parameters<typeof surroundings> {
    const around = surroundings(home);
    const lockAt: typeof around.lockAt = (path) => {
      const lock = around.lockAt(path);
      return lock === null ? null : { ...lock, verdict: "unknown", explanation: "It was made on another machine." };
    };
    return [home, { lockAt }];
  }
});

describe("the agent's locks", () => {
  const LOCK = `${SESSIONS}/one.jsonl.lock`;
  const locks = [{ path: LOCK, of: "transcript", target: `${SESSIONS}/one.jsonl` }] as const;

  it("are waited for, and held while the steps run", async (test) => {
    const home = temporaryTree(test, sampleTree());
    writeFileSync(join(home, LOCK), json({ pid: 4242, createdAt: "2026-11-21T01:09:00.000Z", starttime: 5 }));
    let naps = 0;
    const sleep = async (): Promise<void> => {
      naps += 1;
      if (naps === 3) renameSync(join(home, LOCK), join(home, "released"));
    };
    const around = surroundings(home, { sleep }, [{ pid: 4242, startTicks: 5 }]);
    const during: boolean[] = [];
    const executor = executorOn(home, { around, lockWaitMs: 1e9 });
    const result = await executor.run(planFor(home, { steps: [written(home, STORE, "{}")], locks }), {
      onStep: () => during.push(existsSync(join(home, LOCK))),
    });
    assert.equal(result.outcome, "done");
    assert.deepEqual([during, existsSync(join(home, LOCK))], [[true], false]);
  });

  it("that stay held end the run, which is taken back", async (test) => {
    const home = temporaryTree(test, sampleTree());
    writeFileSync(join(home, LOCK), json({ pid: 4242, createdAt: "2026-11-21T01:09:00.000Z", starttime: 5 }));
    const before = treeOf(home);
    const around = surroundings(home, {}, [{ pid: 4242, command: "openclaw gateway", startTicks: 5 }]);
    const plan = planFor(home, { steps: [written(home, STORE, "{}")], locks });
    const receipt = await ran(executorOn(home, { around, lockWaitMs: 20 }), plan, "rolled-back");
    assert.match(receipt.reason ?? "", /held by the process 4242 \(openclaw gateway\)/);
    assert.deepEqual(treeOf(home), before);
  });

  it("that someone takes away from the run end it", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    const taken = (_step: Step, index: number): void => {
      if (index === 1) renameSync(join(home, LOCK), join(home, "..", `${Math.abs(index)}-taken.lock`));
    };
    const plan = planFor(home, {
      steps: [written(home, STORE, "{}"), renamed(home, `${SESSIONS}/three.jsonl`, `${SESSIONS}/four.jsonl`)],
      locks,
    });
    const result = await executorOn(home).run(plan, { onStep: taken });
    assert.ok("receipt" in result);
    assert.match(result.receipt.reason ?? "", /was taken from this run/);
    assert.deepEqual([...treeOf(home).keys()], [...before.keys()]);
  });

  it("are not taken where OpenClaw would not respect them", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const around = surroundings(home, { appearAsOwner: () => null });
    const result = await executorOn(home, { around }).run(
      planFor(home, { steps: [written(home, STORE, "{}")], locks }),
    );
    assert.ok("refusals" in result);
    assert.match(
      result.refusals[0]?.reason ?? "",
      /would not know this process for the holder of its locks.* from the command line/,
    );
  });
});

it("a folder closed by its permissions stays as it is", async (test) => {
  const home = temporaryTree(test, sampleTree());
  const plan = planFor(home, { steps: [written(home, STORE, "{}")] });
  chmodSync(join(home, SESSIONS), 0o500);
  const before = withoutFolderTimes(treeOf(home));
  const result = await asOrdinaryUser(home, () => executorOn(home).run(plan));
  // Root in the skin of another is found out only by trying: access(2) asks for the real user.
  assert.equal(result.outcome, process.geteuid?.() === 0 ? "rolled-back" : "refused");
  assert.match(JSON.stringify(result), /can't be written to|EACCES/);
  assert.deepEqual(withoutFolderTimes(treeOf(home)), before);
});

/** Permissions bind everybody but root. */
async function asOrdinaryUser<T>(home: string, act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  const NOBODY = 65_534;
  for (const path of treeOf(home).keys()) lchownSync(join(home, path), NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
