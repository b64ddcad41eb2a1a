import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import {
  chunksOf,
  FileError,
  isInside,
  linkText,
  list,
  listKinds,
  pathFrom,
  pathWithin,
  readAll,
  readHeadAndTail,
  realPath,
  scanBytes,
  statOf,
  statThroughLinks,
  useHeadAndTail,
  type FileTrouble,
} from "../../../src/system/files.ts";
import { link, temporaryTree } from "../../support/homes.ts";

/** Root may read everything, so that "permission denied" can't be had. */
const AS_ROOT = process.getuid?.() === 0;

function trouble(act: () => unknown): FileTrouble {
  try {
    act();
  } catch (error) {
    if (error instanceof FileError) return error.trouble;
    throw error;
  }
  throw new Error("it was expected to fail");
}

function fifo(path: string): string {
  assert.equal(spawnSync("mkfifo", [path]).status, 0);
  return path;
}

/** Every way of reading a file whole or in part. */
const READERS: Readonly<Record<string, (path: string) => unknown>> = {
  readAll: (path) => readAll(path, 1 << 20),
  readHeadAndTail: (path) => readHeadAndTail(path, 10, 10),
  useHeadAndTail: (path) => useHeadAndTail(path, 10, 10, ({ size }) => size),
  scanBytes: (path) => scanBytes(path, () => true),
};

describe("reading files", () => {
  for (const [name, read] of Object.entries(READERS)) {
    it(`${name} refuses what is no regular file, at once`, (test) => {
      const folder = temporaryTree(test, {
        "a.txt": "x",
        real: link("a.txt"),
        loop: link("loop"),
        lost: link("nowhere"),
        inner: {},
      });
      assert.equal(
        trouble(() => read(fifo(join(folder, "pipe")))),
        "not-a-file",
      );
      assert.equal(
        trouble(() => read(join(folder, "inner"))),
        "not-a-file",
      );
      assert.equal(
        trouble(() => read("/dev/null")),
        "not-a-file",
      );
      assert.equal(
        trouble(() => read(join(folder, "real"))),
        "link-loop",
      );
      assert.equal(
        trouble(() => read(join(folder, "loop"))),
        "link-loop",
      );
      assert.equal(
        trouble(() => read(join(folder, "lost"))),
        "link-loop",
      );
      assert.equal(
        trouble(() => read(join(folder, "gone"))),
        "gone",
      );
      assert.equal(
        trouble(() => read(join(folder, "a.txt", "below"))),
        "not-a-folder",
      );
    });
  }

  if (!AS_ROOT) {
    it("says when it may not read", (test) => {
      const folder = temporaryTree(test, { "a.txt": "x" });
      chmodSync(join(folder, "a.txt"), 0);
      assert.equal(
        trouble(() => readAll(join(folder, "a.txt"), 10)),
        "denied",
      );
    });
  }

  it("reads whole files up to a limit", (test) => {
    const path = join(temporaryTree(test, { "a.txt": "0123456789" }), "a.txt");
    assert.equal(readAll(path, 10).toString(), "0123456789");
    assert.equal(
      trouble(() => readAll(path, 9)),
      "too-big",
    );
  });

  for (const size of [0, 1, 10, 19, 20, 21, 1000, 16_384, 16_385, 40_000]) {
    it(`gives both ends of a file of ${size} bytes, with and without a buffer of its own`, (test) => {
      const bytes = Buffer.from(Array.from({ length: size }, (_, at) => at % 251));
      const path = join(temporaryTree(test, { a: bytes }), "a");
      for (const [head, tail] of [
        [10, 10],
        [10, 0],
        [5000, 3000],
      ] as const) {
        const expected = {
          size,
          head: bytes.subarray(0, head),
          tail: bytes.subarray(Math.max(0, size - tail)),
          tailOffset: Math.max(0, size - tail),
        };
        assert.deepEqual(readHeadAndTail(path, head, tail), expected);
        useHeadAndTail(path, head, tail, (file) => assert.deepEqual(file, expected));
      }
    });
  }

  it("reads in chunks that together are the file", (test) => {
    const bytes = Buffer.alloc((1 << 21) + 7, "0123456789");
    const path = join(temporaryTree(test, { a: bytes }), "a");
    const parts: Buffer[] = [];
    let expectedOffset = 0;
    for (const chunk of chunksOf(path)) {
      assert.equal(chunk.offset, expectedOffset);
      expectedOffset += chunk.bytes.length;
      parts.push(Buffer.from(chunk.bytes));
    }
    assert.ok(Buffer.concat(parts).equals(bytes));
    assert.ok(parts.length > 2);
  });

  it("ends a scan when told to", (test) => {
    const path = join(temporaryTree(test, { a: Buffer.alloc(1 << 22) }), "a");
    let calls = 0;
    scanBytes(path, () => {
      calls += 1;
      return false;
    });
    assert.equal(calls, 1);
  });
});

