// The question before anything is written: only a plain yes counts.
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { suite, test } from "node:test";

import { confirmOn } from "../../../src/cli/confirm.ts";

/** What a person at a terminal types; null hangs up. */
async function asked(typed: string | null): Promise<{ readonly answer: boolean; readonly shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  Object.assign(output, { isTTY: true });
  const pending = confirmOn(input, output)("Run this plan?");
  if (typed === null) input.end();
  else input.write(typed);
  const answer = await pending;
  return { answer, shown: String(output.read() ?? "") };
}

suite("the question", () => {
  for (const typed of ["y\r", "yes\r", "Y\r", " YES \r"])
    test(`${JSON.stringify(typed)} is a yes`, async () => assert.equal((await asked(typed)).answer, true));

  for (const typed of ["\r", "n\r", "no\r", "yeah\r", "y y\r", "yesno\r", "\u0003", "\u0004", null])
    test(`${JSON.stringify(typed)} is none`, async () => assert.equal((await asked(typed)).answer, false));

  test("says what is taken when nothing is typed", async () => {
    assert.ok((await asked("\r")).shown.includes("Run this plan? [y/N] "));
  });

  test("what is said after a hang-up stands on a line of its own", async () => {
    assert.ok((await asked("\u0003")).shown.endsWith("\n"));
  });
});
