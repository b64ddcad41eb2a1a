/**
 * Searches the transcripts of all homes for a text, archives included. Whether a line is a hit is decided by reading it here; ripgrep
 * only spares the reading of lines that can't be one, so it changes how long a search takes and nothing else.
 */
import { basename } from "node:path";

import { classifySessionFile, type SessionFileName } from "../../formats/session-file-names.ts";
import { type SearchedText, searchedText } from "../../formats/searched-text.ts";
import type { NameHit, SearchEnd, SearchHit, SearchProgress, Unsearched } from "../../model/search.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { pathWithin } from "../../system/files.ts";
import type { SessionHit } from "../query.ts";
import type { TranscriptSource } from "../reading/chain-reader.ts";
import { timeSlices } from "../time-slices.ts";
import { type Places, ripgrepPlaces } from "./ripgrep-places.ts";
import { batches, bytesOf, fragmentsOf, type SearchedFragment, sessionsInOrder } from "./search-order.ts";
import { WindowsAhead } from "./windows-ahead.ts";
import { searchSession, type SearchWork, type SessionEvent } from "./search-session.ts";

/** What to search for, where, and with what. */
export interface SearchRequest {
  /** What is searched for, as it reads; upper and lower case are the same. See `troubleWithText`. */
  readonly text: string;
  /** Which sessions; all without it. */
  readonly accepts?: (hit: SessionHit) => boolean;
  /** Lines to find at most; `USUAL_HITS` without it. */
  readonly limit?: number;
  /** Shows keys, tokens and passwords in what is found. */
  readonly showSecrets?: boolean;
  /** Absolute path of a ripgrep to search with; null or absent: all is read here. */
  readonly ripgrep?: string | null;
  /** It is started for no less than this; `FEW_BYTES` without it. */
  readonly ripgrepFromBytes?: number;
  /** Ends the search: what was asked for then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a search tells while it runs. Names and hits belong to the session that was told last. */
export type SearchEvent =
  | { readonly what: "session"; readonly session: SessionHit }
  | { readonly what: "name"; readonly name: NameHit }
  | { readonly what: "hit"; readonly hit: SearchHit }
  | { readonly what: "unsearched"; readonly unsearched: Unsearched }
  | { readonly what: "progress"; readonly progress: SearchProgress }
  | { readonly what: "end"; readonly end: SearchEnd };

/** Lines that a search finds at most where nobody says. */
export const USUAL_HITS = 1000;

/** No text of a transcript is looked for by more; UTF-16 units. */
const LONGEST_TEXT = 8000;

/** Why the text can't be searched for, as a sentence; null when it can. */
export function troubleWithText(text: string): string | null {
  if (text.trim() === "") return "There is no text to look for.";
  if (text.length <= LONGEST_TEXT) return null;
  return `A text to look for has ${LONGEST_TEXT} characters at most, this one has ${text.length}: look for a part of it.`;
}

/** Starting a process takes longer than reading less than this. */
const FEW_BYTES = 1 << 20;

/** A session and what is to be read of it. */
interface Prepared {
  readonly hit: SessionHit;
  readonly fragments: readonly SearchedFragment[];
}

const TRANSCRIPTS: ReadonlySet<SessionFileName["what"]> = new Set(["live", "archive", "checkpoint", "imported"]);

/** Transcripts that stand in no chain, for they can't be read: the text may stand in them. */
function* leftOut(snapshot: Snapshot): Generator<SearchEvent> {
  for (const { home, skipped } of snapshot.homes) {
    for (const { path, reason } of skipped) {
      if (!TRANSCRIPTS.has(classifySessionFile(basename(path)).what)) continue;
      yield { what: "unsearched", unsearched: { home: home.path, path: pathWithin(home.path, path), reason } };
    }
  }
}

/** The last event is `end`. What is found, and in which order, depends on the snapshot and the files alone. */
export async function* searchSessions(
  source: TranscriptSource,
  snapshot: Snapshot,
  request: SearchRequest,
): AsyncGenerator<SearchEvent> {
  if (request.accepts === undefined) yield* leftOut(snapshot);
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  const searched = searchedText(request.text);
  const breathe = timeSlices(signal);
  const windows = new WindowsAhead(searched, breathe);
  const work = { source, searched, breathe, windows, masks: request.showSecrets !== true };
  try {
    const sessions = sessionsInOrder(snapshot, request.accepts ?? (() => true));
    const limit = Math.max(1, Math.trunc(request.limit ?? USUAL_HITS));
    yield* inOrder(sessions, work, limit, (batch) => placesIn(batch, searched, request, signal));
  } finally {
    leaving.abort();
  }
}

async function* inOrder(
  sessions: readonly SessionHit[],
  work: SearchWork,
  limit: number,
  places: (batch: readonly Prepared[]) => Promise<Places>,
): AsyncGenerator<SearchEvent> {
  const count = new Count(sessions, limit);
  const all = [...batches(sessions)];
  for (const hit of sessions) work.windows.expect(hit);
  const prepared = (index: number): Prepared[] =>
    (all[index] ?? []).map((hit) => ({ hit, fragments: fragmentsOf(hit) }));
  const isDue = pace();
  let batch = prepared(0);
  let looking = places(batch);
  for (let index = 0; index < all.length; index += 1) {
    const found = await looking;
    const following = prepared(index + 1);
    // While these are read, ripgrep looks at those after them.
    looking = places(following);
    for (const { fragments, hit } of batch) {
      let isTold = false;
      for await (const event of searchSession(hit, fragments, found, work)) {
        if (!count.take(event)) return yield count.end(true);
        if (!isTold && isFind(event)) yield count.session(hit);
        isTold ||= isFind(event);
        if (event.what !== "repeated") yield event;
      }
      count.searched(hit);
      if (isDue()) yield { what: "progress", progress: count.progress };
    }
    batch = following;
  }
  yield count.end(false);
}

function placesIn(
  batch: readonly Prepared[],
  { linePattern }: SearchedText,
  { ripgrep, ripgrepFromBytes = FEW_BYTES }: SearchRequest,
  signal: AbortSignal,
): Promise<Places> {
  const files = batch.flatMap(({ fragments }) => fragments.filter(({ file }) => file !== null));
  const bytes = files.reduce((sum, { fragment }) => sum + fragment.bytes, 0);
  if (!ripgrep || linePattern === null || bytes < ripgrepFromBytes) return Promise.resolve(null);
  const paths = files.flatMap(({ file }) => file ?? []);
  const places = ripgrepPlaces(ripgrep, linePattern, paths, signal);
  // It is waited for only after the batch before it, and the search may have ended by then.
  places.catch(() => undefined);
  return places;
}

const isFind = ({ what }: SessionEvent): boolean => what === "name" || what === "hit";

/** Whoever draws it would draw no faster. */
const PROGRESS_EACH_MS = 100;

/** Says now and then that it is time to tell how far the search has come. */
function pace(): () => boolean {
  let dueAt = performance.now() + PROGRESS_EACH_MS;
  return () => {
    if (performance.now() < dueAt) return false;
    dueAt = performance.now() + PROGRESS_EACH_MS;
    return true;
  };
}

/** Counts what is told, up to the limit. */
class Count {
  readonly #limit: number;
  #progress: SearchProgress;
  #hits = 0;
  #sessionsWithHits = 0;
  #repeated = 0;

