import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { readCache, writeCache } from "../../../src/system/cache-file.ts";
import { temporaryTree } from "../../support/homes.ts";

describe("a cache file", () => {
  it("is made with the folders that are missing, for this user alone, and read again", (t) => {
    const root = temporaryTree(t, {});
    const path = join(root, "a", "b", "facts.v8");
    assert.equal(writeCache(path, { one: 1 }), null);
    assert.deepEqual(readCache(path), { one: 1 });
    for (const folder of [join(root, "a"), join(root, "a", "b")]) assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("that can't be made says why, and nobody waits for it", (t) => {
    const root = temporaryTree(t, { file: "no folder" });
    assert.match(writeCache(join(root, "file", "facts.v8"), 1) ?? "", /ENOTDIR|EEXIST/);
    // Where the system has it: a folder that is there, and says of every new one in it that it is not.
    if (existsSync("/proc/self/fd")) assert.match(writeCache("/proc/nowhere/cache/facts.v8", 1) ?? "", /ENOENT/);
  });
});
