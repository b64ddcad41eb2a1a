// A plan is carried out step by step, each on disk before it shows, and its undo gives back the identical tree.
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { fileOperations, type FileOperations } from "../../../../src/engine/executor/file-operations.ts";
import { FORENSICS_FOLDER, writesOf } from "../../../../src/model/plan.ts";
import { executorOn, planFor, ran, stateAt, treeOf, withoutFolderTimes } from "../../../support/executor.ts";
import { temporaryTree } from "../../../support/homes.ts";
import { copied, everyKindOfStep, renamed, sampleTree, written } from "../../../support/sample-plan.ts";

const SESSIONS = "agents/main/sessions";

describe("a run", () => {
  it("does every kind of step, and undo takes every one back to the last time and mode", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    const executor = executorOn(home);
    const receipt = await ran(executor, everyKindOfStep(home));
    assert.equal(readFileSync(join(home, SESSIONS, "sessions.json"), "utf8"), '{"b":1}\n');
    assert.equal(receipt.undo.state, "possible");
    const undo = executor.planUndo(null);
    assert.deepEqual(undo?.conflicts, []);
    await ran(executor, undo);
    assert.deepEqual(treeOf(home), before);
  });

  it("can be undone, and the undo undone, as often as one likes", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const executor = executorOn(home);
    const before = treeOf(home);
    // Without the stale lock: a lock is moved only by a repair that judges it again.
    const { steps, ...rest } = everyKindOfStep(home);
    const first = await ran(executor, planFor(home, { ...rest, steps: steps.slice(1) }));
    const after = withoutFolderTimes(treeOf(home));
    const undone = await ran(executor, executor.planUndo(first.id));
    assert.deepEqual(treeOf(home), before);
    const redone = await ran(executor, executor.planUndo(undone.id));
    assert.deepEqual(withoutFolderTimes(treeOf(home)), after);
    assert.deepEqual(
      executor.journal().map(({ undo }) => undo.state),
      ["possible", "undone", "possible"],
    );
    await ran(executor, executor.planUndo(redone.id));
    assert.deepEqual(treeOf(home), before);
  });

  it("keeps the replaced file itself, with its own inode and one name, in a room closed to others", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const path = `${SESSIONS}/sessions.json`;
    const { ino, mtimeMs } = lstatSync(join(home, path));
    const receipt = await ran(executorOn(home), planFor(home, { steps: [written(home, path, "{}")] }));
    const [record] = receipt.steps;
    const aside = lstatSync(join(home, record?.aside ?? ""));
    assert.deepEqual([aside.ino, aside.mtimeMs, aside.nlink], [ino, mtimeMs, 1]);
    assert.equal(lstatSync(join(home, FORENSICS_FOLDER)).mode & 0o777, 0o700);
    const written600 = readdirSync(join(home, FORENSICS_FOLDER), { recursive: true, encoding: "utf8" })
      .filter((name) => /(?:plan\.json|journal\.jsonl)$/.test(name))
      .map((name) => lstatSync(join(home, FORENSICS_FOLDER, name)).mode & 0o777);
    assert.deepEqual(written600, [0o600, 0o600]);
  });

  it("leaves copies with the bytes, mode and time of the original, and an inode of their own", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const [of, to] = [`${SESSIONS}/one.jsonl`, `${SESSIONS}/copy.jsonl`];
    await ran(executorOn(home), planFor(home, { steps: [copied(home, of, to)] }));
    const [original, copy] = [lstatSync(join(home, of)), lstatSync(join(home, to))];
    assert.deepEqual(readFileSync(join(home, to)), readFileSync(join(home, of)));
    assert.deepEqual([copy.mode, copy.mtimeMs, copy.nlink], [original.mode, original.mtimeMs, 1]);
    assert.notEqual(copy.ino, original.ino);
  });

  it("sets aside what stands where something is renamed to, if that was expected there", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    const executor = executorOn(home);
    const step = renamed(home, `${SESSIONS}/three.jsonl`, `${SESSIONS}/one.jsonl`);
    const three = readFileSync(join(home, step.path));
    await ran(executor, planFor(home, { steps: [step] }));
    assert.deepEqual(readFileSync(join(home, SESSIONS, "one.jsonl")), three);
    await ran(executor, executor.planUndo(null));
    assert.deepEqual(treeOf(home), before);
  });

  it("names every path before: files, locks taken, its own folder", (test) => {
    const home = temporaryTree(test, sampleTree());
    const writes = writesOf(everyKindOfStep(home)).map((path) => path.slice(home.length + 1));
    assert.ok(writes.includes(FORENSICS_FOLDER));
    assert.ok(writes.includes(`${SESSIONS}/one.jsonl.lock`));
    assert.ok(writes.includes(`${SESSIONS}/three.jsonl.reset.2026-11-21T00-30-00.000Z`));
    assert.equal(new Set(writes).size, writes.length);
  });

  it("cancelled between two steps, is taken back", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    const cancel = new AbortController();
    const result = await executorOn(home).run(everyKindOfStep(home), {
      signal: cancel.signal,
      onStep: (_step, index) => {
        if (index === 4) cancel.abort();
      },
    });
    assert.ok("receipt" in result);
    assert.deepEqual([result.outcome, result.receipt.reason], ["rolled-back", "Cancelled."]);
    assert.ok(result.receipt.steps.some(({ state }) => state === "taken-back"));
    assert.deepEqual(treeOf(home), before);
  });

  it("goes without second names where the file system has none", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const before = treeOf(home);
    const files: FileOperations = {
      ...fileOperations,
      link: () => {
        throw Object.assign(new Error("EPERM: no links here"), { code: "EPERM" });
      },
    };
    const executor = executorOn(home, { files });
    const plan = everyKindOfStep(home);
    await ran(executor, { ...plan, locks: [] });
    assert.equal(readFileSync(join(home, SESSIONS, "sessions.json"), "utf8"), '{"b":1}\n');
    await ran(executor, executor.planUndo(null));
    assert.deepEqual(treeOf(home), before);
  });
});

describe("the order of a run", () => {
  it("has the intent on disk before each change, and the bytes before the name", async (test) => {
    const home = temporaryTree(test, sampleTree());
    const room = join(home, FORENSICS_FOLDER);
    const unsynced = new Set<number>();
    let journal = -1;
    let changes = 0;
    const inUse = (path: string): boolean => !path.startsWith(room);
    const check = (path: string): void => {
      if (!inUse(path) || path.endsWith(".lock")) return;
      changes += 1;
      assert.deepEqual([...unsynced], [], `written and not on disk when ${path} changes`);
    };
    const files: FileOperations = {
      ...fileOperations,
      create: (path, mode) => {
        const file = fileOperations.create(path, mode);
        if (path.endsWith("journal.jsonl")) journal = statSync(path).ino;
        return file;
      },
      write: (file, bytes, offset) => {
        unsynced.add(file);
        fileOperations.write(file, bytes, offset);
      },
      sync: (file) => {
        unsynced.delete(file);
        fileOperations.sync(file);
      },
      link: (existing, path) => {
        check(path);
        fileOperations.link(existing, path);
      },
      rename: (from, to) => {
        check(from);
        check(to);
        fileOperations.rename(from, to);
      },
    };
    await ran(executorOn(home, { files }), everyKindOfStep(home));
    assert.ok(journal > 0 && changes > 5);
    assert.equal(stateAt(home, `${SESSIONS}/new.jsonl`).is, "file");
  });
});
