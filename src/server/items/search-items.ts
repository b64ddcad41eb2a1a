/** What a search finds as rows for a client, with the way to each line. */
import { locateById } from "../../engine/lookup.ts";
import { homePath } from "../../engine/present/homes.ts";
import { escaped } from "../../engine/present/names.ts";
import { hitSource, nameSource } from "../../engine/present/search-text.ts";
import { fragmentLabel, sessionLabel } from "../../engine/present/sessions.ts";
import type { SessionHit } from "../../engine/query.ts";
import { placeId } from "../../model/fragment.ts";
import type { NameHit, SearchHit, Snippet, Unsearched } from "../../model/search.ts";
import type { FoundLine, FoundSession, FoundText, UnsearchedItem } from "../../protocol/search.ts";
import { pathFrom } from "../../system/files.ts";
import { fileTarget } from "../paths.ts";
import { homeFileTarget, lineTarget } from "../targets.ts";
import { sessionRef } from "./session-item.ts";

const foundText = (source: string, { matches, text }: Snippet): FoundText => ({
  source,
  text,
  highlights: matches.map(({ end, start }) => [start, end]),
});

/** The session alone, without what was found in it. */
export function foundSession(hit: SessionHit, userHome: string): FoundSession {
  const { agent, home, session } = hit;
  return {
    ref: sessionRef(hit),
    label: escaped(sessionLabel(session, agent.reading.name)),
    description: escaped(`${agent.reading.name} · ${homePath(home.home.path, userHome)}`),
    updatedAt: session.updatedAt,
    names: [],
    hits: [],
  };
}

export const foundName = ({ part, snippet }: NameHit): FoundText => foundText(nameSource(part), snippet);

export function foundLine({ home, session }: SessionHit, hit: SearchHit): FoundLine {
  const { at, fragment: place, line, matches, seq, snippet } = hit;
  const id = placeId(place);
  const located = locateById(home, id);
  const target = located === undefined ? { ...homeFileTarget(home, place.path), line } : lineTarget(home, located, seq);
  return {
    ...foundText(hitSource(hit), snippet),
    id: `${home.home.id} ${id} ${seq}`,
    file: { path: target.path, uri: target.uri },
    line: target.line,
    fragment: located === undefined ? "" : escaped(fragmentLabel(session, located.entry.fragment)),
    place: escaped(line === null ? `${place.path}, event ${seq}` : `${place.path}:${line}`),
    at,
    matches,
  };
}

export const unsearchedItem = ({ home, path, reason }: Unsearched): UnsearchedItem => ({
  file: fileTarget(pathFrom(home, path)),
  reason: escaped(reason),
});
