/** From an error message to its cause: what it means, where that is, whether it is still so, and what repairs it. */
import { namesIn, type NamesInText } from "../../checks/symptoms/names-in-text.ts";
import type { Symptom } from "../../checks/symptoms/symptom.ts";
import { symptomsIn } from "../../checks/symptoms/table.ts";
import type { Finding } from "../../model/finding.ts";
import { placeOf } from "../../model/fragment.ts";
import type { GatewayEvent } from "../../model/gateway-event.ts";
import type { SearchHit } from "../../model/search.ts";
import type { HomeSnapshot, Snapshot } from "../../model/snapshot.ts";
import { sessionOfFinding } from "../lookup.ts";
import type { DeepCheckRequest } from "../deep-check/deep-checks.ts";
import { eventsOfSession } from "../present/gateway-events.ts";
import { allSessions, type SessionHit } from "../query.ts";
import type { TranscriptSource } from "../reading/chain-reader.ts";
import { searchSessions } from "../search/search.ts";
import { linesNaming, type NamedLine } from "./named-lines.ts";
import { locksNamed, namesOfNothing, sessionsNamed, type NamedLock, type NamedSession } from "./places.ts";

/** What explaining asks of the engine. */
export interface ExplainSource extends TranscriptSource {
  gatewayEvents(home: string): Promise<readonly GatewayEvent[]>;
  /** Reads transcripts whole: what it finds in them are findings of the snapshot from then on. */
  deepCheck(request: DeepCheckRequest): Promise<{ readonly snapshot: Snapshot }>;
}

/** Characters of a message that are looked at: what is longer was not written by a program as one. */
export const LONGEST_MESSAGE = 1 << 20;

export interface ExplainRequest {
  /** What was pasted. Untrusted. */
  readonly text: string;
  readonly signal?: AbortSignal;
}

/** A finding that may be the cause. */
export interface Suspect {
  readonly home: HomeSnapshot;
  readonly finding: Finding;
}

/** A text line that the message quotes, found by search. */
export interface QuotedLine {
  readonly hit: SessionHit;
  readonly line: SearchHit;
}

/** What a message means, where it leads, and how it stands there now. */
export interface Explanation {
  readonly symptoms: readonly Symptom[];
  readonly names: NamesInText;
  readonly sessions: readonly NamedSession[];
  readonly locks: readonly NamedLock[];
  /** Findings that stand now and belong to it; of the places that it names where it names any. */
  readonly suspects: readonly Suspect[];
  /** Whether the suspects are limited to places that the message names. */
  readonly isLocated: boolean;
  readonly lines: readonly NamedLine[];
  readonly quoted: readonly QuotedLine[];
  /** What the gateway's log says of these sessions, oldest first. */
  readonly logged: readonly GatewayEvent[];
  /** Names in the message that nothing in the homes goes by. */
  readonly unknown: readonly string[];
  /** Whether what the message tells of stands now; null where that can't be told. */
  readonly isSo: boolean | null;
  /** Transcripts were read whole for it. */
  readonly wasDeep: boolean;
}

const MOST_SUSPECTS = 20;
const MOST_DEEP_SESSIONS = 20;

/** Explains what was pasted by what stands in the homes now. */
export async function explain(
  source: ExplainSource,
  snapshot: Snapshot,
  { signal, text: pasted }: ExplainRequest,
): Promise<Explanation> {
  const text = pasted.slice(0, LONGEST_MESSAGE);
  const symptoms = symptomsIn(text);
  const names = namesIn(text);
  const lines = await linesNaming(source, newestFirst(snapshot), names.callIds, signal);
  const named = withLines(sessionsNamed(snapshot, names), lines);
  const deep = await deeplyChecked(source, symptoms, named, signal);
  const current = deep ?? snapshot;
  const locks = locksNamed(current, names, named);
  const unknown = namesOfNothing(names, named, locks);
  const suspects = suspectsOf(current, symptoms, named, locks);
  const isLocated = named.length > 0 || locks.length > 0;
  return {
    symptoms,
    names,
    sessions: named,
    locks,
    suspects,
    isLocated,
    lines,
    quoted: symptoms.length === 0 && !isLocated ? await quotedLines(source, current, unknown, signal) : [],
    logged: await loggedOf(source, named),
    unknown,
    isSo:
      current.homes.length === 0
        ? null
        : standing({ symptoms, suspects, locks, isLocated, unknown, wasDeep: deep !== null }),
    wasDeep: deep !== null,
  };
}

const newestFirst = (snapshot: Snapshot): SessionHit[] =>
  allSessions(snapshot).toSorted((a, b) => (b.session.updatedAt ?? 0) - (a.session.updatedAt ?? 0));

