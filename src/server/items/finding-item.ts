/** A finding as a row. */
import { findingKind } from "../../checks/codes.ts";
import { counterpartOfSession, sessionOfFinding } from "../../engine/lookup.ts";
import { homePath } from "../../engine/present/homes.ts";
import { escaped } from "../../engine/present/names.ts";
import { sessionLabel } from "../../engine/present/sessions.ts";
import type { Finding } from "../../model/finding.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { FindingItem } from "../../protocol/findings.ts";
import { findingTarget, homeFileTarget } from "../targets.ts";
import { sessionRef } from "./session-item.ts";
import { evidenceTips, tip } from "./texts.ts";

/** Short enough for a side bar; the message is in the tooltip and in the explanation. */
const titleOf = ({ code, message }: Finding): string => escaped(findingKind(code)?.title ?? message);

export function findingItem(home: HomeSnapshot, finding: Finding, userHome: string): FindingItem {
  const located = sessionOfFinding(home, finding);
  const { line, ...file } = findingTarget(home, finding);
  const owner = located === undefined ? "" : `${sessionLabel(located.session, located.agent.reading.name)} · `;
  const place = finding.path === "." ? homePath(finding.home, userHome) : finding.path.replace(/^.*\//, "");
  return {
    id: finding.id,
    code: finding.code,
    severity: finding.severity,
    label: titleOf(finding),
    description: escaped(`${owner}${place}`),
    tooltip: [
      tip(finding.code, finding.message),
      tip("File", `${homePath(file.path, userHome)}${line === null ? "" : `:${line}`}`),
      ...evidenceTips(finding.evidence),
      ...finding.related.map((one) => tip(one.label, one.path)),
    ],
    worst: finding.severity,
    message: escaped(finding.message),
    homeId: home.home.id,
    file,
    line,
    session: located === undefined ? null : sessionRef({ home, ...located }),
    related: finding.related.map(({ path, label }) => ({
      ...homeFileTarget(home, path),
      label: escaped(label),
    })),
    repairs: finding.repairs,
    hasCanonical:
      located !== undefined && counterpartOfSession(home, located.agent.reading.name, located.session) !== undefined,
  };
}
