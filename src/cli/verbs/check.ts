/** `check`: what is wrong or at risk; its exit code is for scripts. */
import { basename } from "node:path";

import type { DeepCheckCounts } from "../../engine/deep-check/deep-checks.ts";
import { severityRank } from "../../engine/lookup.ts";
import { readText } from "../../engine/present/deep-check-text.ts";
import { type Line, line } from "../../engine/present/lines.ts";
import { classifySessionFile } from "../../formats/session-file-names.ts";
import { scanDocument } from "../../engine/scan-document.ts";
import type { Severity } from "../../model/finding.ts";
import type { Skipped } from "../../model/reading.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { deepScanned, readNotes } from "../deep-checking.ts";
import { EXIT, usageError } from "../exit.ts";
import { reportCutOff } from "../repairing/settling.ts";
import { reportUnreadable, SCAN_OPTIONS, SCAN_OPTIONS_HELP, scanFolders, type Scanned } from "../scanning.ts";
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

interface Checked {
  readonly snapshot: Snapshot;
  /** What was read whole; absent where that was not asked for. */
  readonly read?: DeepCheckCounts;
}

function* checkLines(
  world: CliWorld,
  { read, snapshot }: Checked,
  folders: readonly string[],
  all: boolean,
): Generator<Line> {
  yield* environmentLines(snapshot);
  if (snapshot.homes.length === 0) yield* nothingFoundLines(folders);
  yield* findingsLines(allFindings(snapshot), { userHome: world.userHome, full: true, all });
  yield* skippedLines(snapshot, all);
  if (snapshot.homes.length > 0) yield* closingLines(snapshot);
  if (read !== undefined && snapshot.homes.length > 0) yield line(readText(read), "dim");
}

/** The contract's document has no place for what was read whole. */
async function printDocument(world: CliWorld, { read, snapshot }: Checked): Promise<void> {
  await printJson(world, snapshot, scanDocument(snapshot, { sessions: false, findings: true }));
  if (read !== undefined) world.terminal.err(`${readText(read)}\n`);
}

/** The exit code that follows from what could not be read; tells it on stderr. */
function troubleCode(world: CliWorld, scanned: Scanned, { read, snapshot }: Checked): number {
  const code = reportUnreadable(world, scanned);
  if (read === undefined) return code;
  for (const note of readNotes(read)) world.terminal.err(note);
  const isWhole = read.failed.length === 0 && !snapshot.homes.some(({ skipped }) => skipped.some(isTranscript));
  return code || (isWhole ? EXIT.done : EXIT.unreadable);
}

const TRANSCRIPTS: readonly string[] = ["live", "archive", "checkpoint", "imported"];

/** What was skipped already when it was looked at, by its name. */
const isTranscript = ({ path }: Skipped): boolean => TRANSCRIPTS.includes(classifySessionFile(basename(path)).what);

export const check: Verb = {
  name: "check",
  usage: "[DIR…]",
  summary: "what is wrong or at risk, with evidence; exit code 1 when something is",
  help: `DIR is a home, or a folder to look for homes in. Without one, the homes of this user are looked for.
Exit code: 0 nothing at or above --fail-on, 1 findings at or above it, 3 a DIR, or with
--deep a transcript, could not be read.

  --fail-on LEVEL  info, warning or error: findings from this level on give exit code 1 (default: warning)
  --deep           read every byte of every transcript, archives and databases included, and say what was read; a transcript
                   that did not change since the last time is not read again
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
    const shallow = await scanFolders(world, folders, values);
    const deep = values["deep"] === true ? await deepScanned(world, shallow) : undefined;
    const checked: Checked = deep ?? shallow;
    const { snapshot } = checked;
    reportCutOff(world, snapshot);
    const code = troubleCode(world, shallow, checked) || (fails(snapshot, threshold) ? EXIT.findings : EXIT.done);
    if (values["json"] === true) await printDocument(world, checked);
    else await world.terminal.lines(checkLines(world, checked, folders, values["all"] === true));
    await shallow.close();
    return code;
  },
};
