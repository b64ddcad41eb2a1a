/** A fragment as a row. */
import { counterpartOfFragment, findingsAt, findingsOfFragment, lockOn, worstOf } from "../../engine/lookup.ts";
import { size } from "../../model/amounts.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { escaped } from "../../engine/present/names.ts";
import { extentText, placeLabel } from "../../engine/present/places.ts";
import { coverageMark, coverageOf, coverageText } from "../../engine/present/coverage.ts";
import {
  copyNote,
  fragmentLabel,
  fragmentSummary,
  isNow,
  kindName,
  linkStanding,
  partName,
} from "../../engine/present/sessions.ts";
import { maskSecrets } from "../../engine/present/secrets.ts";
import { moment, momentRange } from "../../engine/present/times.ts";
import { placeId } from "../../model/fragment.ts";
import type { Fragment } from "../../model/fragment.ts";
import type { LinkedFragment, Session } from "../../model/session.ts";
import type { FragmentItem } from "../../protocol/fragments.ts";
import type { TooltipLine } from "../../protocol/items.ts";
import { fragmentTarget, placeTarget } from "../targets.ts";
import { sessionRef } from "./session-item.ts";
import { evidenceTips, findingTips, maybeTip, tip } from "./texts.ts";

function linkTips(fragment: Fragment, linked: LinkedFragment | undefined): TooltipLine[] {
  if (linked === undefined) return [tip("Link", `none: ${copyNote(fragment)}`)];
  const { link, open, alternatives } = linked;
  const others = alternatives.map((one) => tip("Could also continue", placeLabel(one)));
  if (link === null) return [tip("Link", open === null ? "no fragment comes before it" : `open: ${open}`), ...others];
  return [tip(`Continues (${link.certainty})`, placeLabel(link.previous)), ...evidenceTips(link.evidence), ...others];
}

function damageTips(fragment: Fragment): TooltipLine[] {
  const { header, tail } = fragment;
  return [
    ...(header.state === "bad" ? [tip("Header", header.reason)] : []),
    ...(header.state === "empty" ? [tip("Header", "the file is empty")] : []),
    ...(tail.state === "torn" ? [tip("Torn end", `${tail.reason} (byte ${tail.offset})`)] : []),
  ];
}

/** Where it lies: a file, or a stretch of a database or archive. */
function placeTips(session: Session, fragment: Fragment): TooltipLine[] {
  const { archive, path, window } = fragment;
  if (window === undefined) return [tip("File", path), ...maybeTip("Archive in it", archive)];
  return [
    tip(archive === undefined && fragment.kind === "window" ? "Database" : "File", path),
    ...maybeTip("Archive in it", archive),
    tip("Window", `${partName(session, fragment)}: ${extentText(window)} of the session ${window.sessionId}`),
  ];
}

function tooltip(
  { agent, home, session }: ChainSubject,
  fragment: Fragment,
  linked: LinkedFragment | undefined,
): TooltipLine[] {
  const coverage = coverageOf(agent.reading, fragment);
  const lock = lockOn(home, fragment.path);
  return [
    ...maybeTip("Id", fragment.sessionId),
    ...(fragment.fileId === fragment.sessionId ? [] : maybeTip("Named after", fragment.fileId)),
    ...placeTips(session, fragment),
    tip("Kind", `${kindName(fragment.kind)}, ${size(fragment.bytes)}`),
    tip("From", momentRange(fragment.startedAt, fragment.endedAt)),
    ...(fragment.archivedAt === null ? [] : [tip("Put away", moment(fragment.archivedAt))]),
    ...(fragment.firstUserText === null ? [] : maybeTip("Begins", maskSecrets(fragment.firstUserText))),
    ...linkTips(fragment, linked),
    ...(coverage === undefined ? [] : [tip("Database", coverageText(coverage))]),
    ...damageTips(fragment),
    ...(lock === undefined ? [] : [tip(`Lock ${lock.verdict}`, lock.explanation)]),
    ...findingTips(findingsOfFragment(home, fragment)),
  ];
}

/** `linked` is absent for a checkpoint. */
export function fragmentItem(subject: ChainSubject, fragment: Fragment, linked?: LinkedFragment): FragmentItem {
  const { home, agent, session } = subject;
  const lock = lockOn(home, fragment.path);
  const summary = fragmentSummary(session, fragment, linked);
  const mark = coverageMark(coverageOf(agent.reading, fragment));
  const findings = [...findingsOfFragment(home, fragment), ...(lock === undefined ? [] : findingsAt(home, lock.path))];
  return {
    session: sessionRef(subject),
    id: placeId(fragment),
    place: fragment.path,
    window: fragment.window ?? null,
    file: fragmentTarget(home, { agent, entry: { session, fragment } }),
    label: escaped(fragmentLabel(session, fragment)),
    description: escaped(mark === null ? summary : `${summary} · ${mark}`),
    tooltip: tooltip(subject, fragment, linked),
    worst: worstOf(findings),
    kind: fragment.kind,
    headerId: fragment.sessionId,
    fileId: fragment.fileId,
    startedAt: fragment.startedAt,
    endedAt: fragment.endedAt,
    archivedAt: fragment.archivedAt,
    now: isNow(session, fragment),
    bytes: fragment.bytes,
    link: linked === undefined ? "first" : linkStanding(linked),
    alternatives: (linked?.alternatives ?? []).map((one) => placeTarget(home, one)),
    lock: lock?.verdict ?? null,
    hasCanonical: counterpartOfFragment(home, agent.reading.name, fragment) !== undefined,
    findingIds: findings.map((one) => one.id),
  };
}
