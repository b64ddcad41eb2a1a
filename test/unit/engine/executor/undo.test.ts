// Undo gives back the identical tree, whatever the plan was; what has changed since is never written over.
import assert from "node:assert/strict";
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { besideName } from "../../../../src/engine/executor/undo.ts";
import { classifySessionFile } from "../../../../src/formats/session-file-names.ts";
import { ABSENT, type Step } from "../../../../src/model/plan.ts";
import { executorOn, planFor, ran, stateAt, treeOf } from "../../../support/executor.ts";
import { temporaryTree } from "../../../support/homes.ts";
import { Random } from "../../../support/random.ts";
import {
  aside,
  copied,
  everyKindOfStep,
  renamed,
  sampleTree,
  stateOfText,
  written,
} from "../../../support/sample-plan.ts";

const SESSIONS = "agents/main/sessions";
const STORE = `${SESSIONS}/sessions.json`;

/** A tree of a few files, folders and links at random, with times and modes at random. */
function randomTree(home: string, random: Random): void {
  for (const folder of ["a", "b", "b/c"]) mkdirSync(join(home, folder), { mode: random.pick([0o700, 0o755, 0o750]) });
  for (const folder of ["", "a/", "b/", "b/c/"]) {
    for (let number = 0; number < 1 + random.below(3); number += 1) {
      const path = join(home, `${folder}f${number}`);
      if (random.chance(0.15)) symlinkSync(random.pick(["f0", "../nowhere", "/etc"]), path);
      else {
        writeFileSync(path, "x".repeat(random.below(40)), { mode: random.pick([0o600, 0o644, 0o640]) });
        const time = 1_700_000_000 + random.next() * 1e8;
        utimesSync(path, time, time);
      }
    }
  }
}

/** Steps at random, each on a path of its own, so that each can be planned on the tree as it stands. */
function randomSteps(home: string, random: Random): Step[] {
  const steps: Step[] = [];
  const free = [...treeOf(home).keys()].filter((path) => path !== "" && lstatSync(join(home, path)).isFile());
  const links = [...treeOf(home).keys()].filter((path) => lstatSync(join(home, path)).isSymbolicLink());
  const take = (from: string[]): string | undefined => from.splice(random.below(from.length), 1)[0];
  for (let number = 0; number < 2 + random.below(5); number += 1) {
    const fresh = `${random.pick(["", "a/", "b/", "b/c/"])}new${number}`;
    const kind = random.below(7);
    const path = kind < 4 ? take(free) : undefined;
    if (kind === 0 && path !== undefined) steps.push(written(home, path, `text ${random.below(1000)}`));
    else if (kind === 1 && path !== undefined) steps.push(aside(home, path));
    else if (kind === 2 && path !== undefined) steps.push(renamed(home, path, fresh));
    else if (kind === 3 && path !== undefined) steps.push(copied(home, path, fresh));
    else if (kind === 4 && links.length > 0) steps.push(aside(home, take(links) ?? ""));
    else if (kind === 5) {
      const after = { is: "folder", mode: 0o750 } as const;
      steps.push({ do: "make-folder", path: fresh, before: { is: "absent" }, after, mode: 0o750, why: "a test" });
      const inside = `${fresh}/inside`;
      steps.push({ ...written(home, fresh, "inside"), path: inside, before: ABSENT, after: stateOfText("inside") });
    } else {
      const after = { is: "symlink", target: "a" } as const;
      steps.push({ do: "make-symlink", path: fresh, before: { is: "absent" }, after, why: "a test" });
    }
  }
  return steps;
}

