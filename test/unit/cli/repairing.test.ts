// Arguments of plan, repair, undo and journal, their questions and exit codes, at a desk of the test's own.
import assert from "node:assert/strict";
import { suite, test } from "node:test";

import type { RunResult } from "../../../src/engine/executor/executor.ts";
import type { RepairRequest } from "../../../src/engine/planning/plan-repairs.ts";
import { NothingToPlan } from "../../../src/engine/planning/plan-repairs.ts";
import type { RepairDesk } from "../../../src/engine/repair-desk.ts";
import type { Refusal, RefusalCode } from "../../../src/model/receipt.ts";
import { FileError } from "../../../src/system/files.ts";
import { cli } from "../../support/cli-world.ts";
import { fakeEngine, NOTHING_READ } from "../../support/fake-engine.ts";
import { temporaryTree } from "../../support/homes.ts";
import { aCutOff, aPlan, aReceipt } from "../../support/receipts.ts";
import { aFinding, aHome, aSnapshot, FIRST_ID } from "../../support/snapshots.ts";

const refusal = (code: RefusalCode): Refusal => ({ code, path: null, reason: `It is ${code}.` });
const done: RunResult = { outcome: "done", receipt: aReceipt(), settled: [] };
const refused = (code: RefusalCode): RunResult => ({ outcome: "refused", refusals: [refusal(code)], settled: [] });

/** A desk that has a plan for everything, and counts what is run. */
function desk(change: Partial<RepairDesk> = {}) {
  const requests: RepairRequest[] = [];
  const swept: string[][] = [];
  const undone: unknown[] = [];
  let runs = 0;
  const answers: Partial<RepairDesk> = {
    plan: (_snapshot, request) => {
      requests.push(request);
      return Promise.resolve(aPlan());
    },
    planTogether: (_snapshot, findings) => {
      swept.push(findings.map(({ id }) => id));
      return Promise.resolve([aPlan()]);
    },
    run: () => {
      runs += 1;
      return Promise.resolve(done);
    },
    planUndo: (_home, receipt, beside) => {
      undone.push([receipt, beside]);
      return aPlan({ title: "Undo" });
    },
    ...change,
  };
  return { answers, requests, swept, undone, runs: () => runs };
}

