// What a person sees before a plan runs: every path that is written, and each change.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { planRepair, planTogether } from "../../../src/engine/planning/plan-repairs.ts";
import { previewPlan } from "../../../src/engine/planning/preview.ts";
import { plainText } from "../../../src/engine/present/lines.ts";
import { planText } from "../../../src/engine/present/plan-text.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { archiveName, conversation, editStore, goodHome, IDS, MAIN, settle } from "../../support/good-home.ts";
import { treeState } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { PLANNING, scanned, troubles } from "../../support/repairs.ts";
import { NOW } from "../../support/world.ts";

const DAY = 24 * 60 * 60_000;
const told = async (plan: Plan): Promise<string> => plainText(planText(await previewPlan(plan)));

test("exact paths stand first, the store is named, and each row's change shows as lines", async (t) => {
  const home = goodHome(t);
  editStore(home, MAIN, (rows) =>
    Object.assign(rows["agent:main:compacted"]!, { status: "running", endedAt: undefined }),
  );
  writeFileSync(join(home, MAIN, `${uuid(7)}.jsonl`), conversation(uuid(7), NOW - DAY, "orphan"));
  settle(home);
  const snapshot = await scanned(home);
  const before = treeState(home);
  const [plan] = await planTogether(snapshot, troubles(snapshot), PLANNING);
  const text = await told(plan!);
  assert.deepEqual(treeState(home), before);
  const store = join(home, MAIN, "sessions.json");
  const [, , head, first, second, third] = text.split("\n");
  assert.deepEqual(
    [head, first, second, third],
    [
      `Written in ${home}`,
      `  ${store}  (store of sessions)`,
      `  ${store}.lock`,
      `  ${join(home, ".session-forensics")}`,
    ],
  );
  assert.match(text, /\n {2}- {5}"status": "running",\n {2}\+ {5}"status": "failed",\n/);
  assert.match(text, /\n {2}\+ {3}"agent:main:recovered:0{8}-0{4}-4000-8000-0{11}7": \{\n/);
  assert.match(text, /Only if\n {2}No gateway runs\./);
  assert.match(text, /To know\n {2}The new row is dated now/);
});

test("a copy names its source, size and hash, and the header that it gets; a rename names both names", async (t) => {
  const home = goodHome(t);
  const path = `${MAIN}/${archiveName(IDS.deleted, "deleted", NOW - 2 * DAY)}`;
  const request = { home, path, repair: "restore-as-current", choice: "agent:main:subagent:77" };
  const text = await told(await planRepair(await scanned(home), request, PLANNING));
  assert.match(text, /1\. Make a folder: .*links\n/);
  assert.match(
    text,
    /Copy a file: .*\.jsonl\n {2}from \/.*\.deleted\..*\n.*\n.*sha256 [0-9a-f]{16}…\n {2}mode 0644\n {2}1 change to its bytes\n/,
  );
  assert.match(
    text,
    /\n {2}\+ \{"type":"session","version":3,"id":"[0-9a-f-]{36}","timestamp":"2026-11-21T01:10:00\.000Z"/,
  );
  assert.match(text, /Rename: .*15\.jsonl\n {2}to .*15\.jsonl\.reset\.2026-11-21T01-10-00\.000Z\n/);
});

test("what can't be done stands first, and names that could harm a terminal are escaped", async (t) => {
  const home = goodHome(t);
  const plan = await planRepair(await scanned(home), { home, path: "\u001b[2Jx", repair: "restore-beside" }, PLANNING);
  const text = await told(plan);
  assert.match(text, /^Restore the archive as a session of its own\n\nCan't be done\n/);
  assert.equal(text.includes("\u001b"), false);
  assert.match(text, /Nothing would be changed\.$/);
});
