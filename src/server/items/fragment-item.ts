/** A fragment as a row. */
import { counterpartOfFragment, findingsAt, lockOn, worstOf } from "../../engine/lookup.ts";
import { size } from "../../model/amounts.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { escaped } from "../../engine/present/names.ts";
import { fragmentLabel, fragmentSummary, kindName, linkStanding } from "../../engine/present/sessions.ts";
import { moment, momentRange } from "../../engine/present/times.ts";
import { placeId } from "../../model/fragment.ts";
import type { Fragment } from "../../model/fragment.ts";
import type { LinkedFragment } from "../../model/session.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import type { FragmentItem } from "../../protocol/fragments.ts";
import type { TooltipLine } from "../../protocol/items.ts";
import { pathFrom } from "../../system/files.ts";
import { fileTarget } from "../paths.ts";
import { sessionRef } from "./session-item.ts";
import { evidenceTips, findingTips, maybeTip, tip } from "./texts.ts";

function linkTips(linked: LinkedFragment | undefined): TooltipLine[] {
  if (linked === undefined) return [tip("Link", "none: a checkpoint is a copy made before a compaction")];
  const { link, open, alternatives } = linked;
  const others = alternatives.map((one) => tip("Could also continue", one.path));
  if (link === null) return [tip("Link", open === null ? "no fragment comes before it" : `open: ${open}`), ...others];
  return [tip(`Continues (${link.certainty})`, link.previous.path), ...evidenceTips(link.evidence), ...others];
}

function damageTips(fragment: Fragment): TooltipLine[] {
  const { header, tail } = fragment;
  return [
    ...(header.state === "bad" ? [tip("Header", header.reason)] : []),
    ...(header.state === "empty" ? [tip("Header", "the file is empty")] : []),
    ...(tail.state === "torn" ? [tip("Torn end", `${tail.reason} (byte ${tail.offset})`)] : []),
  ];
}

function tooltip(home: HomeSnapshot, fragment: Fragment, linked: LinkedFragment | undefined): TooltipLine[] {
  const lock = lockOn(home, fragment.path);
  return [
    ...maybeTip("Id", fragment.sessionId),
    ...(fragment.fileId === fragment.sessionId ? [] : maybeTip("Named after", fragment.fileId)),
    tip("File", fragment.path),
    tip("Kind", `${kindName(fragment.kind)}, ${size(fragment.bytes)}`),
    tip("From", momentRange(fragment.startedAt, fragment.endedAt)),
    ...(fragment.archivedAt === null ? [] : [tip("Put away", moment(fragment.archivedAt))]),
    ...maybeTip("Begins", fragment.firstUserText),
    ...linkTips(linked),
    ...damageTips(fragment),
    ...(lock === undefined ? [] : [tip(`Lock ${lock.verdict}`, lock.explanation)]),
    ...findingTips(findingsAt(home, fragment.path)),
  ];
}

/** `linked` is absent for a checkpoint. */
export function fragmentItem(subject: ChainSubject, fragment: Fragment, linked?: LinkedFragment): FragmentItem {
  const { home, agent } = subject;
  const lock = lockOn(home, fragment.path);
  const findings = [...findingsAt(home, fragment.path), ...(lock === undefined ? [] : findingsAt(home, lock.path))];
  return {
    session: sessionRef(subject),
    id: placeId(fragment),
    place: fragment.path,
    window: fragment.window ?? null,
    file: fileTarget(pathFrom(home.home.path, fragment.path)),
    label: escaped(fragmentLabel(fragment)),
    description: escaped(fragmentSummary(fragment, linked)),
    tooltip: tooltip(home, fragment, linked),
    worst: worstOf(findings),
    kind: fragment.kind,
    headerId: fragment.sessionId,
    fileId: fragment.fileId,
    startedAt: fragment.startedAt,
    endedAt: fragment.endedAt,
    bytes: fragment.bytes,
    link: linked === undefined ? "first" : linkStanding(linked),
    alternatives: (linked?.alternatives ?? []).map((one) => fileTarget(pathFrom(home.home.path, one.path))),
    lock: lock?.verdict ?? null,
    hasCanonical: counterpartOfFragment(home, agent.reading.name, fragment) !== undefined,
    findingIds: findings.map((one) => one.id),
  };
}
