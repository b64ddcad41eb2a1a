/** One finding as readable lines: what is wrong, where, what it rests on, and what it is also about. */
import { findingKind } from "../../checks/codes.ts";
import type { Finding } from "../../model/finding.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { repairWithId } from "../../repairs/kinds.ts";
import { pathFrom } from "../../system/files.ts";
import { sessionOfFinding } from "../lookup.ts";
import { programName, roleName } from "./homes.ts";
import { EMPTY, evidenceLine, fileSpan, indented, line, span } from "./lines.ts";
import type { Line } from "./lines.ts";
import { sessionLabel } from "./sessions.ts";

const SEVERITY_NAMES = { error: "Error", warning: "Warning", info: "Note" } as const;
const SEVERITY_TONES = { error: "bad", warning: "warning", info: "plain" } as const;

function placeLines(home: HomeSnapshot, finding: Finding): Line[] {
  const path = pathFrom(home.home.path, finding.path);
  const { range } = finding;
  const lineNumber = range?.line ?? null;
  const where =
    lineNumber === null ? fileSpan(path, { path }) : fileSpan(`${path}:${lineNumber}`, { path, line: lineNumber });
  const offset = range === undefined ? [] : [span(` (byte ${range.offset}, ${range.bytes} long)`, "dim")];
  const found = sessionOfFinding(home, finding);
  const session =
    found === undefined
      ? ""
      : `Session ${found.session.key ?? sessionLabel(found.session, found.agent.reading.name)}, `;
  const agent = finding.agent ?? found?.agent.reading.name;
  return [
    [span("Where: "), where, ...offset],
    [
      span(`       ${session}${agent === undefined ? "" : `agent ${agent}, `}home `),
      fileSpan(home.home.path, { path: home.home.path }),
      span(` (${programName(home.home)}, ${roleName(home.home.role)})`),
    ],
  ];
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [EMPTY, line(title, "strong"), ...lines.map((one) => indented(one))];
}

/** What the table of findings says of its kind: the same as docs/findings.md. */
function kindLines(code: string): Line[] {
  const kind = findingKind(code);
  if (kind === undefined) return [];
  return [
    ...section("What it means", [line(kind.means)]),
    ...section("How it comes about", [line(kind.why)]),
    ...section("What to do", [line(kind.advice)]),
    ...section(
      "Where others met it",
      kind.threads.map((one) => line(one)),
    ),
  ];
}

/** What the repair does, with the id that asks for it. */
function repairLine(id: string): Line {
  return [span(`${repairWithId(id)?.title ?? "Repair"} `), span(`(${id})`, "dim")];
}

/** The finding explained. Paragraphs are single lines: an editor wraps them to its own width. */
export function findingText(home: HomeSnapshot, finding: Finding): Line[] {
  const related = finding.related.map(({ path, label }): Line => {
    const target = pathFrom(home.home.path, path);
    return [span(`${label}: `), fileSpan(target, { path: target })];
  });
  const repairs =
    finding.repairs.length === 0 ? [line("No repair is offered for it yet.")] : finding.repairs.map(repairLine);
  return [
    [span(`${SEVERITY_NAMES[finding.severity]}: `, SEVERITY_TONES[finding.severity]), span(finding.code, "strong")],
    line(finding.message),
    EMPTY,
    ...placeLines(home, finding),
    ...section(
      "What this rests on",
      finding.evidence.map((one) => evidenceLine(home.home.path, one)),
    ),
    ...section("See also", related),
    ...kindLines(finding.code),
    ...section("Repairs", repairs),
    EMPTY,
    line(`Id: ${finding.id}`, "dim"),
  ];
}
