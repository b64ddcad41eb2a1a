import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { withTranscripts, type RowPlace } from "../../../../src/agents/openclaw/row-transcript.ts";
import { storeFacts, type BareRow, type StoreFacts } from "../../../../src/agents/openclaw/store.ts";
import type { StoreRow } from "../../../../src/model/store.ts";
import { json } from "../../../support/homes.ts";
import { row, sessionId } from "../../../support/openclaw.ts";

function read(text: string | Buffer): Promise<StoreFacts> {
  return storeFacts(Buffer.from(text), () => Promise.resolve());
}

describe("the rows of a store", () => {
  it("carry what the release wrote", async () => {
    const { state, rows, damage } = await read(
      json({
        "agent:main:compacted": row(sessionId(2), {
          sessionFile: "/srv/x.jsonl",
          startedAt: 1,
          endedAt: 2,
          sessionStartedAt: 3,
          lastInteractionAt: 4,
          abortedLastRun: false,
          systemSent: true,
          compactionCount: 1,
          usageFamilyKey: "agent:main:compacted",
          usageFamilySessionIds: [sessionId(1), sessionId(2), 7],
          compactionCheckpoints: [
            {
              checkpointId: "c1",
              sessionId: sessionId(1),
              createdAt: 5,
              preCompaction: { sessionFile: "C:\\old\\a.checkpoint.b.jsonl" },
              postCompaction: { sessionFile: "/srv/a.jsonl" },
            },
            "odd",
          ],
          spawnedBy: "agent:main:main",
          forkedFromParent: true,
          parentSessionKey: "agent:main:parent",
          label: "kid",
          displayName: "Kid",
          deliveryContext: { channel: "telegram", to: "123" },
          skillsSnapshot: { huge: true },
        }),
      }),
    );
    assert.deepEqual([state, damage], ["ok", []]);
    const [{ offset: _offset, length: _length, ...only } = {} as BareRow, ...others] = rows;
    assert.deepEqual(others, []);
    assert.deepEqual(only, {
      key: "agent:main:compacted",
      sessionId: sessionId(2),
      sessionFile: "/srv/x.jsonl",
      updatedAt: Date.parse("2026-11-21T00:00:02.000Z"),
      status: "done",
      startedAt: 1,
      endedAt: 2,
      sessionStartedAt: 3,
      lastInteractionAt: 4,
      abortedLastRun: false,
      systemSent: true,
      compactionCount: 1,
      familyKey: "agent:main:compacted",
      familyIds: [sessionId(1), sessionId(2)],
      checkpoints: [
        {
          checkpointId: "c1",
          sessionId: sessionId(1),
          createdAt: 5,
          preCompactionFile: "a.checkpoint.b.jsonl",
          postCompactionFile: "a.jsonl",
        },
      ],
      spawnedBy: "agent:main:main",
      forkedFrom: "agent:main:parent",
      label: "kid",
      displayName: "Kid",
      channel: "telegram",
      lastTo: "123",
      line: 2,
    });
  });

  it("stand where they say", async () => {
    const text = json({ a: row("1"), b: row("2") });
    for (const { key, offset, length, line } of (await read(text)).rows) {
      assert.equal(
        Buffer.from(text).toString("utf8", offset, offset + length),
        json({ x: row(key === "a" ? "1" : "2") }).slice(9, -2),
      );
      assert.ok(text.split("\n")[line - 1]?.includes(`"${key}"`));
    }
  });

  it("of odd types count as absent", async () => {
    const { rows } = await read(
      json({ k: { sessionId: 5, updatedAt: "x", usageFamilySessionIds: "no", status: null, abortedLastRun: 1 } }),
    );
    const [only] = rows;
    assert.deepEqual(
      [only?.sessionId, only?.updatedAt, only?.familyIds, only?.status, only?.abortedLastRun],
      [null, null, [], null, null],
    );
  });
});

describe("a broken store", () => {
  const good = json({ "agent:main:one": row("1"), "agent:main:two": row("2") });
  const cases: [name: string, text: string | Buffer, state: StoreFacts["state"], keys: string[]][] = [
    ["of no bytes is empty", "", "empty", []],
    ["of blanks is empty", " \n\t", "empty", []],
    ["that is cut is read as far as it goes", good.slice(0, -40), "damaged", ["agent:main:one"]],
    ["of zeros is damaged", Buffer.alloc(100), "damaged", []],
    ["that is a list is damaged", "[]", "damaged", []],
    [
      "with a row that is no object keeps the others",
      good.replace("{\n", '{\n  "agent:main:zero": 5,\n'),
      "damaged",
      ["agent:main:one", "agent:main:two"],
    ],
    [
      "with a row that is no JSON keeps the others",
      good.replace('"status": "done"', '"status": done'),
      "damaged",
      ["agent:main:two"],
    ],
    ["that is an empty object is well", "{}", "ok", []],
  ];
  for (const [name, text, state, keys] of cases) {
    it(name, async () => {
      const facts = await read(text);
      assert.deepEqual([facts.state, facts.rows.map(({ key }) => key)], [state, keys]);
      assert.equal(facts.damage.length > 0, state === "damaged");
    });
  }

  it("with a key twice counts the last row, and names the first", async () => {
    const facts = await read('{"k":{"sessionId":"old"},\n"k":{"sessionId":"new"}}');
    assert.deepEqual(
      facts.rows.map((one) => [one.sessionId, one.line]),
      [["new", 2]],
    );
    assert.deepEqual(facts.duplicates, [{ key: "k", sessionId: "old", offset: 5, length: 19, line: 1 }]);
    assert.deepEqual([facts.state, facts.damage], ["ok", []]);
  });
});

