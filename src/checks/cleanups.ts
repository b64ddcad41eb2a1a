/** Which of OpenClaw's own cleanups could remove a file that a migration left (tried with 2026.9.6, and in its documentation). */
import type { FragmentKind } from "../model/fragment.ts";
import type { MigrationMove, MigrationRun, MigrationTarget } from "../model/migration.ts";
import type { HomeReading } from "../model/reading.ts";

/** A sentence that names the command or setting that could remove the file, and under which condition. */
export function removalText(path: string, kind: FragmentKind | null, home: HomeReading): string {
  if (path.includes("/session-sqlite-import-archive/")) return archiveText(path, home.migrations);
  switch (kind) {
    case "reset":
    case "deleted":
    case "backup":
      return `${ageText(home)}Session maintenance removes the oldest such archives when the sessions of an agent take more than \`session.maintenance.maxDiskBytes\` (10 GB unless set).`;
    case "live":
    case "checkpoint":
      return "`openclaw sessions cleanup` removes it once it is older than `session.maintenance.pruneAfter` (30 days unless set), as no session of the database names it.";
    default:
      return "No cleanup of OpenClaw removes it by itself.";
  }
}

/** Archives go by age only where somebody set it. */
function ageText({ archiveRetentionDays, archiveRetentionSource }: HomeReading): string {
  if (archiveRetentionDays === null) return "";
  return `Session maintenance removes archives after ${Math.round(archiveRetentionDays)} days (${archiveRetentionSource}). `;
}

/** What a run recorded as taken over whole, or repaired, counts as no longer needed. */
function archiveText(path: string, runs: readonly MigrationRun[]): string {
  const found = runs.flatMap((run) =>
    run.targets.flatMap((target) =>
      target.moves.filter(({ to }) => to === path).map((move) => isRemovable(run, target, move)),
    ),
  );
  if (found.length > 0 && found.every((removable) => removable)) {
    return "`openclaw update cleanup` deletes it for ever: a run of the migration recorded it as taken over.";
  }
  return "`openclaw update cleanup` keeps it as long as no run of the migration records that it was taken over.";
}

function isRemovable(
  run: MigrationRun,
  { validation }: MigrationTarget,
  { classification, disposal }: MigrationMove,
): boolean {
  const isTakenOver = classification === "imported" || classification === "repair-original";
  return isTakenOver && run.status === "completed" && validation === "passed" && disposal !== "disposed";
}
