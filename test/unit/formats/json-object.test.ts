import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { scanObject, type ObjectDamage } from "../../../src/formats/json-object.ts";

const STORE = {
  "agent:main:main": { sessionId: "a", nested: { text: 'brackets } ] and "quotes" \\', list: [[], {}] } },
  "agent:main:two": { sessionId: "b" },
  "agent:ops:three": { sessionId: "c", empty: {} },
};
const PRETTY = JSON.stringify(STORE, null, 2);
const DENSE = JSON.stringify(STORE);

function entriesOf(text: string | Buffer): Record<string, unknown> {
  const bytes = Buffer.from(text);
  const found: Record<string, unknown> = {};
  for (const item of scanObject(bytes)) {
    if (item.what !== "entry") continue;
    found[item.key] = JSON.parse(bytes.toString("utf8", item.offset, item.offset + item.length));
  }
  return found;
}

function damageOf(text: string | Buffer): ObjectDamage[] {
  return [...scanObject(Buffer.from(text))].filter((item) => item.what === "damage");
}

describe("scanning a huge JSON object", () => {
  for (const [form, text] of [
    ["pretty-printed", PRETTY],
    ["dense", DENSE],
    ["with odd blanks", ` \r\n${PRETTY.replaceAll('": ', '" :\t')}\n \n`],
  ] as const) {
    it(`finds every entry of a ${form} one`, () => {
      assert.deepEqual(entriesOf(text), STORE);
      assert.deepEqual(damageOf(text), []);
    });
  }

  it("gives the line of each key", () => {
    const lines = [...scanObject(Buffer.from(PRETTY))].map((item) => item.line);
    assert.deepEqual(lines, [2, 12, 15]);
  });

  it("has nothing to say of an empty object, or of no bytes", () => {
    for (const text of ["{}", " { } \n", "", "  \n"]) assert.deepEqual([...scanObject(Buffer.from(text))], []);
  });

  it("reads values of every kind", () => {
    const value = { a: 1, b: "x", c: null, d: [1, { e: 2 }], f: true };
    assert.deepEqual(entriesOf(JSON.stringify(value)), value);
  });
});

describe("damage in a huge JSON object", () => {
  it("of a cut text is the entry that is cut; the others are read", () => {
    const cut = PRETTY.slice(0, PRETTY.indexOf('"c"'));
    assert.deepEqual(Object.keys(entriesOf(cut)), ["agent:main:main", "agent:main:two"]);
    const [damage, ...others] = damageOf(cut);
    assert.deepEqual(others, []);
    assert.deepEqual(
      { key: damage?.key, line: damage?.line, offset: damage?.offset },
      { key: "agent:ops:three", line: 15, offset: PRETTY.indexOf("{", PRETTY.indexOf("three")) },
    );
  });

  it("is met wherever the text is cut, and never makes an entry up", () => {
    for (const text of [PRETTY, DENSE]) {
      for (let length = 1; length < text.length; length += 1) {
        const cut = text.slice(0, length);
        assert.notDeepEqual(damageOf(cut), [], `no damage at ${length}`);
        for (const [key, value] of Object.entries(entriesOf(cut)))
          assert.deepEqual(value, (STORE as Record<string, unknown>)[key]);
      }
    }
  });

  it("between entries does not cost the entries behind it", () => {
    for (const text of [PRETTY, DENSE]) {
      const at = text.indexOf('"agent:main:two"');
      const broken = `${text.slice(0, at)}<<garbage>>${text.slice(at)}`;
      assert.deepEqual(Object.keys(entriesOf(broken)), Object.keys(STORE));
      assert.equal(damageOf(broken).length, 1);
      assert.equal(damageOf(broken)[0]?.offset, at);
    }
  });

  it("of a missing comma, quote, colon or bracket costs at most its own entry", () => {
    const breaks: [from: string, to: string][] = [
      ['},\n  "agent:main:two', '}\n  "agent:main:two'],
      ['"agent:main:two":', 'agent:main:two":'],
      ['"agent:main:two":', '"agent:main:two"'],
      ['"sessionId": "b"', '"sessionId": "b'],
      ['"sessionId": "b"\n  },', '"sessionId": "b"\n  '],
      ['"sessionId": "b"\n  },', '"sessionId": "b"\n  }},'],
    ];
    for (const [from, to] of breaks) {
      const broken = PRETTY.replace(from, to);
      assert.notEqual(broken, PRETTY);
      const keys = Object.keys(entriesOf(broken)).filter((key) => key !== "agent:main:two");
      assert.deepEqual(keys, ["agent:main:main", "agent:ops:three"], JSON.stringify(to));
      assert.ok(damageOf(broken).length >= 1, JSON.stringify(to));
    }
  });

  it("of zeros at the end is named", () => {
    const damage = damageOf(Buffer.concat([Buffer.from(PRETTY), Buffer.alloc(100)]));
    assert.deepEqual(
      damage.map(({ reason, offset }) => ({ reason, offset })),
      [{ reason: "NUL bytes behind the end of the object", offset: PRETTY.length }],
    );
  });

  it("of something that is no object is named", () => {
    for (const text of ["[1]", "null", '"x"', "\u0000\u0000"]) {
      assert.deepEqual(
        damageOf(text).map((damage) => damage.reason),
        ["is not a JSON object"],
      );
    }
  });

  it("of a byte order mark is named, and everything is read", () => {
    assert.deepEqual(
      damageOf(`\uFEFF${PRETTY}`).map((damage) => damage.reason),
      ["begins with a byte order mark"],
    );
    assert.deepEqual(entriesOf(`\uFEFF${PRETTY}`), STORE);
  });

  it("keeps both entries of a key that occurs twice", () => {
    const keys = [...scanObject(Buffer.from('{"a":1,"a":2}'))].map((item) => item.key);
    assert.deepEqual(keys, ["a", "a"]);
  });

  // Read again for every broken row, these would take hours.
  const patient = { timeout: 30_000 };

  it("of every row costs no more than of one", patient, () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => `  "agent:main:k${at}": { "sessionId": "x`);
    assert.equal(damageOf(`{\n${rows.join(",\n")}\n}`).length, rows.length);
  });

  it("of rows that never close costs no more either", patient, () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => `"agent:main:k${at}":{"a":{"b":1}`);
    assert.equal(damageOf(`{\n  ${rows.join(",\n  ")}\n}`).length, rows.length);
    assert.notEqual(damageOf(`{${rows.join(",")}}`).length, 0);
  });
});
