/** Searches one session: what it is called by, then its fragments line by line. */
import { createHash } from "node:crypto";

import { readEntry } from "../../agents/transcripts.ts";
import type { SearchedText } from "../../formats/searched-text.ts";
import { placeOf } from "../../model/fragment.ts";
import type { NameHit, SearchHit } from "../../model/search.ts";
import type { Session } from "../../model/session.ts";
import { FileError } from "../../system/files.ts";
import { idsOf, type SessionHit } from "../query.ts";
import type { TranscriptSource } from "../reading/chain-reader.ts";
import { type Breathe, type CandidateLine, ChangedFileError, eventLines, linesAt, ownLines } from "./fragment-lines.ts";
import { type ReadableText, readableTexts, wrapperText } from "./readable-texts.ts";
import type { Places } from "./ripgrep-places.ts";
import type { SearchEvent } from "./search.ts";
import type { SearchedFragment } from "./search-order.ts";
import { snippetOf } from "./snippet.ts";
import type { WindowsAhead } from "./windows-ahead.ts";

/** What all of a search works with. */
export interface SearchWork {
  readonly source: TranscriptSource;
  readonly searched: SearchedText;
  readonly breathe: Breathe;
  /** Knows all windows of this search that lie in databases. */
  readonly windows: WindowsAhead;
  /** Hides keys, tokens and passwords. */
  readonly masks: boolean;
}

/** What is found in a session. `repeated`: a line of a copy that was found in the chain already. */
export type SessionEvent =
  | Extract<SearchEvent, { what: "name" | "hit" | "unsearched" }>
  | { readonly what: "repeated" };

/** What is found in one session, in the order of its fragments; what can't be read is told as `unsearched`. */
export async function* searchSession(
  hit: SessionHit,
  fragments: readonly SearchedFragment[],
  places: Places,
  work: SearchWork,
): AsyncGenerator<SessionEvent> {
  for (const name of namesFound(hit.session, work)) yield { what: "name", name };
  const hasCopies = fragments.some(({ isCopy }) => isCopy);
  const inChain = new Set<string>();
  for (const one of fragments) {
    try {
      for await (const line of candidates(one, places, work)) {
        const found = hitIn(one, line, work);
        if (found === null) continue;
        const digest = hasCopies ? digestOf(line.text) : "";
        if (one.isCopy && inChain.has(digest)) yield { what: "repeated" };
        else yield { what: "hit", hit: found };
        if (!one.isCopy && hasCopies) inChain.add(digest);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const unsearched = { home: hit.home.home.path, path: one.fragment.path, reason: error.message };
      yield { what: "unsearched", unsearched };
    }
  }
}

const digestOf = (line: string): string => createHash("sha256").update(line.trimEnd()).digest("base64");

async function* candidates(one: SearchedFragment, places: Places, work: SearchWork): AsyncGenerator<CandidateLine> {
  const { source, searched, breathe, windows } = work;
  const { file, fragment, hit } = one;
  const inTables = windows.linesOf(one);
  if (inTables !== null) return yield* inTables;
  if (file === null) return yield* eventLines(source, hit.home.home.path, fragment, searched, breathe);
  if (places === null) return yield* ownLines(file, searched, breathe);
  let last = -1;
  try {
    for await (const line of linesAt(file, places.get(file) ?? [], breathe)) {
      last = line.seq;
      yield line;
    }
  } catch (error) {
    if (!(error instanceof ChangedFileError)) throw error;
    for await (const line of ownLines(file, searched, breathe)) if (line.seq > last) yield line;
  }
}

/** Null when no readable text of the line holds what is searched for. */
function hitIn(
  { fragment, hit }: SearchedFragment,
  { offset, seq, text: line }: CandidateLine,
  work: SearchWork,
): SearchHit | null {
  const entry = readEntry(hit.home.home.program, line);
  const wrapper = wrapperText(entry);
  const found = matchIn(readableTexts(entry, line), work) ?? (wrapper === null ? null : matchIn([wrapper], work));
  if (found === null) return null;
  return {
    fragment: placeOf(fragment),
    seq,
    line: isInDatabase(fragment.path) ? null : seq + 1,
    offset,
    entryId: entry.id,
    at: entry.at,
    role: entry.role,
    ...found,
  };
}

/** The first match in these texts, and how many there are. */
function matchIn(
  texts: Iterable<ReadableText>,
  work: SearchWork,
): Pick<SearchHit, "matches" | "part" | "snippet"> | null {
  let first: Pick<SearchHit, "part" | "snippet"> | null = null;
  let matches = 0;
  for (const { part, text } of texts) {
    const places = work.searched.matchesIn(text);
    const [place] = places;
    if (place !== undefined) first ??= { part, snippet: snippetOf(work.searched, text, place, work.masks) };
    matches += places.length;
  }
  return first === null ? null : { ...first, matches };
}

/** Events in a database are no lines of a file, whether they stand in its tables or in an archive inside it. */
const isInDatabase = (path: string): boolean => path.endsWith(".sqlite");

function* namesFound(session: Session, { masks, searched }: SearchWork): Generator<NameHit> {
  for (const { part, text } of namesOf(session)) {
    const [place] = searched.matchesIn(text);
    if (place !== undefined) yield { part, snippet: snippetOf(searched, text, place, masks) };
  }
}

/** The title is what somebody wrote first, and is found there. */
function* namesOf(session: Session): Generator<{ readonly part: NameHit["part"]; readonly text: string }> {
  for (const key of [session.key, ...session.otherKeys]) if (key !== null) yield { part: "key", text: key };
  for (const id of idsOf(session)) yield { part: "id", text: id };
  for (const label of [session.row?.label, session.row?.displayName])
    if (typeof label === "string") yield { part: "label", text: label };
}
