// Transcripts damaged at random, and every repair of transcripts on each: no crash, and no healthy line ever changes.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { editedBytes } from "../../../src/engine/executor/copy.ts";
import { planRepair } from "../../../src/engine/planning/plan-repairs.ts";
import type { Plan, WriteFile } from "../../../src/model/plan.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { conversationLines } from "../../support/conversation-file.ts";
import { useMemoryFolder } from "../../support/cut-points.ts";
import { goodHome, IDS, MAIN, settle } from "../../support/good-home.ts";
import { Random } from "../../support/random.ts";
import { PLANNING, scanned } from "../../support/repairs.ts";
import { withAccidents } from "../../support/transcript-accidents.ts";
import { NOW } from "../../support/world.ts";

useMemoryFolder();

const FILES = 150;
const PATH = `${MAIN}/${IDS.subagent}.jsonl`;

/** What each repair may do to lines that are whole: nothing; take the header's place; or change so many as its plan names. */
const IN_PLACE = ["cut-torn-tail", "split-records", "strip-nuls", "escape-controls", "set-lines-aside"] as const;
const FORKS = ["pair-tool-calls", "mend-parents", "renew-duplicate-ids"] as const;

const isWhole = (line: string): boolean => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** The lines that are whole, as bytes (latin1), with their carriage returns. */
const wholeLines = (bytes: Buffer): string[] =>
  bytes
    .toString("latin1")
    .split("\n")
    .filter((line) => isWhole(Buffer.from(line, "latin1").toString("utf8")));

/** How many of these lines are not among the other ones. */
function missing(lines: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  }).length;
}

/** Whether all these lines stand among the other ones in the same order. */
function areKept(lines: readonly string[], others: readonly string[]): boolean {
  let at = 0;
  return lines.every((line) => {
    at = others.indexOf(line, at) + 1;
    return at > 0;
  });
}

function written(home: string, { content }: WriteFile): Buffer {
  assert.ok(content.as === "copy");
  return Buffer.concat([...editedBytes(join(home, content.of), content.edits)]);
}

const stepFor = (plan: Plan, wanted: (path: string) => boolean): WriteFile | undefined =>
  plan.steps.find((step): step is WriteFile => step.do === "write-file" && wanted(step.path));

async function plansFor(snapshot: Snapshot, home: string): Promise<Map<string, Plan>> {
  const plans = new Map<string, Plan>();
  for (const repair of [...IN_PLACE, "drop-partial-json", "rebuild-header", "drop-duplicate-prompts", ...FORKS]) {
    const choice = repair === "drop-duplicate-prompts" ? {} : { choice: "beside" };
    const plan = await planRepair(snapshot, { home, path: PATH, repair, ...choice }, PLANNING);
    if (plan.conflicts.length === 0) plans.set(repair, plan);
  }
  return plans;
}

test(`${FILES} transcripts, each damaged in up to four ways`, async (t) => {
  const home = goodHome(t);
  const path = join(home, PATH);
  const counts = new Map<string, number>();
  const whole = Buffer.from(
    conversationLines(IDS.subagent, NOW - 3_600_000, 12)
      .map((line) => `${line}\n`)
      .join(""),
  );
  for (let number = 0; number < FILES; number++) {
    const random = new Random(7_000 + number * 31);
    for (let skipped = 0; skipped < 8; skipped++) random.next();
    const { bytes, names } = withAccidents(whole, random);
    writeFileSync(path, bytes);
    settle(home);
    const what = `${number}: ${names.join(", ")}`;
    const before = wholeLines(bytes);
    for (const [repair, plan] of await plansFor(await scanned(home), home)) {
      counts.set(repair, (counts.get(repair) ?? 0) + 1);
      const step = stepFor(plan, (one) => one.endsWith(".jsonl"));
      assert.ok(step !== undefined, `${what}: ${repair}`);
      const after = written(home, step);
      const gone = missing(before, wholeLines(after));
      if (IN_PLACE.some((one) => one === repair))
        assert.ok(areKept(before, wholeLines(after)), `${what}: ${repair} changed a whole line`);
      if (repair === "rebuild-header") assert.ok(gone <= 1, `${what}: more than the header changed`);
      if (FORKS.some((one) => one === repair)) {
        const named = step.content.as === "copy" ? step.content.edits.length : 0;
        assert.ok(gone <= named, `${what}: ${repair} changed ${gone} lines with ${named} edits`);
      }
      // Nothing of the kind is left.
      if (step.path !== PATH) continue;
      writeFileSync(path, after);
      const again = await planRepair(await scanned(home), { home, path: PATH, repair }, PLANNING);
      assert.equal(again.conflicts.length, 1, `${what}: ${repair} leaves something of its kind`);
      writeFileSync(path, bytes);
    }
  }
  for (const repair of [...IN_PLACE, "rebuild-header", ...FORKS])
    assert.ok((counts.get(repair) ?? 0) > 0, `${repair} was never needed`);
});
