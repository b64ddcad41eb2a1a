import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "node:test";

import { rgPath } from "@vscode/ripgrep";

import { searchedText } from "../../../src/formats/searched-text.ts";
import { findRipgrep, type FoundLine, RipgrepError, ripgrepLines } from "../../../src/system/ripgrep.ts";
import { temporaryTree } from "../../support/homes.ts";
import { Random } from "../../support/random.ts";
import { escapedJson, hostileText, inOtherCase } from "../../support/searched-lines.ts";

async function found(text: string, paths: readonly string[], signal?: AbortSignal): Promise<FoundLine[]> {
  const lines: FoundLine[] = [];
  const pattern = searchedText(text).linePattern ?? "";
  for await (const some of ripgrepLines(rgPath, pattern, paths, signal)) lines.push(...some);
  return lines;
}

const places = (lines: readonly FoundLine[]): number[][] => lines.map(({ number, offset }) => [number, offset]);

describe("lines that ripgrep finds", () => {
  it("are named by number and offset, whatever else stands in the file", async (test) => {
    const bytes = Buffer.concat([
      Buffer.from("\ufeff{}\r\n"),
      Buffer.from([0, 0, 0xff, 0xfe]),
      Buffer.from("NEEDLE\0\n"),
      Buffer.from(`${"x".repeat(3_000_000)}needle needle\n\n`),
      Buffer.from("torn needle"),
    ]);
    const folder = temporaryTree(test, { "a.jsonl": bytes });
    assert.deepEqual(places(await found("needle", [join(folder, "a.jsonl")])), [
      [2, 7],
      [3, 19],
      [5, 3_000_034],
    ]);
  });

  it("are found in files with any name, and in files that are hidden or ignored", async (test) => {
    const names = ["--files", "-e", "a\nb: 1:2:", ".hidden", "ignored.log", "*.jsonl", "日本"];
    const folder = temporaryTree(test, {
      ...Object.fromEntries(names.map((name) => [name, "needle\n"])),
      ".ignore": "*",
      ".gitignore": "*",
    });
    const paths = names.map((name) => join(folder, name));
    const lines = await found("needle", paths);
    assert.deepEqual(lines.map(({ path }) => path).toSorted(), paths.toSorted());
  });

  it("are found although a configuration file says otherwise", async (test) => {
    const folder = temporaryTree(test, { "a.jsonl": "needle\n", config: "--invert-match\n" });
    const before = process.env["RIPGREP_CONFIG_PATH"];
    process.env["RIPGREP_CONFIG_PATH"] = join(folder, "config");
    test.after(() => {
      if (before === undefined) delete process.env["RIPGREP_CONFIG_PATH"];
      else process.env["RIPGREP_CONFIG_PATH"] = before;
    });
    assert.equal((await found("needle", [join(folder, "a.jsonl")])).length, 1);
  });

  it("are those that the same pattern matches in JavaScript", async (test) => {
    const random = new Random(7);
    for (let round = 0; round < 25; round += 1) {
      const lines = Array.from({ length: 60 }, () => escapedJson(random, { text: hostileText(random) }));
      const folder = temporaryTree(test, { "a.jsonl": lines.join("\n") });
      const searched = searchedText(inOtherCase(random, hostileText(random)));
      if (searched.linePattern === null) continue;
      const expected = lines.flatMap((line, index) => (searched.mayStandIn(line) ? [index + 1] : []));
      const numbers = (await found(searched.text, [join(folder, "a.jsonl")])).map(({ number }) => number);
      assert.deepEqual(numbers, expected, searched.text);
    }
  });

  it("are not taken for all when a file could not be read", async (test) => {
    const folder = temporaryTree(test, { "a.jsonl": "needle\n" });
    await assert.rejects(found("needle", [join(folder, "a.jsonl"), join(folder, "gone")]), RipgrepError);
    await assert.rejects(async () => {
      for await (const _ of ripgrepLines(join(folder, "no-rg"), "x", [join(folder, "a.jsonl")])) assert.fail();
    }, RipgrepError);
  });

  it("are given up when nobody wants them any more", async (test) => {
    const folder = temporaryTree(test, { "a.jsonl": "needle\n".repeat(100_000) });
    const controller = new AbortController();
    const reason = new Error("enough");
    await assert.rejects(async () => {
      for await (const _ of ripgrepLines(rgPath, "needle", [join(folder, "a.jsonl")], controller.signal))
        controller.abort(reason);
    }, reason);
  });
});

describe("the ripgrep of a machine", () => {
  it("is the first that is one, of those named and of those in PATH", async (test) => {
    const folder = temporaryTree(test, { other: { rg: "#!/bin/sh\necho generator 1.0\n" }, old: { rg: "" }, none: {} });
    writeFileSync(join(folder, "old", "rg"), "#!/bin/sh\necho ripgrep 11.0.2\n");
    for (const name of ["other", "old"]) chmodSync(join(folder, name, "rg"), 0o755);
    const inPath = (...folders: string[]): { PATH: string } => ({ PATH: folders.join(delimiter) });
    const others = ["other", "old", "none"].map((name) => join(folder, name));
    assert.equal(await findRipgrep([join(folder, "none", "rg"), rgPath], {}, "linux"), rgPath);
    assert.equal(await findRipgrep([], inPath(...others, join(rgPath, "..")), "linux"), rgPath);
    assert.equal(await findRipgrep(["rg"], inPath(...others, "."), "linux"), null);
    assert.equal(await findRipgrep([], {}, "linux"), null);
  });
});
