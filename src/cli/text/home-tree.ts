/** One home as a tree: agents, sessions, fragments, and its shadow stores. */
import { findingsOfSession, lockOfSession } from "../../engine/lookup.ts";
import { count } from "../../model/amounts.ts";
import { coverageMark, coverageOf, onlyCopiesText } from "../../engine/present/coverage.ts";
import {
  eraName,
  homeFamilies,
  homePath,
  homeSummary,
  programName,
  relationName,
  roleName,
  shadowStanding,
  shadowSummary,
  troubles,
  storeNote,
} from "../../engine/present/homes.ts";
import { databaseTrouble } from "../../engine/present/databases.ts";
import { placeName } from "../../engine/present/places.ts";
import { fileSpan, line, nameSpan, span } from "../../engine/present/lines.ts";
import type { Line, Tone } from "../../engine/present/lines.ts";
import { fragmentLabel, fragmentSummary, sessionLabel, sessionSummary } from "../../engine/present/sessions.ts";
import { momentAgo } from "../../engine/present/times.ts";
import { isOnlyCopy } from "../../model/migration.ts";
import type { LinkedFragment, Session } from "../../model/session.ts";
import type { AgentSnapshot, HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { pathWithin } from "../../system/files.ts";
import type { Row } from "./tree.ts";

export interface TreeOptions {
  readonly userHome: string;
  /** Milliseconds, UTC. */
  readonly now: number;
  /** Show every session and every fragment. */
  readonly all: boolean;
}

/** Rows of one kind that are shown without `--all`. */
const MOST_SESSIONS = 20;
const MOST_FRAGMENTS = 12;

const leaf = (label: Line, detail: Line): Row => ({ label, detail, children: [] });

/** The first rows, and a last one that says how many are left out and how to see them. */
function limited<T>(items: readonly T[], most: number, all: boolean, noun: string, row: (item: T) => Row): Row[] {
  const shown = all || items.length <= most + 1 ? items : items.slice(0, most);
  const left = items.length - shown.length;
  const more = left === 0 ? [] : [leaf(line(`… and ${left} more ${noun} (use --all or --json)`, "dim"), [])];
  return [...shown.map(row), ...more];
}

function fragmentRow({ reading }: AgentSnapshot, session: Session, linked: LinkedFragment): Row {
  const { fragment } = linked;
  const coverage = coverageOf(reading, fragment);
  const mark = coverageMark(coverage);
  const isAlone = coverage !== undefined && isOnlyCopy(coverage);
  const isBad = fragment.header.state === "bad" || fragment.tail.state === "torn";
  const isUnsure = linked.open !== null || linked.link?.certainty === "inferred";
  const tone: Tone = isBad ? "bad" : isUnsure ? "warning" : "dim";
  return leaf(line(fragmentLabel(session, fragment)), [
    span(fragmentSummary(session, fragment, linked), tone),
    ...(mark === null ? [] : [span(` · ${mark}`, isAlone ? "warning" : "dim")]),
  ]);
}

const fragmentRows = (agent: AgentSnapshot, session: Session, options: TreeOptions): Row[] => [
  ...limited(session.fragments.toReversed(), MOST_FRAGMENTS, options.all, "fragments", (one) =>
    fragmentRow(agent, session, one),
  ),
  ...copyRows(agent, session, options),
];

/** Of the copies beside the chain those that alone hold something. */
function copyRows(agent: AgentSnapshot, session: Session, options: TreeOptions): Row[] {
  const alone = session.checkpoints.filter((copy) => {
    const coverage = coverageOf(agent.reading, copy);
    return coverage !== undefined && isOnlyCopy(coverage);
  });
  return limited(alone, MOST_FRAGMENTS, options.all, "copies", (copy) =>
    leaf(line(`copy: ${fragmentLabel(session, copy)}`), [
      span(fragmentSummary(session, copy, undefined), "dim"),
      span(" · only copy", "warning"),
    ]),
  );
}

function worstTone(home: HomeSnapshot, session: Session): Tone {
  const severities = new Set(findingsOfSession(home, session).map((one) => one.severity));
  if (severities.has("error")) return "bad";
  return severities.has("warning") ? "warning" : "plain";
}

function sessionRow(home: HomeSnapshot, agent: AgentSnapshot, session: Session, options: TreeOptions): Row {
  const updated = session.updatedAt === null ? "" : ` · ${momentAgo(session.updatedAt, options.now)}`;
  const trouble = troubles(findingsOfSession(home, session));
  const alone = onlyCopiesText(agent.reading, session);
  const tone = worstTone(home, session);
  return {
    label: [nameSpan(sessionLabel(session, agent.reading.name), tone === "plain" ? "strong" : tone)],
    detail: [
      span(`${sessionSummary(session, lockOfSession(home, session))}${updated}`, "dim"),
      ...(alone === "" ? [] : [span(` · ${alone}`, "warning")]),
      ...(trouble === "" ? [] : [span(` · ${trouble}`, tone)]),
    ],
    ...(session.unattributed === null ? {} : { note: session.unattributed }),
    children: fragmentRows(agent, session, options),
  };
}

/** Sessions with problems or locks first, so that a limit never hides them; then the newest. */
function bySalience(home: HomeSnapshot, sessions: readonly Session[]): Session[] {
  const needsLook = (one: Session): boolean =>
    lockOfSession(home, one) !== undefined ||
    findingsOfSession(home, one).some((finding) => finding.severity !== "info");
  const first = new Set(sessions.filter(needsLook));
  return sessions.toSorted(
    (a, b) => Number(first.has(b)) - Number(first.has(a)) || (b.updatedAt ?? 0) - (a.updatedAt ?? 0),
  );
}

/** Why sessions may be missing: a database that could not be read, or not as a whole. */
function troubleRows(home: HomeSnapshot, { reading }: AgentSnapshot): Row[] {
  return reading.databases.flatMap((one) => {
    const trouble = databaseTrouble(one);
    return trouble === null ? [] : [leaf([placeName(home.home.path, one)], line(trouble, "bad"))];
  });
}

function agentRow(home: HomeSnapshot, agent: AgentSnapshot, options: TreeOptions): Row {
  const { reading } = agent;
  const sessions = bySalience(home, agent.sessions);
  const keyed = sessions.filter((one) => one.key !== null);
  const lost = sessions.filter((one) => one.key === null);
  const row = (one: Session): Row => sessionRow(home, agent, one, options);
  const unattributed: Row = {
    label: line("Unattributed"),
    detail: line(`${count(lost.length, "chain")} without a known session key`, "dim"),
    children: limited(lost, MOST_SESSIONS, options.all, "chains", row),
  };
  const locks = home.locks.filter((one) => one.path.startsWith(`${reading.sessionsPath}/`)).length;
  const parts = [
    count(keyed.length, "session"),
    locks === 0 ? "" : count(locks, "lock"),
    storeNote(home, reading),
    troubles(home.findings.filter((one) => one.agent === reading.name)),
  ];
  return {
    label: line(reading.name, "strong"),
    detail: line(parts.filter((one) => one !== "").join(" · "), "dim"),
    children: [
      ...troubleRows(home, agent),
      ...limited(keyed, MOST_SESSIONS, options.all, "sessions", row),
      ...(lost.length === 0 ? [] : [unattributed]),
    ],
  };
}

function pairRows({ comparison }: HomeSnapshot): Row[] {
  if (comparison === undefined || comparison.linked) return [];
  const byRelation = Map.groupBy(comparison.pairs, (one) => one.relation);
  return [...byRelation].map(([relation, pairs]) => {
    const keys = pairs.filter((one) => one.what === "key").length;
    return leaf(
      line(relationName(relation)),
      line(`${count(keys, "session key")}, ${count(pairs.length - keys, "transcript")}`, "dim"),
    );
  });
}

/** "canonical home: it is ~/.openclaw of this user" */
const roleNote = ({ home }: HomeSnapshot): string =>
  [roleName(home.role), ...home.reasons.slice(0, 1).map((one) => one.text)].join(": ");

const HEALTHY_STANDINGS: ReadonlySet<string> = new Set(["linked", "identical"]);

function shadowRow(shadow: HomeSnapshot, canonical: HomeSnapshot, options: TreeOptions): Row {
  const { comparison } = shadow;
  const place = pathWithin(canonical.home.path, shadow.home.path);
  const standing = comparison === undefined ? "unknown" : shadowStanding(comparison);
  const isWell = HEALTHY_STANDINGS.has(standing);
  const name = roleName(shadow.home.role);
  return {
    label: line(`${name.charAt(0).toUpperCase()}${name.slice(1)}`, isWell ? "plain" : "warning"),
    detail: [
      fileSpan(place, { path: shadow.home.path }, "dim"),
      ...(comparison === undefined ? [] : [span(` · ${shadowSummary(comparison)}`, isWell ? "dim" : "warning")]),
    ],
    note: roleNote(shadow),
    children: [...pairRows(shadow), ...shadow.agents.map((agent) => agentRow(shadow, agent, options))],
  };
}

function ownRow(home: HomeSnapshot, shadows: readonly HomeSnapshot[], options: TreeOptions): Row {
  const era = home.home.era === "files" ? "" : ` · ${eraName(home.home.era)}`;
  return {
    label: [fileSpan(homePath(home.home.path, options.userHome), { path: home.home.path }, "strong")],
    detail: line(`${programName(home.home)}${era} · ${homeSummary(home)}`, "dim"),
    note: roleNote(home),
    children: [
      ...home.agents.map((agent) => agentRow(home, agent, options)),
      ...shadows.map((shadow) => shadowRow(shadow, home, options)),
    ],
  };
}

/** One tree for each home; a shadow or nested home stands below its canonical one where that is there too. */
export function homeTrees(snapshot: Snapshot, options: TreeOptions): Row[] {
  return homeFamilies(snapshot.homes).map(({ top, below }) => ownRow(top, below, options));
}
