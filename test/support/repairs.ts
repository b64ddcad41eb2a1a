/** A damaged home, its finding, the plan, a run of it, and the way back: for tests of repairs. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

import type { Surroundings } from "../../src/engine/executor/surroundings.ts";
import { createExecutor, type Executor, type RunResult } from "../../src/engine/executor/executor.ts";
import { planRepair, type PlanningContext, type RepairRequest } from "../../src/engine/planning/plan-repairs.ts";
import type { Finding } from "../../src/model/finding.ts";
import { FORENSICS_FOLDER, type Plan, type Step } from "../../src/model/plan.ts";
import type { Receipt } from "../../src/model/receipt.ts";
import type { HomeSnapshot, Snapshot } from "../../src/model/snapshot.ts";
import { engineOn } from "./engines.ts";
import { type CutChoice, cutEverywhere } from "./cut-points.ts";
import { GATEWAY, settle } from "./good-home.ts";
import { NOW, processes } from "./world.ts";

export const PLANNING: PlanningContext = { now: NOW, quietMs: 10_000, by: "kim@workbench" };

/** Scans a home in which only the good home's gateway process lives. */
export async function scanned(home: string): Promise<Snapshot> {
  // On this platform nothing is asked of the file system that the temporary folder happens to lie on.
  const engine = engineOn([home], { world: { processes: processes([GATEWAY]), platform: "darwin" } });
  const snapshot = await engine.scan();
  await engine.close();
  return snapshot;
}

/** The same with these transcripts of the home (home-relative paths) read whole. */
export async function readWhole(home: string, paths: readonly string[]): Promise<Snapshot> {
  const engine = engineOn([home], { world: { processes: processes([GATEWAY]), platform: "darwin" } });
  await engine.scan();
  const fragments = paths.map((path) => ({ path }));
  const { snapshot } = await engine.deepCheck({ home, fragments });
  await engine.close();
  return snapshot;
}

/** All findings of a scan that are more than a note. */
export function troubles({ homes }: Snapshot): Finding[] {
  return homes.flatMap(({ findings }) => findings).filter(({ severity }) => severity !== "info");
}

/** The only finding that is more than a note, of this code if one is given. */
export function onlyTrouble(snapshot: Snapshot, wanted?: string): Finding {
  const found = troubles(snapshot).filter(({ code }) => wanted === undefined || code === wanted);
  assert.equal(found.length, 1, found.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return found[0]!;
}

/** Surroundings without gateways, in which locks are judged as the scan judged them. */
export function surroundings(snapshot: Snapshot, home: string): Surroundings {
  const locks = (snapshot.homes.find((one) => one.home.path === home) as HomeSnapshot).locks;
  const there = (path: string): boolean => lstatSync(join(home, path), { throwIfNoEntry: false }) !== undefined;
  return {
    machine: { pid: 77, host: "workbench", bootedAt: null, pidNamespace: null },
    bootId: null,
    startTicks: null,
    now: () => NOW,
    sleep: () => Promise.resolve(),
    look: () => "dead",
    lockAt: (path) => (there(path) ? (locks.find((lock) => lock.path === path) ?? null) : null),
    owners: () => Promise.resolve([]),
    appearAsOwner: () => () => {},
  };
}

export function executorOn(snapshot: Snapshot, home: string): Executor {
  const by = { pid: 77, host: "workbench", face: "test", version: "0" };
  return createExecutor({ home, around: surroundings(snapshot, home), by, lockWaitMs: 0, claimMs: 0 });
}

/** A repair that was carried out. */
export interface Repaired {
  readonly plan: Plan;
  readonly receipt: Receipt;
  readonly executor: Executor;
}

/** Plans a repair and runs the plan; the run must come to its end. */
export async function repaired(snapshot: Snapshot, request: RepairRequest): Promise<Repaired> {
  const plan = await planRepair(snapshot, request, PLANNING);
  const executor = executorOn(snapshot, plan.home);
  return { plan, executor, receipt: done(await executor.run(plan)) };
}

/** Fails unless the run was done. */
export function done(result: RunResult): Receipt {
  if (result.outcome === "refused") assert.fail(result.refusals.map(({ reason }) => reason).join("\n"));
  assert.equal(result.outcome, "done", result.receipt.reason ?? "");
  return result.receipt;
}

/** Takes a run back. */
export async function undone(executor: Executor, receipt: Receipt): Promise<void> {
  const plan = executor.planUndo(receipt.id);
  assert.ok(plan !== null);
  done(await executor.run(plan));
}

/** Names, bytes, modes, times and links of everything in a home but our own folder. */
export function treeOf(home: string): Map<string, string> {
  const tree = new Map<string, string>();
  const add = (path: string): void => {
    const name = relative(home, path);
    if (name === FORENSICS_FOLDER) return;
    const stat = lstatSync(path);
    const content = stat.isFile() ? hashOf(path) : stat.isSymbolicLink() ? readlinkSync(path) : "";
    tree.set(name, `${stat.mode.toString(8)} ${stat.mtimeMs} ${content}`);
    if (stat.isDirectory()) for (const entry of readdirSync(path).toSorted()) add(join(path, entry));
  };
  add(home);
  return tree;
}

/** Hashes of every file's bytes in a home, our own folder included. */
export function contentsIn(home: string): Set<string> {
  return new Set(
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => hashOf(join(entry.parentPath, entry.name))),
  );
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

export interface Walk {
  readonly home: string;
  /** A repair or choice other than the usual one. */
  readonly repair?: string;
  readonly choice?: string;
  /** The finding, where the damage has more than one. */
  readonly code?: string;
  /** Codes of findings that the repair is not about. */
  readonly stays?: readonly string[];
  /** Transcripts that are read whole, before and after; home-relative paths. */
  readonly whole?: readonly string[];
}

function lookedAt(home: string, whole: readonly string[]): Promise<Snapshot> {
  return whole.length === 0 ? scanned(home) : readWhole(home, [...new Set(whole)]);
}

function isTranscript(step: Step): boolean {
  return step.do === "write-file" && step.path.endsWith(".jsonl");
}

/** How the walks are cut off on their way, and how many times they were so far. */
export const cutPoints: { tried: number; choice: CutChoice } = { tried: 0, choice: { kinds: ["dead"] } };

/**
 * The whole walk: the damage is found, the repair is cut off at every call and leaves the old or the new tree; repaired, nothing is lost, nothing is wrong any more, and undo gives the identical
 * tree. Answers the plan, and the scan of the repaired home.
 */
export async function walk({
  home,
  code: wanted,
  stays = [],
  whole = [],
  ...given
}: Walk): Promise<{ plan: Plan; after: Snapshot }> {
  settle(home);
  const before = await lookedAt(home, whole);
  const finding = onlyTrouble(before, wanted);
  const tree = treeOf(home);
  const contents = contentsIn(home);
  const request = { finding: finding.id, ...given };
  const { tried } = await cutEverywhere(home, await planRepair(before, request, PLANNING), cutPoints.choice);
  cutPoints.tried += tried;
  const { plan, executor, receipt } = await repaired(before, request);
  const kept = contentsIn(home);
  assert.deepEqual(
    [...contents].filter((hash) => !kept.has(hash)),
    [],
    "bytes that were there are gone",
  );
  const after = await lookedAt(home, [...whole, ...plan.steps.filter(isTranscript).map(({ path }) => path)]);
  assert.deepEqual(
    troubles(after).map(({ code }) => code),
    stays,
  );
  await undone(executor, receipt);
  assert.deepEqual(treeOf(home), tree);
  return { plan, after };
}
