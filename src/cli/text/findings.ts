/** Findings as text, the worst first. */
import { severityRank } from "../../engine/lookup.ts";
import { count } from "../../model/amounts.ts";
import { homePath } from "../../engine/present/homes.ts";
import { EMPTY, evidenceLine, fileSpan, indented, line, span } from "../../engine/present/lines.ts";
import type { Line, Tone } from "../../engine/present/lines.ts";
import type { Finding, Severity } from "../../model/finding.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { pathFrom } from "../../system/files.ts";

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { error: "bad", warning: "warning", info: "plain" };

const WORDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export interface FindingsOptions {
  readonly userHome: string;
  /** With evidence, ids and what else they are about. */
  readonly full: boolean;
  readonly all: boolean;
}

/** Findings that are shown without `--all`. */
const MOST = 50;

export const allFindings = (snapshot: Snapshot): Finding[] =>
  snapshot.homes.flatMap((one) => one.findings).toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));

/** "1 error, 2 warnings" */
export function findingCounts(findings: readonly Finding[]): string {
  const bySeverity = Map.groupBy(findings, (one) => one.severity);
  return (["error", "warning", "info"] as const)
    .flatMap((severity) => {
      const number = bySeverity.get(severity)?.length ?? 0;
      return number === 0 ? [] : [count(number, WORDS[severity])];
    })
    .join(", ");
}

function* findingLines(finding: Finding, { userHome, full }: FindingsOptions): Generator<Line> {
  const path = pathFrom(finding.home, finding.path);
  const shown = homePath(path, userHome);
  const lineNumber = finding.range?.line ?? null;
  yield [
    span(WORDS[finding.severity].padEnd(7), SEVERITY_TONES[finding.severity]),
    span("  "),
    span(finding.code, "strong"),
    span("  "),
    lineNumber === null
      ? fileSpan(shown, { path }, "dim")
      : fileSpan(`${shown}:${lineNumber}`, { path, line: lineNumber }, "dim"),
  ];
  yield indented(line(finding.message), 1);
  if (!full) return;
  for (const one of finding.evidence) yield indented(evidenceLine(finding.home, one), 2);
  for (const { label, path: other } of finding.related) {
    const target = pathFrom(finding.home, other);
    yield indented([span(`${label}: `), fileSpan(homePath(target, userHome), { path: target })], 2);
  }
  yield indented(line(`id ${finding.id}${offer(finding.repairs)}`, "dim"), 2);
}

/** What plan and repair do with the id, the usual repair first. */
function offer(repairs: readonly string[]): string {
  return repairs.length === 0 ? "" : `, for plan and repair: ${repairs.join(", ")}`;
}

/** Headed by their counts; nothing at all when there is none. */
export function* findingsLines(findings: readonly Finding[], options: FindingsOptions): Generator<Line> {
  if (findings.length === 0) return;
  yield line(findingCounts(findings), "strong");
  const shown = options.all || findings.length <= MOST ? findings : findings.slice(0, MOST);
  for (const one of shown) yield* findingLines(one, options);
  if (shown.length < findings.length)
    yield line(`… and ${findings.length - shown.length} more (use --all or --json)`, "dim");
  yield EMPTY;
}