suite("what is asked for", () => {
  test("a finding, with its repair and choice", async () => {
    const { answers, requests } = desk();
    assert.equal((await cli(["plan", "f-0001"], { desk: answers })).code, 0);
    await cli(["plan", "f-0001", "--repair", "link", "--choice", "first"], { desk: answers });
    assert.deepEqual(requests, [{ finding: "f-0001" }, { finding: "f-0001", repair: "link", choice: "first" }]);
  });

  test("a finding that only a whole read tells, which is said before it begins", async () => {
    const { answers, requests } = desk();
    const id = "0123456789ab";
    const engine = fakeEngine(aSnapshot());
    const deep = aSnapshot([aHome({ findings: [aFinding({ id })] })], { revision: 2 });
    let reads = 0;
    engine.deepCheck = () => {
      reads += 1;
      return Promise.resolve({ snapshot: deep, read: NOTHING_READ });
    };
    const found = await cli(["plan", id], { desk: answers, engine: () => engine });
    assert.deepEqual([found.code, reads, requests], [0, 1, [{ finding: id }]]);
    assert.match(found.err, /^Reading all transcripts whole/);
    const unknown = await cli(["repair", "aaaaaaaaaaaa", "--yes"], { desk: answers, engine: () => engine });
    assert.deepEqual([unknown.code, reads], [2, 2]);
    await cli(["plan", "f-0001"], { desk: answers, engine: () => engine });
    assert.equal(reads, 2, "what is known needs no whole read");
  });

  test("a file, by its path from the working folder", async () => {
    const { answers, requests } = desk();
    const path = `agents/main/sessions/${FIRST_ID}.jsonl`;
    const workingFolder = "/home/ann/.openclaw/agents/main";
    const asked = await cli(["plan", `sessions/${FIRST_ID}.jsonl`, "--repair", "link"], {
      desk: answers,
      workingFolder,
    });
    assert.equal(asked.code, 0);
    assert.deepEqual(requests, [{ home: "/home/ann/.openclaw", path, repair: "link" }]);
    assert.deepEqual(asked.requests[0]?.given, { paths: ["/home/ann/.openclaw"], discover: true });
  });

  test("several findings, stale locks, or all", async () => {
    const findings = [aFinding(), aFinding({ id: "f-2", code: "store/orphan-transcript" })];
    const snapshot = aSnapshot([aHome({ findings })]);
    const { answers, swept } = desk();
    for (const args of [["f-2", "f-0001"], ["--stale-locks"], ["--all-safe"]])
      assert.equal((await cli(["plan", ...args], { desk: answers, snapshot })).code, 0);
    assert.deepEqual(swept, [["f-2", "f-0001"], ["f-0001"], ["f-0001", "f-2"]]);
  });

  const unclear: readonly [string[], RegExp][] = [
    [["plan"], /^Name a finding/],
    [["repair", "--yes"], /^Name a finding/],
    [["plan", "f-0001", "--all-safe"], /not both/],
    [["plan", "nope"], /^There is no finding "nope"[^]*--home DIR looks elsewhere/],
    [["plan", "f-0001", "nope"], /^There is no finding "nope"/],
    [["plan", "f-0001", "f-0001", "--choice", "x"], /for one finding at a time/],
    [["plan", `/home/ann/.openclaw/agents/main/sessions/${FIRST_ID}.jsonl`], /^Say with --repair/],
    [["repair", "--settle", "f-0001"], /^--settle stands alone/],
    [["repair", "--settle", "--all-safe"], /^--settle stands alone/],
    [["undo", "a", "b"], /one argument too many/],
  ];
  for (const [args, message] of unclear)
    test(`${args.join(" ")}: exit code 2`, async () => {
      const { answers, runs } = desk();
      const { code, out, err } = await cli(args, { desk: answers });
      assert.deepEqual([code, out, runs()], [2, "", 0]);
      assert.match(err, message);
    });

  test("what the desk can't plan ends with 2 and the reason", async () => {
    const plan = () => Promise.reject(new NothingToPlan("No repair is offered."));
    const { code, err } = await cli(["plan", "f-0001"], { desk: desk({ plan }).answers });
    assert.deepEqual([code, err], [2, "No repair is offered.\n"]);
  });

  test("where one of several ways has to be named, they are listed", async () => {
    const conflicts = [{ path: "x", reason: "Choose." }];
    const { answers } = desk({
      plan: () => Promise.resolve(aPlan({ steps: [], conflicts })),
      choices: () => Promise.resolve([{ id: "first", label: "It is the first", detail: "1 kB", isDefault: false }]),
    });
    const { code, err } = await cli(["repair", "f-0001", "--yes"], { desk: answers });
    assert.equal(code, 2);
    assert.match(err, /Name one with --choice:\n {2}first {2}It is the first, 1 kB\n$/);
    assert.equal((await cli(["plan", "f-0001", "--choice", "odd"], { desk: answers })).code, 0);
  });
});

suite("plan", () => {
  test("says what stands in the way, with exit code 1", async () => {
    const { answers, runs } = desk({ check: () => Promise.resolve([refusal("gateway-running")]) });
    const { code, out } = await cli(["plan", "f-0001"], { desk: answers });
    assert.deepEqual([code, runs()], [1, 0]);
    assert.match(out, /^Refused: nothing was written\.\n {2}It is gateway-running\.$/m);
    const json = JSON.parse((await cli(["plan", "f-0001", "--json"], { desk: answers })).out) as {
      plans: Record<string, unknown>[];
    };
    assert.deepEqual(Object.keys(json.plans[0] ?? {}).slice(0, 5), ["id", "title", "home", "refusals", "steps"]);
    assert.deepEqual(json.plans[0]?.["refusals"], [refusal("gateway-running")]);
  });
});

