/** The scan that `plan`, `repair`, `undo` and `journal` start from. */
import { type Line, line } from "../../engine/present/lines.ts";
import { homesHolding, pathsOf } from "../named-files.ts";
import { deepScanned } from "../deep-checking.ts";
import { EXIT, ExitError } from "../exit.ts";
import { reportUnreadable, scanFolders, scanPlaces, type Scanned } from "../scanning.ts";
import type { CliWorld, Values } from "../verb.ts";

/** Scans the home that was named, else those of this user and those of files that were named; whole, where a finding asks for it. */
export async function scanForRepair(world: CliWorld, names: readonly string[], values: Values): Promise<Scanned> {
  const scanned = await scanNamed(world, names, values);
  if (!names.some((name) => mayBeDeep(name, scanned))) return scanned;
  world.terminal.err("Reading all transcripts whole: no first look gives a finding of that name.\n");
  return deepScanned(world, scanned);
}

/** Ids of findings are twelve hexadecimal digits. */
const FINDING_ID = /^[0-9a-f]{12}$/;

/** Whether the name may be that of a finding which only a whole read tells. */
function mayBeDeep(name: string, { snapshot }: Scanned): boolean {
  return FINDING_ID.test(name) && !snapshot.homes.some(({ findings }) => findings.some(({ id }) => id === name));
}

async function scanNamed(world: CliWorld, names: readonly string[], values: Values): Promise<Scanned> {
  const { home } = values;
  if (typeof home === "string") {
    const scanned = await scanFolders(world, [home], values);
    if (scanned.snapshot.homes.length > 0) return scanned;
    const code = reportUnreadable(world, scanned) || EXIT.usage;
    throw new ExitError(code, code === EXIT.usage ? `No home of an agent lies in ${home}.` : "Nothing was looked for.");
  }
  const paths = homesHolding(names.flatMap((one) => pathsOf(world, one)));
  return scanPlaces(world, { paths: [...new Set(paths)], discover: true }, values);
}

/** Said when a sweep found nothing to do. */
export function nothingPlannedLines(plans: readonly unknown[]): Line[] {
  return plans.length === 0 ? [line("There is nothing to repair here.", "good")] : [];
}
