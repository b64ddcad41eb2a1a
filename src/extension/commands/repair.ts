/** Commands that repair: each ends in a plan that is shown; only Run This Plan writes. */
import * as vscode from "vscode";

import { Method } from "../../protocol/methods.ts";
import type { PlanItem, PlanSubject, RepairOffer, RepairSubject } from "../../protocol/repairs.ts";
import { subjectOf } from "../documents/report-uri.ts";
import { announceRun } from "../repairs/announcing.ts";
import { mayWriteHere } from "../repairs/trust.ts";
import { pickRepairable } from "./picks.ts";
import type { Handler, Services } from "./services.ts";
import { findingOfRow, rowOf } from "./targets.ts";

/** Makes the plans and opens each; says so where there is nothing to do. */
export async function showPlans({ catalogue, reports }: Services, asked: PlanSubject): Promise<readonly PlanItem[]> {
  const { plans } = await catalogue.ask(Method.plan, asked);
  if (plans.length === 0) void vscode.window.showInformationMessage("There is nothing to repair here.");
  for (const { planId, title } of plans) await reports.open({ about: "plan", planId }, `Plan: ${title}`, false);
  return plans;
}

/** Lets the person choose among the repairs and the ways they offer; undefined when they leave. */
export async function choose(
  offers: readonly RepairOffer[],
  title: string,
): Promise<{ readonly repair: string; readonly choice?: string } | undefined> {
  const offer = await pickOffer(offers, title);
  if (offer === undefined) return undefined;
  const { repair, choices } = offer;
  if (choices.length === 0) return { repair };
  const rows = choices.map((one) => ({ label: one.label, detail: one.detail, picked: one.isDefault, id: one.id }));
  const chosen = await vscode.window.showQuickPick(rows, { title: offer.title, matchOnDetail: true });
  return chosen === undefined ? undefined : { repair, choice: chosen.id };
}

async function pickOffer(offers: readonly RepairOffer[], title: string): Promise<RepairOffer | undefined> {
  if (offers.length <= 1) return offers[0];
  const rows = offers.map((offer) => ({ label: offer.title, detail: offer.does, offer }));
  return (await vscode.window.showQuickPick(rows, { title, matchOnDetail: true }))?.offer;
}

/** Asks what is to be done with the subject, and shows the plan. */
export async function planFor(
  services: Services,
  subject: RepairSubject,
  title: string,
  repairs?: readonly string[],
): Promise<void> {
  const narrowed = repairs === undefined ? {} : { repairs };
  const { offers } = await services.catalogue.ask(Method.repairOffers, { subject, ...narrowed });
  if (offers.length === 0) return void vscode.window.showInformationMessage("No repair is offered for this.");
  const chosen = await choose(offers, title);
  if (chosen !== undefined) await showPlans(services, { subject, ...chosen });
}

/** A code action of the server passes the ids of a finding and a repair. */
const isNamed = (value: unknown): value is { readonly findingId: string; readonly repair: string } =>
  typeof value === "object" && value !== null && "findingId" in value && "repair" in value;

export const repairFinding =
  (services: Services): Handler =>
  async (argument) => {
    if (isNamed(argument)) return planFor(services, { findingId: argument.findingId }, "Repair", [argument.repair]);
    const finding = findingOfRow(rowOf(argument, services)) ?? (await pickRepairable(services.catalogue, "Repair"));
    if (finding !== undefined) await planFor(services, { findingId: finding.id }, `Repair: ${finding.label}`);
  };

const sweep =
  (kind: "stale-locks" | "all-safe") =>
  (services: Services): Handler =>
  async (argument) => {
    const row = rowOf(argument, services);
    const home = row?.kind === "home" ? { homeId: row.home.id } : {};
    await showPlans(services, { sweep: kind, ...home });
  };

export const repairAllSafe = sweep("all-safe");
export const moveStaleLocksAside = sweep("stale-locks");

/** The plan that the argument or the active editor shows. */
function planIdOf(argument: unknown): string | undefined {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const subject = uri === undefined ? undefined : subjectOf(uri);
  return subject?.about === "plan" ? subject.planId : undefined;
}

/** A plan that was run is history: its receipt says more. */
async function closePlan(planId: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shown = tabs.filter(({ input }) => input instanceof vscode.TabInputText && planIdOf(input.uri) === planId);
  await vscode.window.tabGroups.close(shown, true);
}

/** Runs the plan that is shown, with its steps as progress; cancelling takes back what was done. */
export const runPlan =
  ({ link, reports, historyView }: Services): Handler =>
  async (argument) => {
    const planId = planIdOf(argument);
    if (planId === undefined)
      return void vscode.window.showInformationMessage("No plan is open: start from a finding or an archive.");
    if (!(await mayWriteHere())) return;
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "Repairing", cancellable: true },
      async (progress, token) => {
        const following = link.onRunProgress((at) => {
          if (at.planId === planId)
            progress.report({ message: `${at.step} of ${at.of}: ${at.path}`, increment: 100 / at.of });
        });
        try {
          return await link.request(Method.runPlan, { planId }, token);
        } finally {
          following.dispose();
        }
      },
    );
    historyView.provider.reload();
    if (answer.outcome === "done") await closePlan(planId);
    if (answer.receipt !== null) await reports.open({ about: "receipt", receipt: answer.receipt }, answer.title, true);
    // The notification stays until the person has read it; the command is done.
    void announceRun(answer);
  };
