import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";

import { openclaw } from "../../../../../src/agents/openclaw/index.ts";
import { coverageOf } from "../../../../../src/agents/openclaw/migration/coverage.ts";
import type { HeldEvents } from "../../../../../src/agents/openclaw/migration/held-digest.ts";
import { DigestBuilder } from "../../../../../src/agents/openclaw/migration/transcript-digest.ts";
import type { Fragment, FragmentPlace } from "../../../../../src/model/fragment.ts";
import { type Coverage, isOnlyCopy } from "../../../../../src/model/migration.ts";
import { header, lines, message, temporaryTree, type TreeNode } from "../../../../support/homes.ts";
import { fragment } from "../../../../support/model.ts";
import { homeTree, sessionId, type Tree } from "../../../../support/openclaw.ts";
import { only, readingContext } from "../../../../support/world.ts";

const DATABASE = "agents/main/agent/openclaw-agent.sqlite";
const START = "2026-11-21T00:00:00.000Z";
const ID = sessionId(1);

type Entry = Readonly<Record<string, unknown>>;

/** The `at`-th entry of a conversation: a question, an answer, a question … */
function entry(at: number, text = `entry ${at}`): Record<string, unknown> {
  const time = new Date(Date.parse(START) + at * 1000).toISOString();
  return {
    ...message(at % 2 === 0 ? "user" : "assistant", text, time),
    id: `e${at}`,
    parentId: at === 0 ? null : `e${at - 1}`,
  };
}

function entries(from: number, to: number): Record<string, unknown>[] {
  return Array.from({ length: to - from }, (_, at) => entry(from + at));
}

function file(...content: readonly unknown[]): string {
  return lines(header(ID, START), ...content);
}

/** A window of the database for each session: its header and these events. */
function windowsOf(sessions: Readonly<Record<string, readonly Entry[]>>): Fragment[] {
  return Object.entries(sessions).map(([id, events]) =>
    fragment({
      path: DATABASE,
      kind: "window",
      sessionId: id,
      fileId: null,
      window: { sessionId: id, fromSeq: 0, toSeq: events.length },
    }),
  );
}

/** `asked` collects what is asked for. */
function eventsOf(sessions: Readonly<Record<string, readonly Entry[]>>, asked: FragmentPlace[] = []): HeldEvents {
  return {
    async *texts(place) {
      asked.push(place);
      const { fromSeq, sessionId: id, toSeq } = place.window!;
      const events = [header(id, START, { version: 4 }), ...(sessions[id] ?? [])];
      for (const event of events.slice(fromSeq, toSeq + 1)) yield await Promise.resolve(JSON.stringify(event));
    },
    sessionsWith: (_path, ids) =>
      Object.keys(sessions).filter((id) => sessions[id]!.some((event) => ids.includes(String(event["id"])))),
  };
}

/** Coverage by file name. */
async function covered(
  test: TestContext,
  files: Tree,
  sessions: Readonly<Record<string, readonly Entry[]>>,
): Promise<Record<string, Coverage>> {
  const path = temporaryTree(test, homeTree({}, files));
  const context = readingContext();
  const [home] = (await openclaw.discover(context, only(path))).homes;
  const { agents } = await openclaw.read(home!, context);
  const compared = agents.map((agent) => ({ ...agent, fragments: [...windowsOf(sessions), ...agent.fragments] }));
  const found = (await coverageOf(home!, compared, eventsOf(sessions), context)).get("main") ?? [];
  return Object.fromEntries(found.map((each) => [each.fragment.path.slice("agents/main/sessions/".length), each]));
}

async function one(
  test: TestContext,
  content: TreeNode,
  sessions: Readonly<Record<string, readonly Entry[]>>,
  name = `${ID}.jsonl`,
): Promise<Pick<Coverage, "relation" | "entries" | "onlyHere" | "messagesOnlyHere">> {
  const {
    relation,
    entries: all,
    onlyHere,
    messagesOnlyHere,
  } = (await covered(test, { [name]: content }, sessions))[name]!;
  return { relation, entries: all, onlyHere, messagesOnlyHere };
}

