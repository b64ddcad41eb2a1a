/** Runs that were cut off, such as by a power failure: says that there are some, and settles them when that is asked for. */
import { EMPTY, type Line, line, plainText, span } from "../../engine/present/lines.ts";
import { commandFor, cutOffLine, refusalLines, receiptLines } from "../../engine/present/receipt-text.ts";
import type { Settling } from "../../engine/executor/executor.ts";
import type { RepairDesk } from "../../engine/repair-desk.ts";
import type { Receipt } from "../../model/receipt.ts";
import { RECEIPT_SCHEMA } from "../../model/receipt.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { EXIT, ExitError } from "../exit.ts";
import type { CliWorld, Values } from "../verb.ts";
import { printJson } from "../verbs/print-json.ts";
import { runDocument } from "./documents.ts";
import { assertCanAsk, codeOfRefusals } from "./running.ts";

interface CutOff {
  readonly home: HomeSnapshot;
  readonly receipts: readonly Receipt[];
}

function cutOffIn(desk: RepairDesk, { homes }: Snapshot): CutOff[] {
  return homes.map((home) => ({ home, receipts: desk.cutOff(home) })).filter(({ receipts }) => receipts.length > 0);
}

/** Tells on stderr of runs that were cut off, and how to settle them. */
export function reportCutOff(world: CliWorld, snapshot: Snapshot): void {
  for (const { home, receipts } of cutOffIn(world.repairDesk(), snapshot)) {
    const command = commandFor("repair --settle", home.home.path);
    const settle = [span(`${command} completes what was cut off, or takes it back.`)];
    world.terminal.err(`${plainText([...receipts.map(cutOffLine), settle])}\n`);
  }
}

/** `repair --settle`: shows what was cut off, asks, settles it; the exit code. */
export async function settleAsked(world: CliWorld, snapshot: Snapshot, values: Values): Promise<number> {
  const desk = world.repairDesk();
  const isJson = values["json"] === true;
  const found = cutOffIn(desk, snapshot);
  if (found.length > 0) {
    assertCanAsk(world, values);
    if (!isJson) await world.terminal.lines([...found.flatMap(({ receipts }) => receipts.map(cutOffLine)), EMPTY]);
    if (values["yes"] !== true && !(await world.confirm?.("Settle it?")))
      throw new ExitError(EXIT.findings, "Nothing was written.");
  }
  const settlings: Settling[] = [];
  for (const { home } of found) settlings.push(await desk.settle(home));
  if (isJson) await printJson(world, snapshot, { schema: RECEIPT_SCHEMA, runs: settlings.flatMap(settlingDocuments) });
  else await world.terminal.lines(settlingLines(settlings));
  return Math.max(EXIT.done, ...settlings.map(codeOf));
}

/** As runs of their own. */
function settlingDocuments({ settled, refusals }: Settling): object[] {
  const runs = settled.map((receipt) => runDocument({ outcome: receipt.outcome, receipt, settled: [] }));
  return refusals.length === 0 ? runs : [...runs, runDocument({ outcome: "refused", refusals, settled: [] })];
}

function* settlingLines(settlings: readonly Settling[]): Generator<Line> {
  if (settlings.length === 0) yield line("No repair was cut off here.", "good");
  for (const { settled, refusals } of settlings) {
    for (const receipt of settled) {
      yield line(receipt.plan.title, "strong");
      yield* receiptLines(receipt);
      yield EMPTY;
    }
    if (refusals.length > 0) yield* [...refusalLines(refusals), EMPTY];
  }
}

function codeOf({ settled, refusals }: Settling): number {
  if (refusals.length > 0) return codeOfRefusals(refusals);
  return settled.some(({ outcome }) => outcome === "partial") ? EXIT.unreadable : EXIT.done;
}