suite("repair", () => {
  test("asks, and a no writes nothing", async () => {
    const { answers, runs } = desk();
    const questions: string[] = [];
    const confirm = (reply: boolean) => (question: string) => {
      questions.push(question);
      return Promise.resolve(reply);
    };
    const no = await cli(["repair", "f-0001"], { desk: answers, confirm: confirm(false) });
    assert.deepEqual([no.code, no.err, runs()], [1, "Nothing was written.\n", 0]);
    const yes = await cli(["repair", "f-0001"], { desk: answers, confirm: confirm(true) });
    assert.deepEqual([yes.code, runs()], [0, 1]);
    assert.deepEqual(questions, ["Run this plan?", "Run this plan?"]);
    assert.match(yes.out, /^To take it back: session-forensics undo /m);
  });

  test("never asks with --json, and not where there is no terminal", async () => {
    const { answers, runs } = desk();
    const confirm = () => Promise.reject(new Error("asked"));
    const json = await cli(["repair", "f-0001", "--json"], { desk: answers, confirm });
    assert.match(json.err, /^Nothing was written: with --json nobody is asked\./);
    const mute = await cli(["repair", "f-0001"], { desk: answers });
    assert.match(mute.err, /^Nothing was written: there is no terminal to ask on\./);
    assert.deepEqual([json.code, json.out, mute.code, mute.out, runs()], [2, "", 2, "", 0]);
    assert.equal((await cli(["repair", "f-0001", "-y"], { desk: answers, confirm })).code, 0);
  });

  test("does not ask when the plan is refused anyway", async () => {
    const { answers, runs } = desk({ check: () => Promise.resolve([refusal("lock-held")]) });
    const confirm = () => Promise.reject(new Error("asked"));
    assert.equal((await cli(["repair", "f-0001"], { desk: answers, confirm })).code, 1);
    assert.equal(runs(), 0);
  });

  const codes: readonly (readonly [string, RunResult, number])[] = [
    ["a refusal", refused("lock-held"), 1],
    ["a refusal of the system", refused("not-permitted"), 3],
    ["a full disk", refused("no-space"), 3],
    ["a run that was taken back", { ...done, outcome: "rolled-back" }, 3],
    ["a run that could not be taken back whole", { ...done, outcome: "partial" }, 3],
  ];
  for (const [name, result, expected] of codes)
    test(`${name} ends with ${expected}, in text and in JSON`, async () => {
      const { answers } = desk({ run: () => Promise.resolve(result) });
      for (const more of [[], ["--json"]])
        assert.equal((await cli(["repair", "f-0001", "--yes", ...more], { desk: answers })).code, expected);
    });

  test("of several plans each is run, and the worst decides", async () => {
    const other = aPlan({ home: "/b" });
    const snapshot = aSnapshot([aHome(), aHome({ home: { id: "b", path: "/b" } })]);
    const { answers } = desk({
      planTogether: () => Promise.resolve([aPlan(), other]),
      run: (home) => Promise.resolve(home.home.path === "/b" ? done : refused("lock-held")),
    });
    const { code, out } = await cli(["repair", "--all-safe", "--yes", "--json"], { desk: answers, snapshot });
    assert.equal(code, 1);
    const { runs } = JSON.parse(out) as { runs: { outcome: string }[] };
    assert.deepEqual(
      runs.map(({ outcome }) => outcome),
      ["refused", "done"],
    );
  });

  test("with nothing to do says so", async () => {
    const { answers } = desk({ planTogether: () => Promise.resolve([]) });
    assert.equal((await cli(["repair", "--all-safe"], { desk: answers })).out, "There is nothing to repair here.\n");
    const json = await cli(["repair", "--all-safe", "--json"], { desk: answers });
    assert.deepEqual(JSON.parse(json.out), { schema: "session-forensics/receipt/1", runs: [] });
  });
});

suite("what was cut off", () => {
  const cutOff = () => [aCutOff()];

  test("is told on stderr by every verb that looks, beside a JSON document too", async () => {
    const told =
      "A repair was cut off: Move the stale lock aside, begun 2026-11-21 00:20:00 UTC in /home/ann/.openclaw.\n" +
      "session-forensics repair --settle --home /home/ann/.openclaw completes what was cut off, or takes it back.\n";
    for (const verb of [["scan"], ["check"], ["locks"], ["journal"], ["plan", "f-0001"]])
      for (const more of [[], ["--json"]])
        assert.equal((await cli([...verb, ...more], { desk: desk({ cutOff }).answers })).err, told, verb[0]);
  });

  test("is settled after a yes", async () => {
    let settled = 0;
    const settle = () => {
      settled += 1;
      return Promise.resolve({ settled: [aReceipt({ outcome: "rolled-back", recovered: true })], refusals: [] });
    };
    const { answers } = desk({ cutOff, settle });
    assert.equal((await cli(["repair", "--settle"], { desk: answers })).code, 2);
    const no = await cli(["repair", "--settle"], { desk: answers, confirm: () => Promise.resolve(false) });
    assert.deepEqual([no.code, settled], [1, 0]);
    const yes = await cli(["repair", "--settle"], { desk: answers, confirm: () => Promise.resolve(true) });
    assert.deepEqual([yes.code, settled], [0, 1]);
    assert.match(yes.out, /^Taken back: everything is as it was\.$/m);
    const json = await cli(["repair", "--settle", "--yes", "--json"], { desk: answers });
    const { runs } = JSON.parse(json.out) as { runs: { outcome: string; receipt: { recovered: boolean } }[] };
    assert.deepEqual([runs[0]?.outcome, runs[0]?.receipt.recovered], ["rolled-back", true]);
  });

  test("can be refused", async () => {
    const settle = () => Promise.resolve({ settled: [], refusals: [refusal("unsettled")] });
    const { answers } = desk({ cutOff, settle });
    const { code, out } = await cli(["repair", "--settle", "--yes"], { desk: answers });
    assert.equal(code, 1);
    assert.match(out, /^ {2}It is unsettled\.$/m);
  });

  test("is nothing most of the time", async () => {
    assert.equal((await cli(["repair", "--settle"])).out, "No repair was cut off here.\n");
    assert.equal((await cli(["scan"])).err, "");
  });
});

