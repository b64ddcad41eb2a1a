// Links that a person set are read from the home's own folder; whatever else lies there does no harm.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { readAssignedLinks } from "../../../src/agents/assigned-links.ts";
import { LINKS_FOLDER } from "../../../src/model/kept-files.ts";
import type { Skipped } from "../../../src/model/reading.ts";
import { agentIn, engineOn, homeAt } from "../../support/engines.ts";
import { goodHome, IDS, MAIN } from "../../support/good-home.ts";
import { json, link, temporaryTree } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { memo, NOW } from "../../support/world.ts";

const LINK = {
  agent: "main",
  sessionId: uuid(2),
  path: `${MAIN}/${uuid(2)}.jsonl`,
  previousSessionId: uuid(1),
  previousPath: `${MAIN}/${uuid(1)}.jsonl.reset.2026-11-20T00-00-00.000Z`,
  resetFromSessionId: uuid(1),
  logicalSessionKey: "agent:main:main",
  archiveReason: "reset",
  assignedBy: "kim@workbench",
  assignedAt: new Date(NOW).toISOString(),
};

test("a link tells fragment, predecessor, key, who and when", (t) => {
  const home = temporaryTree(t, { [LINKS_FOLDER]: { "a.json": json(LINK) } });
  const skipped: Skipped[] = [];
  assert.deepEqual(readAssignedLinks(home, memo(), skipped), [
    {
      path: `${LINKS_FOLDER}/a.json`,
      agent: "main",
      fragment: { sessionId: LINK.sessionId, path: LINK.path },
      previous: { sessionId: LINK.previousSessionId, path: LINK.previousPath },
      key: LINK.logicalSessionKey,
      archiveReason: "reset",
      by: "kim@workbench",
      at: NOW,
    },
  ]);
  assert.deepEqual(skipped, []);
});

test("nonsense is named and passed over; a link to a file elsewhere is not followed", (t) => {
  const elsewhere = temporaryTree(t, { "a.json": json(LINK) });
  const home = temporaryTree(t, {
    [LINKS_FOLDER]: {
      "array.json": "[1]",
      "cut.json": json(LINK).slice(0, 40),
      "folder.json": {},
      "huge.json": json({ ...LINK, padding: "x".repeat(70_000) }),
      "nameless.json": json({ ...LINK, path: 7 }),
      "no-agent.json": json({ ...LINK, agent: null }),
      "no-statement.json": json({ ...LINK, previousPath: {} }),
      "notes.txt": "not ours",
      "pointer.json": link(join(elsewhere, "a.json")),
    },
  });
  mkdirSync(join(home, LINKS_FOLDER, "folder.json"), { recursive: true });
  const skipped: Skipped[] = [];
  assert.deepEqual(readAssignedLinks(home, memo(), skipped), []);
  assert.deepEqual(
    skipped.map(({ path }) => path.slice(home.length + LINKS_FOLDER.length + 2)),
    [
      "array.json",
      "cut.json",
      "folder.json",
      "huge.json",
      "nameless.json",
      "no-agent.json",
      "no-statement.json",
      "pointer.json",
    ],
  );
});

test("a link that is set, corrected and removed shows at once in the chains", async (t) => {
  const home = goodHome(t);
  const engine = engineOn([home]);
  const path = join(home, LINKS_FOLDER, "a.json");
  const linkOfMain = (): unknown => {
    const sessions = agentIn(homeAt(engine.snapshot!, home), "main").sessions;
    const newest = sessions.find(({ key }) => key === "agent:main:main")?.fragments.at(-1);
    return [newest?.link?.certainty, newest?.link?.previous.path.includes(IDS.first)];
  };
  await engine.scan();
  assert.deepEqual(linkOfMain(), ["recorded", false]);
  const names = agentIn(homeAt(engine.snapshot!, home), "main").reading.fragments.map((one) => one.path);
  const set = (id: string): void => {
    const previousPath = names.find((name) => name.includes(`${id}.jsonl.reset.`));
    const given = { sessionId: IDS.main, path: `${MAIN}/${IDS.main}.jsonl`, previousSessionId: id, previousPath };
    mkdirSync(join(home, LINKS_FOLDER), { recursive: true });
    writeFileSync(path, json({ ...LINK, ...given }));
  };
  set(IDS.first);
  await engine.changed([path]);
  assert.deepEqual(linkOfMain(), ["assigned", true]);
  set(IDS.second);
  await engine.changed([path]);
  assert.deepEqual(linkOfMain(), ["assigned", false]);
  rmSync(path);
  await engine.changed([path]);
  assert.deepEqual(linkOfMain(), ["recorded", false]);
  await engine.close();
});