  constructor(sessions: readonly SessionHit[], limit: number) {
    this.#limit = limit;
    this.#progress = {
      sessions: 0,
      fragments: 0,
      ofFragments: sessions.reduce((sum, hit) => sum + fragmentCount(hit), 0),
      bytes: 0,
      ofBytes: sessions.reduce((sum, hit) => sum + bytesOf(hit), 0),
    };
  }

  get progress(): SearchProgress {
    return this.#progress;
  }

  /** False for a hit too many. */
  take({ what }: SessionEvent): boolean {
    if (what === "repeated") this.#repeated += 1;
    if (what !== "hit") return true;
    if (this.#hits === this.#limit) return false;
    this.#hits += 1;
    return true;
  }

  session(session: SessionHit): SearchEvent {
    this.#sessionsWithHits += 1;
    return { what: "session", session };
  }

  searched(hit: SessionHit): void {
    const { bytes, fragments, sessions } = this.#progress;
    this.#progress = {
      ...this.#progress,
      sessions: sessions + 1,
      fragments: fragments + fragmentCount(hit),
      bytes: bytes + bytesOf(hit),
    };
  }

  end(truncated: boolean): SearchEvent {
    const end = {
      searched: this.#progress,
      hits: this.#hits,
      sessionsWithHits: this.#sessionsWithHits,
      repeated: this.#repeated,
      truncated,
    };
    return { what: "end", end };
  }
}

const fragmentCount = ({ session }: SessionHit): number => session.fragments.length + session.checkpoints.length;
