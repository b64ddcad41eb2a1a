/** Receipts out of what runs wrote down: plan and journal of each, folded into one value. Reading only. */
import { join } from "node:path";

import { asObject } from "../../formats/json-values.ts";
import { ABSENT, type Plan, PLAN_SCHEMA, planOf } from "../../model/plan.ts";
import type { Outcome, Receipt, StepRecord, UndoState } from "../../model/receipt.ts";
import { FileError, list, readAll } from "../../system/files.ts";
import { type Move, readJournal, type TimedEntry } from "./journal.ts";
import { receiptsFolder, runPlaces } from "./room.ts";

/** A run as it stands in its folder. */
export interface RecordedRun {
  readonly id: string;
  readonly plan: Plan;
  readonly entries: readonly TimedEntry[];
}

/** A move that a run meant to make. */
export interface MeantMove {
  readonly step: number;
  readonly move: Move;
}

const MOST_BYTES = 512 << 20;

/** The receipts of a home, oldest first. */
export function readReceipts(home: string): Receipt[] {
  const receipts = recordedRuns(home).map(receiptOf);
  return receipts.map((receipt) => ({ ...receipt, undo: undoStateOf(receipt, receipts) }));
}

/** Runs that began, oldest first. A folder without a whole plan and a journal is of a run that never did. */
export function recordedRuns(home: string): RecordedRun[] {
  return runIds(home).flatMap((id) => recordedRun(home, id) ?? []);
}

/** Runs that were cut off, or that left a lock behind. */
export function unsettledRuns(home: string): RecordedRun[] {
  return runIds(home).flatMap((id) => {
    const entries = readJournal(home, runPlaces(id).journal);
    return isEnded(entries) && leftLocks(entries).length === 0 ? [] : (recordedRun(home, id) ?? []);
  });
}

export function recordedRun(home: string, id: string): RecordedRun | undefined {
  const { plan: planPath, journal } = runPlaces(id);
  const entries = readJournal(home, journal);
  if (entries[0]?.entry !== "begin") return undefined;
  const plan = planAt(join(home, planPath));
  // A home that was moved or restored takes its journal along.
  return plan === undefined ? undefined : { id, plan: { ...plan, home }, entries };
}

export function isEnded(entries: readonly TimedEntry[]): boolean {
  return entries.some(({ entry }) => entry === "end");
}

/** Agent's locks that the run may still hold. */
export function leftLocks(entries: readonly TimedEntry[]): { readonly path: string; readonly inode: number }[] {
  const left = new Map<string, number>();
  for (const entry of entries) {
    if (entry.entry === "lock-meant") left.set(entry.path, entry.inode);
    if (entry.entry === "lock-freed") left.delete(entry.path);
  }
  return [...left].map(([path, inode]) => ({ path, inode }));
}

/** The moves that were meant, in order. */
export function meantMoves(entries: readonly TimedEntry[]): MeantMove[] {
  return entries.flatMap((entry) => (entry.entry === "meant" ? [{ step: entry.step, move: entry.move }] : []));
}

/** The plan as a JSON document. */
export function planDocument(plan: Plan): string {
  return `${JSON.stringify({ schema: PLAN_SCHEMA, ...plan }, null, 2)}\n`;
}

export function receiptOf({ id, plan, entries }: RecordedRun): Receipt {
  const begin = entries.find((entry) => entry.entry === "begin");
  const end = entries.findLast((entry) => entry.entry === "end");
  const outcome: Outcome = end?.outcome ?? "unfinished";
  const receipt = {
    id,
    plan,
    by: begin?.by ?? { pid: 0, host: "", face: "", version: "" },
    startedAt: begin?.at ?? 0,
    endedAt: end?.at ?? null,
    outcome,
    reason: end?.reason ?? null,
    recovered: end?.recovered ?? false,
    steps: stepRecords(entries),
    folders: end?.folders ?? [],
    undo: { state: "nothing-to-undo" } as const,
  };
  return { ...receipt, undo: undoStateOf(receipt, []) };
}

function runIds(home: string): string[] {
  try {
    return list(receiptsFolder(home)).names.toSorted();
  } catch (error) {
    if (error instanceof FileError && error.trouble === "gone") return [];
    throw error;
  }
}

/** Plans in our room were written by us; one that was damaged since is none. */
function planAt(path: string): Plan | undefined {
  try {
    const document = asObject(JSON.parse(readAll(path, MOST_BYTES).toString("utf8")));
    return document !== undefined && isPlanDocument(document) && isUnchanged(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isPlanDocument(document: Record<string, unknown>): document is Record<string, unknown> & Plan {
  const lists = ["repairs", "steps", "gates", "locks", "conflicts", "notes"];
  return document["schema"] === PLAN_SCHEMA && lists.every((name) => Array.isArray(document[name]));
}

/** The id is over home and steps: it tells whether they are still the ones that were confirmed. */
function isUnchanged({ id, ...draft }: Plan): boolean {
  return planOf(draft).id === id;
}

/** One record for each step that was begun, by its last move. */
function stepRecords(entries: readonly TimedEntry[]): StepRecord[] {
  const records = new Map<number, StepRecord>();
  const steps: number[] = [];
  for (const entry of entries) {
    if (entry.entry === "meant") {
      steps.push(entry.step);
      records.set(entry.step, recordOf(entry.step, entry.move, entry.at));
    } else if (entry.entry === "moved" && entry.last) {
      change(records, entry.step, "done", entry.at);
    } else if (entry.entry === "taken-back") {
      change(records, steps[entry.index], "taken-back", entry.at);
    } else if (entry.entry === "kept") {
      change(records, steps[entry.index], "kept", entry.at);
    }
  }
  return [...records.values()].toSorted((a, b) => a.step - b.step);
}

function change(
  records: Map<number, StepRecord>,
  step: number | undefined,
  state: StepRecord["state"],
  at: number,
): void {
  const record = step === undefined ? undefined : records.get(step);
  // Of two moves of a step the one that had to be kept tells.
  if (record !== undefined && record.state !== "kept") records.set(record.step, { ...record, state, at });
}

function recordOf(step: number, { kind, ours, aside, state, displaced }: Move, at: number): StepRecord {
  const record = { step, state: "begun", at } as const;
  if (kind === "swap") return { ...record, aside, displaced };
  return kind === "take" ? { ...record, aside: ours, displaced: state } : { ...record, aside: null, displaced: ABSENT };
}

function undoStateOf(receipt: Receipt, all: readonly Receipt[]): UndoState {
  if (receipt.outcome !== "done") return { state: "nothing-to-undo" };
  const undoing = all.find(
    (other) =>
      other.plan.undoes === receipt.id && other.outcome === "done" && undoStateOf(other, all).state === "possible",
  );
  return undoing === undefined ? { state: "possible" } : { state: "undone", by: undoing.id };
}