describe("a file beside a database", () => {
  it("is covered when all of it stands there, however it is written", async (test) => {
    const reordered = entries(0, 4).map((event) => Object.fromEntries(Object.entries(event).toReversed()));
    assert.deepEqual(await one(test, file(...entries(0, 4)), { [ID]: reordered }), {
      relation: "covered",
      entries: 4,
      onlyHere: 0,
      messagesOnlyHere: 0,
    });
  });
  it("is covered when the conversation went on in the database", async (test) => {
    assert.equal((await one(test, file(...entries(0, 4)), { [ID]: entries(0, 9) })).relation, "covered");
  });
  it("goes on where the database ends", async (test) => {
    assert.deepEqual(await one(test, file(...entries(0, 6)), { [ID]: entries(0, 4) }), {
      relation: "prefix",
      entries: 6,
      onlyHere: 2,
      messagesOnlyHere: 2,
    });
  });
  it("is missing when the database has nothing of it", async (test) => {
    assert.deepEqual(await one(test, file(...entries(0, 4)), { [sessionId(2)]: entries(10, 14) }), {
      relation: "missing",
      entries: 4,
      onlyHere: 4,
      messagesOnlyHere: 4,
    });
  });
  it("has diverged when one entry says something else", async (test) => {
    const changed = [...entries(0, 2), entry(2, "something else"), entry(3)];
    assert.deepEqual(await one(test, file(...entries(0, 4)), { [ID]: changed }), {
      relation: "diverged",
      entries: 4,
      onlyHere: 1,
      messagesOnlyHere: 1,
    });
  });
  it("has diverged when both went on", async (test) => {
    const other = { ...entry(9), id: "f9" };
    assert.equal((await one(test, file(...entries(0, 6)), { [ID]: [...entries(0, 4), other] })).relation, "diverged");
  });
  it("has diverged when the database lacks entries in between, as after a repair of branches", async (test) => {
    const repaired = [...entries(0, 2), ...entries(4, 6)];
    const found = await one(test, file(...entries(0, 6)), { [ID]: repaired });
    assert.deepEqual([found.relation, found.onlyHere], ["diverged", 2]);
  });
  it("is recognised under another name, and under another id", async (test) => {
    const sessions = { [sessionId(7)]: entries(0, 4) };
    assert.equal((await one(test, file(...entries(0, 4)), sessions, "renamed.jsonl")).relation, "covered");
    assert.equal((await one(test, file(...entries(0, 6)), sessions, "renamed.jsonl")).relation, "prefix");
  });
  it("with a broken end keeps what the database could not take", async (test) => {
    const torn = `${file(...entries(0, 4))}{"type":"message","id":"e4","mess`;
    const found = await one(test, torn, { [ID]: entries(0, 4) });
    assert.deepEqual([found.relation, found.onlyHere, found.messagesOnlyHere], ["prefix", 1, 0]);
  });
  it("lacks nothing when it holds nothing but a header", async (test) => {
    assert.deepEqual(await one(test, file(), {}), {
      relation: "covered",
      entries: 0,
      onlyHere: 0,
      messagesOnlyHere: 0,
    });
  });
  it("in which an entry is repeated is no better for it", async (test) => {
    const found = await one(test, file(...entries(0, 2), entry(1), entry(1)), { [ID]: entries(0, 1) });
    assert.deepEqual([found.relation, found.onlyHere], ["prefix", 1]);
  });
});

describe("an only copy", () => {
  const archive = `${ID}.jsonl.reset.2026-11-21T00-10-00.000Z`;
  const checkpoint = `${ID}.checkpoint.11425cf5-f35f-41ce-948e-4920f2c5a1f8.jsonl`;

  async function onlyCopies(
    test: TestContext,
    files: Tree,
    sessions: Record<string, readonly Entry[]>,
  ): Promise<string[]> {
    const found = await covered(test, files, sessions);
    return Object.keys(found)
      .filter((name) => isOnlyCopy(found[name]!))
      .toSorted();
  }

  it("is no checkpoint whose entries all stand in the transcript", async (test) => {
    const files = { [`${ID}.jsonl`]: file(...entries(0, 6)), [checkpoint]: file(...entries(0, 4)) };
    assert.deepEqual(await onlyCopies(test, files, {}), [`${ID}.jsonl`]);
  });
  it("is a checkpoint with one entry that nothing else has", async (test) => {
    const files = { [`${ID}.jsonl`]: file(...entries(0, 6)), [checkpoint]: file(...entries(0, 4), entry(40)) };
    assert.deepEqual(await onlyCopies(test, files, { [ID]: entries(0, 6) }), [checkpoint]);
  });
  it("is no archive whose entries stand in the database and in another file together", async (test) => {
    const files = {
      [archive]: file(...entries(0, 6)),
      "other.jsonl": lines(header(sessionId(3), START), ...entries(4, 8)),
    };
    assert.deepEqual(await onlyCopies(test, files, { [ID]: entries(0, 4) }), ["other.jsonl"]);
  });
  it("is a copy from before a repair that dropped a branch", async (test) => {
    const backup = `${ID}.jsonl.pre-doctor-branch-repair-2026-11-21T00-10-00-000Z.bak`;
    const files = {
      [`${ID}.jsonl`]: file(...entries(0, 4)),
      [backup]: file(...entries(0, 2), entry(20), ...entries(2, 4)),
    };
    assert.deepEqual(await onlyCopies(test, files, { [ID]: entries(0, 4) }), [backup]);
  });
  it("names the windows that hold the rest", async (test) => {
    const found = await covered(test, { [`${ID}.jsonl`]: file(...entries(0, 6)) }, { [ID]: entries(0, 4) });
    const { evidence, heldBy } = found[`${ID}.jsonl`]!;
    assert.deepEqual(heldBy, [{ path: DATABASE, window: { sessionId: ID, fromSeq: 0, toSeq: 4 } }]);
    assert.deepEqual(
      evidence.map(({ text }) => text),
      ["the database holds 4 of its 6 entries", "nothing else in this home holds 2 entries"],
    );
  });
});

