/** Finds the one session that a person names on the command line, or tells what the name can mean. */
import { lockOfSession } from "../engine/lookup.ts";
import { escaped } from "../engine/present/names.ts";
import { sessionSummary } from "../engine/present/sessions.ts";
import { allSessions, findSessions, likeliestHit, sessionMatches, SHORTEST_ID_PREFIX } from "../engine/query.ts";
import type { SessionHit } from "../engine/query.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { EXIT, ExitError, usageError } from "./exit.ts";
import { homesHolding, pathsOf } from "./named-files.ts";
import { reportUnreadable, scanHome, scanPlaces } from "./scanning.ts";
import type { Scanned } from "./scanning.ts";
import type { CliWorld, Values } from "./verb.ts";

/** What QUERY may be, for the help of verbs that take one. */
export const QUERY_HELP = `QUERY is a session key (agent:main:incident, or just incident), a session id (its first ${SHORTEST_ID_PREFIX} characters are
enough) or a file. When it can mean several sessions they are listed, and the exit code is 2.
`;

/** The home to look in, else those of this user; a file names its home itself. */
async function scanFor(world: CliWorld, paths: readonly string[], values: Values): Promise<Scanned> {
  if (typeof values["home"] === "string") return await scanHome(world, values);
  const holders = homesHolding(paths);
  return await scanPlaces(world, { paths: holders, discover: holders.length === 0 }, values);
}

/** By key and newest id: two chains may have the same key. */
function hitLine({ home, agent, session }: SessionHit): string {
  const newest = session.fragments.at(-1)?.fragment;
  const id = newest?.sessionId ?? newest?.path ?? session.id;
  const summary = sessionSummary(session, lockOfSession(home, session));
  const place = `agent ${agent.reading.name} of ${home.home.path}`;
  return `  ${escaped(`${session.key ?? "unattributed"}  ${id}  ${summary}, ${place}`)}\n`;
}

const shortenedList = (hits: readonly SessionHit[]): string =>
  `${hits.slice(0, 20).map(hitLine).join("")}${hits.length > 20 ? `  … and ${hits.length - 20} more\n` : ""}`;

/** Nothing goes by that name: what mentions it may be what was meant. */
function nothingFound(snapshot: Snapshot, query: string): ExitError {
  const mentions = allSessions(snapshot).filter(({ session }) => sessionMatches(session, query));
  const near = mentions.length === 0 ? "" : `These mention it:\n${shortenedList(mentions)}`;
  return usageError(
    `No session goes by "${query}". Name a session key, a session id (at least ${SHORTEST_ID_PREFIX} characters of it) or a file.\n${near}`,
  );
}

function pick(world: CliWorld, snapshot: Snapshot, query: string, hits: readonly SessionHit[]): SessionHit {
  const [first] = hits;
  if (first === undefined) throw nothingFound(snapshot, query);
  if (hits.length === 1) return first;
  const chosen = likeliestHit(hits);
  if (chosen === undefined)
    throw usageError(
      `"${query}" can mean ${hits.length} sessions. Name an id, or the home with --home:\n${shortenedList(hits)}`,
    );
  const others = hits.filter((one) => one !== chosen);
  world.terminal.err(
    `"${query}" can also mean the following. Name an id, or the home with --home, to see one of them.\n${shortenedList(others)}`,
  );
  return chosen;
}

/** A session, and the scan that it was found in. */
export interface NamedSession {
  readonly scanned: Scanned;
  readonly hit: SessionHit;
}

/** The session that `query` means, in the home of `--home` or in those of this user. Throws ExitError where none is meant alone. */
export async function sessionNamed(world: CliWorld, query: string, values: Values): Promise<NamedSession> {
  const paths = pathsOf(world, query);
  const scanned = await scanFor(world, paths, values);
  if (reportUnreadable(world, scanned) !== EXIT.done) throw new ExitError(EXIT.unreadable, "Nothing was looked for.");
  const { snapshot } = scanned;
  return { scanned, hit: pick(world, snapshot, query, findSessions(snapshot, query, paths)) };
}
