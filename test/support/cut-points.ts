/**
 * Cuts a run at every point: before and after every system call that changes something, and in the middle of every write.
 *
 *     const tried = await cutEverywhere(test, { tree: (folder) => …, plan: (home) => … });
 *
 * Each cut is made in several ways: the call fails once (the run goes back by itself); the disk is full from then on; the process
 * is dead from then on (no further call is made); or, with `killEvery`, a real process kills itself with SIGKILL there.
 * After the next start the home must be the old or the new tree to the last time and mode (those of folders aside), nothing
 * that was there may be lost, and at no moment may anything half-written stand under a live name.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { TestContext } from "node:test";

import { type FileOperations, fileOperations } from "../../src/engine/executor/file-operations.ts";
import type { Surroundings } from "../../src/engine/executor/surroundings.ts";
import { FORENSICS_FOLDER, type Plan } from "../../src/model/plan.ts";
import { executorOn, surroundings, treeOf, withoutFolderTimes } from "./executor.ts";
import { temporaryTree } from "./homes.ts";

/** Where a run is cut: which changing call, counted from 0, and on which side of it. */
export interface CutPoint {
  readonly call: number;
  readonly side: "before" | "after" | "within";
}

/** fails: that one call; full: every write from there on; dead: every call from there on; killed: SIGKILL. */
export type CutKind = "fails" | "full" | "dead" | "killed";

export interface CutCase {
  /** Makes the home in an empty folder, always the same. */
  readonly tree: (home: string) => void;
  /** The plan for that home; called on every copy anew, or made once and moved when it depends on nothing else. */
  readonly plan: (home: string) => Plan | Promise<Plan>;
  /** Instead kill a real process at every so many cut points: slow, a process for each. */
  readonly killEvery?: number;
  /** The world around each home; the processes of runs that were cut must be dead in it. */
  readonly around?: (home: string) => Partial<Surroundings>;
}

export interface CutReport {
  /** Calls that a whole run makes. */
  readonly calls: number;
  readonly tried: number;
  /** How many cuts left the old tree, and how many the new one. */
  readonly old: number;
  readonly new: number;
}

class CutOff extends Error {}

/** The calls without waiting for the disk: nothing here cuts the power. */
const UNSYNCED: FileOperations = { ...fileOperations, sync: () => undefined, syncFolder: () => undefined };

/** Tries every cut, and reports how many there were. */
export async function cutEverywhere(test: TestContext, given: CutCase): Promise<CutReport> {
  const pattern = temporaryTree(test, {});
  const original = join(pattern, "home");
  given.tree(original);
  const whole = await attempt(test, given, original, null);
  assert.deepEqual(whole.refusals, []);
  const before = withoutFolderTimes(whole.before);
  const after = withoutFolderTimes(treeOf(whole.home));
  assert.notDeepEqual(after, before, "a plan that changes nothing proves nothing");
  const report = { calls: whole.calls.length, tried: 0, old: 0, new: 0 };
  const { killEvery } = given;
  const kinds: CutKind[] = killEvery === undefined ? ["fails", "full", "dead"] : ["killed"];
  let point = 0;
  for (const [call, name] of whole.calls.entries()) {
    for (const side of name === "write" ? (["before", "within", "after"] as const) : (["before", "after"] as const)) {
      point += 1;
      if (killEvery !== undefined && point % killEvery !== 0) continue;
      for (const kind of kinds) {
        const label = `${kind} ${side} call ${call} (${name})`;
        const cut = await attempt(test, given, original, { call, side, kind });
        assertNothingHalf(cut.home, cut.before, after, label);
        assertNothingLost(cut.home, cut.before, label);
        await settle(cut.home, given, label);
        assertNothingLost(cut.home, cut.before, label);
        const tree = withoutFolderTimes(treeOf(cut.home));
        const isNew = isSame(tree, after);
        if (!isNew) assert.deepEqual(tree, withoutFolderTimes(cut.before), label);
        report.tried += 1;
        report[isNew ? "new" : "old"] += 1;
      }
    }
  }
  return report;
}

export type Cut = CutPoint & { readonly kind: CutKind };

interface Attempt {
  readonly home: string;
  readonly before: ReadonlyMap<string, string>;
  readonly calls: readonly string[];
  readonly refusals: readonly string[];
}

/** Process ids of a run that is cut, and of the next start. */
const FIRST_PID = 77;
const NEXT_PID = 78;

