/** `check`: what is wrong or at risk; its exit code is for scripts. */
import { severityRank } from "../../engine/lookup.ts";
import type { Line } from "../../engine/present/lines.ts";
import { scanDocument } from "../../engine/scan-document.ts";
import type { Severity } from "../../model/finding.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { EXIT, usageError } from "../exit.ts";
import { reportCutOff } from "../repairing/settling.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP, scanFolders } from "../scanning.ts";
import { allFindings, findingsLines } from "../text/findings.ts";
import { closingLines, environmentLines, nothingFoundLines, skippedLines } from "../text/surroundings.ts";
import type { CliWorld, Verb } from "../verb.ts";
import { printJson } from "./print-json.ts";

const SEVERITIES: readonly Severity[] = ["info", "warning", "error"];

function thresholdOf(value: unknown): Severity {
  const threshold = SEVERITIES.find((one) => one === value);
  if (threshold === undefined) throw usageError(`--fail-on takes ${SEVERITIES.join(", ")}, not "${String(value)}"`);
  return threshold;
}

const fails = (snapshot: Snapshot, threshold: Severity): boolean =>
  allFindings(snapshot).some((one) => severityRank(one.severity) <= severityRank(threshold));

function* checkLines(world: CliWorld, snapshot: Snapshot, folders: readonly string[], all: boolean): Generator<Line> {
  yield* environmentLines(snapshot);
  if (snapshot.homes.length === 0) yield* nothingFoundLines(folders);
  yield* findingsLines(allFindings(snapshot), { userHome: world.userHome, full: true, all });
  yield* skippedLines(snapshot, all);
  if (snapshot.homes.length > 0) yield* closingLines(snapshot);
}

export const check: Verb = {
  name: "check",
  usage: "[DIR…]",
  summary: "what is wrong or at risk, with evidence; exit code 1 when something is",
  help: `DIR is a home, or a folder to look for homes in. Without one, the homes of this user are looked for.
Exit code: 0 nothing at or above --fail-on, 1 findings at or above it, 3 a DIR could not be read.

  --fail-on LEVEL  info, warning or error: findings from this level on give exit code 1 (default: warning)
  --deep           read every byte of every transcript; this release does not do so yet and says so
  --all            show every finding
${SCAN_OPTIONS_HELP}`,
  options: {
    ...SCAN_OPTIONS,
    all: { type: "boolean" },
    deep: { type: "boolean" },
    "fail-on": { type: "string", default: "warning" },
  },
  takes: [0, Infinity],
  async run(world, folders, values) {
    const threshold = thresholdOf(values["fail-on"]);
    if (values["deep"] === true)
      world.terminal.err(
        "--deep: this release checks stores, locks, and the beginnings and ends of transcripts, not every byte.\n",
      );
    const scanned = await scanFolders(world, folders, values);
    const { snapshot } = scanned;
    reportCutOff(world, snapshot);
    const code = reportUnreadable(world, scanned) || (fails(snapshot, threshold) ? EXIT.findings : EXIT.done);
    if (values["json"] === true)
      await printJson(world, snapshot, scanDocument(snapshot, { sessions: false, findings: true }));
    else await world.terminal.lines(checkLines(world, snapshot, folders, values["all"] === true));
    await scanned.close();
    return code;
  },
};
