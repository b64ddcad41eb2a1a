/** Reads the entries of a chain page by page from its newest end, through all fragments, whatever they lie in. */
import type { TranscriptPage, TranscriptRequest } from "../../agents/program.ts";
import { readEntry } from "../../agents/transcripts.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { type FragmentPlace, placeOf } from "../../model/fragment.ts";
import type { LinkedFragment } from "../../model/session.ts";
import { FileError } from "../../system/files.ts";
import type { SessionHit } from "../query.ts";
import { type ChainCursor, cursorAt, positionOf } from "./cursor.ts";

/** Whoever gives the events of a fragment: an engine, or a host of one. */
export interface TranscriptSource {
  readTranscript(home: string, place: FragmentPlace, request: TranscriptRequest): Promise<TranscriptPage>;
}

/** One entry in its place in the chain. */
export interface ChainEntry {
  readonly fragment: LinkedFragment;
  /** Number of the event, as `TranscriptEvent` counts. */
  readonly seq: number;
  /** Line of the fragment read as JSON Lines, counted from 1. */
  readonly line: number;
  readonly entry: TranscriptEntry;
  /** The line itself; empty where it can't be read. Untrusted. */
  readonly raw: string;
}

/** Which page of a chain, and which entries of it. */
export interface ChainRequest {
  /** Entries of a page, of those that are accepted. */
  readonly most: number;
  /** Characters of their lines, where those may be huge; at least one entry comes all the same. */
  readonly mostText?: number;
  /** Entries before this one; the newest without it. */
  readonly before?: ChainCursor;
  /** Which entries count; all without it. */
  readonly accepts?: (entry: TranscriptEntry) => boolean;
  /** False: only the newest fragment. */
  readonly archived?: boolean;
  /** Stops the reading between two stretches; what was asked then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A fragment that could not be read, and why; a plain sentence part. */
export interface UnreadFragment {
  readonly fragment: LinkedFragment;
  readonly reason: string;
}

/** A page of a chain, and where the one before it is. */
export interface ChainPage {
  /** Oldest first. */
  readonly entries: readonly ChainEntry[];
  /** Where the entries before these are; null when none is accepted there. */
  readonly older: ChainCursor | null;
  /** Fragments on the way that could not be read. */
  readonly unread: readonly UnreadFragment[];
}

/** A cursor that leads nowhere: the fragment is not in this chain any more. */
export class LostCursorError extends Error {
  override readonly name = "LostCursorError";
  constructor() {
    super("The place to go on from is not in this chain any more. Begin again without it.");
  }
}

/** Entries of one stretch: a message has a kilobyte or two, a picture megabytes. */
const STRETCH = { mostEvents: 256, mostBytes: 2 << 20 } as const;

/** One page; blank lines are no entries. Rejects with LostCursorError; a fragment that can't be read is passed over and named. */
export async function readChain(source: TranscriptSource, hit: SessionHit, request: ChainRequest): Promise<ChainPage> {
  const fragments = hit.session.fragments;
  const newest = request.before === undefined ? fragments.length - 1 : positionOf(hit.session, request.before);
  if (newest === -1 && request.before !== undefined) throw new LostCursorError();
  const oldest = request.archived === false ? Math.max(0, fragments.length - 1) : 0;
  // One more than asked for tells whether there are older ones.
  const page = new NewestFirst(request);
  const unread: UnreadFragment[] = [];
  for (let position = newest; position >= oldest && !page.isFull; position -= 1) {
    const fragment = fragments[position]!;
    const before = position === newest ? request.before?.before : undefined;
    try {
      await readFragment(source, hit, { fragment, before: before ?? Infinity, page, signal: request.signal });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      unread.push({ fragment, reason: error.message });
    }
  }
  const entries = page.oldestFirst().slice(page.isFull ? 1 : 0);
  const [first] = entries;
  const older = page.isFull && first !== undefined ? cursorAt(first.fragment, first.seq) : null;
  return { entries, older, unread };
}

interface FragmentRequest {
  readonly fragment: LinkedFragment;
  readonly before: number;
  readonly page: NewestFirst;
  readonly signal: AbortSignal | undefined;
}

async function readFragment(
  source: TranscriptSource,
  { home }: SessionHit,
  { before, fragment, page, signal }: FragmentRequest,
): Promise<void> {
  const place = placeOf(fragment.fragment);
  const firstSeq = fragment.fragment.window?.fromSeq ?? 0;
  for (let end = before; !page.isFull;) {
    signal?.throwIfAborted();
    const { events, first } = await source.readTranscript(home.home.path, place, { ...STRETCH, before: end });
    for (const { seq, text, trouble } of events.toReversed()) {
      if (page.isFull) return;
      if (trouble === undefined && text.trim() === "") continue;
      const entry = entryOf(home.home.program, text, trouble);
      page.add({ fragment, seq, line: seq - firstSeq + 1, entry, raw: text });
    }
    const [oldest] = events;
    if (oldest === undefined || oldest.seq <= first) return;
    end = oldest.seq;
  }
}

function entryOf(program: Parameters<typeof readEntry>[0], text: string, trouble: string | undefined): TranscriptEntry {
  const entry = readEntry(program, text);
  return trouble === undefined ? entry : { ...entry, kind: "unreadable", trouble };
}

/** Accepted entries, as they come from the newest on, up to the first that the page has no room for. */
class NewestFirst {
  readonly #request: Pick<ChainRequest, "accepts" | "most" | "mostText">;
  readonly #entries: ChainEntry[] = [];
  #text = 0;

  constructor(request: Pick<ChainRequest, "accepts" | "most" | "mostText">) {
    this.#request = request;
  }

  get isFull(): boolean {
    const { most, mostText = Infinity } = this.#request;
    return this.#entries.length > most || (this.#entries.length > 1 && this.#text > mostText);
  }

  add(entry: ChainEntry): void {
    if (this.isFull || this.#request.accepts?.(entry.entry) === false) return;
    this.#entries.push(entry);
    this.#text += entry.raw.length;
  }

  oldestFirst(): ChainEntry[] {
    return this.#entries.toReversed();
  }
}
