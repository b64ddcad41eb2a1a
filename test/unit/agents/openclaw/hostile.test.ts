/** Homes as nobody wants them: each oddity ends as a skipped entry or as a fact, and everything else is read. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { openclaw } from "../../../../src/agents/openclaw/index.ts";
import type { ReadingContext } from "../../../../src/agents/program.ts";
import type { Fragment } from "../../../../src/model/fragment.ts";
import type { HomeReading } from "../../../../src/model/reading.ts";
import { header, json, lines, link, temporaryTree, treeState, writeTree } from "../../../support/homes.ts";
import { homeTree, row, sessionId, transcript, type Tree } from "../../../support/openclaw.ts";
import { only, readingContext } from "../../../support/world.ts";

const GOOD = sessionId(1);
const SESSIONS = "agents/main/sessions";
/** Root may read everything, so that "permission denied" can't be had. */
const AS_ROOT = process.getuid?.() === 0;

function hostileHome(test: TestContext, sessions: Tree, rest: Tree = {}): string {
  return temporaryTree(
    test,
    homeTree({ "agent:main:main": row(GOOD) }, { [`${GOOD}.jsonl`]: transcript(GOOD), ...sessions }, rest),
  );
}

async function read(state: string, context: ReadingContext = readingContext()): Promise<HomeReading> {
  const [home] = (await openclaw.discover(context, only(state))).homes;
  assert.ok(home !== undefined);
  return openclaw.read(home, context);
}

/** The good session must always be there. Gives what was skipped, by home-relative path. */
async function readAround(state: string): Promise<{ reading: HomeReading; skipped: Record<string, string> }> {
  const before = treeState(state);
  const context = readingContext();
  const reading = await read(state, context);
  assert.equal(await openclaw.read(reading.home, context, reading), reading, "what is odd does not look like a change");
  const good = reading.agents[0]?.fragments.find((fragment) => fragment.path === `${SESSIONS}/${GOOD}.jsonl`);
  assert.equal(good?.sessionId, GOOD);
  assert.deepEqual(treeState(state), before, "reading leaves no trace");
  const skipped = reading.skipped.map(({ path, reason }) => [path.slice(state.length + 1), reason] as const);
  return { reading, skipped: Object.fromEntries(skipped) };
}

function fragmentAt(reading: HomeReading, name: string): Fragment | undefined {
  return reading.agents[0]?.fragments.find((fragment) => fragment.path === `${SESSIONS}/${name}`);
}

function fifo(path: string): void {
  assert.equal(spawnSync("mkfifo", [path]).status, 0);
}

describe("odd entries of a sessions folder", () => {
  it("that are pipes, folders or undatable archives are named and passed over", async (test) => {
    const undatable = `${sessionId(3)}.jsonl.reset.2026-99-99T00-00-00.000Z`;
    const state = hostileHome(test, { "folder.jsonl": {}, "b.jsonl.lock": {}, [undatable]: transcript(sessionId(3)) });
    fifo(join(state, SESSIONS, "pipe.jsonl"));
    fifo(join(state, SESSIONS, "a.jsonl.lock"));
    fifo(join(state, SESSIONS, "pipe.trajectory.jsonl"));
    const { reading, skipped } = await readAround(state);
    const named = [undatable, "folder.jsonl", "pipe.jsonl", "pipe.trajectory.jsonl"];
    assert.deepEqual(
      Object.keys(skipped).toSorted(),
      named.map((name) => `${SESSIONS}/${name}`),
    );
    assert.deepEqual(
      reading.locks.map(({ path, payload }) => [path.split("/").at(-1), payload]),
      [
        ["a.jsonl.lock", "not-a-file"],
        ["b.jsonl.lock", "not-a-file"],
      ],
    );
    assert.equal(fragmentAt(reading, "folder.jsonl"), undefined);
  });

  it("that are links are followed inside the home only", async (test) => {
    const state = hostileHome(
      test,
      {
        "lost.jsonl": link("nowhere.jsonl"),
        "loop.jsonl": link("loop.jsonl"),
        "out.jsonl": link("/etc/hostname"),
        "inside.jsonl": link("../../../kept.jsonl"),
        "x.jsonl.lock": link("loop.jsonl"),
      },
      { "kept.jsonl": transcript(sessionId(2)) },
    );
    const { reading, skipped } = await readAround(state);
    assert.deepEqual(Object.keys(skipped).toSorted(), [
      `${SESSIONS}/loop.jsonl`,
      `${SESSIONS}/lost.jsonl`,
      `${SESSIONS}/out.jsonl`,
      `${SESSIONS}/x.jsonl.lock`,
    ]);
    assert.match(skipped[`${SESSIONS}/out.jsonl`] ?? "", /leads out of the home/);
    assert.match(skipped[`${SESSIONS}/lost.jsonl`] ?? "", /leads nowhere \(nowhere\.jsonl\)/);
    assert.equal(fragmentAt(reading, "inside.jsonl")?.sessionId, sessionId(2));
  });

  it("with names that are no text are skipped, with newlines are read", async (test) => {
    const state = hostileHome(test, { "two\nlines.jsonl": transcript(sessionId(2)) });
    writeFileSync(
      Buffer.concat([Buffer.from(join(state, SESSIONS, "bad")), Buffer.from([0xff]), Buffer.from(".jsonl")]),
      "",
    );
    const { reading, skipped } = await readAround(state);
    assert.deepEqual(skipped, { [String.raw`${SESSIONS}/bad\xff.jsonl`]: "its name is no valid text" });
    assert.equal(fragmentAt(reading, "two\nlines.jsonl")?.sessionId, sessionId(2));
  });

  it("of no bytes, of zeros, of nonsense and of one huge line are fragments with facts", async (test) => {
    const state = hostileHome(test, {
      "empty.jsonl": "",
      "zeros.jsonl": Buffer.alloc(10_000),
      "nonsense.jsonl": Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80]),
      "huge.jsonl": lines(header(sessionId(2), "2026-11-21T00:00:00.000Z", { extra: "x".repeat(10 << 20) })),
      "unended.jsonl": "x".repeat(3 << 20),
    });
    const { reading } = await readAround(state);
    const told = ["empty", "zeros", "nonsense", "huge", "unended"].map((name) => {
      const fragment = fragmentAt(reading, `${name}.jsonl`);
      return [name, fragment?.header.state, fragment?.tail.state];
    });
    assert.deepEqual(told, [
      ["empty", "empty", "ok"],
      ["zeros", "bad", "torn"],
      ["nonsense", "bad", "torn"],
      ["huge", "ok", "ok"],
      ["unended", "bad", "unread"],
    ]);
    assert.equal(fragmentAt(reading, "huge.jsonl")?.sessionId, sessionId(2));
  });

  it("that are no zstd data though they say so are skipped", async (test) => {
    const name = "x.jsonl.deleted.2026-11-21T00-31-57.137Z.zst";
    const { skipped } = await readAround(hostileHome(test, { [name]: "not compressed" }));
    assert.match(skipped[`${SESSIONS}/${name}`] ?? "", /no zstd data/);
  });

  if (!AS_ROOT) {
    it("that may not be read are skipped", async (test) => {
      const state = hostileHome(test, { "closed.jsonl": transcript(sessionId(2)) });
      chmodSync(join(state, SESSIONS, "closed.jsonl"), 0);
      const before = await read(state);
      assert.deepEqual(before.skipped, [{ path: join(state, SESSIONS, "closed.jsonl"), reason: "permission denied" }]);
    });
  }
});

