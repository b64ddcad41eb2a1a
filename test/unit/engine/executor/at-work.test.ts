// Of two of us at once in a home one works; the other is told who.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { startWork } from "../../../../src/engine/executor/at-work.ts";
import { type FileOperations, fileOperations } from "../../../../src/engine/executor/file-operations.ts";
import { openRoom } from "../../../../src/engine/executor/room.ts";
import type { Surroundings } from "../../../../src/engine/executor/surroundings.ts";
import { FORENSICS_FOLDER } from "../../../../src/model/plan.ts";
import type { OwnerLook } from "../../../../src/model/machine.ts";
import { executorOn, planFor, ran, surroundings } from "../../../support/executor.ts";
import { json, temporaryTree } from "../../../support/homes.ts";
import { sampleTree, written } from "../../../support/sample-plan.ts";
import { NOW } from "../../../support/world.ts";

const STORE = "agents/main/sessions/sessions.json";
const AT_WORK = `${FORENSICS_FOLDER}/at-work`;

function as(home: string, pid: number, look: (pid: number) => OwnerLook): Surroundings {
  const around = surroundings(home, { look });
  return { ...around, machine: { ...around.machine, pid } };
}

const alive = (pid: number): OwnerLook => ({
  pid,
  command: "node",
  argv: ["node"],
  startTicks: 4711,
  startedAt: null,
  pidNamespace: null,
});

/** The sign of another worker, as it would stand there. */
function sign(home: string, given: Record<string, unknown>): void {
  mkdirSync(join(home, AT_WORK), { recursive: true, mode: 0o700 });
  const worker = {
    pid: 5,
    startTicks: 4711,
    host: "workbench",
    bootId: "this-boot",
    pidNamespace: null,
    face: "editor",
  };
  const path = join(home, AT_WORK, "5-other.json");
  writeFileSync(path, json({ ...worker, ...given }));
  utimesSync(path, NOW / 1000, NOW / 1000);
}

async function run(home: string, around: Surroundings): Promise<string> {
  const result = await executorOn(home, { around }).run(planFor(home, { steps: [written(home, STORE, "{}")] }));
  return "refusals" in result ? result.refusals.map(({ reason }) => reason).join(" ") : result.outcome;
}

describe("a run", () => {
  it("is refused while another one of us is at work, and names it", async (test) => {
    const home = temporaryTree(test, sampleTree());
    sign(home, {});
    assert.match(await run(home, as(home, 77, alive)), /at work in this home: the process 5 on workbench \(editor\)/);
    assert.deepEqual(readdirSync(join(home, AT_WORK)), ["5-other.json"]);
  });

  const DEAD: Record<string, [Record<string, unknown>, (pid: number) => OwnerLook]> = {
    "a dead process": [{}, () => "dead"],
    "a process that has another start time": [{ startTicks: 1 }, alive],
    "a process of an earlier boot": [{ bootId: "earlier" }, alive],
  };
  for (const [name, [given, look]] of Object.entries(DEAD)) {
    it(`goes on where ${name} left its sign, and puts that away`, async (test) => {
      const home = temporaryTree(test, sampleTree());
      sign(home, given);
      assert.equal(await run(home, as(home, 77, look)), "done");
      assert.deepEqual(readdirSync(join(home, AT_WORK)), []);
    });
  }

  it("can't see processes of other machines and containers: their silence decides", async (test) => {
    for (const given of [{ host: "elsewhere" }, { pidNamespace: "pid:[1]" }, { pid: null }]) {
      const home = temporaryTree(test, sampleTree());
      sign(home, given);
      const fresh = join(home, AT_WORK, "5-other.json");
      const soon = lateBy(home, 60_000);
      utimesSync(fresh, soon, soon);
      assert.match(
        await run(
          home,
          as(home, 77, () => "dead"),
        ),
        /Another repair is at work/,
      );
      const long = lateBy(home, -16 * 60_000);
      utimesSync(fresh, long, long);
      assert.equal(
        await run(
          home,
          as(home, 77, () => "dead"),
        ),
        "done",
      );
    }
  });

  it("leaves no sign behind, also when it fails", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const cut = { ...fileOperations, link: () => assert.fail("broken") };
    const plan = planFor(home, { steps: [written(home, STORE, "{}")] });
    await ran(executorOn(home, { files: cut }), plan, "rolled-back");
    assert.deepEqual(readdirSync(join(home, AT_WORK)), []);
    assert.ok(existsSync(join(home, STORE)));
  });
});

describe("two that come at once", () => {
  /** Lets the other one come, as far as its first pause, at the moment when the first one's sign appears. */
  async function meeting(test: TestContext, moment: "before" | "after"): Promise<Record<"first" | "other", string>> {
    const home = temporaryTree(test, {});
    openRoom(home, fileOperations);
    const told = (start: Promise<unknown>): Promise<string> =>
      start.then(
        () => "works",
        (error: unknown) => String(error),
      );
    let other: Promise<string> = Promise.resolve("never came");
    let isMet = false;
    const meet = (): void => {
      if (isMet) return;
      isMet = true;
      other = told(startWork(home, "other", fileOperations, as(home, 8, alive)));
    };
    const files: FileOperations = {
      ...fileOperations,
      rename: (from, to) => {
        if (moment === "before") meet();
        fileOperations.rename(from, to);
        if (moment === "after") meet();
      },
    };
    const first = await told(startWork(home, "first", files, as(home, 7, alive)));
    return { first, other: await other };
  }

  it("find out who was there first, down to the call", async (test) => {
    const before = await meeting(test, "before");
    assert.equal(before.other, "works");
    assert.match(before.first, /the process 8 on workbench \(other\)/);
    const after = await meeting(test, "after");
    assert.equal(after.first, "works");
    assert.match(after.other, /the process 7 on workbench \(first\)/);
  });

  it("never both stay, in whichever order their calls fall", async (test) => {
    let stayed = 0;
    for (let order = 0; order < 64; order += 1) {
      const home = temporaryTree(test, {});
      openRoom(home, fileOperations);
      let turn = order;
      const inside = { now: 0, most: 0 };
      const worker = async (pid: number): Promise<void> => {
        // Who goes first after a pause hangs on the order tried.
        const sleep = async (): Promise<void> => {
          for (let pauses = 1 + ((turn >>= 1) & 1) * 2; pauses > 0; pauses -= 1)
            await new Promise((next) => setImmediate(next));
        };
        const around = { ...as(home, pid, alive), sleep };
        await sleep();
        try {
          const presence = await startWork(home, "test", fileOperations, around);
          inside.now += 1;
          inside.most = Math.max(inside.most, inside.now);
          stayed += 1;
          await sleep();
          inside.now -= 1;
          presence.leave();
        } catch (error) {
          assert.match(String(error), /Another repair is at work/);
        }
      };
      await Promise.all([worker(7), worker(8)]);
      assert.equal(inside.most, 1, `order ${order}`);
    }
    assert.ok(stayed >= 64);
  });
});

/** Seconds, for utimes: that long from the moment by the clock of the disk. */
function lateBy(home: string, ms: number): number {
  writeFileSync(join(home, "now"), "");
  return (statSync(join(home, "now")).mtimeMs + ms) / 1000;
}
