/** What the person on the command line asks to be repaired, and the plans that follow from it. */
import { resolve } from "node:path";

import { NothingToPlan, type RepairRequest } from "../../engine/planning/plan-repairs.ts";
import type { RepairDesk } from "../../engine/repair-desk.ts";
import type { Finding } from "../../model/finding.ts";
import type { Plan } from "../../model/plan.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { isInside, pathWithin, realPath } from "../../system/files.ts";
import { usageError } from "../exit.ts";
import { homesMeant } from "../scanning.ts";
import type { CliWorld, Values } from "../verb.ts";
import type { PlanFor } from "./running.ts";

/** Options of `plan` and `repair` that say what is meant. */
export const ASKING_OPTIONS = {
  home: { type: "string" },
  repair: { type: "string" },
  choice: { type: "string" },
  "stale-locks": { type: "boolean" },
  "all-safe": { type: "boolean" },
} as const;

export const ASKING_HELP = `FINDING is the id that check prints; several make one plan for each home. A file (a transcript, an archive, a lock) can stand
in its place when --repair says what to do with it.

  --home DIR       look in this home only
  --repair NAME    which of the repairs that a finding is offered (default: the first); docs/repairs.md lists them
  --choice ID      which of the ways that the repair offers; without it they are listed when there is no usual one
  --stale-locks    the stale locks of all homes looked at, instead of findings
  --all-safe       every repair without a conflict or a choice, instead of findings
`;

const text = (value: Values[string]): string | undefined => (typeof value === "string" ? value : undefined);

/** Every finding that `--stale-locks` or `--all-safe` means; null when neither is given. */
function sweeping(world: CliWorld, snapshot: Snapshot, values: Values): Finding[] | null {
  const all = homesMeant(world, snapshot, values).flatMap(({ findings }) => findings);
  if (values["all-safe"] === true) return all;
  return values["stale-locks"] === true ? all.filter(({ code }) => code === "lock/stale") : null;
}

/** The home and the home-relative path of a file that was named in place of a finding. */
function fileRequest(world: CliWorld, snapshot: Snapshot, name: string): { home: string; path: string } | null {
  const path = resolve(world.workingFolder, name);
  const real = realPath(path) ?? path;
  const home = snapshot.homes
    .map((one) => one.home.path)
    .filter((one) => isInside(one, real))
    .toSorted((a, b) => b.length - a.length)[0];
  return home === undefined ? null : { home, path: pathWithin(home, real) };
}

const findingWith = (snapshot: Snapshot, id: string): Finding | undefined =>
  snapshot.homes.flatMap(({ findings }) => findings).find((one) => one.id === id);

/** The one request that the arguments mean. */
function requestFor(world: CliWorld, snapshot: Snapshot, name: string, values: Values): RepairRequest {
  const repair = text(values["repair"]);
  const choice = text(values["choice"]);
  const chosen = choice === undefined ? {} : { choice };
  if (findingWith(snapshot, name) !== undefined)
    return { finding: name, ...(repair === undefined ? {} : { repair }), ...chosen };
  const file = fileRequest(world, snapshot, name);
  if (file === null)
    throw usageError(
      `There is no finding "${name}" (any more), and no home of the scan holds such a file. --home DIR looks elsewhere.`,
    );
  if (repair === undefined)
    throw usageError(`Say with --repair what to do with ${name}; docs/repairs.md lists what there is.`);
  return { ...file, repair, ...chosen };
}

/** Plans for everything that was asked for, one for each home that is written. */
export async function plansFor(
  world: CliWorld,
  desk: RepairDesk,
  snapshot: Snapshot,
  names: readonly string[],
  values: Values,
): Promise<PlanFor[]> {
  const plans = await plansAsked(world, desk, snapshot, names, values);
  return plans.map((plan) => ({ plan, home: homeOf(snapshot, plan) }));
}

async function plansAsked(
  world: CliWorld,
  desk: RepairDesk,
  snapshot: Snapshot,
  names: readonly string[],
  values: Values,
): Promise<readonly Plan[]> {
  const swept = sweeping(world, snapshot, values);
  if (swept !== null) {
    if (names.length > 0) throw usageError("Name findings, or give --stale-locks or --all-safe, not both.");
    return desk.planTogether(snapshot, swept);
  }
  const [first] = names;
  if (first === undefined)
    throw usageError("Name a finding (check prints their ids), or give --stale-locks or --all-safe.");
  try {
    if (names.length === 1) return [await planAsked(desk, snapshot, requestFor(world, snapshot, first, values))];
    return await desk.planTogether(snapshot, named(snapshot, names, values));
  } catch (error) {
    if (error instanceof NothingToPlan) throw usageError(error.message);
    throw error;
  }
}

/** The plan of one request; ends with the list of choices where one of them has to be named first. */
async function planAsked(desk: RepairDesk, snapshot: Snapshot, request: RepairRequest): Promise<Plan> {
  const plan = await desk.plan(snapshot, request);
  if (plan.conflicts.length === 0 || request.choice !== undefined) return plan;
  const choices = await desk.choices(snapshot, request);
  if (choices.length === 0 || choices.some(({ isDefault }) => isDefault)) return plan;
  const list = choices.map(({ id, label, detail }) => `  ${id}  ${[label, detail].filter(Boolean).join(", ")}\n`);
  throw usageError(`${plan.title}: several ways are open here. Name one with --choice:\n${list.join("")}`);
}

function named(snapshot: Snapshot, names: readonly string[], values: Values): Finding[] {
  if (values["repair"] !== undefined || values["choice"] !== undefined)
    throw usageError("--repair and --choice are for one finding at a time.");
  return names.map((name) => {
    const finding = findingWith(snapshot, name);
    if (finding === undefined) throw usageError(`There is no finding "${name}" (any more).`);
    return finding;
  });
}

/** The home that a plan writes, as the scan knows it. */
function homeOf(snapshot: Snapshot, plan: Plan): HomeSnapshot {
  const home = snapshot.homes.find((one) => one.home.path === plan.home);
  if (home === undefined) throw usageError(`${plan.home} was not scanned: name it with --home.`);
  return home;
}
