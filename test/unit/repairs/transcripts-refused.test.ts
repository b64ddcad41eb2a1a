// What stands in the way of a repair of a transcript, several repairs of one file in one plan, and how much of a file is held.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { diskPort } from "../../../src/engine/planning/disk-port.ts";
import { planRepair, planTogether, repairChoices } from "../../../src/engine/planning/plan-repairs.ts";
import type { RepairPort } from "../../../src/repairs/port.ts";
import { conversationLines } from "../../support/conversation-file.ts";
import { useMemoryFolder } from "../../support/cut-points.ts";
import { archiveName, GATEWAY, goodHome, IDS, MAIN, settle } from "../../support/good-home.ts";
import { json } from "../../support/homes.ts";
import { importedDatabase } from "../../support/imported-database.ts";
import { done, executorOn, PLANNING, readWhole, repaired, scanned, troubles, undone } from "../../support/repairs.ts";
import { NOW } from "../../support/world.ts";

useMemoryFolder();

const NAME = `${IDS.subagent}.jsonl`;
const PATH = `${MAIN}/${NAME}`;
const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const whole = joined(conversationLines(IDS.subagent, NOW - 3_600_000, 12));

/** A home whose transcript has a torn end. */
function tornHome(t: Parameters<typeof goodHome>[0], at = PATH): string {
  const home = goodHome(t);
  writeFileSync(join(home, at), `${whole}{"type":"mess`);
  settle(home);
  return home;
}

const cutTornTail = (home: string, path = PATH): { home: string; path: string; repair: string } => ({
  home,
  path,
  repair: "cut-torn-tail",
});

describe("no transcript is written", () => {
  test("whose lock somebody holds", async (t) => {
    const home = tornHome(t);
    const lock = { pid: GATEWAY.pid, createdAt: new Date(NOW - 5000).toISOString(), starttime: GATEWAY.startTicks };
    writeFileSync(join(home, `${PATH}.lock`), json(lock));
    const before = await scanned(home);
    const plan = await planRepair(before, cutTornTail(home), PLANNING);
    const refusals = await executorOn(before, home).check(plan);
    assert.deepEqual(
      refusals.map(({ code, path }) => [code, path]),
      [["lock-held", `${PATH}.lock`]],
    );
  });

  test("that was written to a moment ago", async (t) => {
    const home = tornHome(t);
    utimesSync(join(home, PATH), NOW / 1000 - 2, NOW / 1000 - 2);
    const before = await scanned(home);
    const plan = await planRepair(before, cutTornTail(home), PLANNING);
    const refusals = await executorOn(before, home).check(plan);
    assert.deepEqual(
      refusals.map(({ code }) => code),
      ["still-growing"],
    );
  });

  test("while a gateway runs, nor without OpenClaw's own lock", async (t) => {
    const home = tornHome(t);
    const plan = await planRepair(await scanned(home), cutTornTail(home), PLANNING);
    assert.deepEqual(
      plan.gates.map(({ gate }) => gate),
      ["gateway-down", "lock-free", "quiet"],
    );
    assert.deepEqual(
      plan.locks.map(({ of, path }) => [of, path]),
      [["transcript", `${PATH}.lock`]],
    );
  });

  test("that was changed since the plan was made", async (t) => {
    const home = tornHome(t);
    const before = await scanned(home);
    const plan = await planRepair(before, cutTornTail(home), PLANNING);
    writeFileSync(join(home, PATH), `${whole}{"type":"message"`);
    settle(home);
    const refusals = await executorOn(before, home).check(plan);
    assert.deepEqual([...new Set(refusals.map(({ code }) => code))], ["changed"]);
    assert.equal((await executorOn(before, home).run(plan)).outcome, "refused");
    assert.equal(readFileSync(join(home, PATH), "utf8"), `${whole}{"type":"message"`);
  });

  test("of an agent that keeps its sessions in a database: nothing is offered there", async (t) => {
    const home = tornHome(t);
    importedDatabase(home, "main", []);
    settle(home);
    const snapshot = await readWhole(home, [PATH]);
    const own = troubles(snapshot).filter(({ path }) => path === PATH);
    assert.deepEqual([...new Set(own.flatMap(({ repairs }) => repairs))], ["save-only-copy"]);
    const plan = await planRepair(snapshot, cutTornTail(home), PLANNING);
    assert.match(plan.conflicts[0]!.reason, /in a database, which this tool only reads/);
  });

  test("that an import put away", async (t) => {
    const path = `${MAIN}/agent_main_x.${NAME}.imported-1795000000000`;
    const home = tornHome(t, path);
    const { conflicts, steps } = await planRepair(await scanned(home), cutTornTail(home, path), PLANNING);
    assert.deepEqual([conflicts.length, steps], [1, []]);
  });
});