describe("odd stores", () => {
  for (const [name, content, state] of [
    ["a folder", {}, "unreadable"],
    ["a link out of the home", link("/etc/hostname"), "unreadable"],
    ["a link that leads nowhere", link("nowhere"), "unreadable"],
    ["empty", "", "empty"],
    ["cut", json({ a: row("1"), b: row("2") }).slice(0, -30), "damaged"],
  ] as const) {
    it(`that are ${name} leave the transcripts readable`, async (test) => {
      const folder = hostileHome(test, {});
      unlinkSync(join(folder, SESSIONS, "sessions.json"));
      writeTree(join(folder, SESSIONS), { "sessions.json": content });
      const { reading } = await readAround(folder);
      assert.equal(reading.agents[0]?.store.state, state);
    });
  }
});

describe("odd folders", () => {
  it("in place of sessions, agents or the whole list of agents don't stop the rest", async (test) => {
    const state = hostileHome(test, {}, {});
    writeTree(join(state, "agents"), {
      loop: link("loop"),
      up: link(".."),
      file: "x",
      odd: { sessions: "a file" },
      lost: { sessions: link("gone") },
    });
    const { reading } = await readAround(state);
    assert.deepEqual(
      reading.agents.map(({ name }) => name),
      ["main"],
    );
    assert.ok(reading.skipped.some(({ path }) => path.endsWith("agents/loop")));
    const lost = reading.skipped.find(({ path }) => path.endsWith("agents/lost/sessions"));
    assert.equal(lost?.reason, "a symbolic link that leads nowhere (gone)");
  });
});

describe("a home that changes under the reader's hands", () => {
  it("is read as far as it is there", async (test) => {
    const names = Array.from({ length: 200 }, (_, at) => `${sessionId(100 + at)}.jsonl`);
    const state = hostileHome(test, Object.fromEntries(names.map((name) => [name, transcript(name.slice(0, -6))])));
    const left = [...names];
    // Between two slices of reading, files go away.
    const breathe = (): Promise<void> => {
      const name = left.pop();
      if (name !== undefined) unlinkSync(join(state, SESSIONS, name));
      return Promise.resolve();
    };
    const reading = await read(state, { ...readingContext(), breathe });
    assert.deepEqual(reading.skipped, []);
    const fragments = reading.agents[0]?.fragments.length ?? 0;
    assert.ok(fragments >= left.length && fragments < names.length + 1);
  });

  it("or is gone is a home without agents", async (test) => {
    const state = hostileHome(test, {});
    const context = readingContext();
    const [home] = (await openclaw.discover(context, only(state))).homes;
    assert.ok(home !== undefined);
    rmSync(state, { recursive: true });
    const reading = await openclaw.read(home, context);
    assert.deepEqual([reading.agents, reading.locks, reading.skipped], [[], [], []]);
  });

  it("lets a scan be cancelled between two slices", async (test) => {
    const names = Array.from({ length: 100 }, (_, at) => [`${sessionId(100 + at)}.jsonl`, ""] as const);
    const state = hostileHome(test, Object.fromEntries(names));
    const [home] = (await openclaw.discover(readingContext(), only(state))).homes;
    assert.ok(home !== undefined);
    const cancelled: ReadingContext = { ...readingContext(), breathe: () => Promise.reject(new Error("cancelled")) };
    await assert.rejects(openclaw.read(home, cancelled), /cancelled/);
  });
});