describe("undo", () => {
  it("gives back the identical tree of random plans: bytes, names, modes, times, links", async (test) => {
    const kinds = new Map<string, number>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = new Random(seed);
      const home = temporaryTree(test, {});
      randomTree(home, random);
      const executor = executorOn(home);
      const before = treeOf(home);
      const steps = randomSteps(home, random);
      for (const step of steps) kinds.set(step.do, (kinds.get(step.do) ?? 0) + 1);
      await ran(executor, planFor(home, { steps }));
      assert.notDeepEqual(treeOf(home), before, `seed ${seed}`);
      await ran(executor, executor.planUndo(null));
      assert.deepEqual(treeOf(home), before, `seed ${seed}`);
    }
    test.diagnostic([...kinds].map(([kind, count]) => `${count} ${kind}`).join(", "));
    assert.equal(kinds.size, 5);
  });

  it("takes the newest that can be undone, unless one is named", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const executor = executorOn(home);
    assert.equal(executor.planUndo(null), null);
    const first = await ran(executor, planFor(home, { steps: [written(home, STORE, "1")] }));
    const second = await ran(executor, planFor(home, { steps: [written(home, "openclaw.json", "2")] }));
    assert.equal(executor.planUndo(null)?.undoes, second.id);
    await ran(executor, executor.planUndo(second.id));
    assert.equal(executor.planUndo(null)?.undoes, first.id);
    assert.equal(executor.planUndo("no such"), null);
    assert.match(executor.planUndo(second.id)?.conflicts[0]?.reason ?? "", /has been undone already/);
  });

  it("refuses to write over what has changed since, and puts it beside instead", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const executor = executorOn(home);
    const receipt = await ran(executor, planFor(home, { steps: [written(home, STORE, "{}")] }));
    appendFileSync(join(home, STORE), "changed since");
    const before = treeOf(home);
    const undo = executor.planUndo(receipt.id);
    assert.match(undo?.conflicts[0]?.reason ?? "", /sessions\.json has 15 bytes, not 2 since the repair/);
    const refused = undo === null ? null : await executor.run(undo);
    assert.equal(refused?.outcome, "refused");
    assert.deepEqual(treeOf(home), before);
    const beside = await ran(executor, executor.planUndo(receipt.id, true));
    const [step] = beside.plan.steps;
    assert.ok(step?.do === "rename");
    assert.equal(readFileSync(join(home, step.to), "utf8"), '{"a":1}\n');
    assert.equal(readFileSync(join(home, STORE), "utf8"), "{}changed since");
  });

  it("refuses when something new stands where a file was, or what was made is gone", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const executor = executorOn(home);
    const receipt = await ran(executor, everyKindOfStep(home));
    writeFileSync(join(home, SESSIONS, "three.jsonl"), "a new session");
    rmSync(join(home, SESSIONS, "new.jsonl"));
    writeFileSync(join(home, "agents/main/kept/mine.jsonl"), "put in since");
    const conflicts = executor.planUndo(receipt.id)?.conflicts.map(({ path }) => path);
    assert.deepEqual(conflicts?.toSorted(), [`${SESSIONS}/new.jsonl`, `${SESSIONS}/three.jsonl`]);
  });

  it("does not take along what was put into a folder of the repair since", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const executor = executorOn(home);
    const folder = { is: "folder", mode: 0o700 } as const;
    const step: Step = {
      do: "make-folder",
      path: "kept",
      before: { is: "absent" },
      after: folder,
      mode: 0o700,
      why: "a test",
    };
    const receipt = await ran(executor, planFor(home, { steps: [step] }));
    writeFileSync(join(home, "kept", "mine.jsonl"), "put in since");
    assert.match(executor.planUndo(receipt.id)?.conflicts[0]?.reason ?? "", /kept holds other files/);
    assert.equal(stateAt(home, "kept/mine.jsonl").is, "file");
  });

  it("names what it puts beside so that neither OpenClaw nor a scan takes it for a session", () => {
    for (const name of [
      "one.jsonl",
      "one.jsonl.reset.2026-11-20T00-00-00.000Z",
      "sessions.json",
      "one.jsonl.lock",
      "one.trajectory.jsonl",
    ]) {
      const beside = besideName(name, Date.parse("2026-11-21T01:00:00.000Z"));
      assert.equal(beside, `${name}.restored-2026-11-21T01-00-00.000Z`);
      assert.equal(classifySessionFile(beside).what, "foreign", beside);
      // Its doctor looks at `*.jsonl` and `*.jsonl.lock`; archives end in their time.
      assert.doesNotMatch(
        beside,
        /\.jsonl$|\.lock$|\.(?:reset|deleted|bak)\.\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}(?:\.\d{3})?Z$/,
      );
    }
  });
});
