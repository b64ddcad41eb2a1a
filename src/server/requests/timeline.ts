/** Answers `timeline` and `timelineDetails`: the picture of an agent's sessions, and what happened inside of one. */
import type { Connection } from "vscode-languageserver/node";

import { locateById, sessionGroups } from "../../engine/lookup.ts";
import type { ChainSubject } from "../../engine/present/chain-text.ts";
import { eventsOfSession } from "../../engine/present/gateway-events.ts";
import { execSummary } from "../../engine/present/execs.ts";
import { escaped, shortened } from "../../engine/present/names.ts";
import { maskSecrets } from "../../engine/present/secrets.ts";
import { sessionLabel } from "../../engine/present/sessions.ts";
import { type TurningPoint, turningPoints } from "../../engine/timeline/turning-points.ts";
import type { ExecPlace, ExecRecord } from "../../model/exec.ts";
import { type FragmentPlace, placeId } from "../../model/fragment.ts";
import type { HomeSnapshot } from "../../model/snapshot.ts";
import { Method } from "../../protocol/methods.ts";
import type {
  Timeline,
  TimelineDetails,
  TimelineDetailsParams,
  TimelineExec,
  TimelineMark,
  TimelineParams,
  TimelinePoint,
} from "../../protocol/timeline.ts";
import { agentOrRefuse, homeOrRefuse, newest, sessionOrRefuse } from "../answers.ts";
import type { EngineHost } from "../engine-host.ts";
import { sessionRef } from "../items/session-item.ts";
import { gatewayMarks, timelineLane } from "../items/timeline-item.ts";
import { signalOf } from "../reading/answering.ts";
import { lineTarget } from "../targets.ts";
import { answer } from "./register.ts";

export async function timeline(
  host: EngineHost,
  { agent: name, homeId, sessionId }: TimelineParams,
): Promise<Timeline> {
  const logged = await host.gatewayEvents(homeOrRefuse(newest(host), homeId).home.path);
  const snapshot = newest(host);
  const home = homeOrRefuse(snapshot, homeId);
  const agent = agentOrRefuse(snapshot, home, name);
  const { keyed, unattributed } = sessionGroups(agent);
  const sessions = [...keyed, ...unattributed].filter(({ id }) => sessionId === undefined || id === sessionId);
  const lanes = sessions.map((session) => timelineLane({ home, agent, session }, logged));
  const [only] = sessionId === undefined ? [] : sessions;
  const named = new Set(sessions.flatMap((session) => eventsOfSession(logged, home.home.path, session)));
  const times = lanes.flatMap(({ bars }) => bars.flatMap(({ from, to }) => [from, to])).filter((at) => at !== null);
  return {
    revision: snapshot.revision,
    title: escaped(`Timeline of ${only === undefined ? name : sessionLabel(only, name)}`),
    from: times.reduce((least: number | null, at) => (least === null || at < least ? at : least), null),
    to: times.reduce((most: number | null, at) => (most === null || at > most ? at : most), null),
    lanes,
    gateway: gatewayMarks(
      logged.filter((event) => !named.has(event) && event.sessionKey === null && event.path === null),
    ),
  };
}

/** Of a session that grows meanwhile, what is there when it is read. */
export async function timelineDetails(
  host: EngineHost,
  { session: ref }: TimelineDetailsParams,
  signal: AbortSignal,
): Promise<TimelineDetails> {
  const subject = sessionOrRefuse(newest(host), ref);
  const { agent, home, session } = subject;
  const { complete, points } = await turningPoints(host, subject, signal);
  const provenance = await host.execs(home.home.path, agent.reading.name, session.id);
  return {
    session: sessionRef(subject),
    marks: points.flatMap((point) => turningMark(subject, point)),
    execs: provenance.execs.flatMap((record) => timelineExec(home, record)),
    truncated: !complete || provenance.unread.length > 0,
  };
}

const NAMES = { compaction: "Compaction", error: "Error", aborted: "Aborted" } as const;
const LONGEST = 160;

function turningMark({ home }: ChainSubject, { entry, fragment, kind, seq }: TurningPoint): TimelineMark[] {
  const target = targetOf(home, fragment.fragment, seq);
  if (target === null || entry.at === null) return [];
  const words = shortened(
    maskSecrets(entry.error ?? entry.text)
      .replaceAll(/\s+/g, " ")
      .trim(),
    LONGEST,
  );
  return [{ kind, at: entry.at, label: escaped(words === "" ? NAMES[kind] : `${NAMES[kind]}: ${words}`), ...target }];
}

function targetOf(home: HomeSnapshot, place: FragmentPlace, seq: number): Pick<TimelinePoint, "line" | "uri"> | null {
  const located = locateById(home, placeId(place));
  if (located === undefined) return null;
  const { line, uri } = lineTarget(home, located, seq);
  return { uri, line };
}

function timelineExec(home: HomeSnapshot, record: ExecRecord): TimelineExec[] {
  const { delivery, start, startedAt } = record;
  const from = pointOf(home, start, startedAt ?? start.at);
  if (from === null) return [];
  const to = delivery === null ? null : pointOf(home, delivery.place, delivery.place.at);
  return [
    {
      label: execSummary(record),
      from,
      to,
      certainty: to === null ? null : (delivery?.certainty ?? null),
      crosses: to !== null && to.bar !== from.bar,
    },
  ];
}

function pointOf(home: HomeSnapshot, { fragment, line }: ExecPlace, at: number | null): TimelinePoint | null {
  const target = targetOf(home, fragment, (fragment.window?.fromSeq ?? 0) + line - 1);
  return target === null || at === null ? null : { at, bar: placeId(fragment), ...target };
}

export function registerTimeline(connection: Connection, host: () => EngineHost): void {
  answer(connection, Method.timeline, (params) => timeline(host(), params));
  answer(connection, Method.timelineDetails, (params, token) => timelineDetails(host(), params, signalOf(token)));
}
