import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { searchedText } from "../../../src/formats/searched-text.ts";
import { Random } from "../../support/random.ts";
import { escapedJson, hostileText, inOtherCase } from "../../support/searched-lines.ts";

const matchesOf = (text: string, readable: string): number[][] =>
  searchedText(text)
    .matchesIn(readable)
    .map(({ start, end }) => [start, end]);

describe("a text in readable text", () => {
  it("is found in any case, as often as it stands there", () => {
    assert.deepEqual(matchesOf("kälte", "KÄLTE und Kälte"), [
      [0, 5],
      [10, 15],
    ]);
    assert.deepEqual(matchesOf("aa", "aaaa"), [
      [0, 2],
      [2, 4],
    ]);
    assert.deepEqual(matchesOf("a.b", "a.b axb"), [[0, 3]]);
    assert.deepEqual(matchesOf("(a|b)\\d*+?^$[x]{2}-/#&~", "_(A|B)\\D*+?^$[X]{2}-/#&~"), [[1, 24]]);
    assert.deepEqual(matchesOf("one\ntwo", "One\nTwo"), [[0, 7]]);
    assert.deepEqual(matchesOf("😀", "x😀y"), [[1, 3]]);
  });

  it("is found in other cases of the whole of Unicode", () => {
    assert.deepEqual(matchesOf("k", "\u212a"), [[0, 1]]);
    assert.deepEqual(matchesOf("ΣΣ", "σς"), [[0, 2]]);
    assert.deepEqual(matchesOf("𐐀", "𐐨"), [[0, 2]]);
  });

  it("is not empty", () => {
    assert.throws(() => searchedText(""), RangeError);
  });
});

describe("the pattern of lines", () => {
  it("is matched by every line of JSON that holds the text, however it is written there", () => {
    const random = new Random(1);
    for (let round = 0; round < 4000; round += 1) {
      const text = hostileText(random);
      const characters = Array.from(text);
      const from = random.below(characters.length);
      const searched = inOtherCase(random, characters.slice(from, from + 1 + random.below(12)).join(""));
      if (searched === "") continue;
      const line = escapedJson(random, { message: { content: [{ text: `before ${text} after` }] } });
      const parsed = JSON.parse(line) as { message: { content: { text: string }[] } };
      const found = searchedText(searched);
      const stands = found.matchesIn(parsed.message.content[0]?.text ?? "").length > 0;
      assert.ok(!stands || found.mayStandIn(line), `${JSON.stringify(searched)} in ${line}`);
    }
  });

  it("knows each character in every case that the search itself takes for the same", () => {
    const letters: string[] = [];
    for (let code = 0x20; code <= 0x1ffff; code += 1)
      if (code < 0xd800 || code > 0xdfff) letters.push(String.fromCodePoint(code));
    const all = letters.join("");
    for (const one of ["k", "S", "ß", "Ω", "ι", "ǆ", "Ж", "ꭰ", "ⅷ", "ⓐ", "𞤀", "İ", "ı", "日", "7"]) {
      const found = searchedText(one);
      for (const { start, end } of found.matchesIn(all)) assert.ok(found.mayStandIn(all.slice(start, end)), one);
    }
  });

  it("passes over lines without the text", () => {
    const found = searchedText('needle "in" a haystack');
    assert.equal(found.mayStandIn('{"text":"hay"}'), false);
    assert.equal(found.mayStandIn('{"text":"\\u001b[31mhay\\n"}'), false);
    assert.equal(found.mayStandIn('{"text":"needle \\"in\\" A Haystack"}'), true);
  });

  it("is matched by every line where nothing of the text stands in JSON as it is", () => {
    for (const text of ['"', "\\", "\n", "\ufffd", "\ud800"]) assert.equal(searchedText(text).linePattern, null);
  });
});
