/** The scan that `plan`, `repair`, `undo` and `journal` start from. */
import { resolve } from "node:path";

import { type Line, line } from "../../engine/present/lines.ts";
import { scanFolders, scanPlaces, type Scanned } from "../scanning.ts";
import type { CliWorld, Values } from "../verb.ts";

/** A path in place of a finding's id: then its home is looked into as well. */
const isPath = (name: string): boolean => /[\\/]/.test(name);

/** Scans the home that was named, else those of this user and those of files that were named. */
export async function scanForRepair(world: CliWorld, names: readonly string[], values: Values): Promise<Scanned> {
  const { home } = values;
  if (typeof home === "string") return scanFolders(world, [home], values);
  const paths = names.filter(isPath).map((one) => resolve(world.workingFolder, one));
  return scanPlaces(world, { paths, discover: true }, values);
}

/** Said when a sweep found nothing to do. */
export function nothingPlannedLines(plans: readonly unknown[]): Line[] {
  return plans.length === 0 ? [line("There is nothing to repair here.", "good")] : [];
}
