/** What a search finds as rows for a client, with the way to each line. */
import { locateById } from "../../engine/lookup.ts";
import { homePath } from "../../engine/present/homes.ts";
import { escaped } from "../../engine/present/names.ts";
import { hitSource, nameSource } from "../../engine/present/search-text.ts";
import { fragmentLabel, sessionLabel } from "../../engine/present/sessions.ts";
import type { SessionHit } from "../../engine/query.ts";
import { blockAt, placeInBlocks } from "../../engine/transcripts/file-blocks.ts";
import { placeId } from "../../model/fragment.ts";
import type { NameHit, SearchHit, Snippet, Unsearched } from "../../model/search.ts";
import type { FoundLine, FoundSession, FoundText, UnsearchedItem } from "../../protocol/search.ts";
import { FileError, pathFrom } from "../../system/files.ts";
import { blockPart } from "../documents/addresses.ts";
import { fileTarget } from "../paths.ts";
import { homeFileTarget, isTooLarge, lineTarget, type Target, transcriptUri } from "../targets.ts";
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

/** Places of lines in files that open in parts. Lines come in order, so each block is looked at once. */
export class PlacesInParts {
  #last = { path: "", block: -1, seq: 0, line: 0 };

  /** The block, and the line in it from 0. Throws FileError. */
  placeOf(path: string, offset: number, seq: number): { readonly block: number; readonly line: number } {
    const last = this.#last;
    const block = blockAt(offset);
    if (path === last.path && block === last.block) return { block, line: last.line + seq - last.seq };
    const place = placeInBlocks(path, offset);
    this.#last = { path, seq, ...place };
    return place;
  }
}

function targetOf(
  { home }: SessionHit,
  { fragment: place, line, offset, seq }: SearchHit,
  parts: PlacesInParts,
): Target {
  const located = locateById(home, placeId(place));
  if (located === undefined) return { ...homeFileTarget(home, place.path), line };
  if (offset === null || !isTooLarge(located.entry.fragment)) return lineTarget(home, located, seq);
  const path = pathFrom(home.home.path, place.path);
  try {
    const { block, line: inPart } = parts.placeOf(path, offset, seq);
    return { path, uri: transcriptUri(home, located, blockPart(block)), line: inPart + 1 };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return lineTarget(home, located, seq);
  }
}

export function foundLine(session: SessionHit, hit: SearchHit, parts: PlacesInParts): FoundLine {
  const { home } = session;
  const { at, fragment: place, line, matches, seq, snippet } = hit;
  const id = placeId(place);
  const located = locateById(home, id);
  const target = targetOf(session, hit, parts);
  return {
    ...foundText(hitSource(hit), snippet),
    id: `${home.home.id} ${id} ${seq}`,
    file: { path: target.path, uri: target.uri },
    line: target.line,
    fragment: located === undefined ? "" : escaped(fragmentLabel(session.session, located.entry.fragment)),
    place: escaped(line === null ? `${place.path}, event ${seq}` : `${place.path}:${line}`),
    at,
    matches,
  };
}

export const unsearchedItem = ({ home, path, reason }: Unsearched): UnsearchedItem => ({
  file: fileTarget(pathFrom(home, path)),
  reason: escaped(reason),
});
