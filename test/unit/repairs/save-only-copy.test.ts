import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";

import { DatabaseHome } from "../../support/database-home.ts";
import { header, lines, message } from "../../support/homes.ts";
import { SESSIONS, uuid } from "../../support/model.ts";
import { repaired, scanned, troubles, walk } from "../../support/repairs.ts";

const ID = uuid(0x21);
const ARCHIVE = `${ID}.jsonl.reset.2026-11-20T00-10-00.000Z`;

/** A database, and beside it a reset archive of before it. */
function mixedHome(t: TestContext): string {
  const { database, path, sessionsFolder } = new DatabaseHome(t);
  const main = database.session("main");
  main.user("How are the disks?");
  main.assistant("Fine.");
  database.close();
  const archive = lines(
    header(ID, "2026-11-20T00:00:00.000Z"),
    message("user", "Where were we?", "2026-11-20T00:00:01.000Z"),
  );
  writeFileSync(join(sessionsFolder, ARCHIVE), archive);
  const trajectory = {
    type: "session.started",
    ts: "2026-11-20T00:00:01.000Z",
    sessionId: ID,
    sessionKey: "agent:main:main",
  };
  writeFileSync(join(sessionsFolder, `${ID}.trajectory.jsonl`), lines(trajectory));
  return path;
}

it("an only copy is copied to where no cleanup looks, and is one no more", async (t) => {
  const home = mixedHome(t);
  const { plan } = await walk({ home, repair: "save-only-copy", code: "migration/only-copy" });
  assert.ok(plan.steps.some(({ path }) => path === `.session-forensics/saved/main/${ARCHIVE}`));
});

it("one that has grown since it was saved is named again", async (t) => {
  const home = mixedHome(t);
  const before = await scanned(home);
  const [finding] = troubles(before);
  await repaired(before, { finding: finding!.id });
  assert.deepEqual(
    readFileSync(join(home, `.session-forensics/saved/main/${ARCHIVE}`)),
    readFileSync(join(home, SESSIONS, ARCHIVE)),
  );
  assert.deepEqual(troubles(await scanned(home)), []);
  appendFileSync(
    join(home, SESSIONS, ARCHIVE),
    lines({ ...message("user", "More.", "2026-11-20T00:00:03.000Z"), id: "late" }),
  );
  assert.deepEqual(
    troubles(await scanned(home)).map(({ code }) => code),
    ["migration/only-copy"],
  );
});
