import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { withoutInternalContext } from "../../../src/formats/internal-context.ts";

const BEGIN = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>";
const END = "<<<END_OPENCLAW_INTERNAL_CONTEXT>>>";

describe("what OpenClaw put into a prompt", () => {
  const cases: readonly (readonly [name: string, text: string, words: string])[] = [
    ["nothing", "  hello\n", "hello"],
    ["before the words", `${BEGIN}\nsecret\n${END}\n\nhello`, "hello"],
    ["between words", `one ${BEGIN}x${END} two ${BEGIN}y${END} three`, "one\n\ntwo\n\nthree"],
    ["one in the other", `one ${BEGIN}a${BEGIN}b${END}c${END} two`, "one\n\ntwo"],
    ["without an end", `one ${BEGIN} two`, "one"],
    ["without a beginning", `one ${END} two ${BEGIN} three`, `one ${END} two`],
    ["one that ends in one that does not", `one ${BEGIN}a${BEGIN}b${END} two`, "one"],
  ];
  for (const [name, text, words] of cases)
    it(`is taken out: ${name}`, () => assert.equal(withoutInternalContext(text), words));

  it("may stand there any number of times", () => {
    const many = 100_000;
    assert.equal(withoutInternalContext(`${`${BEGIN}x${END}`.repeat(many)}hello`), "hello");
    assert.equal(withoutInternalContext(`hello${BEGIN.repeat(many)}${END.repeat(many - 1)}`), "hello");
  });
});
