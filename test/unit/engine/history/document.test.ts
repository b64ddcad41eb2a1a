// A session's history: what the page holds, and what it says about all that it does not hold.
import assert from "node:assert/strict";
import { readdirSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";

import { historyPage, type HistoryDocument, type HistoryRequest } from "../../../../src/engine/history/document.ts";
import { allSessions, findSessions, type SessionHit } from "../../../../src/engine/query.ts";
import { decodeCursor } from "../../../../src/engine/reading/cursor.ts";
import type { Engine } from "../../../../src/engine/engine.ts";
import { asObject, asText } from "../../../../src/formats/json-values.ts";
import { engineOn } from "../../../support/engines.ts";
import { fixtureHome, fixtureTruth, header, lines, message, temporaryTree } from "../../../support/homes.ts";
import { homeTree, row, sessionId, transcript, type Tree } from "../../../support/openclaw.ts";

const NOW = Date.parse("2026-11-22T00:00:00.000Z");

interface Given {
  readonly engine: Engine;
  readonly hit: SessionHit;
}

async function session(path: string, query: string): Promise<Given> {
  const engine = engineOn([path]);
  const [hit] = findSessions(await engine.scan(), query, []);
  assert.ok(hit !== undefined, `no session ${query}`);
  return { engine, hit };
}

async function historyOf({ engine, hit }: Given, request: Partial<HistoryRequest> = {}): Promise<HistoryDocument> {
  const usual = { limit: 50, archived: true, mostCharacters: 10_000, showSecrets: false, now: NOW };
  return (await historyPage(engine, hit, { ...usual, ...request })).document;
}

const home = (t: TestContext, rows: Record<string, unknown>, sessions: Tree): string =>
  temporaryTree(t, homeTree(rows, sessions));

const texts = ({ messages }: HistoryDocument): string[] => messages.map(({ text }) => text);

const KEY = "agent:main:main";

/** A chain of two: a reset archive, and what goes on. */
const twoFragments = (t: TestContext): string =>
  home(
    t,
    { [KEY]: row(sessionId(2), { usageFamilyKey: KEY, usageFamilySessionIds: [sessionId(1), sessionId(2)] }) },
    {
      [`${sessionId(1)}.jsonl.reset.2026-11-21T00-00-10.000Z`]: transcript(sessionId(1), undefined, "Start the build"),
      [`${sessionId(2)}.jsonl`]: transcript(sessionId(2), "2026-11-21T00:00:11.000Z", "continue"),
    },
  );

describe("a history", () => {
  it("has the messages of all fragments, oldest first, each with its place", async (t) => {
    const document = await historyOf(await session(twoFragments(t), KEY));
    assert.deepEqual(texts(document), ["Start the build", "Fine.", "continue", "Fine."]);
    const archive = `agents/main/sessions/${sessionId(1)}.jsonl.reset.2026-11-21T00-00-10.000Z`;
    assert.deepEqual(
      document.messages.map(({ fragment, line, role }) => [fragment.path, line, role]),
      [
        [archive, 2, "user"],
        [archive, 3, "assistant"],
        [`agents/main/sessions/${sessionId(2)}.jsonl`, 2, "user"],
        [`agents/main/sessions/${sessionId(2)}.jsonl`, 3, "assistant"],
      ],
    );
    assert.deepEqual(
      document.previousFragments.map(({ path, kind }) => [path, kind]),
      [[archive, "reset"]],
    );
    assert.deepEqual(document.resetArchives, document.previousFragments);
    assert.equal(document.continuationOf?.path, archive);
    assert.equal(document.continuationOf.certainty, "recorded");
    assert.ok(document.continuationOf.evidence.length > 0);
    assert.equal(document.archivedMessagesAvailable, true);
    assert.equal(document.truncated, false);
    assert.equal(document.nextCursor, null);
    assert.deepEqual(document.warnings, []);
  });

  it("without archives says that they are there", async (t) => {
    const document = await historyOf(await session(twoFragments(t), KEY), { archived: false });
    assert.deepEqual(texts(document), ["continue", "Fine."]);
    assert.equal(document.archivedMessagesAvailable, true);
    assert.equal(document.truncated, true);
    assert.equal(document.previousFragments.length, 1);
  });

  it("goes back page by page", async (t) => {
    const given = await session(twoFragments(t), KEY);
    const newest = await historyOf(given, { limit: 3 });
    assert.deepEqual(texts(newest), ["Fine.", "continue", "Fine."]);
    assert.equal(newest.truncated, true);
    const before = decodeCursor(newest.nextCursor ?? "") ?? assert.fail("no cursor");
    const oldest = await historyOf(given, { limit: 3, before });
    assert.deepEqual(texts(oldest), ["Start the build"]);
    assert.equal(oldest.nextCursor, null);
    assert.equal(oldest.truncated, false);
  });

  it("of a session of one fragment has nothing archived", async (t) => {
    const path = home(t, { [KEY]: row(sessionId(1)) }, { [`${sessionId(1)}.jsonl`]: transcript(sessionId(1)) });
    const document = await historyOf(await session(path, KEY), { archived: false });
    assert.equal(document.archivedMessagesAvailable, false);
    assert.equal(document.truncated, false);
    assert.deepEqual(document.previousFragments, []);
    assert.equal(document.continuationOf, null);
  });

  it("does not take an archive that holds nothing for one with messages", async (t) => {
    const path = home(
      t,
      { [KEY]: row(sessionId(2), { usageFamilyKey: KEY, usageFamilySessionIds: [sessionId(1), sessionId(2)] }) },
      {
        [`${sessionId(1)}.jsonl.reset.2026-11-21T00-00-10.000Z`]: lines(
          header(sessionId(1), "2026-11-21T00:00:00.000Z"),
        ),
        [`${sessionId(2)}.jsonl`]: transcript(sessionId(2), "2026-11-21T00:00:10.000Z"),
      },
    );
    const document = await historyOf(await session(path, KEY), { archived: false });
    assert.equal(document.previousFragments.length, 1);
    assert.equal(document.archivedMessagesAvailable, false);
    assert.equal(document.truncated, false);
  });

  it("after a reset without a turn has everything before it", async (t) => {
    const archive = `${sessionId(1)}.jsonl.reset.2026-11-21T00-00-10.000Z`;
    const path = home(
      t,
      { [KEY]: row(sessionId(2), { usageFamilyKey: KEY, usageFamilySessionIds: [sessionId(1), sessionId(2)] }) },
      { [archive]: transcript(sessionId(1), undefined, "Start the build") },
    );
    const given = await session(path, KEY);
    const document = await historyOf(given);
    assert.deepEqual(texts(document), ["Start the build", "Fine."]);
    assert.deepEqual(
      document.previousFragments.map((one) => one.path),
      [`agents/main/sessions/${archive}`],
    );
    assert.equal(document.continuationOf?.path, `agents/main/sessions/${archive}`);
    assert.equal(document.sessionId, sessionId(2));
    const current = await historyOf(given, { archived: false });
    assert.deepEqual(current.messages, []);
    assert.equal(current.archivedMessagesAvailable, true);
    assert.equal(current.truncated, true);
  });

  it("cuts long texts and says by how much", async (t) => {
    const path = home(
      t,
      { [KEY]: row(sessionId(1)) },
      { [`${sessionId(1)}.jsonl`]: transcript(sessionId(1), undefined, "a".repeat(500)) },
    );
    const document = await historyOf(await session(path, KEY), { mostCharacters: 100 });
    assert.equal(document.messages[0]?.text.length, 100);
    assert.equal(document.messages[0].cut, 400);
    assert.equal(document.truncated, true);
    assert.equal(document.nextCursor, null);
  });

  it("masks secrets in texts and in the arguments of calls unless told otherwise", async (t) => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const call = { type: "toolCall", id: "c1", name: "exec", arguments: { command: `curl -H ${token}`, timeout: 3 } };
    const path = home(
      t,
      { [KEY]: row(sessionId(1)) },
      {
        [`${sessionId(1)}.jsonl`]: lines(
          header(sessionId(1), "2026-11-21T00:00:00.000Z"),
          message("user", `use ${token}`, "2026-11-21T00:00:01.000Z"),
          message("assistant", "", "2026-11-21T00:00:02.000Z", { content: [call] }),
        ),
      },
    );
    const given = await session(path, KEY);
    const masked = await historyOf(given);
    assert.ok(!JSON.stringify(masked).includes(token));
    assert.deepEqual(
      masked.messages.map((one) => one.masked),
      [true, true],
    );
    assert.deepEqual(masked.messages[1]?.calls?.[0]?.arguments, {
      command: "curl -H [masked: GitHub token]",
      timeout: 3,
    });
    const open = await historyOf(given, { showSecrets: true });
    assert.equal(open.messages[0]?.text, `use ${token}`);
    assert.deepEqual(open.messages[1]?.calls?.[0]?.arguments, call.arguments);
  });

  it("warns of torn ends, of open places and of a fragment that can't be read", async (t) => {
    const path = twoFragments(t);
    const folder = join(path, "agents/main/sessions");
    const live = join(folder, `${sessionId(2)}.jsonl`);
    writeFileSync(live, `${transcript(sessionId(2), "2026-11-21T00:00:11.000Z")}{"type":"mess`);
    const given = await session(path, KEY);
    const torn = await historyOf(given);
    assert.match(torn.warnings.join("\n"), /The end of .* is torn, from byte \d+ on/);
    assert.equal(torn.messages.at(-1)?.kind, "unreadable");

    const archive = readdirSync(folder).find((name) => name.includes(".reset."))!;
    renameSync(join(folder, archive), join(path, "elsewhere"));
    const gone = await historyOf(given);
    assert.match(gone.warnings.join("\n"), /\.jsonl\.reset\.\S+ could not be read: /);
    assert.equal(gone.truncated, true);
  });

  it("is still whole when the live file was emptied", async (t) => {
    const path = twoFragments(t);
    truncateSync(join(path, "agents/main/sessions", `${sessionId(2)}.jsonl`), 0);
    const engine = engineOn([path]);
    const hits = allSessions(await engine.scan());
    const documents = await Promise.all(hits.map((hit) => historyOf({ engine, hit })));
    assert.deepEqual(documents.flatMap(texts), ["Start the build", "Fine."]);
  });

  it("warns of a shadow home", async (t) => {
    const path = fixtureHome(t, "2026.3.24-shadow");
    const engine = engineOn([path]);
    const snapshot = await engine.scan();
    const hit = allSessions(snapshot).find(({ home: { home: identity } }) => identity.role === "shadow");
    assert.ok(hit !== undefined);
    const document = await historyOf({ engine, hit });
    assert.match(document.warnings[0] ?? "", /lies in a shadow store/);
  });
});

