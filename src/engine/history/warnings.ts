/** What a reader of a history must know of it: links that were guessed, what can't be read, what is being written right now. */
import { basename } from "node:path";

import { count } from "../../model/amounts.ts";
import { type Fragment, type FragmentPlace, placeId } from "../../model/fragment.ts";
import type { LinkedFragment } from "../../model/session.ts";
import { type Skipped, usesDatabase } from "../../model/reading.ts";
import { transcriptId } from "../../model/store.ts";
import { isInside, pathFrom, pathWithin } from "../../system/files.ts";
import { lockOfSession } from "../lookup.ts";
import { roleName } from "../present/homes.ts";
import { placeLabel } from "../present/places.ts";
import { isRunning } from "../present/sessions.ts";
import { momentAgo } from "../present/times.ts";
import { idsOf, type SessionHit } from "../query.ts";
import type { UnreadFragment } from "../reading/chain-reader.ts";

/** Of one kind, more than these are counted. */
const MOST_OF_A_KIND = 10;
const MOST_ALTERNATIVES = 4;
/** What was written this short ago may go on while it is read; milliseconds. */
const JUST_WRITTEN_MS = 10_000;

function bounded(warnings: readonly string[], noun: string): string[] {
  if (warnings.length <= MOST_OF_A_KIND) return [...warnings];
  return [...warnings.slice(0, MOST_OF_A_KIND), `And ${count(warnings.length - MOST_OF_A_KIND, noun)} more.`];
}

function homeWarnings({ home: { home } }: SessionHit): string[] {
  if (home.role === "canonical") return [];
  const instead = home.canonicalPath === undefined ? "" : `; the canonical home is ${home.canonicalPath}`;
  return [`This session lies in a ${roleName(home.role)}, ${home.path}${instead}.`];
}

function keyWarnings({ session }: SessionHit): string[] {
  if (session.key === null)
    return [
      `No session key is known: ${session.unattributed ?? "nothing names one"}. Other fragments may belong to it.`,
    ];
  return session.keyCertainty === "inferred" ? [`That its key is ${session.key} is inferred, not recorded.`] : [];
}

/** A key that was deleted and born again: nothing says that the one goes on with the other, but a person may have meant both. */
function namesakeWarnings({ agent, session }: SessionHit): string[] {
  if (session.key === null) return [];
  const others = agent.sessions.filter((one) => one !== session && one.key === session.key);
  return others.map(({ fragments, state }) => {
    const newest = fragments.at(-1)?.fragment;
    const name = newest?.sessionId ?? newest?.path ?? "without a transcript";
    return `Another session has the key ${session.key} as well: ${name} (${state}, ${count(fragments.length, "fragment")}). It is no part of this chain.`;
  });
}

function linkWarning({ alternatives, fragment, link, open }: LinkedFragment): string[] {
  const could = link === null ? "It could be" : "It could also be";
  const named = alternatives.slice(0, MOST_ALTERNATIVES).map(placeLabel);
  const more = alternatives.length - named.length;
  const all = more === 0 ? named : [...named, `${more} more`];
  const others = alternatives.length === 0 ? "" : ` ${could}: ${all.join("; ")}.`;
  const name = placeLabel(fragment);
  if (link === null) return open === null ? [] : [`What comes before ${name} is open: ${open}.${others}`];
  if (link.certainty !== "inferred") return [];
  return [`That ${name} continues ${placeLabel(link.previous)} is inferred: the best match, not a proof.${others}`];
}

function damageWarnings(fragment: Fragment): string[] {
  const { header, tail } = fragment;
  const name = placeLabel(fragment);
  return [
    ...(header.state === "bad" ? [`The header of ${name} can't be read: ${header.reason}.`] : []),
    ...(tail.state === "torn" ? [`The end of ${name} is torn, from byte ${tail.offset} on: ${tail.reason}.`] : []),
  ];
}

const BEING_WRITTEN = "The session is being written right now: what follows may not be there yet.";

