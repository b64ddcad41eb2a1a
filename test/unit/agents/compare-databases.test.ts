import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";

import { compareStores } from "../../../src/agents/compare-stores.ts";
import { openclaw } from "../../../src/agents/openclaw/index.ts";
import type { ShadowComparison } from "../../../src/model/shadow.ts";
import { DATABASE, DatabaseHome } from "../../support/database-home.ts";
import { fixtureHome, treeState } from "../../support/homes.ts";
import { AgentDatabase } from "../../support/openclaw-database.ts";
import { only, readingContext } from "../../support/world.ts";

const SHADOW = "agents/main/agent/codex-home/home/.openclaw";

async function compare(home: string): Promise<ShadowComparison> {
  const context = readingContext();
  const { homes } = await openclaw.discover(context, only(home));
  const readings = await Promise.all(homes.map((one) => openclaw.read(one, context)));
  const shadow = readings.find((one) => one.home.role === "shadow");
  const canonical = readings.find((one) => one.home.role === "canonical");
  assert.ok(shadow !== undefined && canonical !== undefined);
  return compareStores(shadow, canonical, context);
}

function relations({ pairs }: ShadowComparison): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => [`${pair.what} ${pair.name}`, pair.relation]));
}

/** A shadow that began as a copy of the canonical database. */
function copied(t: TestContext, fill: (database: AgentDatabase) => void): { home: DatabaseHome; shadow: string } {
  const home = new DatabaseHome(t);
  fill(home.database);
  home.database.close();
  const shadow = join(home.path, SHADOW, DATABASE);
  mkdirSync(dirname(shadow), { recursive: true });
  cpSync(join(home.path, DATABASE), shadow);
  return { home, shadow };
}

test("a second database with sessions of its own is compared key by key", async (t) => {
  const home = new DatabaseHome(t);
  const canonical = home.database.session("main");
  canonical.user("here");
  const database = new AgentDatabase(join(home.path, SHADOW, DATABASE), {
    seed: 2,
    startedAt: home.database.tick(60_000),
  });
  t.after(() => database.close());
  const shadow = database.session("main");
  shadow.user("there");
  const comparison = await compare(home.path);
  assert.deepEqual(relations(comparison), {
    "key agent:main:main": "diverged",
    [`transcript ${canonical.id}`]: "only-canonical",
    [`transcript ${shadow.id}`]: "only-shadow",
  });
  assert.equal(comparison.lastWritten, "shadow");
});

test("a copied session is the same, or the beginning, whatever windows it has", async (t) => {
  const ids: string[] = [];
  const { home, shadow } = copied(t, (database) => {
    for (const key of ["same", "longer", "other"]) {
      const session = database.session(key);
      session.user("before");
      session.reset();
      session.user(`after ${"x".repeat(3000)}`);
      ids.push(session.id);
    }
  });
  const [same, longer, other] = ids;
  const { DatabaseSync } = await import("node:sqlite");
  const sql = new DatabaseSync(shadow);
  sql.prepare("DELETE FROM transcript_events WHERE session_id = ? AND seq > 2").run(longer!);
  sql
    .prepare(
      "UPDATE transcript_events SET event_json = replace(event_json, 'before', 'BEFORE') WHERE session_id = ? AND seq = 1",
    )
    .run(other!);
  sql.close();
  const before = treeState(home.path);
  assert.deepEqual(relations(await compare(home.path)), {
    "key agent:main:longer": "shadow-is-prefix",
    "key agent:main:other": "diverged",
    "key agent:main:same": "identical",
    [`transcript ${longer}`]: "shadow-is-prefix",
    [`transcript ${other}`]: "diverged",
    [`transcript ${same}`]: "identical",
  });
  assert.deepEqual(treeState(home.path), before);
});

test("the copy of a whole home says nothing new", async (t) => {
  const home = fixtureHome(t, "2026.9.6-clean");
  const copy = join(home, SHADOW);
  mkdirSync(copy, { recursive: true });
  cpSync(join(home, "agents/ops"), join(copy, "agents/ops"), { recursive: true });
  const { pairs } = await compare(home);
  const ops = pairs.filter(({ agent }) => agent === "ops");
  assert.ok(ops.length > 0);
  assert.ok(ops.every(({ relation }) => relation === "identical"));
});

test("a database that a link leads to is read where it lies, not in the home with the link", async (t) => {
  const home = new DatabaseHome(t);
  home.database.session("main").user("here");
  const agent = join(home.path, SHADOW, "agents/main/agent");
  mkdirSync(dirname(agent), { recursive: true });
  writeFileSync(join(home.path, SHADOW, "openclaw.json"), "{}");
  symlinkSync(join(home.path, "agents/main/agent"), agent);
  mkdirSync(join(home.path, SHADOW, "agents/main/sessions"));
  const context = readingContext();
  const { homes } = await openclaw.discover(context, only(home.path));
  const shadow = homes.find(({ role }) => role === "shadow");
  assert.ok(shadow !== undefined);
  const reading = await openclaw.read(shadow, context);
  assert.deepEqual(
    reading.agents.flatMap(({ databases }) => databases),
    [],
  );
  assert.match(reading.skipped[0]?.reason ?? "", /^a symbolic link that leads out of the home/);
});