suite("undo and journal", () => {
  test("undo means the receipt that is named, else the newest that can be undone", async () => {
    const journal = () => [aReceipt({ id: "r-1" }), aReceipt({ id: "r-2", undo: { state: "undone", by: "r-3" } })];
    const { answers, undone } = desk({ journal });
    assert.equal((await cli(["undo", "r-2", "--beside", "--yes"], { desk: answers })).code, 0);
    assert.equal((await cli(["undo", "--yes"], { desk: answers })).code, 0);
    assert.deepEqual(undone, [
      ["r-2", true],
      [null, false],
    ]);
    const unknown = await cli(["undo", "r-9", "--yes"], { desk: answers });
    assert.deepEqual([unknown.code, unknown.err], [2, 'There is no receipt "r-9".\n']);
    const nothing = await cli(["undo", "--yes"], { desk: desk().answers });
    assert.deepEqual([nothing.code, nothing.err], [2, "There is nothing to undo.\n"]);
  });

  test("--home means that home, not the canonical one that it is a shadow of", async (context) => {
    const folder = temporaryTree(context, {});
    const shadow = aHome({ home: { id: "s", path: folder, role: "shadow" }, findings: [aFinding({ id: "f-0002" })] });
    const snapshot = aSnapshot([aHome({ findings: [aFinding()] }), shadow]);
    const { answers, swept } = desk({ journal: ({ home }) => [aReceipt({ id: `r-${home.role}` })] });
    await cli(["plan", "--all-safe", "--home", folder], { snapshot, desk: answers });
    assert.deepEqual(swept, [["f-0002"]]);
    const { out } = await cli(["journal", "--home", folder], { snapshot, desk: answers });
    assert.match(out, /r-shadow/);
    assert.doesNotMatch(out, /r-canonical/);
    assert.equal((await cli(["undo", "r-canonical", "--home", folder], { snapshot, desk: answers })).code, 2);
  });

  test("receipts that can't be read are named without a stack, with exit code 3", async () => {
    const journal = () => {
      throw new FileError("not-a-folder", "/home/ann/.openclaw/.session-forensics/receipts", "not a folder");
    };
    const { code, err } = await cli(["journal"], { desk: desk({ journal }).answers });
    assert.deepEqual([code, err], [3, "Can't read /home/ann/.openclaw/.session-forensics/receipts: not a folder\n"]);
  });

  test("the journal lists homes with their receipts, the newest first", async () => {
    const journal = () => [aReceipt({ id: "r-1" }), aReceipt({ id: "r-2" })];
    const { answers } = desk({ journal });
    assert.match((await cli(["journal"], { desk: answers })).out, /^Home \/home\/ann\/\.openclaw\n[^]*r-2,[^]*r-1,/);
    const { schema, homes } = JSON.parse((await cli(["journal", "--json"], { desk: answers })).out) as {
      schema: string;
      homes: { home: string; receipts: { id: string; startedAt: string; plan: object }[] }[];
    };
    assert.equal(schema, "session-forensics/receipt/1");
    assert.equal(homes[0]?.home, "/home/ann/.openclaw");
    assert.deepEqual(
      homes[0]?.receipts.map(({ id, startedAt }) => [id, startedAt]),
      [
        ["r-2", "2026-11-21T00:20:00.000Z"],
        ["r-1", "2026-11-21T00:20:00.000Z"],
      ],
    );
    assert.equal((await cli(["journal"])).out, "Nothing has been repaired here yet.\n");
  });
});
