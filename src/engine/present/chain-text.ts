/** The chain of a session as readable lines: each fragment, and what its link to the one before rests on. */
import type { Finding } from "../../model/finding.ts";
import { type Fragment, type FragmentPlace, placeId } from "../../model/fragment.ts";
import { isOnlyCopy } from "../../model/migration.ts";
import type { LinkedFragment, Session } from "../../model/session.ts";
import type { AgentSnapshot, HomeSnapshot } from "../../model/snapshot.ts";
import { findingsOfSession, locateById, lockOfSession } from "../lookup.ts";
import { count, size } from "../../model/amounts.ts";
import { coverageOf, coverageText } from "./coverage.ts";
import { programName, roleName } from "./homes.ts";
import { CERTAINTY_TONES, EMPTY, evidenceLine, fileSpan, indented, line, span } from "./lines.ts";
import type { Line, Tone } from "./lines.ts";
import { reasonText } from "./locks.ts";
import { placeSpan } from "./places.ts";
import { partName, sessionLabel, sessionSummary, sessionTitle } from "./sessions.ts";
import { momentAgo, moment, momentRange } from "./times.ts";

export interface ChainSubject {
  readonly home: HomeSnapshot;
  readonly agent: AgentSnapshot;
  readonly session: Session;
}

const SEVERITY_TONES = { error: "bad", warning: "warning", info: "plain" } as const satisfies Record<string, Tone>;

function keyLines({ home, session }: ChainSubject): Line[] {
  if (session.key === null)
    return [line(`No session key is known: ${session.unattributed ?? "nothing names one"}.`, "warning")];
  const evidence = session.keyEvidence.map((one) => indented(evidenceLine(home.home.path, one)));
  const certainty = session.keyCertainty ?? "inferred";
  return [
    [span("Key "), span(session.key, "strong"), span(": "), span(certainty, CERTAINTY_TONES[certainty])],
    ...evidence,
    ...session.otherKeys.map((key) => line(`Also known as ${key}`)),
  ];
}

function lockLines({ home, session }: ChainSubject): Line[] {
  const lock = lockOfSession(home, session);
  if (lock === undefined) return [];
  const tone = lock.verdict === "held" ? "plain" : "warning";
  return [
    [span(`Lock ${lock.verdict}: `, tone), placeSpan(home.home.path, lock)],
    indented(line(lock.explanation)),
    ...lock.reasons.map((reason) => indented(line(`${reason}: ${reasonText(reason)}`, "dim"))),
  ];
}

function headLines(subject: ChainSubject, now: number): Line[] {
  const { home, agent, session } = subject;
  const title = session.key !== null && session.title !== "" ? [line(sessionTitle(session))] : [];
  const updated = session.updatedAt === null ? "" : ` · updated ${momentAgo(session.updatedAt, now)}`;
  return [
    line(sessionLabel(session, agent.reading.name), "strong"),
    ...title,
    line(`${sessionSummary(session, lockOfSession(home, session))}${updated}`),
    [
      span(`In agent ${agent.reading.name} of `),
      fileSpan(home.home.path, { path: home.home.path }),
      span(` (${programName(home.home)}, ${roleName(home.home.role)})`),
    ],
    ...keyLines(subject),
    ...lockLines(subject),
  ];
}

/** A fragment by its name in this chain, else by its path and the session that it stands in. */
function placeLine({ home }: ChainSubject, target: FragmentPlace, names: ReadonlyMap<string, string>): Line {
  const name = names.get(placeId(target));
  if (name !== undefined) return [span(name)];
  const owner = locateById(home, placeId(target))?.entry.session;
  const ownerName = owner === undefined ? "" : ` of ${owner.key ?? "an unattributed chain"}`;
  return [placeSpan(home.home.path, target), span(ownerName)];
}

/** What the link to the fragment before rests on. `names`: what the fragments of the chain are called here, by `placeId`. */
export function linkLines(subject: ChainSubject, linked: LinkedFragment, names: ReadonlyMap<string, string>): Line[] {
  const { link, open } = linked;
  const alternatives =
    linked.alternatives.length === 0
      ? []
      : [
          line(link === null ? "It could continue:" : "It could also continue:", "warning"),
          ...linked.alternatives.map((one) => indented(placeLine(subject, one, names))),
        ];
  if (link === null)
    return [
      open === null ? line("No fragment comes before it.", "dim") : line(`Open: ${open}`, "warning"),
      ...alternatives,
    ];
  return [
    [
      span("Continues "),
      ...placeLine(subject, link.previous, names),
      span(": "),
      span(link.certainty, CERTAINTY_TONES[link.certainty]),
    ],
    ...link.evidence.map((one) => indented(evidenceLine(subject.home.home.path, one))),
    ...alternatives,
  ];
}

