/** Shows plans, asks, runs them one after the other, and says what came of each. */
import type { RunResult } from "../../engine/executor/executor.ts";
import { previewPlan } from "../../engine/planning/preview.ts";
import { EMPTY, type Line } from "../../engine/present/lines.ts";
import { planText } from "../../engine/present/plan-text.ts";
import { refusalLines, resultLines, settledLines } from "../../engine/present/receipt-text.ts";
import type { RepairDesk } from "../../engine/repair-desk.ts";
import { escaped } from "../../engine/present/names.ts";
import type { Plan } from "../../model/plan.ts";
import { RECEIPT_SCHEMA, type Refusal, type RefusalCode } from "../../model/receipt.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { EXIT, ExitError, usageError } from "../exit.ts";
import type { CliWorld, Values } from "../verb.ts";
import { printJson } from "../verbs/print-json.ts";
import { runDocument } from "./documents.ts";
import { nothingPlannedLines } from "./scanning.ts";

/** Options of `repair` and `undo`. */
export const RUN_OPTIONS = { yes: { type: "boolean", short: "y" } } as const;

export const RUN_OPTIONS_HELP = `  --yes            do not ask; without it and without a terminal nothing is written
`;

/** A plan with the home that it writes. */
export interface PlanFor {
  readonly home: HomeSnapshot;
  readonly plan: Plan;
}

interface Ran {
  readonly plan: Plan;
  readonly result: RunResult;
}

/** Refusals of the system itself. */
const SYSTEM: ReadonlySet<RefusalCode> = new Set(["not-permitted", "no-space", "other-file-system", "failed"]);

/** All plans in full, each with what stands in its way right now. */
export async function previewLines(
  plans: readonly (PlanFor & { readonly refusals: readonly Refusal[] })[],
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { plan, refusals } of plans) {
    lines.push(...planText(await previewPlan(plan)));
    // Conflicts of the plan itself head the preview already.
    if (refusals.length > 0 && plan.conflicts.length === 0) lines.push(EMPTY, ...refusalLines(refusals));
    lines.push(EMPTY);
  }
  return lines;
}

/** Ends with a usage error where a question is needed and can't be put. */
export function assertCanAsk(world: CliWorld, values: Values): void {
  if (values["yes"] === true) return;
  if (values["json"] === true)
    throw usageError("Nothing was written: with --json nobody is asked. Give --yes to go ahead.");
  if (world.confirm === null)
    throw usageError("Nothing was written: there is no terminal to ask on. Give --yes to go ahead.");
}

/** Shows the plans, asks, runs them; the exit code. With --json the results are one document, and the plans are not shown. */
export async function runAsked(
  world: CliWorld,
  snapshot: Snapshot,
  plans: readonly PlanFor[],
  values: Values,
  question: string,
): Promise<number> {
  const desk = world.repairDesk();
  const isJson = values["json"] === true;
  const yes = values["yes"] === true;
  if (plans.length === 0) {
    if (isJson) await printJson(world, snapshot, { schema: RECEIPT_SCHEMA, runs: [] });
    else await world.terminal.lines(nothingPlannedLines(plans));
    return EXIT.done;
  }
  assertCanAsk(world, values);
  if (!isJson) {
    const looked = await Promise.all(
      plans.map(async (one) => ({ ...one, refusals: await desk.check(one.home, one.plan) })),
    );
    await world.terminal.lines(await previewLines(looked));
    if (looked.every(({ refusals }) => refusals.length > 0))
      return codeOfRefusals(looked.flatMap((one) => one.refusals));
  }
  if (!yes && !(await world.confirm?.(question))) throw new ExitError(EXIT.findings, "Nothing was written.");
  const ran = await runPlans(world, desk, plans);
  if (isJson)
    await printJson(world, snapshot, { schema: RECEIPT_SCHEMA, runs: ran.map(({ result }) => runDocument(result)) });
  else await world.terminal.lines(ranLines(ran));
  return world.signal.aborted ? EXIT.interrupted : Math.max(EXIT.done, ...ran.map(({ result }) => codeOf(result)));
}

/** One that is refused or fails does not keep the next from running: each stands for itself. */
async function runPlans(world: CliWorld, desk: RepairDesk, plans: readonly PlanFor[]): Promise<Ran[]> {
  const { terminal, signal } = world;
  const draw = (text: string): void => (terminal.interactive ? terminal.err(`\r\u001b[K${text}`) : undefined);
  const ran: Ran[] = [];
  for (const { home, plan } of plans) {
    const onStep = (step: { readonly path: string }, index: number, of: number): void =>
      draw(`${index + 1} of ${of}: ${escaped(step.path)}`);
    ran.push({ plan, result: await desk.run(home, plan, { signal, onStep }) });
    draw("");
    if (signal.aborted) break;
  }
  return ran;
}

function* ranLines(ran: readonly Ran[]): Generator<Line> {
  for (const { plan, result } of ran) {
    yield* settledLines(result.settled);
    yield* resultLines(plan, result);
    yield EMPTY;
  }
}

function codeOf(result: RunResult): number {
  if ("refusals" in result) return codeOfRefusals(result.refusals);
  return result.outcome === "done" ? EXIT.done : EXIT.unreadable;
}

export const codeOfRefusals = (refusals: readonly Refusal[]): number =>
  refusals.some(({ code }) => SYSTEM.has(code)) ? EXIT.unreadable : EXIT.findings;
