/** `search_sessions`: a text in all transcripts, archives included. */
import * as v from "valibot";

import type { Snapshot } from "../../model/snapshot.ts";
import { queryFor } from "../history/naming.ts";
import { agentByName, sessionById } from "../lookup.ts";
import { bytesOf, fitting, MOST_BYTES } from "./bounded.ts";
import { homeInput, limitInput, sessionInput } from "./inputs.ts";
import { type FoundSessionDocument, type HitDocument, searchDocument } from "../search/search-document.ts";
import { searchSessions as search } from "../search/search.ts";
import { sessionChosen, withHome } from "./session-choice.ts";
import { defineTool, type ToolAnswer } from "./tool.ts";
import { quotedShort, UNTRUSTED_NOTE } from "./untrusted.ts";

const input = v.strictObject({
  text: v.pipe(
    v.string(),
    v.minLength(2),
    v.maxLength(1000),
    v.description(
      "The words to find, as they were written: one phrase, not a pattern. Upper and lower case are the same.",
    ),
  ),
  session: v.optional(sessionInput),
  home: homeInput,
  limit: limitInput(30, 200, "How many lines to find"),
});

function hitAnswer({ at, entryId, in: part, line, path, role, seq, snippet, window }: HitDocument): ToolAnswer {
  return {
    path,
    ...(window === undefined ? {} : { window }),
    ...(line === null ? { seq } : { line }),
    entryId,
    at,
    role,
    in: part,
    quoted: snippet,
  };
}

/** How the next call names it. */
function nameIn(snapshot: Snapshot, found: FoundSessionDocument): string {
  const home = snapshot.homes.find((one) => one.home.path === found.home);
  const agent = home === undefined ? undefined : agentByName(home, found.agent);
  const session = agent === undefined ? undefined : sessionById(agent, found.id);
  if (home === undefined || agent === undefined || session === undefined) return found.id;
  return queryFor({ home, agent, session });
}

function foundAnswer(snapshot: Snapshot, found: FoundSessionDocument): ToolAnswer {
  const { agent, hits, home, key, state, title, updatedAt } = found;
  return {
    session: nameIn(snapshot, found),
    key,
    home,
    agent,
    title: quotedShort(title, 120),
    state,
    updatedAt,
    hits: fitting(hits.map(hitAnswer), MOST_BYTES / 4),
    ofHits: hits.length,
  };
}

export const searchSessions = defineTool({
  name: "search_sessions",
  title: "Search Agent Sessions",
  description: `Finds a text in the transcripts of all agent sessions on this machine, reset and deleted archives and databases included, grouped by session, the last used session first. Use it when you know a word of the earlier work (a file name, a command, an error) but not its session; then call session_history with that session. Read-only.`,
  input,
  async answer(host, { home, limit, session, text }, signal) {
    const snapshot = withHome(await host.snapshot(), home);
    const only = session === undefined ? undefined : sessionChosen(snapshot, { session }).session;
    const events = search(host, snapshot, {
      text,
      limit,
      ripgrep: await host.ripgrep(),
      ...(only === undefined ? {} : { accepts: (hit) => hit.session === only }),
      ...(signal === undefined ? {} : { signal }),
    });
    const { hits, searched, sessions, truncated, unsearched } = await searchDocument(text, events);
    const head = { note: UNTRUSTED_NOTE, hits, searched, unsearched: unsearched.slice(0, 10) };
    const all = sessions.map((one) => foundAnswer(snapshot, one));
    const found = fitting(all, MOST_BYTES - bytesOf(head));
    const isCut = found.length < all.length || sessions.some((one, index) => cutShort(one, all[index]));
    return {
      ...head,
      sessions: found,
      truncated: truncated || isCut,
      sources: { homes: snapshot.homes.map((one) => one.home.path).slice(0, 20) },
    };
  },
});

const cutShort = ({ hits }: FoundSessionDocument, answer: ToolAnswer | undefined): boolean =>
  Array.isArray(answer?.["hits"]) && answer["hits"].length < hits.length;