/** What is wrong with the fragment as a file. */
export function damageLines(fragment: Fragment): Line[] {
  const header = fragment.header;
  const lines: Line[] = [];
  if (header.state === "bad") lines.push(line(`Its header can't be read: ${header.reason}`, "bad"));
  if (header.state === "empty") lines.push(line("It is empty.", "warning"));
  if (fragment.tail.state === "torn")
    lines.push(line(`Its end is torn at byte ${fragment.tail.offset}: ${fragment.tail.reason}`, "bad"));
  if (fragment.fileId !== null && fragment.sessionId !== null && fragment.fileId !== fragment.sessionId)
    lines.push(line(`The file is named after ${fragment.fileId}, whose name it reuses.`, "dim"));
  return lines;
}

/** What the database beside it holds of a file. */
function coverageLines({ agent }: ChainSubject, fragment: Fragment): Line[] {
  const coverage = coverageOf(agent.reading, fragment);
  if (coverage === undefined) return [];
  return [line(coverageText(coverage), isOnlyCopy(coverage) ? "warning" : "dim")];
}

function fragmentLines(subject: ChainSubject, fragment: Fragment, mark: string): Line[] {
  const { home, session } = subject;
  const archived = fragment.archivedAt === null ? "" : ` · put away ${moment(fragment.archivedAt)}`;
  const times = momentRange(fragment.startedAt, fragment.endedAt);
  return [
    [span(mark), span(fragment.sessionId ?? "no readable header", "strong"), span(`  ${partName(session, fragment)}`)],
    indented([placeSpan(home.home.path, fragment)], 2),
    indented(line(`${times} · ${size(fragment.bytes)}${archived}`, "dim"), 2),
    ...[...coverageLines(subject, fragment), ...damageLines(fragment)].map((one) => indented(one, 2)),
  ];
}

function checkpointLines(subject: ChainSubject): Line[] {
  const { session } = subject;
  const [checkpoints, copies] = [true, false].map((is) =>
    session.checkpoints.filter(({ kind }) => (kind === "checkpoint") === is),
  );
  return [
    ...besideLines(subject, "Checkpoints (copies made before compactions; not links of the chain)", checkpoints ?? []),
    ...besideLines(subject, "Copies (what they hold stands in the chain as well, at least in part)", copies ?? []),
  ];
}

function besideLines(subject: ChainSubject, title: string, fragments: readonly Fragment[]): Line[] {
  if (fragments.length === 0) return [];
  return [EMPTY, line(title, "strong"), ...fragments.flatMap((one) => fragmentLines(subject, one, "  - "))];
}

function findingLines(home: HomeSnapshot, findings: readonly Finding[]): Line[] {
  if (findings.length === 0) return [];
  return [
    EMPTY,
    line("Findings", "strong"),
    ...findings.flatMap((one) => [
      indented([span(`${one.severity} `, SEVERITY_TONES[one.severity]), span(one.code), span(`  ${one.id}`, "dim")]),
      indented(line(one.message), 2),
      ...one.evidence.map((fact) => indented(evidenceLine(home.home.path, fact), 3)),
    ]),
  ];
}

/** Says that the oldest fragments are left out, and where they are shown. */
function omittedLines({ session }: ChainSubject, omitted: number): Line[] {
  if (omitted === 0) return [];
  const name = session.key ?? session.id;
  return [
    indented(
      line(
        `… ${count(omitted, "older fragment")} not shown here: session-forensics chain ${name} prints them all`,
        "dim",
      ),
    ),
  ];
}

/** The chain, oldest fragment first; of a very long one the newest `most`. `now` is in ms UTC. */
export function chainText(subject: ChainSubject, now: number, most = Infinity): Line[] {
  const { home, session } = subject;
  const omitted = Math.max(0, session.fragments.length - most);
  const names = new Map(session.fragments.map((one, index) => [placeId(one.fragment), String(index + 1)]));
  return [
    ...headLines(subject, now),
    EMPTY,
    line("Chain, oldest first", "strong"),
    ...omittedLines(subject, omitted),
    ...session.fragments
      .slice(omitted)
      .flatMap((linked, index) => [
        ...fragmentLines(subject, linked.fragment, `${String(omitted + index + 1).padStart(2)}. `),
        ...linkLines(subject, linked, names).map((one) => indented(one, 2)),
      ]),
    ...checkpointLines(subject),
    ...findingLines(home, findingsOfSession(home, session)),
  ];
}
