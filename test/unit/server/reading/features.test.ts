// Reading in homes of real releases: outline, folds, links, definitions, references and lenses, across fragments and resets.
import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";

import { header, json, lines, message, temporaryTree } from "../../../support/homes.ts";
import { nameOf } from "../../../support/reading-client.ts";
import { readingWorld } from "../../../support/reading-world.ts";
import { called, entry, result, said } from "../../../support/transcript-lines.ts";

const FRESH = "17b5706a-97ec-4824-a6f1-8b15314fd80a.jsonl";
const ARCHIVE = "bf185efc-9db9-423c-9bbd-b4fbaa9cd312.jsonl.reset.2026-11-21T00-16-26.256Z";

suite(
  "the incident: a command was started, the session reset, and its end told in the fresh fragment (2026.5.12)",
  () => {
    test("from the fresh fragment the way leads to the command's start, and back", async (context) => {
      const { definition, hover, open, references, uriOf } = await readingWorld(context, "2026.5.12-killed");
      const [fresh, archive] = [uriOf(FRESH), uriOf(ARCHIVE)];
      await open(fresh);
      await open(archive);
      assert.deepEqual(await definition(fresh, 8), [`${ARCHIVE}:7`]);
      assert.deepEqual(await references(archive, 7), ["8", `${FRESH}:8`]);
      assert.match(await hover(fresh, 8), /It is \*\*keen-trail\*\*, which began at 2026-11-21 00:16:21 UTC/);
      assert.match(
        await hover(archive, 7),
        /Background exec \*\*keen-trail\*\*[^]*that was told at 2026-11-21 00:16:38 UTC/,
      );
    });

    test("its header leads to the end of the archive, and the archive's to the fresh fragment and its row", async (context) => {
      const { definition, open, references, uriOf } = await readingWorld(context, "2026.5.12-killed");
      await open(uriOf(FRESH));
      await open(uriOf(ARCHIVE));
      assert.deepEqual(await definition(uriOf(FRESH), 1), [`${ARCHIVE}:10`]);
      assert.deepEqual(await references(uriOf(ARCHIVE), 1), [`${FRESH}:1`]);
      assert.match((await references(uriOf(FRESH), 1)).join(), /^sessions\.json:\d+$/);
    });

    test("lenses lead along the chain, and count what was put away", async (context) => {
      const { lenses, open, uriOf } = await readingWorld(context, "2026.5.12-killed");
      const last = (await open(uriOf(ARCHIVE))).length;
      await open(uriOf(FRESH));
      const shown = async (uri: string): Promise<unknown[]> =>
        (await lenses(uri)).map(({ command, range }) => {
          const place = command?.arguments?.[0] as { readonly uri: string } | undefined;
          return [range.start.line, command?.title, nameOf(place?.uri ?? "")];
        });
      assert.deepEqual(await shown(uriOf(FRESH)), [
        [0, "↑ Previous fragment: reset 2026-11-21 00:16Z · link recorded", ARCHIVE],
        [0, "Whole chain: 2 fragments", FRESH],
        [0, "5 archived messages before this one, in 1 fragment", FRESH],
      ]);
      assert.deepEqual(await shown(uriOf(ARCHIVE)), [
        [0, "Whole chain: 2 fragments", ARCHIVE],
        [last, "↓ Next fragment: now · link recorded", FRESH],
      ]);
    });

    test("an archive has an outline and folds, opened or not, whatever its language is", async (context) => {
      const { folds, open, symbols, uriOf } = await readingWorld(context, "2026.5.12-killed");
      const unopened = [await symbols(uriOf(ARCHIVE)), await folds(uriOf(ARCHIVE))];
      await open(uriOf(ARCHIVE));
      assert.deepEqual([await symbols(uriOf(ARCHIVE)), await folds(uriOf(ARCHIVE))], unopened);
      const [outline] = unopened;
      assert.deepEqual(
        outline?.map((one) => ("name" in one ? one.name : "")),
        [
          "Session bf185efc-9db9-423c-9bbd-b4fbaa9cd312",
          "Start the build [[bg:sleep 14; echo build-finished-A]]",
          "while it runs [[say:still waiting]]",
        ],
      );
      assert.deepEqual(
        (await folds(uriOf(ARCHIVE))).map(({ endLine, startLine }) => [startLine + 1, endLine + 1]),
        [
          [5, 8],
          [6, 7],
          [9, 10],
        ],
      );
    });

    test("an id under the cursor leads to its entry: of a parent, a call, a result", async (context) => {
      const { definition, open, uriOf } = await readingWorld(context, "2026.5.12-killed");
      const uri = uriOf(ARCHIVE);
      const text = await open(uri);
      const at = (line: number, part: string): number => (text[line - 1] ?? "").indexOf(part) + part.length - 1;
      assert.deepEqual(await definition(uri, 7, at(7, '"toolCallId":"call')), ["6"]);
      assert.deepEqual(await definition(uri, 6, at(6, '"type":"toolCall","id":"call')), ["7"]);
      assert.deepEqual(await definition(uri, 8, at(8, '"parentId":"a')), ["7"]);
      assert.deepEqual(await definition(uri, 1), []);
    });
  },
);

