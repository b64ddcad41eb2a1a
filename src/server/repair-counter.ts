/** Where the server plans and runs repairs: plans wait here, as they were shown, until a person runs them. */
import type { RunResult } from "../engine/executor/executor.ts";
import { NothingToPlan, offeredRepairs, type RepairRequest } from "../engine/planning/plan-repairs.ts";
import type { RepairDesk } from "../engine/repair-desk.ts";
import type { Finding } from "../model/finding.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { Receipt } from "../model/receipt.ts";
import type { HomeSnapshot, Snapshot } from "../model/snapshot.ts";
import type { PlanSubject, RepairSubject } from "../protocol/repairs.ts";
import { repairWithId } from "../repairs/kinds.ts";
import type { Choice, Repair } from "../repairs/repair.ts";

/** Plans that are kept; a person looks at a few at a time. */
const MOST_PLANS = 50;

/** A plan with the home that it writes, as it was when the plan was made. */
export interface KeptPlan {
  readonly plan: Plan;
  readonly home: HomeSnapshot;
  /** Why it can't run now, a sentence each. */
  readonly obstacles: readonly string[];
}

export interface Offer {
  readonly repair: Repair;
  readonly choices: readonly Choice[];
}

/** What a run tells while it goes on. */
export interface RunWatch {
  readonly signal: AbortSignal;
  readonly onStep: (step: Step, index: number, of: number) => void;
}

export class RepairCounter {
  readonly #desk: RepairDesk;
  readonly #plans = new Map<string, KeptPlan>();

  constructor(desk: RepairDesk) {
    this.#desk = desk;
  }

  /** The repairs that apply to the subject, each with its choices. For a file: those of `only`. */
  async offers(snapshot: Snapshot, subject: RepairSubject, only: readonly string[] | undefined): Promise<Offer[]> {
    const repairs = repairsFor(snapshot, subject, only);
    return Promise.all(
      repairs.map(async (repair) => {
        const choices = await this.#desk.choices(snapshot, requestOf(snapshot, subject, repair.id, undefined));
        return { repair, choices };
      }),
    );
  }

  /** Makes the plans and keeps them. Rejects with NothingToPlan. */
  async plan(snapshot: Snapshot, asked: PlanSubject): Promise<KeptPlan[]> {
    const plans = await this.#plansFor(snapshot, asked);
    return Promise.all(plans.map((plan) => this.#keep(snapshot, plan)));
  }

  /** A plan that was made before; undefined when it was run, or newer ones pushed it out. */
  planWith(id: string): KeptPlan | undefined {
    return this.#plans.get(id);
  }

  async run({ plan, home }: KeptPlan, watch?: RunWatch): Promise<RunResult> {
    const result = await this.#desk.run(home, plan, watch);
    // One that was refused may run when what stood in its way is gone.
    if ("receipt" in result) this.#plans.delete(plan.id);
    return result;
  }

  /** Settles runs of any home that were cut off, and answers with their receipts. */
  async settle(snapshot: Snapshot): Promise<{ readonly home: HomeSnapshot; readonly receipt: Receipt }[]> {
    const settled: { readonly home: HomeSnapshot; readonly receipt: Receipt }[] = [];
    for (const home of snapshot.homes) {
      const { settled: receipts } = await this.#desk.settle(home);
      settled.push(...receipts.map((receipt) => ({ home, receipt })));
    }
    return settled;
  }

  /** All receipts of a home, the newest first. */
  journal(home: HomeSnapshot): Receipt[] {
    return this.#desk.journal(home).toReversed();
  }

  async #plansFor(snapshot: Snapshot, asked: PlanSubject): Promise<readonly Plan[]> {
    if ("sweep" in asked) return this.#desk.planTogether(snapshot, sweptFindings(snapshot, asked));
    if ("undo" in asked) {
      const { homeId, receiptId, beside } = asked.undo;
      const plan = this.#desk.planUndo(homeWith(snapshot, homeId), receiptId, beside);
      if (plan === null) throw new NothingToPlan(`There is no receipt ${receiptId} (any more).`);
      return [plan];
    }
    return [await this.#desk.plan(snapshot, requestOf(snapshot, asked.subject, asked.repair, asked.choice))];
  }

  async #keep(snapshot: Snapshot, plan: Plan): Promise<KeptPlan> {
    const home = snapshot.homes.find((one) => one.home.path === plan.home);
    if (home === undefined) throw new NothingToPlan(`${plan.home} is none of the homes that were scanned.`);
    const refusals = await this.#desk.check(home, plan);
    const kept = { plan, home, obstacles: refusals.map(({ reason }) => reason) };
    this.#plans.delete(plan.id);
    this.#plans.set(plan.id, kept);
    for (const [id] of this.#plans) if (this.#plans.size > MOST_PLANS) this.#plans.delete(id);
    return kept;
  }
}

function sweptFindings(snapshot: Snapshot, { sweep, homeId }: Extract<PlanSubject, { sweep: string }>): Finding[] {
  const homes = homeId === undefined ? snapshot.homes : [homeWith(snapshot, homeId)];
  const findings = homes.flatMap((one) => one.findings);
  return sweep === "all-safe" ? findings : findings.filter(({ code }) => code === "lock/stale");
}

function repairsFor(
  snapshot: Snapshot,
  subject: RepairSubject,
  only: readonly string[] | undefined,
): readonly Repair[] {
  const wanted = (id: string): boolean => only === undefined || only.includes(id);
  if ("findingId" in subject)
    return offeredRepairs(findingWith(snapshot, subject.findingId)).filter(({ id }) => wanted(id));
  return (only ?? []).map(repairWithId).filter((one) => one !== undefined);
}

function requestOf(
  snapshot: Snapshot,
  subject: RepairSubject,
  repair: string | undefined,
  choice: string | undefined,
): RepairRequest {
  const chosen = choice === undefined ? {} : { choice };
  if ("findingId" in subject)
    return { finding: subject.findingId, ...(repair === undefined ? {} : { repair }), ...chosen };
  if (repair === undefined) throw new NothingToPlan("Say what is to be done with the file.");
  return { home: homeWith(snapshot, subject.homeId).home.path, path: subject.place, repair, ...chosen };
}

function findingWith(snapshot: Snapshot, id: string): Finding {
  const finding = snapshot.homes.flatMap(({ findings }) => findings).find((one) => one.id === id);
  if (finding === undefined)
    throw new NothingToPlan("This finding does not stand any more: what it was about has changed.");
  return finding;
}

function homeWith(snapshot: Snapshot, id: string): HomeSnapshot {
  const home = snapshot.homes.find((one) => one.home.id === id);
  if (home === undefined) throw new NothingToPlan(`There is no home ${id} (any more).`);
  return home;
}