/** Each background exec of the truth whose delivery is known: where it began, and by which entry its end was told. */
function trueExecs(
  name: Parameters<typeof fixtureTruth>[0],
): { key: string; start: string; delivered: string | null }[] {
  const all = asObject(fixtureTruth(name))?.["backgroundExecs"];
  assert.ok(Array.isArray(all));
  return all.flatMap((one) => {
    const exec = asObject(one) ?? {};
    const [key, start] = [asText(exec["key"]), asText(exec["startEntryId"])];
    const delivered = Array.isArray(exec["delivered"]) ? asObject(exec["delivered"][0]) : undefined;
    return key === null || start === null ? [] : [{ key, start, delivered: asText(delivered?.["entryId"]) }];
  });
}

describe("execs in a history", () => {
  for (const name of ["2026.3.24-shadow", "2026.5.12-killed", "2026.9.6-clean"] as const)
    it(`of ${name} carry origin and delivery as they truly were`, async (t) => {
      const engine = engineOn([fixtureHome(t, name)]);
      const snapshot = await engine.scan();
      let told = 0;
      for (const { delivered, key, start } of trueExecs(name)) {
        const hit = findSessions(snapshot, key, []).find(
          ({
            home: {
              home: { role },
            },
          }) => role === "canonical",
        );
        assert.ok(hit !== undefined, key);
        const { messages } = await historyOf({ engine, hit }, { limit: 1000 });
        const starting = messages.find((one) => one.id === start && one.delivery !== undefined);
        assert.ok(starting !== undefined, `${key}: no delivery on ${start}`);
        if (starting.delivery === null) assert.ok(starting.undelivered !== undefined);
        // Without a slug in any notice the truth itself rests on times alone, and may be left open.
        else if (delivered !== null) assert.equal(starting.delivery?.entryId, delivered);
        const origins = messages.filter((one) => one.origin?.entryId === start);
        assert.equal(origins.length, starting.delivery === null ? 0 : 1);
        told += origins.length;
      }
      assert.ok(told > 0);
    });
});