suite("windows of a database (2026.9)", () => {
  test("lead across resets: to the parent before, to the start of a command, to the next window", async (context) => {
    const { definition, fragmentsOf, hover, open, references } = await readingWorld(context, "2026.9.6-clean");
    const [first = "", second = "", third = ""] = await fragmentsOf("agent:main:incident-two-resets");
    for (const uri of [first, second, third]) await open(uri);
    assert.deepEqual(await definition(third, 1), ["incident-two-resets, events 8-10.jsonl:3"]);
    assert.deepEqual(await references(second, 3), ["incident-two-resets, events from 11.jsonl:1"]);
    assert.deepEqual(await definition(third, 4), ["incident-two-resets, events 0-7.jsonl:6"]);
    assert.deepEqual(await references(first, 6), ["7", "incident-two-resets, events from 11.jsonl:4"]);
    assert.match(await hover(third, 1), /Fragment 3 of 3[^]*Reset: a new conversation begins under the same id/);
  });

  test("have outlines and lenses, also where their text was not sent", async (context) => {
    const { fragmentsOf, lenses, symbols } = await readingWorld(context, "2026.9.6-clean");
    const [first = "", , third = ""] = await fragmentsOf("agent:main:incident-two-resets");
    assert.deepEqual(
      (await symbols(third)).map(({ name }) => name.slice(0, 30)),
      ["Reset: reset", "/reset", "[OpenClaw exec completion] Dis"],
    );
    assert.deepEqual(
      (await lenses(third)).map(({ command }) => command?.title),
      [
        "↑ Previous fragment: reset 2026-11-21 00:30Z · link recorded",
        "Whole chain: 3 fragments",
        "5 archived messages before this one, in 2 fragments",
      ],
    );
    assert.equal((await lenses(first)).length, 2);
  });

  test("are not named to a client that can't open them", async (context) => {
    const world = await readingWorld(context, "2026.9.6-clean");
    const [, , third = ""] = await world.fragmentsOf("agent:main:incident-two-resets");
    const plain = await readingWorld(context, { home: world.home }, { initializationOptions: undefined, settings: {} });
    assert.deepEqual(await plain.definition(third, 1), []);
    assert.deepEqual(
      (await plain.lenses(third)).map(({ command }) => command?.title.replace(/:.*/, "")),
      ["Whole chain", "5 archived messages before this one, in 2 fragments"],
    );
  });
});

const ID = "0a0b0c0d-1111-4222-8333-444455556666";
const OTHER = "0a0b0c0d-1111-4222-8333-777788889999";

