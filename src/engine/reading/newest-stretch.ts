/** The newest stretch of a chain, from an entry on that somebody has read to before: what a document shows, and goes on showing. */
import type { TranscriptEntry } from "../../model/entry.ts";
import type { SessionHit } from "../query.ts";
import {
  type ChainEntry,
  type ChainRequest,
  readChain,
  type TranscriptSource,
  type UnreadFragment,
} from "./chain-reader.ts";
import { type ChainCursor, cursorAt, positionOf } from "./cursor.ts";

/** Entries, and characters of their lines, that are added at a time. */
export const PAGE = { most: 200, mostText: 8 << 20 } as const;

export interface StretchRequest {
  /** Everything from this entry on; the newest page without it, and where it is not in the chain any more. */
  readonly from: ChainCursor | null;
  /** And the page before it. */
  readonly older: boolean;
  readonly accepts: (entry: TranscriptEntry) => boolean;
  readonly signal?: AbortSignal;
}

export interface Stretch {
  /** Oldest first. The lines themselves are left out: they may be huge. */
  readonly entries: readonly ChainEntry[];
  /** The oldest entry; null where there is none. */
  readonly from: ChainCursor | null;
  readonly hasOlder: boolean;
  readonly unread: readonly UnreadFragment[];
}

/** Rejects with the signal's reason. */
export async function newestStretch(
  source: TranscriptSource,
  hit: SessionHit,
  request: StretchRequest,
): Promise<Stretch> {
  const { accepts, older, signal } = request;
  const reader = new Backwards(source, hit, { accepts, ...(signal === undefined ? {} : { signal }) });
  const distance = request.from === null ? null : distanceFrom(hit, request.from);
  const isReached = (): boolean => distance === null || (reader.oldest !== undefined && distance(reader.oldest) <= 0);
  while (reader.hasMore && !isReached()) await reader.page();
  if ((distance === null || older) && reader.hasMore) await reader.page();
  const read = reader.entries();
  const first = distance === null || older ? 0 : read.findIndex((one) => distance(one) >= 0);
  const entries = first === -1 ? read : read.slice(first);
  const [oldest] = entries;
  return {
    entries,
    from: oldest === undefined ? null : cursorAt(oldest.fragment, oldest.seq),
    hasOlder: reader.hasMore || first > 0,
    unread: reader.unread,
  };
}

/** Reads a chain page by page from its newest end. */
class Backwards {
  readonly unread: UnreadFragment[] = [];
  readonly #source: TranscriptSource;
  readonly #hit: SessionHit;
  readonly #request: Pick<ChainRequest, "accepts" | "signal">;
  readonly #pages: (readonly ChainEntry[])[] = [];
  /** Undefined before the first page, null at the end. */
  #older: ChainCursor | null | undefined;

  constructor(source: TranscriptSource, hit: SessionHit, request: Pick<ChainRequest, "accepts" | "signal">) {
    this.#source = source;
    this.#hit = hit;
    this.#request = request;
  }

  get hasMore(): boolean {
    return this.#older !== null;
  }

  get oldest(): ChainEntry | undefined {
    return this.#pages.at(-1)?.[0];
  }

  async page(): Promise<void> {
    const before = this.#older === undefined || this.#older === null ? {} : { before: this.#older };
    const { entries, older, unread } = await readChain(this.#source, this.#hit, {
      ...PAGE,
      ...this.#request,
      ...before,
    });
    this.#pages.push(entries.map((one) => ({ ...one, raw: "" })));
    this.unread.push(...unread);
    this.#older = older;
  }

  entries(): ChainEntry[] {
    return this.#pages.toReversed().flat();
  }
}

/** How far an entry stands behind the place of the cursor; null when the chain has no such place any more. */
function distanceFrom({ session }: SessionHit, cursor: ChainCursor): ((entry: ChainEntry) => number) | null {
  const place = positionOf(session, cursor);
  if (place === -1) return null;
  return ({ fragment, seq }) =>
    fragment === session.fragments[place] ? seq - cursor.before : session.fragments.indexOf(fragment) - place;
}
