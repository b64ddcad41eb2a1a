/** The scan that `plan`, `repair`, `undo` and `journal` start from. */
import { type Line, line } from "../../engine/present/lines.ts";
import { homesHolding, pathsOf } from "../named-files.ts";
import { scanFolders, scanPlaces, type Scanned } from "../scanning.ts";
import type { CliWorld, Values } from "../verb.ts";

/** Scans the home that was named, else those of this user and those of files that were named. */
export async function scanForRepair(world: CliWorld, names: readonly string[], values: Values): Promise<Scanned> {
  const { home } = values;
  if (typeof home === "string") return scanFolders(world, [home], values);
  const paths = homesHolding(names.flatMap((one) => pathsOf(world, one)));
  return scanPlaces(world, { paths: [...new Set(paths)], discover: true }, values);
}

/** Said when a sweep found nothing to do. */
export function nothingPlannedLines(plans: readonly unknown[]): Line[] {
  return plans.length === 0 ? [line("There is nothing to repair here.", "good")] : [];
}
