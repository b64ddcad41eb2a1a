/** From findings to plans: asks the repairs what they would change, and completes their outlines for the home that is written. */
import type { Finding } from "../../model/finding.ts";
import { type Plan, type PlannedRepair, planOf } from "../../model/plan.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { completePlan, type OutlinedRepair } from "../../repairs/complete.ts";
import { REPAIRS, repairWithId } from "../../repairs/kinds.ts";
import { type Outline, refused } from "../../repairs/outline.ts";
import { NotReadable, type RepairPort } from "../../repairs/port.ts";
import type { Choice, Repair, RepairInput } from "../../repairs/repair.ts";
import { findingById } from "../lookup.ts";
import { diskPort } from "./disk-port.ts";

/** What plans need beside the snapshot. */
export interface PlanningContext {
  /** Milliseconds, UTC. */
  readonly now: number;
  /** A file that was written to more recently may be in use; milliseconds. */
  readonly quietMs: number;
  /** Who asks, such as "kim@workbench". */
  readonly by: string;
  /** The disk, unless tests answer. */
  readonly port?: RepairPort;
}

/** What is to be repaired: a finding, or a file of a home with a repair that a person asks for. */
export type RepairRequest =
  | { readonly finding: string; readonly repair?: string; readonly choice?: string }
  | {
      /** Absolute path of the home. */
      readonly home: string;
      /** Home-relative path of the file. */
      readonly path: string;
      readonly repair: string;
      readonly choice?: string;
    };

/** Why a request can't be planned: nothing of that name is there. */
export class NothingToPlan extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NothingToPlan";
  }
}

/** A request with the things that it names. */
interface Asked {
  readonly repair: Repair;
  readonly input: RepairInput;
}

/** The plan for one request. Rejects with NothingToPlan when finding, home or repair are not there. */
export async function planRepair(snapshot: Snapshot, request: RepairRequest, context: PlanningContext): Promise<Plan> {
  const asked = askedFor(snapshot, request, context);
  const outlined = await outlinedRepair(asked);
  const draft = await completePlan(writtenHome(asked), asked.repair.title, [outlined], asked.input.port);
  return planOf(draft);
}

/** What can be chosen for a request; empty when there is nothing to choose. */
export async function repairChoices(
  snapshot: Snapshot,
  request: RepairRequest,
  context: PlanningContext,
): Promise<readonly Choice[]> {
  const { repair, input } = askedFor(snapshot, request, context);
  return (await repair.choices?.(input)) ?? [];
}

/**
 * One plan for each home that is written, of the usual repair of each of these findings: whatever has a conflict, or needs a
 * choice, is left out and named in the notes. "Repair All Safe" asks for all findings, "remove stale locks" for those of locks.
 */
export async function planTogether(
  snapshot: Snapshot,
  findings: readonly Finding[],
  context: PlanningContext,
): Promise<Plan[]> {
  const port = context.port ?? diskPort();
  const byHome = new Map<string, OutlinedRepair[]>();
  for (const { id, repairs } of findings) {
    if (repairs.length === 0) continue;
    const asked = askedFor(snapshot, { finding: id }, { ...context, port });
    const home = writtenHome(asked);
    const known = byHome.get(home) ?? [];
    byHome.set(home, known);
    known.push(await outlinedRepair(asked));
  }
  const plans: Plan[] = [];
  for (const [home, repairs] of byHome) {
    const draft = await completePlan(home, TOGETHER, repairs, port, true);
    if (draft.steps.length > 0 || draft.notes.length > 0)
      plans.push(planOf({ ...draft, title: titleOf(draft.repairs) }));
  }
  return plans;
}

const TOGETHER = "Repair all that is safe to repair";

/** Repairs of one kind go by its name: "Move the stale lock aside (3 times)". */
function titleOf(repairs: readonly PlannedRepair[]): string {
  const [first] = repairs;
  if (first === undefined || repairs.some(({ repair }) => repair !== first.repair)) return TOGETHER;
  return repairs.length === 1 ? first.title : `${first.title} (${repairs.length} times)`;
}

/** Ids and titles of the repairs that a finding is offered. */
export function offeredRepairs({ repairs }: Finding): readonly Repair[] {
  return REPAIRS.filter(({ id }) => repairs.includes(id));
}

function askedFor(snapshot: Snapshot, request: RepairRequest, context: PlanningContext): Asked {
  const { home, finding, repair, path } =
    "finding" in request ? ofFinding(snapshot, request) : ofFile(snapshot, request);
  return {
    repair,
    input: {
      target: { finding, path },
      home,
      others: snapshot.homes.filter((other) => other !== home),
      choice: request.choice ?? null,
      now: context.now,
      quietMs: context.quietMs,
      by: context.by,
      port: context.port ?? diskPort(),
    },
  };
}

interface Named {
  readonly home: HomeSnapshot;
  readonly finding: Finding | null;
  readonly repair: Repair;
  readonly path: string;
}

function ofFinding(snapshot: Snapshot, request: Extract<RepairRequest, { finding: string }>): Named {
  const found = findingById(snapshot, request.finding);
  if (found === undefined) throw new NothingToPlan(`There is no finding ${request.finding} (any more).`);
  const { home, finding } = found;
  const id = request.repair ?? finding.repairs[0];
  if (id === undefined) throw new NothingToPlan(`No repair is offered for ${finding.code} (${finding.id}).`);
  if (!finding.repairs.includes(id)) throw new NothingToPlan(`${finding.code} (${finding.id}) has no repair "${id}".`);
  return { home, finding, repair: repairNamed(id), path: finding.path };
}

function ofFile(snapshot: Snapshot, request: Exclude<RepairRequest, { finding: string }>): Named {
  const home = snapshot.homes.find((one) => one.home.path === request.home);
  if (home === undefined) throw new NothingToPlan(`${request.home} is none of the homes that were scanned.`);
  return { home, finding: null, repair: repairNamed(request.repair), path: request.path };
}

function repairNamed(id: string): Repair {
  const repair = repairWithId(id);
  if (repair === undefined)
    throw new NothingToPlan(`There is no repair "${id}"; there are ${REPAIRS.map((one) => one.id).join(", ")}.`);
  return repair;
}

function writtenHome({ repair, input }: Asked): string {
  return repair.writes?.(input.home) ?? input.home.home.path;
}

async function outlinedRepair({ repair, input }: Asked): Promise<OutlinedRepair> {
  const { finding, path } = input.target;
  return {
    planned: { repair: repair.id, finding: finding?.id ?? null, path, title: repair.title },
    outline: await outlineOf(repair, input),
  };
}

async function outlineOf(repair: Repair, input: RepairInput): Promise<Outline> {
  try {
    return await repair.outline(input);
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return refused(error.path, `It can't be used: ${error.message}.`);
  }
}
