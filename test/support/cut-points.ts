/**
 * Cuts a run at every point: before and after every system call that changes something, and in the middle of every write.
 *
 *     const { tried } = await cutEverywhere(home, plan);
 *
 * Each cut is made in several ways: the call fails once (the run goes back by itself); the disk is full from then on; the
 * process is dead from then on (no further call is made); or a real process kills itself with SIGKILL at that point. After
 * the next start the home must be the old or the new tree to the last time and mode (those of folders aside), nothing that
 * was there may be lost, and at no moment may anything half-written stand under a live name. The home stays as it was.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { type FileOperations, fileOperations } from "../../src/engine/executor/file-operations.ts";
import { FORENSICS_FOLDER, type Plan, planOf } from "../../src/model/plan.ts";
import { executorOn, surroundings, treeOf, withoutFolderTimes } from "./executor.ts";

/** Where a run is cut: which changing call, counted from 0, and on which side of it. */
export interface CutPoint {
  readonly call: number;
  readonly side: "before" | "after" | "within";
}

/** fails: that one call; full: every write from there on; dead: every call from there on; killed: SIGKILL. */
export type CutKind = "fails" | "full" | "dead" | "killed";

export interface CutChoice {
  /** Without real kills, unless said: those cost a process each. */
  readonly kinds?: readonly CutKind[];
  /** Only every so many cut points. */
  readonly every?: number;
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

/** Puts the temporary folders of this process into memory, where there is such a place: a disk makes thousands of runs slow. */
export function useMemoryFolder(): void {
  if (existsSync("/dev/shm")) process.env["TMPDIR"] = "/dev/shm";
}

/** Tries every cut of a run of the plan in the home that it is for, and reports how many there were. */
export async function cutEverywhere(home: string, plan: Plan, choice: CutChoice = {}): Promise<CutReport> {
  const room = mkdtempSync(join(tmpdir(), "cuts-"));
  const saved = join(room, "saved");
  try {
    copy(home, saved);
    return await cutAll({ home, saved, plan: withoutInodes(plan) }, choice);
  } finally {
    restore({ home, saved });
    rmSync(room, { recursive: true });
  }
}

interface Subject {
  readonly home: string;
  /** The home as it was. */
  readonly saved: string;
  readonly plan: Plan;
}

async function cutAll(
  subject: Subject,
  { kinds = ["fails", "full", "dead"], every = 1 }: CutChoice,
): Promise<CutReport> {
  const { home } = subject;
  const whole = await attempt(subject, null);
  assert.deepEqual(whole.troubles, []);
  const after = withoutFolderTimes(treeOf(home));
  assert.notDeepEqual(after, withoutFolderTimes(whole.before), "a plan that changes nothing proves nothing");
  const report = { calls: whole.calls.length, tried: 0, old: 0, new: 0 };
  for (const point of pointsOf(whole.calls).filter((_, index) => index % every === 0)) {
    for (const kind of kinds) {
      const label = `${kind} ${point.side} call ${point.call} (${whole.calls[point.call]})`;
      const { before } = await attempt(subject, { ...point, kind });
      assertNothingHalf(home, before, after, label);
      assertNothingLost(home, before, label);
      await settle(home, label);
      assertNothingLost(home, before, label);
      const tree = withoutFolderTimes(treeOf(home));
      const isNew = isSame(tree, after);
      if (!isNew) assert.deepEqual(tree, withoutFolderTimes(before), label);
      report.tried += 1;
      report[isNew ? "new" : "old"] += 1;
    }
  }
  return report;
}

function pointsOf(calls: readonly string[]): CutPoint[] {
  return calls.flatMap((name, call) => {
    const sides = name === "write" ? (["before", "within", "after"] as const) : (["before", "after"] as const);
    return sides.map((side) => ({ call, side }));
  });
}

/** A copy with modes and times, of folders too. */
function copy(from: string, to: string): void {
  const stats = lstatSync(from);
  if (stats.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (!stats.isDirectory()) copyFileSync(from, to);
  else {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) copy(join(from, name), join(to, name));
  }
  if (!stats.isSymbolicLink()) chmodSync(to, stats.mode & 0o7777);
  fileOperations.setTime(to, stats.mtimeMs);
}

function restore({ home, saved }: Pick<Subject, "home" | "saved">): void {
  for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true });
  copy(saved, home);
}

/** A restored file has another inode. */
function withoutInodes(plan: Plan): Plan {
  const { id: _id, ...draft } = JSON.parse(
    JSON.stringify(plan, (key, value: unknown) => (key === "inode" ? undefined : value)),
  ) as Plan;
  return planOf(draft);
}

export type Cut = CutPoint & { readonly kind: CutKind };

interface Attempt {
  readonly before: ReadonlyMap<string, string>;
  readonly calls: readonly string[];
  /** Why the run was not done. */
  readonly troubles: readonly string[];
}

/** Process ids of a run that is cut, and of the next start. */
const FIRST_PID = 77;
const NEXT_PID = 78;

/** Runs the plan in the restored home. */
async function attempt(subject: Subject, cut: Cut | null): Promise<Attempt> {
  const { home, plan } = subject;
  restore(subject);
  const before = treeOf(home);
  const calls: string[] = [];
  if (cut?.kind === "killed") {
    await killedRun(home, plan, cut);
    return { before, calls, troubles: [] };
  }
  const result = await executorOn(home, { files: watched(UNSYNCED, (name) => calls.push(name), cut) }).run(plan);
  if ("refusals" in result) return { before, calls, troubles: result.refusals.map(({ reason }) => reason) };
  return { before, calls, troubles: result.outcome === "done" ? [] : [result.receipt.reason ?? result.outcome] };
}

/** The next start: another process, for which the first one is dead. */
async function settle(home: string, label: string): Promise<void> {
  const around = surroundings(home, { look: () => "dead" });
  const next = { ...around, machine: { ...around.machine, pid: NEXT_PID } };
  const executor = executorOn(home, { files: UNSYNCED, around: next });
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
