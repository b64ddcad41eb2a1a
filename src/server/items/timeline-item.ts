/** Sessions as lanes of a timeline: bars for fragments, marks for resets, deletions and locks. */
import { findingsOfFragment, findingsOfSession, lockOfSession, worstOf } from "../../engine/lookup.ts";
import { size } from "../../model/amounts.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { eventsOfSession, GATEWAY_EVENT_NAMES } from "../../engine/present/gateway-events.ts";
import { escaped } from "../../engine/present/names.ts";
import {
  fragmentLabel,
  isNow,
  kindName,
  linkStanding,
  sessionLabel,
  sessionSummary,
} from "../../engine/present/sessions.ts";
import { isPossible, moment, momentRange } from "../../engine/present/times.ts";
import { placeId } from "../../model/fragment.ts";
import type { GatewayEvent, GatewayEventKind } from "../../model/gateway-event.ts";
import type { LinkedFragment } from "../../model/session.ts";
import type { TimelineBar, TimelineLane, TimelineMark } from "../../protocol/timeline.ts";
import { pathFrom } from "../../system/files.ts";
import { fileTarget } from "../paths.ts";
import { fragmentTarget } from "../targets.ts";
import { sessionRef } from "./session-item.ts";

/** A time that a picture has a place for. */
const placed = (ms: number | null): number | null => (ms !== null && isPossible(ms) && ms > 0 ? ms : null);

/** `logged` are the events of the whole home. */
export function timelineLane(subject: ChainSubject, logged: readonly GatewayEvent[]): TimelineLane {
  const { agent, home, session } = subject;
  const lock = lockOfSession(home, session);
  const marks = [
    ...session.fragments.flatMap((one) => endMarks(subject, one)),
    ...lockMarks(subject),
    ...logMarks(subject, logged),
  ];
  return {
    session: sessionRef(subject),
    label: escaped(sessionLabel(session, agent.reading.name)),
    description: escaped(sessionSummary(session, lock)),
    state: session.state,
    worst: worstOf(findingsOfSession(home, session)),
    lock: lock?.verdict ?? null,
    bars: session.fragments.map((one) => bar(subject, one)),
    marks: marks.toSorted((a, b) => a.at - b.at),
  };
}

function bar(subject: ChainSubject, linked: LinkedFragment): TimelineBar {
  const { agent, home, session } = subject;
  const { fragment } = linked;
  const { archivedAt, bytes, endedAt, kind, modifiedAt, startedAt } = fragment;
  const from = placed(startedAt) ?? placed(endedAt) ?? placed(archivedAt) ?? placed(modifiedAt);
  const to = placed(endedAt) ?? placed(archivedAt) ?? from;
  return {
    id: placeId(fragment),
    label: escaped(fragmentLabel(session, fragment)),
    facts: [
      `${kindName(kind)}, ${size(bytes)}`,
      momentRange(startedAt, endedAt),
      ...(archivedAt === null ? [] : [`put away ${moment(archivedAt)}`]),
      linkFact(linked),
      ...findingsOfFragment(home, fragment).map(({ message }) => message),
    ].map(escaped),
    kind,
    from,
    to: from !== null && to !== null && to < from ? from : to,
    uri: fragmentTarget(home, { agent, entry: { session, fragment } }).uri,
    link: linkStanding(linked),
    worst: worstOf(findingsOfFragment(home, fragment)),
    now: isNow(session, fragment),
  };
}

function linkFact({ link, open }: LinkedFragment): string {
  if (link === null) return open === null ? "nothing comes before it" : `what comes before it is open: ${open}`;
  const [first] = link.evidence;
  return `continues the one before: ${link.certainty}${first === undefined ? "" : `, ${first.text}`}`;
}

/** How a fragment ended, where it was put away. */
function endMarks({ agent, home, session }: ChainSubject, { fragment }: LinkedFragment): TimelineMark[] {
  const at = placed(fragment.archivedAt);
  if (at === null) return [];
  const kind = fragment.kind === "deleted" ? "deleted" : "reset";
  const { uri } = fragmentTarget(home, { agent, entry: { session, fragment } });
  return [
    {
      kind,
      at,
      label: escaped(`${kind === "deleted" ? "Deleted" : "Reset"}: ${fragmentLabel(session, fragment)}`),
      uri,
      line: null,
    },
  ];
}

function lockMarks({ home, session }: ChainSubject): TimelineMark[] {
  const lock = lockOfSession(home, session);
  const at = placed(lock?.createdAt ?? null);
  if (lock === undefined || at === null) return [];
  const { uri } = fileTarget(pathFrom(home.home.path, lock.path));
  return [{ kind: "lock", at, label: escaped(`Lock, ${lock.verdict}: ${lock.explanation}`), uri, line: null }];
}

const TROUBLE = new Set<GatewayEventKind>(["lock-timeout", "takeover", "given-up", "transcript"]);

function logMarks({ home, session }: ChainSubject, logged: readonly GatewayEvent[]): TimelineMark[] {
  return gatewayMarks(eventsOfSession(logged, home.home.path, session));
}

/** Events of the gateway's log as marks; those without a time have no place. */
export function gatewayMarks(events: readonly GatewayEvent[]): TimelineMark[] {
  return events.flatMap(({ at, isSure, kind, line, log, message }) => {
    const time = placed(at);
    if (time === null) return [];
    const doubt = isSure ? "" : " (perhaps of another home)";
    const label = escaped(`Gateway ${GATEWAY_EVENT_NAMES[kind]}${doubt}: ${message}`);
    return [
      {
        kind: TROUBLE.has(kind) ? "gateway-trouble" : "gateway",
        at: time,
        label,
        uri: fileTarget(log).uri,
        line,
      } as const,
    ];
  });
}
