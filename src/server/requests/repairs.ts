/** Answers everything about repairs: what is offered, plans, runs, the journal. Only `runPlan` writes. */
import type { CancellationToken, Connection } from "vscode-languageserver/node";

import { NothingToPlan } from "../../engine/planning/plan-repairs.ts";
import { previewPlan } from "../../engine/planning/preview.ts";
import { EMPTY, type Line, line } from "../../engine/present/lines.ts";
import { escaped } from "../../engine/present/names.ts";
import { homePath } from "../../engine/present/homes.ts";
import { planText } from "../../engine/present/plan-text.ts";
import { receiptLines } from "../../engine/present/receipt-text.ts";
import { moment } from "../../engine/present/times.ts";
import type { Plan } from "../../model/plan.ts";
import { pathFrom } from "../../system/files.ts";
import type { TextDocumentAnswer } from "../../protocol/documents.ts";
import { Refusal } from "../../protocol/errors.ts";
import { Method, Notice } from "../../protocol/methods.ts";
import type {
  JournalAnswer,
  PlansAnswer,
  PlanSubject,
  ReceiptRef,
  RepairOffers,
  RepairOffersParams,
  RunAnswer,
} from "../../protocol/repairs.ts";
import { homeOrRefuse, newest, refusal } from "../answers.ts";
import { textAnswer } from "../documents/text-answer.ts";
import type { EngineHost } from "../engine-host.ts";
import { receiptItem, runAnswer } from "../items/receipt-item.ts";
import type { KeptPlan, RepairCounter, RunWatch } from "../repair-counter.ts";
import { answer, tell } from "./register.ts";

/** What the handlers work with. */
export interface RepairContext {
  readonly host: EngineHost;
  readonly counter: RepairCounter;
  /** The client's workspace is trusted. */
  readonly mayWrite: boolean;
}

/** What is not there any more is a refusal, not a failure. */
async function orRefusal<T>({ host }: RepairContext, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NothingToPlan) throw refusal(Refusal.notFound, escaped(error.message), newest(host));
    throw error;
  }
}

export async function offers(context: RepairContext, { subject, repairs }: RepairOffersParams): Promise<RepairOffers> {
  const found = await orRefusal(context, context.counter.offers(newest(context.host), subject, repairs));
  return {
    offers: found.map(({ repair: { id, title, does, never }, choices }) => ({
      repair: id,
      title,
      does,
      never,
      choices: choices.map((one) => ({ ...one, label: escaped(one.label), detail: escaped(one.detail) })),
    })),
  };
}

export async function plans(context: RepairContext, asked: PlanSubject): Promise<PlansAnswer> {
  const kept = await orRefusal(context, context.counter.plan(newest(context.host), asked));
  return {
    plans: kept.map(({ plan, home, obstacles }) => ({
      planId: plan.id,
      homeId: home.home.id,
      title: escaped(plan.title),
      steps: plan.steps.length,
      obstacles: obstacles.map(escaped),
    })),
  };
}

function planOrRefuse({ host, counter }: RepairContext, planId: string): KeptPlan {
  const kept = counter.planWith(planId);
  if (kept !== undefined) return kept;
  throw refusal(Refusal.notFound, "This plan was run, or is too old: make it again.", newest(host));
}

function obstacleLines({ plan, obstacles }: KeptPlan): Line[] {
  // Conflicts of the plan itself head its text already.
  if (obstacles.length === 0 || plan.conflicts.length > 0) return [];
  return [line("Not now:", "bad"), ...obstacles.map((one) => line(`  ${one}`)), EMPTY];
}

export async function planDocument(context: RepairContext, planId: string): Promise<TextDocumentAnswer> {
  const kept = planOrRefuse(context, planId);
  const lines = [...obstacleLines(kept), ...planText(await previewPlan(kept.plan))];
  return textAnswer(newest(context.host), `Plan: ${kept.plan.title}`, lines);
}

/** Absolute paths at which the views have to look again. */
const changedPaths = ({ home, steps }: Plan): string[] =>
  steps
    .flatMap((step) => (step.do === "rename" ? [step.path, step.to] : [step.path]))
    .map((path) => pathFrom(home, path));

export async function runPlan(context: RepairContext, planId: string, watch: RunWatch): Promise<RunAnswer> {
  const { host, counter, mayWrite } = context;
  if (!mayWrite) throw refusal(Refusal.readOnly, "This workspace is not trusted: nothing is written.", newest(host));
  const kept = planOrRefuse(context, planId);
  const result = await counter.run(kept, watch);
  host.touched(changedPaths(kept.plan));
  return runAnswer(kept.home, kept.plan, result);
}

export function journal({ host, counter }: RepairContext): JournalAnswer {
  const journals = newest(host).homes.map((home) => ({
    homeId: home.home.id,
    homeLabel: escaped(homePath(home.home.path, host.userHome)),
    receipts: counter.journal(home).map((one) => receiptItem(home, one)),
  }));
  return { homes: journals.filter(({ receipts }) => receipts.length > 0) };
}

export function receiptDocument(
  { host, counter }: RepairContext,
  { homeId, receiptId }: ReceiptRef,
): TextDocumentAnswer {
  const snapshot = newest(host);
  const home = homeOrRefuse(snapshot, homeId);
  const receipt = counter.journal(home).find(({ id }) => id === receiptId);
  if (receipt === undefined) throw refusal(Refusal.notFound, `There is no receipt ${escaped(receiptId)}.`, snapshot);
  const { plan, by, startedAt } = receipt;
  const head = [
    line(plan.title, "strong"),
    line(`${moment(startedAt)}, by ${by.face} (pid ${by.pid} on ${by.host})`, "dim"),
    EMPTY,
  ];
  return textAnswer(snapshot, `Receipt: ${plan.title}`, [...head, ...receiptLines(receipt)]);
}

/** A request that the client gives up aborts the signal. */
function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

export function registerRepairs(connection: Connection, context: () => RepairContext): void {
  answer(connection, Method.repairOffers, (params) => offers(context(), params));
  answer(connection, Method.plan, (params) => plans(context(), params));
  answer(connection, Method.planDocument, ({ planId }) => planDocument(context(), planId));
  answer(connection, Method.runPlan, ({ planId }, token) =>
    runPlan(context(), planId, {
      signal: signalOf(token),
      onStep: ({ path }, index, of) =>
        tell(connection, Notice.runProgress, { planId, step: index + 1, of, path: escaped(path) }),
    }),
  );
  answer(connection, Method.journal, () => journal(context()));
  answer(connection, Method.receiptDocument, ({ receipt }) => receiptDocument(context(), receipt));
}