test("an archive is repaired as well, without a lock that nobody takes", async (t) => {
  const path = `${MAIN}/${archiveName(IDS.subagent, "reset", NOW - 60_000)}`;
  const home = tornHome(t, path);
  const before = await scanned(home);
  const plan = await planRepair(before, cutTornTail(home, path), PLANNING);
  assert.deepEqual([plan.locks, plan.gates.map(({ gate }) => gate)], [[], ["gateway-down", "quiet"]]);
  const { executor, receipt } = await repaired(before, cutTornTail(home, path));
  assert.equal(readFileSync(join(home, path), "utf8"), whole);
  await undone(executor, receipt);
  assert.equal(readFileSync(join(home, path), "utf8"), `${whole}{"type":"mess`);
});

describe("several damages of one transcript", () => {
  test("are repaired in one plan, which writes it once", async (t) => {
    const home = goodHome(t);
    const lines = conversationLines(IDS.subagent, NOW - 3_600_000, 12);
    const damaged = [
      lines[0]!,
      `${"\0".repeat(99)}${lines[1]}`,
      `${lines[2]}${lines[3]}`,
      lines[4]!.replace("what", "wh\tat"),
      ...lines.slice(5),
    ];
    writeFileSync(join(home, PATH), `${joined(damaged)}{"type":"mess`);
    settle(home);
    const before = await readWhole(home, [PATH]);
    const [plan, ...others] = await planTogether(before, troubles(before), PLANNING);
    assert.ok(plan !== undefined && others.length === 0);
    assert.deepEqual(plan.conflicts, []);
    assert.deepEqual(plan.repairs.map(({ repair }) => repair).toSorted(), [
      "cut-torn-tail",
      "escape-controls",
      "split-records",
      "strip-nuls",
    ]);
    assert.equal(plan.steps.filter(({ path }) => path === PATH).length, 1);
    done(await executorOn(before, home).run(plan));
    const mended = lines.with(4, lines[4]!.replace("what", String.raw`wh\tat`));
    assert.equal(readFileSync(join(home, PATH), "utf8"), joined(mended));
    assert.deepEqual(troubles(await readWhole(home, [PATH])), []);
  });

  test("of which one needs a choice: that one is left out and named", async (t) => {
    const home = goodHome(t);
    const lines = conversationLines(IDS.subagent, NOW - 3_600_000, 12);
    const broken = lines[9]!.replace(/"parentId":"[^"]+"/, '"parentId":"deadbeef"');
    writeFileSync(join(home, PATH), `${joined(lines.with(9, broken))}{"type":"mess`);
    settle(home);
    const before = await readWhole(home, [PATH]);
    const [plan] = await planTogether(before, troubles(before), PLANNING);
    assert.deepEqual(
      plan?.repairs.map(({ repair }) => repair),
      ["cut-torn-tail"],
    );
    assert.match(plan.notes.join("\n"), /Left out: Join the conversation again, in a fork/);
  });
});

test("the same fork is not made twice, and an archive can only be forked beside", async (t) => {
  const home = goodHome(t);
  const lines = conversationLines(IDS.subagent, NOW - 3_600_000, 12);
  const broken = joined(lines.with(9, lines[9]!.replace(/"parentId":"[^"]+"/, '"parentId":"deadbeef"')));
  const archive = `${MAIN}/${archiveName(IDS.first, "deleted", NOW - 60_000)}`;
  writeFileSync(join(home, PATH), broken);
  writeFileSync(join(home, archive), broken);
  settle(home);
  const request = { home, path: PATH, repair: "mend-parents", choice: "beside" };
  await repaired(await scanned(home), request);
  const { conflicts } = await planRepair(await scanned(home), request, PLANNING);
  assert.match(conflicts[0]!.reason, /forked this way before/);
  const choices = await repairChoices(await scanned(home), { home, path: archive, repair: "mend-parents" }, PLANNING);
  assert.deepEqual(
    choices.map(({ id }) => id),
    ["beside"],
  );
});

test("a transcript is looked at in stretches of a megabyte, and the plan holds places, not bytes", async (t) => {
  const home = goodHome(t);
  const lines = conversationLines(IDS.subagent, NOW - 3_600_000, 12);
  const long = lines[3]!.replace("done", "x".repeat(3 << 20));
  writeFileSync(join(home, PATH), `${joined(lines.with(3, long))}{"type":"mess`);
  settle(home);
  const disk = diskPort();
  let largest = 0;
  const port: RepairPort = {
    ...disk,
    read: (path, offset, length) => {
      if (path.endsWith(NAME)) largest = Math.max(largest, length);
      return disk.read(path, offset, length);
    },
  };
  const before = await scanned(home);
  const plan = await planRepair(before, cutTornTail(home), { ...PLANNING, port });
  assert.equal(largest, 1 << 20);
  // The plan itself names bytes, and holds none of them.
  assert.ok(JSON.stringify(plan).length < 5000);
  done(await executorOn(before, home).run(plan));
  assert.equal(readFileSync(join(home, PATH), "utf8"), joined(lines.with(3, long)));
  assert.equal(readdirSync(join(home, MAIN)).filter((name) => name.includes("torn-tail")).length, 1);
});
