import assert from "node:assert/strict";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { compareStores } from "../../../src/agents/compare-stores.ts";
import { openclaw } from "../../../src/agents/openclaw/index.ts";
import type { HomeReading } from "../../../src/model/reading.ts";
import type { ShadowComparison } from "../../../src/model/shadow.ts";
import { fixtureHome, header, json, lines, link, message, temporaryTree, type TreeNode } from "../../support/homes.ts";
import { uuid } from "../../support/model.ts";
import { memo, only, readingContext } from "../../support/world.ts";

const SHADOW = "agents/main/agent/codex-home/home/.openclaw";
const SESSIONS = "agents/main/sessions";
const context = readingContext();

interface Pair {
  readonly shadow: HomeReading;
  readonly canonical: HomeReading;
}

async function readPair(home: string, from = context): Promise<Pair> {
  const { homes } = await openclaw.discover(from, only(home));
  const readings = await Promise.all(homes.map((one) => openclaw.read(one, from)));
  const shadow = readings.find((one) => one.home.role === "shadow");
  const canonical = readings.find((one) => one.home.role === "canonical");
  assert.ok(shadow !== undefined && canonical !== undefined);
  return { shadow, canonical };
}

async function compare(home: string): Promise<ShadowComparison> {
  const { shadow, canonical } = await readPair(home);
  return compareStores(shadow, canonical, context);
}

/** Relations by name, without what stands only in the canonical home. */
function relations({ pairs }: ShadowComparison): Record<string, string> {
  const telling = pairs.filter((pair) => pair.relation !== "only-canonical");
  return Object.fromEntries(telling.map((pair) => [`${pair.agent} ${pair.what} ${pair.name}`, pair.relation]));
}

const TIME = "2026-11-21T00:10:00.000Z";
const transcript = (id: string, ...texts: readonly string[]): string =>
  lines(header(id, TIME), ...texts.map((text) => message("user", text, TIME)));

const idleRow = { sessionId: uuid(1), updatedAt: 1 };
const row = (sessionId: string, status: string): unknown => ({
  sessionId,
  sessionFile: `${sessionId}.jsonl`,
  status,
  updatedAt: 5,
});

interface Side {
  readonly rows?: Record<string, unknown>;
  readonly files?: Record<string, TreeNode>;
}

function pairOfHomes(t: TestContext, canonical: Side, shadow: Side): string {
  const sessions = ({ rows = {}, files = {} }: Side): TreeNode => ({ "sessions.json": json(rows), ...files });
  return temporaryTree(t, {
    "openclaw.json": "{}",
    [SESSIONS]: sessions(canonical),
    [`${SHADOW}/${SESSIONS}`]: sessions(shadow),
  });
}

test("the shadow of a real release: same keys, other conversations", async (t) => {
  const comparison = await compare(fixtureHome(t, "2026.3.24-shadow"));
  assert.deepEqual(relations(comparison), {
    "main key agent:main:main": "diverged",
    "main transcript b1085233-c0d1-46cb-9760-c5fc51e72cce": "only-shadow",
    "ops key agent:ops:main": "diverged",
    "ops transcript 6466815b-eb04-4901-9089-0617c423aaa4": "only-shadow",
  });
  assert.equal(comparison.lastWritten, "shadow");
  assert.equal(comparison.linked, false);
  const [main] = comparison.pairs.filter((pair) => pair.name === "agent:main:main");
  assert.equal(main?.shadowStatus, null);
  assert.equal(main?.canonicalStatus, "done");
});

test("transcripts are paired by header id, whatever their files are called", async (t) => {
  const home = pairOfHomes(
    t,
    { files: { [`${uuid(1)}.jsonl.reset.2026-11-21T00-20-00.000Z`]: transcript(uuid(1), "one", "two") } },
    { files: { [`${uuid(1)}.jsonl`]: transcript(uuid(1), "one") } },
  );
  const comparison = await compare(home);
  assert.deepEqual(relations(comparison), { [`main transcript ${uuid(1)}`]: "shadow-is-prefix" });
});