suite("links", () => {
  const HEADER = header(ID, "2026-11-21T00:00:00.000Z");

  test("are what is really there: files, sessions by id and key, also under the path of before a move", async (context) => {
    const home = temporaryTree(context, {
      "openclaw.json": json({}),
      "notes with blanks.md": "x",
      "list.ts": "1\n2\n3\n",
      agents: { main: { sessions: { [`${OTHER}.jsonl`]: lines(header(OTHER, "2026-11-20T00:00:00.000Z")) } } },
    });
    const sessions = path.join(home, "agents/main/sessions");
    const text = [
      `see ${home}/list.ts:3, and ${home}/list.ts.`,
      `/srv/elsewhere/.openclaw/agents/main/sessions/${OTHER}.jsonl or ${OTHER}`,
      "agent:main:other but not agent:main:none, /etc/passwd, /nowhere/at/all",
      `${home}/../outside and ${home}`,
    ];
    const own = { file: `${home}/notes with blanks.md`, id: ID };
    writeFileSync(
      path.join(sessions, `${ID}.jsonl`),
      lines(HEADER, message("user", text.join(" "), "2026-11-21T00:00:01.000Z"), own),
    );
    const row = (id: string): object => ({
      sessionId: id,
      sessionFile: path.join(sessions, `${id}.jsonl`),
      updatedAt: 1,
    });
    writeFileSync(
      path.join(sessions, "sessions.json"),
      json({ "agent:main:main": row(ID), "agent:main:other": row(OTHER) }),
    );
    const { definition, links, open, uriOf } = await readingWorld(context, { home });
    const uri = uriOf(`${ID}.jsonl`);
    const read = await open(uri);
    const found = (await links(uri)).map(({ range: { end, start }, target = "" }) => [
      (read[start.line] ?? "").slice(start.character, end.character).replace(home, "~"),
      nameOf(target.replace(/#/, "@")),
    ]);
    assert.deepEqual(found, [
      ["~/list.ts:3", "list.ts@L3"],
      ["~/list.ts", "list.ts"],
      [`/srv/elsewhere/.openclaw/agents/main/sessions/${OTHER}.jsonl`, `${OTHER}.jsonl`],
      [OTHER, `${OTHER}.jsonl`],
      ["agent:main:other", `${OTHER}.jsonl`],
      ["~/notes with blanks.md", "notes with blanks.md"],
    ]);
    assert.deepEqual(await definition(uri, 2, (read[1] ?? "").indexOf("agent:main:other") + 3), [`${OTHER}.jsonl:1`]);
    await open(uriOf("sessions.json"));
    assert.deepEqual(
      (await links(uriOf("sessions.json"))).map(({ target = "" }) => nameOf(target)),
      [ID, ID, ID, OTHER, OTHER, OTHER].map((id) => `${id}.jsonl`),
    );
  });
});

suite("a transcript that no home knows", () => {
  test("is read all the same: by its header", async (context) => {
    const home = temporaryTree(context, { "openclaw.json": json({}), agents: { main: { sessions: {} } } });
    const folder = temporaryTree(context, {
      sessions: {
        "x.jsonl": lines(header(ID, "2026-11-21T00:00:00.000Z"), said("user", "Hello", "u1", 1)),
        "y.jsonl": lines({ traceSchema: "other" }),
      },
    });
    const { definition, folds, hover, lenses, links, references, symbols } = await readingWorld(context, { home });
    const [known, unknown] = ["x", "y"].map((name) => `file://${folder}/sessions/${name}.jsonl`);
    assert.deepEqual(
      (await symbols(known ?? "")).map(({ name }) => name),
      [`Session ${ID}`, "Hello"],
    );
    assert.match(await hover(known ?? "", 1), /Header of the transcript/);
    assert.match(await hover(known ?? "", 2), /Message of a person/);
    for (const ask of [symbols, folds, lenses, links]) assert.deepEqual(await ask(unknown ?? ""), []);
    assert.deepEqual(await lenses(known ?? ""), []);
    for (const uri of [unknown, "file:///nowhere/sessions/z.jsonl", "untitled:x"])
      assert.deepEqual([await definition(uri ?? "", 1), await references(uri ?? "", 1)], [[], []]);
  });
});

suite("a transcript that grows and is damaged", () => {
  test("is read as far as it goes", async (context) => {
    const home = temporaryTree(context, {
      "openclaw.json": json({}),
      agents: {
        main: {
          sessions: {
            [`${ID}.jsonl`]: lines(
              header(ID, "2026-11-21T00:00:00.000Z"),
              said("user", "Go", "u1", 1),
              called("a1", 2, [["exec", "call_0", "ls"]], "u1"),
              entry("model_change", "m1", 3),
            ),
          },
        },
      },
    });
    const { definition, references, symbols, uriOf } = await readingWorld(context, { home });
    const uri = uriOf(`${ID}.jsonl`);
    const names = async (): Promise<string[]> =>
      (await symbols(uri)).flatMap(({ children, name }) => [
        name,
        ...(children ?? []).map((one) => `- ${one.name} (${one.detail})`),
      ]);
    assert.deepEqual((await names()).slice(1), ["Go", "- exec: ls (no result)"]);
    const file = path.join(home, "agents/main/sessions", `${ID}.jsonl`);
    appendFileSync(file, `${JSON.stringify(result("call_0", "done", "r1", 4, { parentId: "a1" }))}\n\0\0{"torn`);
    assert.deepEqual((await names()).slice(1, 3), ["Go", "- exec: ls ()"]);
    assert.match((await names()).at(-1) ?? "", /^- Unreadable line/);
    assert.deepEqual(
      [await definition(uri, 5), await references(uri, 3), await definition(uri, 6)],
      [["3"], ["5"], []],
    );
  });
});
