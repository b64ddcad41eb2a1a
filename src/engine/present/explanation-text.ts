/** An explained error message as readable lines: what it means, whether it is still so, where, and what repairs it. */
import { findingKind } from "../../checks/codes.ts";
import type { Explanation, Suspect } from "../explain/explain.ts";
import type { NamedLock, NamedSession } from "../explain/places.ts";
import { count, listed } from "../../model/amounts.ts";
import { pathFrom } from "../../system/files.ts";
import { repairWithId } from "../../repairs/kinds.ts";
import { gatewayEventLines } from "./gateway-events.ts";
import { roleName } from "./homes.ts";
import { EMPTY, fileSpan, indented, line, nameSpan, span } from "./lines.ts";
import type { Line } from "./lines.ts";
import { reasonText } from "./locks.ts";
import { placeSpan } from "./places.ts";
import { sessionLabel } from "./sessions.ts";
import { momentAgo } from "./times.ts";

/** Paragraphs are single lines: an editor wraps them to its own width. */
export function explanationText(explanation: Explanation, now: number): Line[] {
  const { locks, logged, sessions, suspects, symptoms } = explanation;
  return [
    ...(symptoms.length === 0
      ? unknownLines(explanation)
      : symptoms.flatMap(({ means, saidBy }) => meaningLines(saidBy, means))),
    ...section("Is it so now?", stateLines(explanation)),
    ...section(
      "Locks",
      locks.flatMap((one) => lockLines(one, now)),
    ),
    ...section(
      "Sessions it names",
      sessions.flatMap((one) => sessionLines(one)),
    ),
    ...section(
      "Not found here",
      symptoms.length === 0 ? [] : explanation.unknown.map((name): Line => [nameSpan(name)]),
    ),
    ...section("Lines it names", placesInTranscripts(explanation)),
    ...section(explanation.isLocated ? "What is wrong there" : "What may be the cause", suspects.flatMap(suspectLines)),
    ...section("What to do", adviceLines(explanation)),
    ...(logged.length === 0 ? [] : [EMPTY, ...gatewayEventLines(logged, now)]),
  ];
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [EMPTY, line(title, "strong"), ...lines.map((one) => indented(one))];
}

function meaningLines(saidBy: string, means: string): Line[] {
  return [line(`Said by ${saidBy}.`, "dim"), line(means)];
}

function unknownLines({ names, unknown }: Explanation): Line[] {
  const kinds = [
    [names.keys.length, "session key"],
    [names.ids.length, "session id"],
    [names.paths.length, "path"],
    [names.callIds.length, "tool call"],
  ] as const;
  const named = kinds.filter(([number]) => number > 0).map(([number, noun]) => count(number, noun));
  return [
    line("This wording is not known here.", "warning"),
    line(
      named.length === 0
        ? "It names no session, file, lock or tool call either. Paste the whole message, with ids and paths."
        : `It names ${listed(named)}; the homes were searched for ${named.length === 1 ? "it" : "them"}.`,
    ),
    ...unknown.map((name): Line => [span("Not found: "), nameSpan(name)]),
  ];
}

function stateLines({ isLocated, isSo, suspects, symptoms, wasDeep }: Explanation): Line[] {
  if (symptoms.length === 0) return [];
  const looked = wasDeep ? " The transcripts were read whole." : "";
  if (isSo === true) {
    const where = isLocated
      ? "at the place that it names"
      : "in the homes that were looked at, though the message names no place";
    return [
      line(
        `Yes: ${suspects.length === 0 ? "the lock stands" : count(suspects.length, "finding")} ${where}.${looked}`,
        "warning",
      ),
    ];
  }
  if (isSo === false) {
    const where = isLocated ? "What it names was looked at" : "The homes were looked at";
    return [line(`No. ${where}, and nothing of the kind stands now.${looked}`, "good")];
  }
  return [line(`That can't be told from here.${looked}`, "warning")];
}

