import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { digestOf } from "../../../../../src/agents/openclaw/migration/entry-digest.ts";

const ASKED = {
  type: "message",
  id: "0a1b2c3d",
  parentId: "99887766",
  timestamp: "2026-11-21T00:00:01.000Z",
  message: { role: "user", content: [{ type: "text", text: "How are the disks?" }], timestamp: 1_795_219_201_000 },
};

function answer(given: object): object {
  return { ...ASKED, message: { role: "assistant", content: [{ type: "text", text: "Fine." }], ...given } };
}

function same(a: object, b: object): boolean {
  return digestOf(JSON.stringify(a))?.content === digestOf(JSON.stringify(b))?.content;
}

describe("what an import does not change of an entry", () => {
  const cases: [name: string, file: object, database: object][] = [
    ["the order of keys", ASKED, Object.fromEntries(Object.entries(ASKED).toReversed())],
    ["the entry that it hangs on", ASKED, { ...ASKED, parentId: "11223344" }],
    ["an id that version 1 did not have", { ...ASKED, id: undefined, parentId: undefined }, ASKED],
    ["text that was no list", answer({ content: "Fine." }), answer({})],
    ["the role of a hook's message", answer({ role: "hookMessage" }), answer({ role: "custom", customType: "hook" })],
    [
      "a provider that was renamed",
      answer({ provider: "openai-codex", api: "openai-codex-responses" }),
      answer({ provider: "openai", api: "openai-chatgpt-responses" }),
    ],
    [
      "where its media lie",
      answer({ MediaPath: "/media/a.png", MediaType: "image/png" }),
      answer({ __openclaw: { media: [{ path: "/media/a.png", contentType: "image/png" }] } }),
    ],
    [
      "what OpenClaw notes on a message",
      ASKED,
      { ...ASKED, message: { ...ASKED.message, idempotencyKey: "a:user", __openclaw: { runId: "a" } } },
    ],
    [
      "the entry that a compaction keeps first",
      { type: "compaction", summary: "All fine.", firstKeptEntryIndex: 4 },
      { type: "compaction", id: "5e6f7a8b", summary: "All fine.", firstKeptEntryId: "0a1b2c3d" },
    ],
  ];
  for (const [name, file, database] of cases) it(name, () => assert.ok(same(file, database)));

  it("whitespace", () => {
    assert.equal(
      digestOf(JSON.stringify(ASKED, null, 1).replaceAll("\n", " "))?.content,
      digestOf(JSON.stringify(ASKED))?.content,
    );
  });
});

describe("what makes another entry", () => {
  const cases: [name: string, other: object][] = [
    [
      "one letter of its text",
      { ...ASKED, message: { ...ASKED.message, content: [{ type: "text", text: "How are the discs?" }] } },
    ],
    ["its time", { ...ASKED, timestamp: "2026-11-21T00:00:01.001Z" }],
    ["its role", { ...ASKED, message: { ...ASKED.message, role: "assistant" } }],
    ["a property more", { ...ASKED, note: null }],
  ];
  for (const [name, other] of cases) it(name, () => assert.ok(!same(ASKED, other)));
});

describe("lines that are no entries", () => {
  it("are the header, blanks and NULs", () => {
    for (const line of ['{"type":"session","version":3,"id":"a"}', "", "  \r", "\0\0\0"])
      assert.equal(digestOf(line), null);
  });
  it("but a broken line is one, without an id", () => {
    const digest = digestOf('{"type":"message","id":"0a1b');
    assert.equal(digest?.id, "");
    assert.equal(digest?.isMessage, false);
  });
  it("and so is one that is nested beyond reason", () => {
    const deep = `{"type":"custom","data":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    assert.notEqual(digestOf(deep), null);
  });
});

it("messages and summaries are what a person would miss", () => {
  const types = ["message", "custom_message", "compaction", "model_change", "custom"];
  assert.deepEqual(
    types.map((type) => digestOf(JSON.stringify({ type }))?.isMessage),
    [true, true, true, false, false],
  );
});
