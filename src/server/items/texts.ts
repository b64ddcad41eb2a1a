/** Building blocks of rows: everything from a foreign file is escaped here. */
import { evidenceText } from "../../model/evidence.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { Finding } from "../../model/finding.ts";
import type { FindingCounts, LockCounts, TooltipLine } from "../../protocol/items.ts";
import { escaped } from "../../engine/present/names.ts";
import type { Lock, LockVerdict } from "../../model/lock.ts";

export const tip = (name: string | null, text: string): TooltipLine => ({ name, text: escaped(text) });

/** A line only if there is something to say. */
export const maybeTip = (name: string | null, text: string | null | undefined): TooltipLine[] =>
  text === null || text === undefined || text === "" ? [] : [tip(name, text)];

export const evidenceTips = (evidence: readonly Evidence[]): TooltipLine[] =>
  evidence.map((one) => tip(null, `– ${evidenceText(one)}`));

/** A tooltip is not a report: more findings than this are only counted. */
const MOST_FINDINGS = 5;

export function findingTips(findings: readonly Finding[]): TooltipLine[] {
  const shown = findings.slice(0, MOST_FINDINGS).map((one) => tip(one.code, one.message));
  const left = findings.length - shown.length;
  return left === 0 ? shown : [...shown, tip(null, `… and ${left} more findings`)];
}

export function findingCounts(findings: readonly Finding[]): FindingCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

export function lockCounts(locks: readonly Lock[]): LockCounts {
  const counts: Record<LockVerdict, number> = { held: 0, stale: 0, unknown: 0 };
  for (const { verdict } of locks) counts[verdict] += 1;
  return counts;
}
