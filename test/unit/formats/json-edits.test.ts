// Edits of JSON change the bytes that they must, and read as what was wanted.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { edited, entryAfter, keyBefore, propertyEdits, unitBefore } from "../../../src/formats/json-edits.ts";
import { scanObject, type ObjectEntry } from "../../../src/formats/json-object.ts";

/** Sets properties of one row, as a repair does: with nothing but the bytes around it. */
function withSet(text: string, key: string, set: Record<string, unknown>): string {
  const bytes = Buffer.from(text);
  const entry = entriesOf(bytes).findLast((one) => one.key === key)!;
  const before = bytes.subarray(0, entry.offset);
  assert.equal(keyBefore(before), key);
  const value = bytes.subarray(entry.offset, entry.offset + entry.length);
  return edited(bytes, propertyEdits(value, entry.offset, set, unitBefore(before))!).toString();
}

function withEntry(text: string, ...entries: [string, unknown][]): string {
  const bytes = Buffer.from(text);
  const last = entriesOf(bytes).at(-1)!;
  return edited(bytes, [entryAfter(bytes.subarray(0, last.offset), last, entries)!]).toString();
}

function entriesOf(bytes: Buffer): ObjectEntry[] {
  return [...scanObject(bytes)].filter((one) => one.what === "entry");
}

const row = { id: "a", status: "running", n: 1 };
const pretty = JSON.stringify({ one: row, 'tw"o\n\u2028é': { ...row, list: ["x"] } }, null, 2);

describe("setting properties of a row", () => {
  test("reads as if the whole had been parsed, changed and written, in any layout", () => {
    const set = { status: "failed", abortedLastRun: true, list: ["x", "y"], nested: { a: [1, { b: null }] } };
    for (const indent of [2, 4, "\t", 0]) {
      for (const key of ["one", 'tw"o\n\u2028é']) {
        const text = JSON.stringify(JSON.parse(pretty), null, indent);
        const wanted = JSON.parse(text) as Record<string, object>;
        wanted[key] = { ...wanted[key], ...set };
        assert.equal(withSet(text, key, set), JSON.stringify(wanted, null, indent), `${indent} ${key}`);
      }
    }
  });

  test("keeps line ends, odd blanks, escapes and spellings of numbers", () => {
    const text = '{\r\n   "a" : { "n":1.50e+2 ,\r\n "\\u0062":"\\u00e9" } , "c":{}\r\n}\r\n';
    assert.equal(withSet(text, "a", { n: 150 }), text);
    assert.equal(withSet(text, "a", { b: "x" }), text.replace('"\\u00e9"', '"x"'));
    assert.equal(withSet(text, "a", { d: [1] }), text.replace('"\\u00e9"', '"\\u00e9",\r\n "d":[\r\n    1\r\n ]'));
    assert.equal(withSet(text, "c", { d: 1, e: 2 }), text.replace("{}", '{"d":1,"e":2}'));
  });

  test("changes the last of two equal properties, which is the one that counts", () => {
    const changed = withSet('{"a":{"s":1,"t":0,"s":2}}', "a", { s: 3 });
    assert.equal(changed, '{"a":{"s":1,"t":0,"s":3}}');
  });

  test("refuses what is no whole object", () => {
    for (const text of ["[1]", '{"a":', '{"a":1}}', "", "1"])
      assert.equal(propertyEdits(Buffer.from(text), 0, { a: 1 }, ""), null);
  });
});

describe("adding entries", () => {
  test("stands behind the last one, laid out as the others", () => {
    for (const indent of [2, "\t", 0]) {
      const text = JSON.stringify(JSON.parse(pretty), null, indent);
      const wanted = { ...(JSON.parse(text) as object), 'x"\n': { a: [1] }, y: {} };
      assert.equal(withEntry(text, ['x"\n', { a: [1] }], ["y", {}]), JSON.stringify(wanted, null, indent));
    }
  });

  test("is refused where no key stands before the place", () => {
    for (const before of ["", "{", '"a":', '{"a" ']) {
      assert.equal(entryAfter(Buffer.from(before), { offset: before.length, length: 1 }, []), null);
    }
  });
});
