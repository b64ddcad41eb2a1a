// Repairs that a person asks for without a finding: an archive made current again, links set, corrected and taken back.
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { planRepair } from "../../../src/engine/planning/plan-repairs.ts";
import { agentIn, homeAt, sessionOf } from "../../support/engines.ts";
import { archiveName, conversation, editStore, goodHome, IDS, MAIN, settle } from "../../support/good-home.ts";
import { json } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { contentsIn, PLANNING, repaired, scanned, treeOf, troubles, undone } from "../../support/repairs.ts";
import { NOW } from "../../support/world.ts";

const DAY = 24 * 60 * 60_000;
const KEY = "agent:main:main";
const first = `${MAIN}/${archiveName(IDS.first, "reset", NOW - 2 * DAY)}`;
const deleted = `${MAIN}/${archiveName(IDS.deleted, "deleted", NOW - 2 * DAY)}`;

describe("an archive made current again", () => {
  /** The good home without the turn that runs in it. */
  function quietHome(t: Parameters<typeof goodHome>[0]): string {
    const home = goodHome(t);
    writeFileSync(
      join(home, MAIN, `${IDS.main}.jsonl.lock`),
      json({ pid: 999, createdAt: new Date(NOW - DAY).toISOString() }),
    );
    settle(home);
    return home;
  }

  test("is the newest part of its session, behind the one that was current, and undo gives back everything", async (t) => {
    const home = quietHome(t);
    const start = await scanned(home);
    await repaired(start, { finding: troubles(start)[0]!.id });
    const before = await scanned(home);
    assert.deepEqual(troubles(before), []);
    const [tree, contents] = [treeOf(home), contentsIn(home)];
    const { executor, receipt } = await repaired(before, { home, path: first, repair: "restore-as-current" });
    const kept = contentsIn(home);
    assert.deepEqual(
      [...contents].filter((hash) => !kept.has(hash)),
      [],
    );
    const after = await scanned(home);
    assert.deepEqual(troubles(after), []);
    const session = sessionOf(agentIn(homeAt(after, home), "main"), KEY);
    assert.deepEqual(
      session.fragments.map(({ fragment, link }) => [fragment.kind, fragment.firstUserText, link?.certainty]),
      [
        ["reset", "plan the release", undefined],
        ["reset", "go on with the release", "recorded"],
        ["reset", "what about the release", "recorded"],
        ["live", "plan the release", "assigned"],
      ],
    );
    assert.deepEqual([session.row?.sessionStartedAt, session.row?.familyIds.length], [NOW, 4]);
    await undone(executor, receipt);
    assert.deepEqual(treeOf(home), tree);
  });

  test("gets a key from the person where nothing names one", async (t) => {
    const home = goodHome(t);
    const before = await scanned(home);
    const request = { home, path: deleted, repair: "restore-as-current" };
    const { conflicts } = await planRepair(before, request, PLANNING);
    assert.match(conflicts[0]?.reason ?? "", /choose a session key/);
    await repaired(before, { ...request, choice: "agent:main:again" });
    const session = sessionOf(agentIn(homeAt(await scanned(home), home), "main"), "agent:main:again");
    assert.deepEqual([session.state, session.title], ["live", "forget this"]);
  });

  test("is refused while a turn runs", async (t) => {
    const home = goodHome(t);
    editStore(home, MAIN, (rows) => Object.assign(rows[KEY]!, { status: "running" }));
    settle(home);
    const plan = await planRepair(await scanned(home), { home, path: first, repair: "restore-as-current" }, PLANNING);
    assert.match(plan.conflicts[0]?.reason ?? "", /a turn runs/);
    assert.deepEqual(plan.steps, []);
  });
});

describe("an archive restored beside its session", () => {
  test("is refused the second time", async (t) => {
    const home = goodHome(t);
    const request = { home, path: deleted, repair: "restore-beside" };
    await repaired(await scanned(home), request);
    const again = await planRepair(await scanned(home), request, PLANNING);
    assert.match(again.conflicts[0]?.reason ?? "", /restored before, as agent:main:recovered:/);
  });

  test("keeps the links of the session that it was a part of", async (t) => {
    const home = goodHome(t);
    const links = async (): Promise<unknown> =>
      sessionOf(agentIn(homeAt(await scanned(home), home), "main"), KEY).fragments.map(({ link }) => link?.certainty);
    const before = await links();
    await repaired(await scanned(home), { home, path: first, repair: "restore-beside" });
    assert.deepEqual(await links(), before);
  });

  test("has its end made ready for the next turn", async (t) => {
    const home = goodHome(t);
    const name = archiveName(uuid(5), "deleted", NOW - DAY);
    const text = conversation(uuid(5), NOW - 2 * DAY, "half said");
    writeFileSync(join(home, MAIN, name), text);
    appendFileSync(join(home, MAIN, name), '{"type":"message","id":"77');
    const { plan } = await repaired(await scanned(home), { home, path: `${MAIN}/${name}`, repair: "restore-beside" });
    const copy = readFileSync(join(home, plan.steps[0]!.path), "utf8");
    assert.equal(copy.slice(copy.indexOf("\n")), text.slice(text.indexOf("\n")));
    assert.match(copy, /^\{"type":"session","version":3,"id":"[0-9a-f-]{36}",.*"parentSession":"\/.*\.deleted\./);
  });
});

test("a link is set, corrected and taken back", async (t) => {
  const home = goodHome(t);
  const current = `${MAIN}/${IDS.main}.jsonl`;
  const link = async (): Promise<unknown> => {
    const session = sessionOf(agentIn(homeAt(await scanned(home), home), "main"), KEY);
    const newest = session.fragments.at(-1)?.link;
    return [newest?.certainty, newest?.previous.path, session.fragments.length];
  };
  const say = async (choice: string): Promise<unknown> => {
    await repaired(await scanned(home), { home, path: current, repair: "link", choice });
    return link();
  };
  const before = await link();
  assert.deepEqual(await say(`after:${first}`), ["assigned", first, 2]);
  assert.deepEqual(await say("first"), [undefined, undefined, 1]);
  await repaired(await scanned(home), { home, path: current, repair: "unlink" });
  assert.deepEqual(await link(), before);
});

test("what makes no sense to say of a link is refused", async (t) => {
  const home = goodHome(t);
  const snapshot = await scanned(home);
  const current = `${MAIN}/${IDS.compacted}.jsonl`;
  for (const choice of [
    "",
    "key:",
    "after:",
    `after:${current}`,
    "after:../../etc/passwd",
    "nonsense",
    `after:${MAIN}/${IDS.main}.jsonl`,
  ]) {
    const plan = await planRepair(snapshot, { home, path: current, repair: "link", choice }, PLANNING);
    assert.equal(plan.conflicts.length, 1, choice);
    assert.deepEqual(plan.steps, []);
  }
});
