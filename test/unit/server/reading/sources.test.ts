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

  test("is read at its two ends where it is large, and around a line in its middle", async (context) => {
    const { source } = aFile(context, 2000, 10_000);
    const { gap, rest, stretches } = await source().lines();
    const [first = [], last = []] = stretches;
    assert.equal(rest, null);
    assert.deepEqual([first[0]?.line, last.at(-1)?.line], [0, 1999]);
    assert.deepEqual([gap?.first, gap?.last], [(first.at(-1)?.line ?? 0) + 1, (last[0]?.line ?? 0) - 1]);
    assert.ok(first.length < 300 && last.length < 500 && (gap?.bytes ?? 0) > 12 << 20);
    const around = await source().around(1000);
    assert.ok(around.some((one) => one.line === 1000 && one.text === "Message 1000"));
    assert.ok((around[0]?.line ?? 0) > 800 && (around.at(-1)?.line ?? 0) < 1200);
    assert.deepEqual((await source().around(5)).length, first.length);
    assert.equal((await source().text(1234))?.trimEnd(), line(1234));
    assert.deepEqual(await source().around(5000), []);
  });

  test("gives the texts of what was read", async (context) => {
    for (const [lines, blanks] of [
      [5, 0],
      [2000, 10_000],
    ] as const) {
      const { source } = aFile(context, lines, blanks);
      const numbers: number[] = [];
      for await (const { line: number, text } of source().texts()) {
        assert.equal(text.trimEnd(), line(number));
        numbers.push(number);
      }
      assert.deepEqual([numbers[0], numbers.at(-1)], [0, lines - 1]);
    }
  });
});