/** The sessions of lines that were found belong to it as well. */
function withLines(named: readonly NamedSession[], lines: readonly NamedLine[]): NamedSession[] {
  const known = new Set(named.map(({ hit }) => hit.session));
  const more = lines
    .filter(({ hit }, index) => !known.has(hit.session) && lines.findIndex((one) => one.hit === hit) === index)
    .map(({ hit, name }) => ({ hit, by: `the tool call ${name}`, movedFrom: null }));
  return [...named, ...more];
}

/** Damage inside transcripts is told only by reading them whole: done where it is known which ones are meant. */
async function deeplyChecked(
  source: ExplainSource,
  symptoms: readonly Symptom[],
  named: readonly NamedSession[],
  signal: AbortSignal | undefined,
): Promise<Snapshot | null> {
  const asksForIt = symptoms.some(({ codes }) => codes.some((code) => code.startsWith("transcript/")));
  if (!asksForIt || named.length === 0) return null;
  let snapshot: Snapshot | null = null;
  for (const { hit } of named.slice(0, MOST_DEEP_SESSIONS)) {
    const fragments = hit.session.fragments.map(({ fragment }) => placeOf(fragment));
    const aim = { home: hit.home.home.path, agent: hit.agent.reading.name, fragments };
    ({ snapshot } = await source.deepCheck({ ...aim, ...(signal === undefined ? {} : { signal }) }));
  }
  return snapshot;
}

function suspectsOf(
  snapshot: Snapshot,
  symptoms: readonly Symptom[],
  named: readonly NamedSession[],
  locks: readonly NamedLock[],
): Suspect[] {
  const codes = new Set<string>(symptoms.flatMap((one) => one.codes));
  const ids = new Set(named.map(({ hit }) => `${hit.home.home.path}\n${hit.agent.reading.name}\n${hit.session.id}`));
  const places = new Set(locks.map(({ home, lock }) => `${home?.home.path}\n${lock?.path}`));
  const all = snapshot.homes.flatMap((home) => home.findings.map((finding) => ({ home, finding })));
  const belongs = ({ home, finding }: Suspect): boolean => {
    if (places.has(`${home.home.path}\n${finding.path}`)) return true;
    const owner = sessionOfFinding(home, finding);
    return owner !== undefined && ids.has(`${home.home.path}\n${owner.agent.reading.name}\n${owner.session.id}`);
  };
  // What is wrong with a named place is of interest whatever was said; elsewhere only what fits the words.
  const own = all.filter(belongs);
  const fitting = all.filter(({ finding }) => codes.has(finding.code));
  const isLocated = named.length > 0 || locks.length > 0;
  const chosen = isLocated
    ? own.toSorted((a, b) => Number(codes.has(b.finding.code)) - Number(codes.has(a.finding.code)))
    : fitting;
  return chosen.slice(0, MOST_SUSPECTS);
}

/** Text that nobody knows is looked for as it stands: by the ids and paths in it. */
async function quotedLines(
  source: ExplainSource,
  snapshot: Snapshot,
  unknown: readonly string[],
  signal: AbortSignal | undefined,
): Promise<QuotedLine[]> {
  const quoted: QuotedLine[] = [];
  for (const text of unknown.slice(0, 5)) {
    let hit: SessionHit | null = null;
    const request = { text, limit: 10, ...(signal === undefined ? {} : { signal }) };
    for await (const event of searchSessions(source, snapshot, request)) {
      if (event.what === "session") hit = event.session;
      if (event.what === "hit" && hit !== null) quoted.push({ hit, line: event.hit });
    }
  }
  return quoted;
}

async function loggedOf(source: ExplainSource, named: readonly NamedSession[]): Promise<GatewayEvent[]> {
  const logged: GatewayEvent[] = [];
  for (const { hit } of named.slice(0, MOST_DEEP_SESSIONS)) {
    const home = hit.home.home.path;
    logged.push(...eventsOfSession(await source.gatewayEvents(home), home, hit.session));
  }
  return [...new Set(logged)].toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** It stands where a finding or a lock of its kind does; it does not where all that is meant was looked at and has none. */
function standing({
  isLocated,
  locks,
  suspects,
  symptoms,
  unknown,
  wasDeep,
}: Pick<Explanation, "isLocated" | "locks" | "suspects" | "symptoms" | "unknown" | "wasDeep">): boolean | null {
  if (symptoms.length === 0) return null;
  const codes = new Set<string>(symptoms.flatMap((one) => one.codes));
  const isAboutLocks = [...codes].some((code) => code.startsWith("lock/"));
  if (suspects.some(({ finding }) => codes.has(finding.code))) return true;
  if (isAboutLocks && locks.some(({ lock }) => lock !== null)) return true;
  const needsDepth = [...codes].some((code) => code.startsWith("transcript/")) && !wasDeep;
  const isElsewhere = !isLocated && unknown.length > 0;
  return needsDepth || isElsewhere || codes.size === 0 ? null : false;
}
