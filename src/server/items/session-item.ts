/** A session as a row. */
import { counterpartOfSession, findingsOfSession, lockOfSession, worstOf } from "../../engine/lookup.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { onlyCopiesText } from "../../engine/present/coverage.ts";
import { escaped } from "../../engine/present/names.ts";
import {
  chainCertainty,
  isArchived,
  isPinned,
  isRunning,
  resumeWarning,
  sessionLabel,
  sessionSummary,
  sessionTitle,
} from "../../engine/present/sessions.ts";
import { moment } from "../../engine/present/times.ts";
import type { SessionRecord } from "../../model/store.ts";
import type { TooltipLine } from "../../protocol/items.ts";
import type { SessionItem, SessionRef } from "../../protocol/sessions.ts";
import { fragmentTarget } from "../targets.ts";
import { evidenceTips, findingTips, maybeTip, tip } from "./texts.ts";

export const sessionRef = ({ home, agent, session }: ChainSubject): SessionRef => ({
  homeId: home.home.id,
  agent: agent.reading.name,
  sessionId: session.id,
});

const CHAIN_TEXTS = {
  recorded: "every link is recorded by the agent itself",
  derived: "every link is sure: recorded, or derived from ids and exact times",
  inferred: "at least one link is only inferred; Show Chain names the alternatives",
  assigned: "linked by hand",
  open: "at least one place is open: nothing says surely what comes before it",
} as const;

/** What only databases record of a session. */
function recordTips(record: SessionRecord | undefined): TooltipLine[] {
  if (record === undefined) return [];
  const { activeRunId, archivedAt, createdAt, createdVia, forkSource, parentKey, pinnedAt } = record;
  const times = { Created: createdAt, Pinned: pinnedAt, Archived: archivedAt };
  return [
    ...Object.entries(times).flatMap(([name, at]) => (at === null ? [] : [tip(name, moment(at))])),
    ...maybeTip("Created by", createdVia),
    ...maybeTip("Below", parentKey),
    ...(forkSource === null ? [] : maybeTip("Fork of", forkSource.key ?? forkSource.sessionId)),
    ...maybeTip("Run that writes", activeRunId),
  ];
}

function tooltip({ home, session }: ChainSubject): TooltipLine[] {
  const lock = lockOfSession(home, session);
  const certainty = chainCertainty(session);
  return [
    ...maybeTip("Do not resume", resumeWarning(session)),
    ...maybeTip("Key", session.key),
    ...(session.key === null ? maybeTip("Unattributed", session.unattributed) : evidenceTips(session.keyEvidence)),
    ...session.otherKeys.map((key) => tip("Also", key)),
    ...maybeTip("Title", sessionTitle(session)),
    ...maybeTip("Status in the store", session.row?.status),
    ...recordTips(session.row?.record),
    ...(certainty === null ? [] : [tip("Chain", CHAIN_TEXTS[certainty])]),
    ...(session.updatedAt === null ? [] : [tip("Updated", moment(session.updatedAt))]),
    ...(lock === undefined ? [] : [tip(`Lock ${lock.verdict}`, lock.explanation)]),
    ...findingTips(findingsOfSession(home, session)),
  ];
}

export function sessionItem(subject: ChainSubject): SessionItem {
  const { home, agent, session } = subject;
  const findings = findingsOfSession(home, session);
  const lock = lockOfSession(home, session);
  const newest = session.fragments.at(-1)?.fragment;
  const alone = onlyCopiesText(agent.reading, session);
  return {
    ref: sessionRef(subject),
    label: escaped(sessionLabel(session, agent.reading.name)),
    description: escaped([sessionSummary(session, lock), alone].filter((part) => part !== "").join(" · ")),
    tooltip: tooltip(subject),
    worst: worstOf(findings),
    key: session.key,
    headerId: newest?.sessionId ?? null,
    state: session.state,
    running: isRunning(session),
    archived: isArchived(session),
    pinned: isPinned(session),
    lock: lock?.verdict ?? null,
    updatedAt: session.updatedAt,
    fragments: session.fragments.length,
    checkpoints: session.checkpoints.length,
    chain: chainCertainty(session),
    newest: newest === undefined ? null : fragmentTarget(home, { agent, entry: { session, fragment: newest } }),
    hasCanonical: counterpartOfSession(home, agent.reading.name, session) !== undefined,
    findingIds: findings.map((one) => one.id),
  };
}