test("one session id that heads two conversations has diverged", async (t) => {
  const home = pairOfHomes(
    t,
    { rows: { "agent:main:incident": idleRow }, files: { [`${uuid(1)}.jsonl`]: transcript(uuid(1), "the incident") } },
    {
      rows: { [`agent:main:explicit:${uuid(1)}`]: idleRow },
      files: { [`${uuid(1)}.jsonl`]: transcript(uuid(1), "a test") },
    },
  );
  assert.deepEqual(relations(await compare(home)), {
    [`main key agent:main:explicit:${uuid(1)}`]: "only-shadow",
    [`main transcript ${uuid(1)}`]: "diverged",
  });
});

test("identical and continued transcripts, and the statuses of their rows", async (t) => {
  const long = "x".repeat(3 << 20);
  const home = pairOfHomes(
    t,
    {
      rows: { same: row(uuid(1), "done"), ahead: row(uuid(2), "running"), gone: row(uuid(3), "done") },
      files: { [`${uuid(1)}.jsonl`]: transcript(uuid(1), long), [`${uuid(2)}.jsonl`]: transcript(uuid(2), "one") },
    },
    {
      rows: { same: row(uuid(1), "done"), ahead: row(uuid(2), "done"), gone: row(uuid(3), "done") },
      files: {
        [`${uuid(1)}.jsonl`]: transcript(uuid(1), long),
        [`${uuid(2)}.jsonl`]: transcript(uuid(2), "one", "two"),
      },
    },
  );
  const comparison = await compare(home);
  assert.deepEqual(relations(comparison), {
    "main key ahead": "canonical-is-prefix",
    "main key gone": "identical",
    "main key same": "identical",
    [`main transcript ${uuid(1)}`]: "identical",
    [`main transcript ${uuid(2)}`]: "canonical-is-prefix",
  });
  const ahead = comparison.pairs.find((pair) => pair.name === "ahead");
  assert.deepEqual([ahead?.shadowStatus, ahead?.canonicalStatus], ["done", "running"]);
});

test("a difference in the last byte of a long transcript is found", async (t) => {
  const home = pairOfHomes(
    t,
    { files: { [`${uuid(1)}.jsonl`]: transcript(uuid(1), "x".repeat(2 << 20), "end.") } },
    { files: { [`${uuid(1)}.jsonl`]: transcript(uuid(1), "x".repeat(2 << 20), "end!") } },
  );
  assert.deepEqual(relations(await compare(home)), { [`main transcript ${uuid(1)}`]: "diverged" });
});

test("a sessions folder that is a link to the canonical one is linked, with nothing to compare", async (t) => {
  const home = temporaryTree(t, {
    "openclaw.json": "{}",
    [SESSIONS]: { "sessions.json": "{}", [`${uuid(1)}.jsonl`]: transcript(uuid(1), "one") },
    [`${SHADOW}/openclaw.json`]: "{}",
    [`${SHADOW}/${SESSIONS}`]: link("../../../../../../sessions"),
  });
  const comparison = await compare(home);
  assert.equal(comparison.linked, true);
  assert.deepEqual(comparison.pairs, []);
});

test("what was compared is not read again; a changed file is", async (t) => {
  const file = `${uuid(1)}.jsonl`;
  const home = pairOfHomes(
    t,
    { files: { [file]: transcript(uuid(1), "one") } },
    { files: { [file]: transcript(uuid(1), "one") } },
  );
  const facts = memo();
  const from = readingContext({}, facts);
  const compared = (): number => facts.reads.filter((read) => read.startsWith("compare/")).length;
  const { shadow, canonical } = await readPair(home, from);
  assert.deepEqual(relations(await compareStores(shadow, canonical, from)), {
    [`main transcript ${uuid(1)}`]: "identical",
  });
  await compareStores(shadow, canonical, from);
  assert.equal(compared(), 1);
  appendFileSync(join(home, SESSIONS, file), lines(message("user", "two", TIME)));
  const changed = await compareStores(shadow, canonical, from);
  assert.deepEqual(relations(changed), { [`main transcript ${uuid(1)}`]: "shadow-is-prefix" });
  assert.equal(compared(), 2);
});

test("a transcript that vanishes meanwhile is left out", async (t) => {
  const file = `${uuid(1)}.jsonl`;
  const side = { files: { [file]: transcript(uuid(1), "one") } };
  const home = pairOfHomes(t, side, side);
  const { shadow, canonical } = await readPair(home);
  rmSync(join(home, SESSIONS, file));
  assert.deepEqual((await compareStores(shadow, canonical, context)).pairs, []);
});
