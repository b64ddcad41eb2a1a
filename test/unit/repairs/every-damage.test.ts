// Every damage that a whole read of a transcript tells: repaired, it is gone and nothing new is wrong; undone, it is there as before.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import type { DamageCode } from "../../../src/model/damage.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { goodLines, TRANSCRIPT_DAMAGES } from "../../support/damaged-transcripts.ts";
import { useMemoryFolder } from "../../support/cut-points.ts";
import { goodHome, IDS, MAIN, settle } from "../../support/good-home.ts";
import { readWhole, repaired, treeOf, undone } from "../../support/repairs.ts";

useMemoryFolder();

const PATH = `${MAIN}/${IDS.subagent}.jsonl`;
const CHOICES = new Map([
  ["pair-tool-calls", "current"],
  ["mend-parents", "current"],
  ["renew-duplicate-ids", "current"],
  ["drop-duplicate-prompts", "duplicates"],
]);
/** Nothing is broken by these, or nothing but reading and deciding helps. */
const WITHOUT_REPAIR: readonly DamageCode[] = [
  "transcript/oversized-line",
  "transcript/orphan-branch",
  "transcript/prompt-error",
  "transcript/aborted-turn",
  "transcript/out-of-order",
];

/** What was written in a place is lost with it: what it was the answer to shows then. */
const SHOWN_THEN = new Map([
  ["a last line that is cut", ["transcript/unfinished-turn"]],
  ["zeros in place of entries", ["transcript/call-without-result", "transcript/call-without-result"]],
  ["an entry overwritten with something else", ["transcript/call-without-result"]],
  ["a line that was removed", ["transcript/call-without-result"]],
]);

const findingsIn = ({ homes }: Snapshot, paths: readonly string[]): Finding[] =>
  homes.flatMap(({ findings }) => findings).filter(({ path }) => paths.includes(path));
const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code).toSorted();

describe("a transcript with", () => {
  for (const { act, code, name } of TRANSCRIPT_DAMAGES) {
    test(`${name} (${code})`, async (t) => {
      const home = goodHome(t);
      writeFileSync(
        join(home, PATH),
        goodLines(IDS.subagent)
          .map((line) => `${line}\n`)
          .join(""),
      );
      const usual = codes(findingsIn(await readWhole(home, [PATH]), [PATH]));
      writeFileSync(join(home, PATH), act(goodLines(IDS.subagent)).bytes);
      settle(home);
      const before = await readWhole(home, [PATH]);
      const found = findingsIn(before, [PATH]).find((one) => one.code === code);
      assert.ok(found !== undefined);
      const [repair] = found.repairs;
      if (repair === undefined) {
        const isOnlyTold =
          WITHOUT_REPAIR.includes(code) || found.severity === "info" || found.damage?.waitsFor === "model";
        assert.ok(isOnlyTold, `${code} has no repair`);
        return;
      }
      const tree = treeOf(home);
      const choice = CHOICES.get(repair);
      const { executor, plan, receipt } = await repaired(before, {
        finding: found.id,
        ...(choice === undefined ? {} : { choice }),
      });
      const made = plan.steps.find((step) => step.do === "write-file" && step.path.endsWith(".jsonl"))!.path;
      assert.deepEqual(
        codes(findingsIn(await readWhole(home, [made]), [made])),
        [...usual, ...(SHOWN_THEN.get(name) ?? [])].toSorted(),
      );
      await undone(executor, receipt);
      assert.deepEqual(treeOf(home), tree);
      assert.equal(
        findingsIn(await readWhole(home, [PATH]), [PATH]).some(({ id }) => id === found.id),
        true,
      );
    });
  }
});
