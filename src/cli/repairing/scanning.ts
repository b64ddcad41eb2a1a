/** The scan that `plan`, `repair`, `undo` and `journal` start from. */
import { type Line, line } from "../../engine/present/lines.ts";
import { homesHolding, pathsOf } from "../named-files.ts";
import { EXIT, ExitError } from "../exit.ts";
import { reportUnreadable, scanFolders, scanPlaces, type Scanned } from "../scanning.ts";
import type { CliWorld, Values } from "../verb.ts";

/** Scans the home that was named, else those of this user and those of files that were named. */
export async function scanForRepair(world: CliWorld, names: readonly string[], values: Values): Promise<Scanned> {
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