function lockLines({ home, lock, path, pid }: NamedLock, now: number): Line[] {
  if (lock === null)
    return [
      [
        span("gone", "good"),
        span(": "),
        nameSpan(path),
        span(home === null ? " lies in no home that was looked at" : " is not there any more"),
      ],
    ];
  const other =
    pid === null || lock.pid === pid
      ? []
      : [line(`The message names process ${pid}; the lock that is there now names ${lock.pid ?? "none"}.`)];
  const made = lock.createdAt === null ? [] : [line(`Made ${momentAgo(lock.createdAt, now)}.`, "dim")];
  return [
    [span(lock.verdict, lock.verdict === "held" ? "plain" : "warning"), span(": "), fileSpan(path, { path })],
    indented(line(lock.explanation)),
    ...[...other, ...made, ...lock.reasons.map((reason) => line(`${reason}: ${reasonText(reason)}`, "dim"))].map(
      (one) => indented(one),
    ),
  ];
}

function sessionLines({ by, hit, movedFrom }: NamedSession): Line[] {
  const { agent, home, session } = hit;
  const newest = session.fragments.at(-1)?.fragment;
  // A shadow has the same keys.
  const place = home.home.role === "canonical" ? "" : ` of the ${roleName(home.home.role)} ${home.home.path}`;
  const parts = [`agent ${agent.reading.name}${place}`, session.state, count(session.fragments.length, "fragment")];
  return [
    [
      span(session.key ?? sessionLabel(session, agent.reading.name), "strong"),
      span(`: ${parts.join(", ")}; named by ${by}`),
    ],
    ...(newest === undefined ? [] : [indented([span("Newest transcript: "), placeSpan(home.home.path, newest)])]),
    ...(movedFrom === null
      ? []
      : [
          indented([
            span("The message names it as "),
            nameSpan(movedFrom),
            span(": it comes from another machine, or from before a move."),
          ]),
        ]),
  ];
}

function placesInTranscripts({ lines, quoted }: Explanation): Line[] {
  const called = lines.map(({ fragment, hit, line: number, name }): Line => {
    const path = pathFrom(hit.home.home.path, fragment.path);
    const { path: _path, ...part } = fragment;
    const file = { path, line: number, ...(fragment.window === undefined ? {} : { part }) };
    return [span(`${name} in `), fileSpan(`${path}:${number}`, file)];
  });
  const read = quoted.map(({ hit, line: found }): Line => {
    const path = pathFrom(hit.home.home.path, found.fragment.path);
    const number = found.line ?? undefined;
    const file = { path, ...(number === undefined ? {} : { line: number }) };
    return [fileSpan(number === undefined ? path : `${path}:${number}`, file), span(`: ${found.snippet.text}`, "dim")];
  });
  return [...called, ...read];
}

const TONES = { error: "bad", warning: "warning", info: "plain" } as const;

function suspectLines({ finding, home }: Suspect): Line[] {
  const path = pathFrom(home.home.path, finding.path);
  const number = finding.range?.line ?? undefined;
  const place = number === undefined ? fileSpan(path, { path }) : fileSpan(`${path}:${number}`, { path, line: number });
  const repairs = finding.repairs.map((id) => repairWithId(id)?.title ?? id);
  return [
    [
      span(`${finding.severity} `, TONES[finding.severity]),
      span(`${finding.code} `, "strong"),
      span(finding.id, "dim"),
    ],
    indented(line(finding.message)),
    indented([place]),
    ...(repairs.length === 0
      ? []
      : [indented(line(`Repair: ${listed(repairs)} (session-forensics repair ${finding.id})`, "good"))]),
  ];
}

function adviceLines({ isSo, suspects, symptoms }: Explanation): Line[] {
  if (isSo === true) return repairLines(suspects);
  return symptoms.slice(0, 1).map(({ otherwise }) => line(otherwise));
}

/** What the findings' own pages advise, each kind once. */
function repairLines(suspects: readonly Suspect[]): Line[] {
  const advice = new Set(suspects.map(({ finding }) => findingKind(finding.code)?.advice ?? ""));
  const lines = [...advice].filter((text) => text !== "").map((text) => line(text));
  if (!suspects.some(({ finding }) => finding.repairs.length > 0)) return lines;
  const plan =
    "Look at the plan first: `session-forensics plan` with the id of the finding shows every path and writes nothing.";
  return [line(plan), ...lines];
}
