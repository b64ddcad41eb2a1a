// Lines of large files, found by an index and read in blocks: the same as reading all of it, whatever happens to the file.
import assert from "node:assert/strict";
import { appendFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";

import {
  BLOCK,
  blockAt,
  lastBlocks,
  placeInBlocks,
  readBlock,
} from "../../../../src/engine/transcripts/file-blocks.ts";
import { FileLines, linesFrom, LONGEST_LINE } from "../../../../src/engine/transcripts/file-lines.ts";
import { OpenTranscripts } from "../../../../src/engine/transcripts/open-transcripts.ts";
import { FileError } from "../../../../src/system/files.ts";
import { temporaryTree } from "../../../support/homes.ts";
import { Random } from "../../../support/random.ts";

const breathe = (): Promise<void> => Promise.resolve();

/** A file of some megabytes whose lines have between 0 and some hundred thousand bytes. */
function aFile(context: TestContext, megabytes = 5, end = "\n"): { readonly file: string; readonly lines: string[] } {
  const folder = temporaryTree(context, {});
  const random = new Random(7);
  const lines: string[] = [];
  for (let bytes = 0; bytes < megabytes << 20; bytes += lines.at(-1)!.length + 1) {
    const number = lines.length;
    lines.push(number % 97 === 0 ? "" : `${number} ${"x".repeat(Math.floor(random.next() ** 8 * 200_000))}é`);
  }
  const file = path.join(folder, "large.jsonl");
  writeFileSync(file, lines.join("\n") + end);
  return { file, lines };
}

suite("lines of a file", () => {
  for (const end of ["\n", ""])
    test(`are found by their numbers and by their bytes, ${end === "" ? "without" : "with"} a newline at the end`, async (context) => {
      const { file, lines } = aFile(context, 2, end);
      const open = new FileLines(file);
      open.look();
      let offset = 0;
      for (const [line, text] of lines.entries()) {
        if (line % 41 === 0 || line === lines.length - 1) {
          const found = await open.line(line, breathe);
          assert.deepEqual([found?.offset, found?.text], [offset, text], String(line));
          assert.deepEqual(await open.lineAt(offset + Buffer.byteLength(text), breathe), { line, offset });
        }
        offset += Buffer.byteLength(text) + 1;
      }
      await open.indexAll(breathe);
      assert.equal(open.lines, lines.length);
      assert.equal(await open.line(lines.length, breathe), null);
      assert.equal(await open.mark(-1, breathe), null);
    });

  test("are read no further than it takes", async (context) => {
    const { file } = aFile(context, 5);
    const open = new FileLines(file);
    open.look();
    await open.line(3, breathe);
    assert.ok(open.indexedBytes <= 1 << 20, String(open.indexedBytes));
    assert.equal(open.lines, null);
  });

  test("stop being looked for when nobody waits any more", async (context) => {
    const { file } = aFile(context, 5);
    const open = new FileLines(file);
    open.look();
    const controller = new AbortController();
    const stopped = open.indexAll(() => {
      controller.abort(new Error("left"));
      return Promise.resolve(controller.signal.throwIfAborted());
    });
    await assert.rejects(stopped, /left/);
    assert.ok(!open.isIndexed);
    await open.indexAll(breathe);
    assert.ok(open.isIndexed);
  });
});

suite("an index that is kept", () => {
  async function kept(context: TestContext): Promise<{ transcripts: OpenTranscripts; file: string; lines: string[] }> {
    const made = aFile(context, 1);
    const transcripts = new OpenTranscripts();
    await transcripts.file(made.file).indexAll(breathe);
    return { transcripts, ...made };
  }

  test("grows with the file", async (context) => {
    const { file, lines, transcripts } = await kept(context);
    const before = transcripts.file(file).indexedBytes;
    appendFileSync(file, "one more\nand one");
    const open = transcripts.file(file);
    assert.deepEqual([open.isIndexed, open.indexedBytes], [false, before]);
    assert.equal((await open.line(lines.length + 1, breathe))?.text, "and one");
    assert.equal(open.lines, lines.length + 2);
  });

  test("is begun anew when another file has its name, or it was written over", async (context) => {
    const { file, transcripts } = await kept(context);
    writeFileSync(`${file}.new`, "other\n".repeat(statSync(file).size));
    renameSync(`${file}.new`, file);
    assert.equal((await transcripts.file(file).line(7, breathe))?.text, "other");
    writeFileSync(file, "first\nsecond\n");
    assert.equal((await transcripts.file(file).line(1, breathe))?.text, "second");
    writeFileSync(file, "FIRST\nSECOND\n");
    utimesSync(file, 1, 1);
    assert.equal((await transcripts.file(file).line(1, breathe))?.text, "SECOND");
    writeFileSync(file, "another beginning of the same file\nand an end\n");
    assert.equal((await transcripts.file(file).line(0, breathe))?.text, "another beginning of the same file");
  });

  test("says so when the file is gone", async (context) => {
    const { file, transcripts } = await kept(context);
    rmSync(file);
    assert.throws(() => transcripts.file(file), FileError);
  });
});

suite("a file in blocks", () => {
  for (const end of ["\n", ""])
    test(`is whole, forwards and backwards, ${end === "" ? "without" : "with"} a newline at the end`, (context) => {
      const { file, lines } = aFile(context, 9, end);
      const forwards: string[] = [];
      for (let at: number | null = 0; at !== null;) {
        const part = readBlock(file, at, false);
        assert.equal(blockAt(part.start), at);
        forwards.push(...part.lines.map(({ text }) => text));
        at = part.newer;
      }
      assert.deepEqual(forwards, lines);
      const last = readBlock(file, lastBlocks(statSync(file).size), true);
      assert.ok(last.end - last.start >= BLOCK && last.newer === null);
      const backwards = [last.lines];
      for (let at = last.older; at !== null;) {
        const part = readBlock(file, at, false);
        backwards.unshift(part.lines);
        at = part.older;
      }
      assert.deepEqual(
        backwards.flat().map(({ text }) => text),
        lines,
      );
    });

  test("leads past a line that is longer than blocks, and shows its beginning", (context) => {
    const folder = temporaryTree(context, {});
    const file = path.join(folder, "huge.jsonl");
    const huge = "y".repeat(3 * LONGEST_LINE);
    writeFileSync(file, `first\n${huge}\nlast\n`);
    const first = readBlock(file, 0, false);
    assert.deepEqual(
      first.lines.map(({ bytes, text }) => [text.length, bytes]),
      [
        [5, 5],
        [LONGEST_LINE, huge.length],
      ],
    );
    const second = readBlock(file, first.newer ?? 0, false);
    assert.deepEqual(
      second.lines.map(({ text }) => text),
      ["last"],
    );
    assert.equal(second.older, 0);
    const inside = readBlock(file, BLOCK, false);
    assert.deepEqual([inside.lines, inside.older, inside.newer], [[], 0, first.newer]);
  });

  test("has a place for each of its bytes", (context) => {
    const { file } = aFile(context, 5);
    for (let offset = 0; offset < 5 << 20; offset += 333_333) {
      const { block, line } = placeInBlocks(file, offset);
      const found = readBlock(file, block, false).lines[line];
      assert.ok(found !== undefined && found.offset <= offset && offset <= found.offset + found.bytes, String(offset));
    }
  });

  test("shows a small file, an empty one, and what lies behind the end", (context) => {
    const folder = temporaryTree(context, { small: "a\nb", empty: "" });
    assert.deepEqual(
      readBlock(path.join(folder, "small"), lastBlocks(3), true).lines.map(({ text }) => text),
      ["a", "b"],
    );
    assert.deepEqual(readBlock(path.join(folder, "empty"), 0, true).lines, []);
    const behind = readBlock(path.join(folder, "small"), 10 * BLOCK, false);
    assert.deepEqual([behind.lines, behind.older, behind.newer], [[], 0, null]);
    assert.deepEqual(linesFrom(path.join(folder, "small"), 2, 100).lines, [{ offset: 2, text: "b", bytes: 1 }]);
  });
});