describe("the transcript that a row means", () => {
  const HOME = "/home/kim/.openclaw";
  const FOLDER = `${HOME}/agents/main/sessions`;

  function meaning(
    rows: readonly Partial<StoreRow>[],
    live: readonly string[] = [],
    given: Partial<RowPlace> = {},
  ): [string | null, string][] {
    const place: RowPlace = {
      home: HOME,
      agent: "main",
      folder: FOLDER,
      sessionsPath: "agents/main/sessions",
      hasLive: (name) => live.includes(name),
      liveNamesOf: (id) => live.filter((name) => name.includes(id)),
      leadsHere: () => false,
      ...given,
    };
    const bare = rows.map(
      (one) => ({ key: "agent:main:main", sessionId: "a", sessionFile: null, ...one }) as unknown as BareRow,
    );
    return withTranscripts(bare, place).map((one) => [one.transcriptPath, one.transcriptBy]);
  }

  const A = "agents/main/sessions/a.jsonl";
  it("is the file that it names, by absolute path or by name", () => {
    assert.deepEqual(meaning([{ sessionFile: `${FOLDER}/a.jsonl` }]), [[A, "as-written"]]);
    assert.deepEqual(meaning([{ sessionFile: "a.jsonl" }]), [[A, "as-written"]]);
    assert.deepEqual(meaning([{ sessionFile: `${FOLDER}/./x/../a.jsonl` }]), [[A, "as-written"]]);
  });

  it("has moved with the home, from any system", () => {
    assert.deepEqual(meaning([{ sessionFile: "/srv/other/.openclaw/agents/main/sessions/a.jsonl" }]), [[A, "moved"]]);
    assert.deepEqual(meaning([{ sessionFile: "C:\\Users\\kim\\.openclaw\\agents\\main\\sessions\\a.jsonl" }]), [
      [A, "moved"],
    ]);
  });

  it("is named by another path to the same folder, but never by one on the network", () => {
    const asked: string[] = [];
    const leadsHere = (folder: string): boolean => {
      asked.push(folder);
      return true;
    };
    assert.deepEqual(meaning([{ sessionFile: "/link/a.jsonl" }], [], { leadsHere }), [[A, "as-written"]]);
    meaning([{ sessionFile: "//server/share/a.jsonl" }, { sessionFile: "\\\\server\\share\\a.jsonl" }], [], {
      leadsHere,
    });
    assert.deepEqual(asked, ["/link"]);
  });

  it("is that of its session id when it names none", () => {
    assert.deepEqual(meaning([{}]), [[A, "session-id"]]);
    assert.deepEqual(meaning([{ sessionFile: "  " }], ["2026-07-15T00-22-18-733Z_a.jsonl"]), [
      ["agents/main/sessions/2026-07-15T00-22-18-733Z_a.jsonl", "session-id"],
    ]);
    assert.deepEqual(meaning([{ key: "agent:main:telegram:group:-1:topic:42" }], ["a.jsonl", "a-topic-42.jsonl"]), [
      ["agents/main/sessions/a-topic-42.jsonl", "session-id"],
    ]);
    assert.deepEqual(meaning([{ sessionId: null }]), [[null, "none"]]);
    assert.deepEqual(meaning([{ sessionId: "../../etc/passwd" }]), [[null, "none"]]);
  });

  it("lies elsewhere when the path leads to another agent or out of the folder", () => {
    for (const sessionFile of [
      `${HOME}/agents/ops/sessions/a.jsonl`,
      "/srv/other/.openclaw/agents/ops/sessions/a.jsonl",
      "../../ops/sessions/a.jsonl",
      "/etc/passwd",
      `${FOLDER}/inner/a.jsonl`,
      FOLDER,
    ]) {
      assert.deepEqual(meaning([{ sessionFile }]), [[null, "foreign"]], sessionFile);
    }
  });

  it("lies elsewhere when a row of a shadow leads to the canonical home, or the other way round", () => {
    const shadow = `${HOME}/agents/main/agent/codex-home/home/.openclaw`;
    const canonicalFile = "/srv/.openclaw/agents/main/sessions/a.jsonl";
    const shadowFile = "/srv/.openclaw/agents/main/agent/codex-home/home/.openclaw/agents/main/sessions/a.jsonl";
    const inShadow = { home: shadow, folder: `${shadow}/agents/main/sessions` };
    assert.deepEqual(meaning([{ sessionFile: canonicalFile }], ["a.jsonl"], inShadow), [[null, "foreign"]]);
    assert.deepEqual(meaning([{ sessionFile: shadowFile }], [], inShadow), [[A, "moved"]]);
    const usual = { sessionFile: "/srv/.openclaw/agents/main/sessions/b.jsonl" };
    assert.deepEqual(meaning([usual, usual, { sessionFile: shadowFile }]).at(-1), [null, "foreign"]);
    // A shadow that was copied out of its home is a moved home like any other.
    assert.deepEqual(meaning([{ sessionFile: shadowFile }]), [[A, "moved"]]);
  });

  it("lies elsewhere when one row among others names another home, unless its file stands here", () => {
    const usual = { sessionFile: "/srv/.openclaw/agents/main/sessions/b.jsonl" };
    const odd = { sessionFile: "/home/bob/.clawdbot/agents/main/sessions/a.jsonl" };
    assert.deepEqual(meaning([usual, usual, odd]).at(-1), [null, "foreign"]);
    assert.deepEqual(meaning([usual, usual, odd], ["a.jsonl"]).at(-1), [A, "moved"]);
  });
});
