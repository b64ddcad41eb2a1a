/** store/orphan-transcript: a live transcript that no row names. People's conversations one by one, the machine's together. */
import { count, size } from "../../model/amounts.ts";
import type { Fragment } from "../../model/fragment.ts";
import type { Session } from "../../model/session.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { AgentSnapshot } from "../../model/snapshot.ts";
import type { StoreRow } from "../../model/store.ts";
import { baseName, fileAgents, isWithin, mayBeWritten, sessionsByFragment, storeIsWhole } from "../facts.ts";
import { keptWhile } from "../kept.ts";
import { momentText, spanText } from "../moments.ts";
import type { CheckInput, Draft, Rule } from "../rule.ts";
import { sortedFragments } from "../sorted-fragments.ts";
import { ownTranscripts } from "./foreign-session-file.ts";

/** A new session's row is written moments after its transcript. */
const NEW_MS = 30_000;
/** Files named in a finding about many. */
const MOST_NAMED = 20;

/** Who spoke in it: a person, or one of OpenClaw's own turns. */
type Origin = "person" | "heartbeat" | "cron" | "subagent" | "nobody";

interface Orphan {
  readonly fragment: Fragment;
  readonly session: Session | undefined;
  readonly origin: Origin;
}

export const orphanTranscript: Rule = (input) =>
  fileAgents(input.home).flatMap((agent) => (storeIsWhole(agent.reading) ? draftsOf(agent, input) : []));

function draftsOf(agent: AgentSnapshot, input: CheckInput): Draft[] {
  const orphans = orphansOf(agent, input);
  const byOrigin = Map.groupBy(orphans, ({ origin }) => origin);
  const own = (byOrigin.get("person") ?? []).map((orphan) => personDraft(agent, orphan));
  const machines = [...byOrigin].filter(([origin]) => origin !== "person");
  return [...own, ...machines.map(([origin, members]) => machineDraft(agent, origin, members))];
}

/** Live transcripts with a readable header that no row of any agent names. Damaged ones have findings of their own. */
function orphansOf(agent: AgentSnapshot, { home, now }: CheckInput): Orphan[] {
  const { live, livePlaces } = sortedFragments(agent.reading);
  const unnamed = unnamedPaths(livePlaces, ...home.agents.map(({ reading }) => reading.store.rows));
  if (unnamed.length === 0) return [];
  const meant = new Set(home.agents.flatMap(({ reading }) => foreignTranscripts(reading)));
  const loose = unnamed
    .filter((path) => !meant.has(path))
    .map((path) => live[livePlaces.get(path)!]!)
    .filter(({ header }) => header.state === "ok");
  if (loose.length === 0) return [];
  const sessions = sessionsByFragment(agent);
  return loose
    .filter((one) => !mayBeWritten(home, one.path) && !isWithin(NEW_MS, one.startedAt, now))
    .map((fragment) => {
      const session = sessions.get(fragment);
      return { fragment, session, origin: originOf(fragment, session) };
    });
}

/** Live transcripts that no row of these stores names. */
const unnamedPaths = keptWhile((livePlaces: ReadonlyMap<string, number>, ...stores: (readonly StoreRow[])[]) => {
  const named = new Set<string | null>(stores.flatMap((rows) => rows.map(({ transcriptPath }) => transcriptPath)));
  return [...livePlaces.keys()].filter((path) => !named.has(path));
});

/** Those that rows would name if their paths were right. */
function foreignTranscripts(agent: AgentReading): string[] {
  return agent.store.rows
    .filter((row) => row.transcriptPath === null && row.transcriptBy === "foreign")
    .flatMap((row) => ownTranscripts(agent, row));
}

function originOf(fragment: Fragment, session: Session | undefined): Origin {
  const key = session?.key ?? "";
  const text = fragment.firstUserText ?? "";
  if (fragment.start === "header-only") return "nobody";
  if (key.includes(":cron:") || text.startsWith("[cron:")) return "cron";
  if (key.includes(":subagent:") || text.startsWith("[Subagent Context]")) return "subagent";
  if (key.endsWith(":heartbeat") || (text === "" && fragment.start === "turn")) return "heartbeat";
  return "person";
}

function personDraft(agent: AgentSnapshot, { fragment, session }: Orphan): Draft {
  const key = session?.key ?? null;
  const title = session?.title ?? "";
  const about = title === "" ? "" : ` (“${title}”)`;
  const times = `${spanText(fragment.startedAt, fragment.endedAt)}, ${size(fragment.bytes)}`;
  const isEarlierPart =
    session !== undefined && session.row !== null && session.fragments.at(-1)?.fragment !== fragment;
  const whose =
    key === null ? "" : isEarlierPart ? ` It is an earlier part of ${key}.` : ` It was the transcript of ${key}.`;
  return {
    code: "store/orphan-transcript",
    ...(isEarlierPart ? { severity: "info" } : {}),
    path: fragment.path,
    message:
      `A conversation${about} ${times}, is on disk, but the store does not list it, so OpenClaw neither shows nor continues it.` +
      `${whose} It is not junk: read it before anybody removes it. OpenClaw's doctor would rename it to .deleted.`,
    evidence: [
      { kind: "file", text: "no row of the store names it", path: agent.reading.store.path },
      { kind: "file", text: `session ${fragment.sessionId}, ${times}`, path: fragment.path, line: 1 },
      ...(session?.keyEvidence ?? []),
    ],
    agent: agent.reading.name,
    ...(key === null ? {} : { sessionKey: key }),
  };
}

const MACHINE_TEXTS: Readonly<Record<Exclude<Origin, "person">, readonly [one: string, several: string]>> = {
  heartbeat: ["a transcript that begins with a heartbeat", "transcripts that begin with heartbeats"],
  cron: ["a transcript of a cron job", "transcripts of cron jobs"],
  subagent: ["a transcript of a subagent", "transcripts of subagents"],
  nobody: ["a transcript with nothing but a header", "transcripts with nothing but a header"],
};

function machineDraft(agent: AgentSnapshot, origin: Origin, members: readonly Orphan[]): Draft {
  const first = members[0]?.fragment;
  const [one, several] = origin === "person" ? ["a transcript", "transcripts"] : MACHINE_TEXTS[origin];
  const what =
    members.length === 1
      ? `Of agent ${agent.reading.name}, ${one}`
      : `Of agent ${agent.reading.name}, ${members.length} ${several}`;
  const bytes = size(members.reduce((sum, { fragment }) => sum + fragment.bytes, 0));
  const named = members.slice(0, MOST_NAMED);
  const more = members.length - named.length;
  return {
    code: "store/orphan-transcript",
    severity: "info",
    path: members.length === 1 && first !== undefined ? first.path : agent.reading.sessionsPath,
    identity: `${agent.reading.sessionsPath}#${origin}`,
    message:
      `${what} (${bytes}) ${members.length === 1 ? "is" : "are"} on disk without a row in the store. No person's message was ` +
      `seen at the beginning; look into ${members.length === 1 ? "it" : "them"} before you decide.`,
    evidence: [
      ...named.map(
        ({ fragment }) =>
          ({ kind: "file", text: `begun ${momentText(fragment.startedAt)}`, path: fragment.path }) as const,
      ),
      ...(more > 0 ? [{ kind: "file", text: `and ${count(more, "further file")}` } as const] : []),
    ],
    agent: agent.reading.name,
    related: named.map(({ fragment }) => ({ path: fragment.path, label: baseName(fragment.path) })),
  };
}
