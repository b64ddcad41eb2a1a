// Lines of documents: from the text in the editor, as it grows, and from files of any size.
import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";

import { TextDocument } from "vscode-languageserver-textdocument";

import { readEntry } from "../../../../src/agents/transcripts.ts";
import { OpenTranscripts } from "../../../../src/engine/transcripts/open-transcripts.ts";
import { fileSource } from "../../../../src/server/reading/file-source.ts";
import type { LineEntry } from "../../../../src/server/reading/line-entry.ts";
import type { LineSource } from "../../../../src/server/reading/reading.ts";
import { textSource } from "../../../../src/server/reading/text-source.ts";
import { temporaryTree } from "../../../support/homes.ts";
import { said } from "../../../support/transcript-lines.ts";

const line = (number: number, blanks = 0): string =>
  `${JSON.stringify(said("user", `Message ${number}`, `u${number}`, number))}${" ".repeat(blanks)}`;

const told = (lines: readonly LineEntry[]): string[] => lines.map((one) => `${one.line} ${one.text}`);

async function read(source: LineSource): Promise<string[][]> {
  return (await source.lines()).stretches.map(told);
}

suite("the text of a document", () => {
  const read1 = (text: string): ReturnType<typeof readEntry> => readEntry("openclaw", text);

  test("is read line by line, without blank ones", async () => {
    const document = TextDocument.create("file:///x", "jsonl", 1, `${line(0)}\n\n${line(2)}\r\n${line(3)}`);
    const source = textSource(document, read1);
    assert.deepEqual(await read(source), [["0 Message 0", "2 Message 2", "3 Message 3"]]);
    assert.deepEqual([await source.text(2), await source.text(4), await source.text(-1)], [line(2), null, null]);
    assert.equal(await source.lastLine(), 3);
  });

  test("is read only where it was added to", async () => {
    const parsed: string[] = [];
    const reading = (text: string): ReturnType<typeof readEntry> => {
      parsed.push(text);
      return read1(text);
    };
    const document = TextDocument.create("file:///x", "jsonl", 1, `${line(0)}\n${line(1)}\n`);
    await read(textSource(document, reading));
    const end = { line: 2, character: 0 };
    TextDocument.update(document, [{ range: { start: end, end }, text: `${line(2)}\n` }], 2);
    assert.deepEqual(await read(textSource(document, reading)), [["0 Message 0", "1 Message 1", "2 Message 2"]]);
    assert.deepEqual(parsed, [line(0), line(1), line(2)]);
    TextDocument.update(
      document,
      [{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: "" }],
      3,
    );
    assert.deepEqual(await read(textSource(document, reading)), [["0 Message 1", "1 Message 2"]]);
  });

  test("is left when nobody waits any more", async () => {
    const document = TextDocument.create("file:///x", "jsonl", 1, line(0));
    await assert.rejects(textSource(document, read1).lines(AbortSignal.abort(new Error("left"))), /left/);
  });
});

suite("a file that no editor has sent", () => {
  function aFile(context: TestContext, lines: number, blanks: number): { file: string; source: () => LineSource } {
    const file = path.join(temporaryTree(context, {}), "x.jsonl");
    writeFileSync(file, Array.from({ length: lines }, (_, number) => `${line(number, blanks)}\n`).join(""));
    const transcripts = new OpenTranscripts();
    return { file, source: () => fileSource(transcripts.file(file), (text) => readEntry("openclaw", text)) };
  }

  test("is read whole where it is small, and again when it has grown", async (context) => {
    const { file, source } = aFile(context, 3, 0);
    assert.deepEqual(await read(source()), [["0 Message 0", "1 Message 1", "2 Message 2"]]);
    appendFileSync(file, `${line(3)}\n`);
    assert.deepEqual((await read(source()))[0]?.at(-1), "3 Message 3");
    assert.equal(await source().lastLine(), 3);
  });

  test("ends in a line that may still grow, and is read again then", async (context) => {
    const { file, source } = aFile(context, 2, 0);
    appendFileSync(file, line(2).slice(0, 20));
    assert.deepEqual((await source().lines()).stretches[0]?.at(-1)?.kind, "unreadable");
    appendFileSync(file, `${line(2).slice(20)}\n${line(3)}`);
    assert.deepEqual((await read(source()))[0]?.slice(2), ["2 Message 2", "3 Message 3"]);
    assert.deepEqual(await source().lastLine(), 3);
  });

  test("is read at its two ends where it is huge, around a line in its middle, and more and more of its beginning", async (context) => {
    const { source } = aFile(context, 7000, 10_000);
    let { gap, rest, stretches } = await source().lines();
    assert.deepEqual(stretches[0]?.[0]?.line, 0);
    assert.ok((gap?.bytes ?? rest?.bytes ?? 0) > 60 << 20, "nobody waits for the whole");
    const around = await source().around(5000);
    assert.ok(around.some((one) => one.line === 5000 && one.text === "Message 5000"));
    assert.ok((around[0]?.line ?? 0) > 4500 && (around.at(-1)?.line ?? 0) < 5500);
    assert.equal((await source().text(6789))?.trimEnd(), line(6789));
    assert.deepEqual(await source().around(7000), []);
    assert.equal((await source().around(5))[5]?.text, "Message 5");
    for (let before = Infinity; gap !== null || rest !== null;) {
      const left = gap?.bytes ?? rest?.bytes ?? 0;
      assert.ok(left <= before);
      before = left;
      if (gap !== null)
        assert.deepEqual(
          [gap.first, gap.last],
          [(stretches[0]?.at(-1)?.line ?? 0) + 1, (stretches[1]?.[0]?.line ?? 0) - 1],
        );
      await new Promise((resolve) => setImmediate(resolve));
      ({ gap, rest, stretches } = await source().lines());
    }
    assert.deepEqual(
      stretches.flat().map((one) => one.line),
      Array.from({ length: 7000 }, (_, number) => number),
    );
  });

  test("gives the texts of what was read", async (context) => {
    for (const [lines, blanks] of [
      [5, 0],
      [7000, 10_000],
    ] as const) {
      const { source } = aFile(context, lines, blanks);
      const numbers: number[] = [];
      for await (const { line: number, text } of source().texts()) {
        if (number % 100 === 0) assert.equal(text.trimEnd(), line(number));
        numbers.push(number);
      }
      assert.equal(numbers[0], 0);
      assert.ok(lines > 5 || numbers.length === lines);
    }
  });
});