describe("stats", () => {
  it("tell kinds, of the path itself and of what it leads to", (test) => {
    const folder = temporaryTree(test, { "a.txt": "abc", to: link("a.txt"), loop: link("loop"), inner: {} });
    fifo(join(folder, "pipe"));
    assert.deepEqual(
      ["a.txt", "to", "loop", "inner", "pipe"].map((name) => statOf(join(folder, name))?.kind),
      ["file", "symlink", "symlink", "directory", "other"],
    );
    assert.equal(statOf(join(folder, "a.txt"))?.size, 3);
    assert.equal(statOf(join(folder, "gone")), undefined);
    assert.equal(statThroughLinks(join(folder, "to"))?.kind, "file");
    assert.equal(
      trouble(() => statThroughLinks(join(folder, "loop"))),
      "link-loop",
    );
  });

  it("resolve links, or say nothing", (test) => {
    const folder = temporaryTree(test, {
      "a.txt": "abc",
      to: link("a.txt"),
      loop: link("loop"),
      lost: link("nowhere"),
    });
    assert.equal(realPath(join(folder, "to")), join(folder, "a.txt"));
    assert.equal(realPath(join(folder, "loop")), undefined);
    assert.equal(realPath(join(folder, "lost")), undefined);
    assert.equal(linkText(join(folder, "lost")), "nowhere");
    assert.equal(linkText(join(folder, "a.txt")), undefined);
  });
});

describe("listing", () => {
  it("sets names that are no text aside, escaped", (test) => {
    const folder = temporaryTree(test, { "plain.txt": "", "with\nnewline": "", "real \uFFFD": "" });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff, 0x5c])]), "");
    const { names, unusable } = list(folder);
    assert.deepEqual(names.toSorted(), ["plain.txt", "real \uFFFD", "with\nnewline"]);
    assert.deepEqual(unusable, [String.raw`bad\xff\x5c`]);
  });

  it("tells kinds without looking at each entry", (test) => {
    const folder = temporaryTree(test, { "a.txt": "", inner: {}, to: link("inner"), lost: link("nowhere") });
    fifo(join(folder, "pipe"));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff])]), "");
    const { entries, unusable } = listKinds(folder);
    assert.deepEqual(
      entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { name: "a.txt", kind: "file" },
        { name: "inner", kind: "directory" },
        { name: "lost", kind: "symlink" },
        { name: "pipe", kind: "other" },
        { name: "to", kind: "symlink" },
      ],
    );
    assert.deepEqual(unusable, [String.raw`bad\xff`]);
  });

  it("says what is wrong with the folder", (test) => {
    const folder = temporaryTree(test, { "a.txt": "" });
    assert.equal(
      trouble(() => list(join(folder, "gone"))),
      "gone",
    );
    assert.equal(
      trouble(() => list(join(folder, "a.txt"))),
      "not-a-folder",
    );
  });
});

describe("paths inside a folder", () => {
  it("are told from paths beside it", () => {
    assert.ok(isInside("/a/b", "/a/b"));
    assert.ok(isInside("/a/b", "/a/b/..c"));
    assert.ok(!isInside("/a/b", "/a/bc"));
    assert.ok(!isInside("/a/b", "/a/b/../c"));
    assert.ok(!isInside("/a/b", "/a"));
  });

  it("are written as seen from it, and found again", () => {
    for (const path of ["/a/b", "/a/b/c/d.txt", "/elsewhere/x"])
      assert.equal(pathFrom("/a/b", pathWithin("/a/b", path)), path);
    assert.equal(pathWithin("/a/b", "/a/b/c/d.txt"), "c/d.txt");
    assert.equal(pathWithin("/a/b", "/elsewhere"), "/elsewhere");
  });
});