async function attempt(test: TestContext, given: CutCase, original: string, cut: Cut | null): Promise<Attempt> {
  const home = join(temporaryTree(test, {}), "home");
  cpSync(original, home, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const plan = await given.plan(home);
  const before = treeOf(home);
  const calls: string[] = [];
  if (cut?.kind === "killed") {
    await killedRun(home, plan, cut);
    return { home, before, calls, refusals: [] };
  }
  const files = watched(UNSYNCED, (name) => calls.push(name), cut);
  const executor = executorOn(home, { files, around: surroundings(home, given.around?.(home)) });
  const result = await executor.run(plan);
  const refusals = "refusals" in result ? result.refusals.map(({ reason }) => reason) : [];
  return {
    home,
    before,
    calls,
    refusals: [
      ...refusals,
      ...("receipt" in result && result.outcome !== "done" ? [result.receipt.reason ?? result.outcome] : []),
    ],
  };
}

/** The next start: another process, for which the first one is dead. */
async function settle(home: string, given: CutCase, label: string): Promise<void> {
  const around = surroundings(home, { look: () => "dead", ...given.around?.(home) });
  const executor = executorOn(home, {
    files: UNSYNCED,
    around: { ...around, machine: { ...around.machine, pid: NEXT_PID } },
  });
  const { refusals } = await executor.settle();
  assert.deepEqual(refusals, [], label);
  assert.deepEqual((await executor.settle()).settled, [], `${label}: settled twice`);
  const open = executor.journal().filter(({ outcome }) => outcome === "unfinished" || outcome === "partial");
  assert.deepEqual(open, [], label);
}

/** Operations that count their calls, and stop or fail where they are told to. */
export function watched(files: FileOperations, onCall: (name: string) => void, cut: Cut | null): FileOperations {
  let count = 0;
  let isCut = false;
  const strike = (): never => {
    isCut = true;
    if (cut?.kind === "killed") process.kill(process.pid, "SIGKILL");
    const code = cut?.kind === "full" ? "ENOSPC" : "EIO";
    throw Object.assign(new CutOff(`${code}: cut off by a test`), { code });
  };
  return new Proxy(files, {
    get:
      (target, name: keyof FileOperations) =>
      (...given: unknown[]) => {
        // Closing changes nothing, and a dead process closes too.
        if (name === "close") return target.close(Number(given[0]));
        const isFullDisk = cut?.kind === "full" && NEEDS_SPACE.has(name);
        if (isCut && (cut?.kind === "dead" || isFullDisk)) strike();
        const call = count;
        count += 1;
        onCall(name);
        const isIt = !isCut && cut !== null && call === cut.call;
        if (isIt && cut.side === "before") strike();
        if (isIt && cut.side === "within") {
          const [file, bytes, offset] = given as Parameters<FileOperations["write"]>;
          target.write(file, bytes.subarray(0, bytes.length >> 1), offset);
          strike();
        }
        const result: unknown = Reflect.apply(target[name], target, given);
        if (isIt && cut.side === "after") strike();
        return result;
      },
  });
}

/** Calls that a full disk refuses; renames and unlinks still work. */
const NEEDS_SPACE: ReadonlySet<keyof FileOperations> = new Set(["create", "write", "makeFolder", "symlink"]);

/** Runs the plan in a process of its own, which kills itself. */
function killedRun(home: string, plan: Plan, cut: Cut): Promise<void> {
  const script = join(import.meta.dirname, "killed-run.ts");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { stdio: ["pipe", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("close", (_code, signal) => {
      if (signal === "SIGKILL") resolve();
      else reject(new Error(`not killed at ${cut.side} ${cut.call}: ${errors}`));
    });
    child.stdin.end(JSON.stringify({ home, plan, cut, pid: FIRST_PID }));
  });
}

/** Under each live name stands the old thing or the new one, nothing else; a lock of ours may stand there as well. */
function assertNothingHalf(
  home: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  label: string,
): void {
  const old = withoutFolderTimes(before);
  for (const [path, facts] of withoutFolderTimes(treeOf(home))) {
    if (facts === old.get(path) || facts === after.get(path)) continue;
    const [kind, mode, , content] = facts.split(" ");
    const isOfUs =
      path.endsWith(".lock") &&
      Buffer.from(content ?? "", "base64")
        .toString()
        .includes(`"pid": ${FIRST_PID},`);
    // A file that replaces another gets the time of writing, which differs from run to run.
    const [newKind, newMode, , newContent] = after.get(path)?.split(" ") ?? [];
    const isNew = kind === newKind && mode === newMode && content === newContent;
    assert.ok(isOfUs || isNew, `${label}: ${path} is ${facts}`);
  }
}

/** The bytes of every file that was there are there still, in their place or in our room. */
function assertNothingLost(home: string, before: ReadonlyMap<string, string>, label: string): void {
  const kept = new Set(contentsBelow(home));
  for (const [path, facts] of before) {
    const [kind, , , content = ""] = facts.split(" ");
    if (kind !== "file" || kept.has(content)) continue;
    // While a stale lock is claimed its old content stands in the journal.
    const journals = contentsBelow(join(home, FORENSICS_FOLDER)).map((text) => Buffer.from(text, "base64").toString());
    const isJournaled = path.endsWith(".lock") && journals.some((text) => text.includes(content));
    assert.ok(isJournaled, `${label}: ${path} is lost`);
  }
}

function contentsBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile())
    .map((path) => readFileSync(path).toString("base64"));
}

/** Times of writing differ from run to run, so of files only mode and bytes are compared where the time is not a given one. */
function isSame(tree: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  const plain = (facts: string): string => facts.replace(/^((?:file|link) \d+) \S+ /, "$1 ");
  return (
    tree.size === other.size &&
    [...tree].every(([path, facts]) => plain(facts) === plain(other.get(path) ?? basename(path)))
  );
}