function lockWarnings({ agent, home, session }: SessionHit): string[] {
  const lock = lockOfSession(home, session);
  if (lock?.verdict === "held") return [BEING_WRITTEN];
  if (lock !== undefined) return [`A lock that is ${lock.verdict} lies on ${lock.target}: ${lock.explanation}`];
  if (!isRunning(session)) return [];
  // Sessions in a database have no locks of their own.
  if (usesDatabase(agent.reading)) return ["The store says that a turn is running: what follows may not be there yet."];
  return ["The store says that a turn is running, but no lock is held: it was probably cut off."];
}

/** Whether a file that was not read is named after the session. */
function isOf({ home: { home }, session }: SessionHit, { path }: Skipped): boolean {
  return (
    pathWithin(home.path, path) === session.row?.transcriptPath ||
    idsOf(session).some((id) => basename(path).startsWith(id))
  );
}

/** Files that were left out of the chain for they can't be read, and a transcript that the store names and that is not there. */
function missingWarnings(hit: SessionHit): string[] {
  const { agent, home, session } = hit;
  const folder = pathFrom(home.home.path, agent.reading.sessionsPath);
  const skipped = home.skipped.filter(({ path }) => isInside(folder, path));
  const own = skipped.filter((one) => isOf(hit, one));
  const others = skipped.length - own.length;
  const unread = own.map(
    ({ path, reason }) => `${pathWithin(home.home.path, path)} could not be read, and is left out here: ${reason}.`,
  );
  const isThere = (id: string | null): boolean => session.fragments.some(({ fragment }) => placeId(fragment) === id);
  const named = session.row?.sessionFile ?? null;
  const isGone = session.row !== null && named !== null && own.length === 0 && !isThere(transcriptId(session.row));
  return [
    ...bounded(unread, "unread file"),
    ...(isGone ? [`The store names ${named} as the transcript, and it is not among what was read.`] : []),
    ...(others === 0
      ? []
      : [`${count(others, "other file")} of this agent could not be read: a part of this session may be among them.`]),
  ];
}

/** A database has no lock for each session, and an agent may write without one. */
function freshnessWarnings({ agent, home, session }: SessionHit, now: number): string[] {
  if (agent.pending !== undefined)
    return ["The home is still being read: fragments may be missing from the chain. Ask again in a moment."];
  const newest = session.fragments.at(-1)?.fragment;
  const isHeld = lockOfSession(home, session)?.verdict === "held";
  if (newest === undefined || isHeld || Math.abs(now - newest.modifiedAt) > JUST_WRITTEN_MS) return [];
  return [`The newest fragment was written ${momentAgo(newest.modifiedAt, now)}, and may go on.`];
}

export interface ReadingTroubles {
  /** Fragments whose messages could not be read. */
  readonly unread: readonly UnreadFragment[];
  /** Fragments that could not be read for background execs. */
  readonly unreadForExecs: readonly FragmentPlace[];
}

function readingWarnings({ unread, unreadForExecs }: ReadingTroubles): string[] {
  const messages = unread.map(
    ({ fragment, reason }) => `${placeLabel(fragment.fragment)} could not be read: ${reason}.`,
  );
  const execs = unreadForExecs.map(
    (place) => `${placeLabel(place)} could not be read for background commands: some may have started or ended in it.`,
  );
  return [...bounded(messages, "unread fragment"), ...bounded(execs, "fragment")];
}

/** Plain sentences, the most far-reaching first; foreign names in them are raw. `now` is in ms UTC. */
export function historyWarnings(hit: SessionHit, troubles: ReadingTroubles, now: number): string[] {
  const { fragments } = hit.session;
  return [
    ...homeWarnings(hit),
    ...keyWarnings(hit),
    ...bounded(namesakeWarnings(hit), "session"),
    ...freshnessWarnings(hit, now),
    ...lockWarnings(hit),
    ...missingWarnings(hit),
    ...readingWarnings(troubles),
    ...bounded(fragments.flatMap(linkWarning), "uncertain link"),
    ...bounded(
      fragments.flatMap(({ fragment }) => damageWarnings(fragment)),
      "damaged fragment",
    ),
  ];
}
