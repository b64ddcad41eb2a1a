import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { parseTolerant } from "../../../src/formats/json5.ts";

describe("hand-written JSON", () => {
  const cases: [name: string, text: string, value: unknown][] = [
    ["plain JSON", '{"a":[1,2,{"b":null}]}', { a: [1, 2, { b: null }] }],
    ["comments and trailing commas", '{ // one\n "a": 1, /* two */ "b": [1,],\n}', { a: 1, b: [1] }],
    [
      "bare keys and single quotes",
      "{ session: { store: '~/s/{agentId}.json' }, $x_1: 2 }",
      { session: { store: "~/s/{agentId}.json" }, $x_1: 2 },
    ],
    [
      "quotes inside quotes",
      `{ a: 'say "hi" and it\\'s', "b": "it's: fine" }`,
      { a: `say "hi" and it's`, b: "it's: fine" },
    ],
    [
      "what looks like a key or comment inside a string",
      '{"url":"http://x/y","t":"a: b // c"}',
      { url: "http://x/y", t: "a: b // c" },
    ],
    ["a byte order mark", '\uFEFF{"a":1}', { a: 1 }],
    ["nothing", "", undefined],
  ];
  for (const [name, text, value] of cases) it(name, () => assert.deepEqual(parseTolerant(text).value, value));

  it("is read as far as it goes when it is broken, and says where it breaks", () => {
    const { value, errorOffset } = parseTolerant('{"a":1,"b":{"c":2');
    assert.deepEqual(value, { a: 1, b: { c: 2 } });
    assert.notEqual(errorOffset, null);
    assert.equal(parseTolerant("{}").errorOffset, null);
  });
});

it("what is nested beyond reason is unreadable, and no crash", () => {
  const deep = `{"data":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  assert.deepEqual(parseTolerant(deep), { value: undefined, errorOffset: 0 });
});

it("reads what is hostile in one pass", () => {
  const parts = ["x", "'", '"', "/*", '"\\', "\\'", "a :", "/", "{'"];
  for (const part of parts) assert.equal(typeof parseTolerant(part.repeat(300_000)), "object", part);
});
