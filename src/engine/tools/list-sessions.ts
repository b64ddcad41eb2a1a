/** `list_sessions`: what sessions there are, and which of them go on with something that was put away. */
import * as v from "valibot";

import type { Session } from "../../model/session.ts";
import { findingsOfSession, lockOfSession } from "../lookup.ts";
import { queryFor } from "../history/naming.ts";
import { standingOf } from "../history/standing.ts";
import { sessionStanding } from "../present/sessions.ts";
import { isoTime } from "../present/times.ts";
import { allSessions, type SessionHit, sessionMatches } from "../query.ts";
import { bytesOf, fitting, MOST_BYTES } from "./bounded.ts";
import { homeInput, limitInput } from "./inputs.ts";
import { nameOf, withHome } from "./session-choice.ts";
import { defineTool, type ToolAnswer } from "./tool.ts";
import { quotedShort, UNTRUSTED_NOTE } from "./untrusted.ts";

const input = v.strictObject({
  query: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(500),
      v.description("Only sessions whose key, title, id, status or file names hold all of these words."),
    ),
    "",
  ),
  agent: v.optional(v.pipe(v.string(), v.description("Only sessions of the agent with this name."))),
  home: homeInput,
  limit: limitInput(20, 100, "How many sessions"),
  offset: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.description("How many of the newest to leave out.")),
    0,
  ),
});

const newestFirst = (a: SessionHit, b: SessionHit): number => (b.session.updatedAt ?? 0) - (a.session.updatedAt ?? 0);

/** What the session goes on with; absent where nothing came before. */
function continuation(session: Session): ToolAnswer {
  const { continuationOf, mayContinue, previous } = standingOf(session);
  const open = mayContinue.length === 0 ? {} : { mayContinueOneOf: mayContinue.length };
  if (previous.length === 0) return open;
  const last = previous.at(-1)!.fragment;
  return {
    ...open,
    continuesArchive: {
      earlierFragments: previous.length,
      certainty: continuationOf?.certainty ?? "open",
      lastPutAwayAt: isoTime(last.archivedAt ?? last.endedAt),
    },
  };
}

function sessionRow(hit: SessionHit): ToolAnswer {
  const { agent, home, session } = hit;
  const next = session.fragments.length === 0 ? {} : { next: nextCall(hit) };
  const findings = findingsOfSession(home, session).length;
  return {
    ...nameOf(hit),
    key: session.key,
    title: quotedShort(session.title, 120),
    program: home.home.program,
    agent: agent.reading.name,
    ...(home.home.role === "canonical" ? {} : { homeRole: home.home.role }),
    state: sessionStanding(session, lockOfSession(home, session)),
    updatedAt: isoTime(session.updatedAt),
    sessionId: session.fragments.at(-1)?.fragment.sessionId ?? session.row?.sessionId ?? null,
    fragments: session.fragments.length,
    ...(findings === 0 ? {} : { findings }),
    ...continuation(session),
    ...next,
  };
}

/** The call that gives the work before, ready to be made. */
const nextCall = (hit: SessionHit): string =>
  `session_history ${JSON.stringify({ session: queryFor(hit), home: hit.home.home.path, brief: true })}`;

export const listSessions = defineTool({
  name: "list_sessions",
  title: "List Agent Sessions",
  description: `Lists the sessions of AI agents on this machine (OpenClaw and others), the last used first: key, state, when, how many transcript fragments.
Use it first when you are told to "continue", when earlier work is missing from your context, or when someone asks what an agent did. A session with \`continuesArchive\` was reset or rotated: its earlier messages are not in the agent's context, but they are on disk. Make the call that its \`next\` names (session_history with brief: true) to get the earlier requests, open work and the fate of background commands. With \`mayContinueOneOf\` several archives could come before it, and session_history names them. If you know your own session key or session id, you can skip this and call session_history directly. Read-only.`,
  input,
  async answer(host, { agent, home, limit, offset, query }) {
    const snapshot = withHome(await host.snapshot(), home);
    const all = allSessions(snapshot)
      .filter((hit) => (agent === undefined || hit.agent.reading.name === agent) && sessionMatches(hit.session, query))
      .toSorted(newestFirst);
    const page = all.slice(offset, offset + limit).map(sessionRow);
    const homes = snapshot.homes.map((one) => ({
      path: one.home.path,
      role: one.home.role,
      agents: one.agents.length,
    }));
    const sources = fitting(homes, MOST_BYTES / 10);
    const sessions = fitting(page, MOST_BYTES - bytesOf(sources));
    const end = offset + sessions.length;
    return {
      note: UNTRUSTED_NOTE,
      total: all.length,
      sessions,
      truncated: offset > 0 || end < all.length,
      nextOffset: end < all.length ? end : null,
      sources: { homes: sources, ofHomes: homes.length },
      warnings: snapshot.environment.map(({ message }) => message),
    };
  },
});
