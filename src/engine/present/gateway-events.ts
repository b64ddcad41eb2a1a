/** What the gateway's log says of a session or a lock, as lines that lead to the log. */
import { count } from "../../model/amounts.ts";
import type { GatewayEvent, GatewayEventKind } from "../../model/gateway-event.ts";
import type { Lock } from "../../model/lock.ts";
import type { Session } from "../../model/session.ts";
import { pathFrom } from "../../system/files.ts";
import { idsOf } from "../query.ts";
import { fileSpan, indented, line, span } from "./lines.ts";
import type { Line } from "./lines.ts";
import { momentAgo } from "./times.ts";

/** What happened, as a label. */
export const GATEWAY_EVENT_NAMES: Readonly<Record<GatewayEventKind, string>> = {
  "lock-timeout": "waited for a lock in vain",
  "lock-removed": "removed a lock as stale",
  takeover: "another writer changed the transcript during a turn",
  reset: "reset",
  deleted: "deleted",
  interrupted: "found turns that were cut off",
  resumed: "took a turn up again that was cut off",
  "given-up": "gave up a turn that was cut off",
  transcript: "trouble with a transcript or a store",
  started: "the gateway started",
  stopped: "the gateway stopped",
};

/** The events of a session: by its key, one of its ids or one of its files. `home` is the home's absolute path. */
export function eventsOfSession(events: readonly GatewayEvent[], home: string, session: Session): GatewayEvent[] {
  const keys = new Set([session.key, ...session.otherKeys]);
  const ids = new Set(idsOf(session));
  const files = new Set(session.fragments.map(({ fragment }) => pathFrom(home, fragment.path)));
  return events.filter(
    ({ path, sessionId, sessionKey }) =>
      (sessionKey !== null && keys.has(sessionKey)) ||
      (sessionId !== null && ids.has(sessionId)) ||
      (path !== null && files.has(path.replace(/\.lock$/, ""))),
  );
}

/** The events of a lock and of what it locks. */
export function eventsOfLock(events: readonly GatewayEvent[], home: string, lock: Lock): GatewayEvent[] {
  const places = new Set([pathFrom(home, lock.path), pathFrom(home, lock.target)]);
  return events.filter(({ path }) => path !== null && places.has(path));
}

const MOST_SHOWN = 4;
const MOST_CHARACTERS = 240;

/** The newest of them, the newest first; nothing where there is none. */
export function gatewayEventLines(events: readonly GatewayEvent[], now: number): Line[] {
  if (events.length === 0) return [];
  const shown = events.slice(-MOST_SHOWN).toReversed();
  const more = events.length - shown.length;
  return [
    line("The gateway's log:", "strong"),
    ...shown.map((event) => indented(eventLine(event, now))),
    ...(more === 0 ? [] : [indented(line(`and ${count(more, "line")} before`, "dim"))]),
  ];
}

function eventLine({ at, isSure, kind, line: number, log, message }: GatewayEvent, now: number): Line {
  const when = at === null ? "at an unknown time" : momentAgo(at, now);
  const doubt = isSure ? "" : " (perhaps of another home)";
  const words = message.length > MOST_CHARACTERS ? `${message.slice(0, MOST_CHARACTERS)}…` : message;
  return [
    span(`${when}: ${GATEWAY_EVENT_NAMES[kind]}${doubt}: `),
    span(`${words} `, "dim"),
    span("(", "dim"),
    fileSpan(`${log}:${number}`, { path: log, line: number }, "dim"),
    span(")", "dim"),
  ];
}
