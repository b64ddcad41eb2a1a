/** What a search found as the JSON document "session-forensics/search/1": grouped by session, ISO times, home-relative paths. */
import type { WindowExtent } from "../../model/fragment.ts";
import type { HitPart, NameHit, SearchHit, Snippet } from "../../model/search.ts";
import type { SessionState } from "../../model/session.ts";
import { isoTime } from "../present/times.ts";
import type { SessionHit } from "../query.ts";
import type { SearchEvent } from "./search.ts";
import { sessionTitle } from "../present/sessions.ts";

const SEARCH_SCHEMA = "session-forensics/search/1";

export interface HitDocument {
  /** Of the fragment; relative to the home. */
  readonly path: string;
  readonly window?: WindowExtent;
  /** Name of the archive inside the database at `path`. */
  readonly archive?: string;
  /** Counted from 1; null in a database. */
  readonly line: number | null;
  /** Number of the event: in a database the program's own, in a file the line's, from 0. */
  readonly seq: number;
  readonly entryId: string | null;
  readonly at: string | null;
  readonly role: SearchHit["role"];
  readonly in: HitPart;
  readonly snippet: string;
  /** Where the text stands in the snippet, in UTF-16 units, the end exclusive. */
  readonly highlights: readonly (readonly [number, number])[];
  /** How often the text stands in the line. */
  readonly matches: number;
}

export interface FoundSessionDocument {
  /** Absolute path. */
  readonly home: string;
  readonly agent: string;
  readonly id: string;
  readonly key: string | null;
  readonly title: string;
  readonly state: SessionState;
  readonly updatedAt: string | null;
  /** What it is called by, where that holds the text. */
  readonly names: readonly { readonly in: NameHit["part"]; readonly snippet: string }[];
  readonly hits: readonly HitDocument[];
}

/** All that a search found. */
export interface SearchDocument {
  readonly schema: typeof SEARCH_SCHEMA;
  readonly query: string;
  readonly hits: number;
  /** The search ended at its limit: there may be more. */
  readonly truncated: boolean;
  /** Lines of checkpoints that say again what was found in the chain; they are not among the hits. */
  readonly repeatedInCopies: number;
  readonly searched: { readonly sessions: number; readonly fragments: number; readonly bytes: number };
  readonly unsearched: readonly { readonly home: string; readonly path: string; readonly reason: string }[];
  /** The session that changed last comes first. */
  readonly sessions: readonly FoundSessionDocument[];
}

/** Takes the events of one search to its end. Rejects when that ends without `end`. */
export async function searchDocument(query: string, events: AsyncIterable<SearchEvent>): Promise<SearchDocument> {
  const sessions: { readonly of: SessionHit; readonly names: NameHit[]; readonly hits: SearchHit[] }[] = [];
  const unsearched: SearchDocument["unsearched"][number][] = [];
  for await (const event of events) {
    if (event.what === "session") sessions.push({ of: event.session, names: [], hits: [] });
    else if (event.what === "name") sessions.at(-1)?.names.push(event.name);
    else if (event.what === "hit") sessions.at(-1)?.hits.push(event.hit);
    else if (event.what === "unsearched") unsearched.push(event.unsearched);
    else if (event.what === "end") {
      const { hits, repeated, searched, truncated } = event.end;
      const { bytes, fragments, sessions: number } = searched;
      return {
        schema: SEARCH_SCHEMA,
        query,
        hits,
        truncated,
        repeatedInCopies: repeated,
        searched: { sessions: number, fragments, bytes },
        unsearched,
        sessions: sessions.map(({ hits: found, names, of }) => sessionDocument(of, names, found)),
      };
    }
  }
  throw new Error("The search ended without an end.");
}

function sessionDocument(
  { agent, home, session }: SessionHit,
  names: readonly NameHit[],
  hits: readonly SearchHit[],
): FoundSessionDocument {
  return {
    home: home.home.path,
    agent: agent.reading.name,
    id: session.id,
    key: session.key,
    title: sessionTitle(session),
    state: session.state,
    updatedAt: isoTime(session.updatedAt),
    names: names.map(({ part, snippet }) => ({ in: part, snippet: snippet.text })),
    hits: hits.map(hitDocument),
  };
}

function hitDocument({ at, entryId, fragment, line, matches, part, role, seq, snippet }: SearchHit): HitDocument {
  return {
    ...fragment,
    line,
    seq,
    entryId,
    at: isoTime(at),
    role,
    in: part,
    snippet: snippet.text,
    highlights: highlightsOf(snippet),
    matches,
  };
}

const highlightsOf = ({ matches }: Snippet): [number, number][] => matches.map(({ end, start }) => [start, end]);
