import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { topLevelScalars } from "../../../src/formats/json-prefix.ts";

function scalars(text: string): object {
  return Object.fromEntries(topLevelScalars(Buffer.from(text)));
}

describe("properties of a JSON object's beginning", () => {
  const whole = JSON.stringify({
    type: "session",
    version: 3,
    nested: { id: "not this", list: [{ a: "}" }, "]"] },
    id: 'with "quotes" and \\ and ü',
    on: true,
    none: null,
    far: -1.5e3,
  });

  it("are those of the object itself, not of what is nested in it", () => {
    const { nested: _, ...expected } = JSON.parse(whole) as Record<string, unknown>;
    assert.deepEqual(scalars(whole), expected);
  });

  it("are found wherever the text is cut, and never half", () => {
    const full = JSON.parse(whole) as Record<string, unknown>;
    let most = 0;
    for (let length = 0; length <= whole.length; length += 1) {
      const found = Object.entries(scalars(whole.slice(0, length)));
      for (const [key, value] of found) assert.deepEqual(value, full[key]);
      assert.ok(found.length >= most, "a longer beginning never shows less");
      most = found.length;
    }
  });

  it("end where the text makes no sense", () => {
    assert.deepEqual(scalars('{"a":1,"b":2,oops,"c":3}'), { a: 1, b: 2 });
    assert.deepEqual(scalars('{"a":1 "b":2}'), { a: 1 });
    assert.deepEqual(scalars('{"a":nonsense,"b":2}'), { b: 2 });
    assert.deepEqual(scalars("[1,2]"), {});
    assert.deepEqual(scalars(""), {});
  });

  it("can be read from the middle of the bytes", () => {
    assert.deepEqual(Object.fromEntries(topLevelScalars(Buffer.from('xx {"a":"b"}'), 2)), { a: "b" });
  });
});