it("what a damaged database lacks may stand in the part that can't be read, and that is said", async (test) => {
  const path = temporaryTree(test, homeTree({}, { [`${ID}.jsonl`]: file(...entries(0, 2)) }));
  const context = readingContext();
  const [home] = (await openclaw.discover(context, only(path))).homes;
  const { agents } = await openclaw.read(home!, context);
  const damaged = agents.map((agent) => ({ ...agent, store: { ...agent.store, state: "damaged" } as const }));
  const [found] = (await coverageOf(home!, damaged, eventsOf({}), context)).get("main")!;
  assert.equal(found?.onlyHere, 2);
  assert.equal(found?.evidence.at(-1)?.text, "a part of the database could not be read: it may hold more");
});

it("a line that is not looked into is an entry that equals only itself", () => {
  const digest = new DigestBuilder();
  for (const text of ["one", "one", "two"]) digest.addUnread(Buffer.from(text));
  const { contents, messages } = digest.done();
  assert.equal(contents[0], contents[1]);
  assert.notEqual(contents[0], contents[2]);
  assert.deepEqual([...messages], [0, 0, 0]);
});

it("many windows are read in blocks, and again only at their end", async (test) => {
  const path = temporaryTree(test, homeTree({}, { [`${ID}.jsonl`]: file(...entries(0, 2)) }));
  const context = readingContext();
  const [home] = (await openclaw.discover(context, only(path))).homes;
  const { agents } = await openclaw.read(home!, context);
  const asked: FragmentPlace[] = [];
  const run = async (count: number): Promise<Coverage | undefined> => {
    const sessions = { [ID]: entries(0, count) };
    const windows = windowsOf(sessions).map((window) => ({ ...window, bytes: count * 100 }));
    const compared = agents.map((agent) => ({ ...agent, fragments: [...windows, ...agent.fragments] }));
    return (await coverageOf(home!, compared, eventsOf(sessions, asked), context)).get("main")?.[0];
  };
  assert.equal((await run(5000))?.relation, "covered");
  assert.equal((await run(5001))?.relation, "covered");
  assert.deepEqual(
    asked.map(({ window }) => window!.fromSeq),
    [0, 2048, 4096, 4096],
  );
});

it("sessions that can hold nothing of a file are not read for it", async (test) => {
  const asked: FragmentPlace[] = [];
  const path = temporaryTree(test, homeTree({}, { "renamed.jsonl": file(...entries(0, 2)) }));
  const context = readingContext();
  const [home] = (await openclaw.discover(context, only(path))).homes;
  const { agents } = await openclaw.read(home!, context);
  const sessions = { [sessionId(5)]: entries(50, 60), [sessionId(6)]: entries(0, 4) };
  const compared = agents.map((agent) => ({ ...agent, fragments: [...windowsOf(sessions), ...agent.fragments] }));
  const found = (await coverageOf(home!, compared, eventsOf(sessions, asked), context)).get("main");
  assert.equal(found?.[0]?.relation, "covered");
  assert.deepEqual(
    asked.map(({ window }) => window!.sessionId),
    [sessionId(6)],
  );
});
