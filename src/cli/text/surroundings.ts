/** What is said around every result: where the tool itself runs, what was not found, and what could not be read. */
import { count, duration } from "../../model/amounts.ts";
import { checkedSummary, healthySentence } from "../../engine/present/homes.ts";
import { EMPTY, indented, line, span } from "../../engine/present/lines.ts";
import type { Line } from "../../engine/present/lines.ts";
import { allSkipped } from "../../engine/scan-document.ts";
import type { Snapshot } from "../../model/snapshot.ts";

/** To be said first of all: this terminal's HOME is not the person's home. */
export function* environmentLines(snapshot: Snapshot): Generator<Line> {
  for (const warning of snapshot.environment) {
    yield [span("! ", "bad"), span(warning.message, "warning")];
    yield indented(line(`HOME leads to:     ${warning.home}`));
    yield indented(line(`Canonical home is: ${warning.canonicalPath}`));
    yield EMPTY;
  }
}

/** Shown when there is no home at all. */
export function* nothingFoundLines(folders: readonly string[]): Generator<Line> {
  if (folders.length === 0) {
    yield line("No home of an agent was found for this user.");
    yield line(
      "Looked where OPENCLAW_STATE_DIR and its like point, at ~/.openclaw, its profiles and its older names,",
      "dim",
    );
    yield line(
      "and at the environment of running gateways. Name a folder to look elsewhere: session-forensics scan DIR",
      "dim",
    );
    return;
  }
  yield line(`No home of an agent lies in ${folders.join(", ")}.`);
}

/** Places that are shown without `--all`. */
const MOST = 20;

export function* skippedLines(snapshot: Snapshot, all: boolean): Generator<Line> {
  const skipped = allSkipped(snapshot);
  if (skipped.length === 0) return;
  yield line(`Could not read ${count(skipped.length, "place")}`, "strong");
  const shown = all ? skipped : skipped.slice(0, MOST);
  for (const { path, reason } of shown) yield indented([span(path), span(`  ${reason}`, "warning")]);
  if (shown.length < skipped.length)
    yield indented(line(`… and ${skipped.length - shown.length} more (use --all or --json)`, "dim"));
  yield EMPTY;
}

/** The last words: that all is well, or what was looked at. */
export function* closingLines(snapshot: Snapshot): Generator<Line> {
  const healthy = healthySentence(snapshot);
  const time = duration(snapshot.elapsedMs);
  if (healthy === null) yield line(`Checked: ${checkedSummary(snapshot)} in ${time}.`, "dim");
  else yield line(healthy, "good");
}
