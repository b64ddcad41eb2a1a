/** The newest stretch of a chain, as much as a brief needs of it, and the first request of all. */
import { readEntry } from "../../agents/transcripts.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { placeOf } from "../../model/fragment.ts";
import type { LinkedFragment } from "../../model/session.ts";
import { FileError } from "../../system/files.ts";
import { isMessage } from "../history/messages.ts";
import type { SessionHit } from "../query.ts";
import { readChain, type TranscriptSource, type UnreadFragment } from "../reading/chain-reader.ts";

/** An entry in its place, without its raw line: a brief keeps thousands. */
export interface PlacedEntry {
  readonly fragment: LinkedFragment;
  readonly line: number;
  readonly entry: TranscriptEntry;
}

export interface RecentEntries {
  /** Oldest first. */
  readonly entries: readonly PlacedEntry[];
  /** There are no older ones. */
  readonly isWhole: boolean;
  readonly unread: readonly UnreadFragment[];
}

const PAGE = 200;
/** Reading goes on until so many requests of a person are found, */
const ENOUGH_REQUESTS = 8;
/** but no further back than this. */
const MOST_ENTRIES = 3000;
const MOST_CHARACTERS = 8 << 20;

/** A command to the agent program, such as /new, asks nothing of the model. */
const BARE_COMMAND = /^\/[a-z-]+$/i;

/** Whether a person asks for something. */
export function isRequest({ entry }: PlacedEntry): boolean {
  const text = entry.text.trim();
  const isPerson = entry.kind === "message" && entry.role === "user" && entry.author === "person";
  return isPerson && text !== "" && !BARE_COMMAND.test(text);
}

const lengthOf = ({ entry }: PlacedEntry): number => entry.text.length + entry.thinking.length;

/** The newest entries, as far back as a brief needs them. Rejects with the signal's reason. */
export async function recentEntries(
  source: TranscriptSource,
  hit: SessionHit,
  signal?: AbortSignal,
): Promise<RecentEntries> {
  const base = { most: PAGE, accepts: isMessage, ...(signal === undefined ? {} : { signal }) };
  let entries: PlacedEntry[] = [];
  const unread: UnreadFragment[] = [];
  let page = await readChain(source, hit, base);
  for (;;) {
    unread.push(...page.unread);
    entries = [...page.entries.map(({ entry, fragment, line }) => ({ entry, fragment, line })), ...entries];
    const characters = entries.reduce((sum, one) => sum + lengthOf(one), 0);
    const isEnough = entries.filter(isRequest).length >= ENOUGH_REQUESTS;
    if (page.older === null) return { entries, isWhole: true, unread };
    if (isEnough || entries.length >= MOST_ENTRIES || characters >= MOST_CHARACTERS)
      return { entries, isWhole: false, unread };
    page = await readChain(source, hit, { ...base, before: page.older });
  }
}

/** Of each fragment only its beginning is looked at: it opens with a request or with what the program says. */
const BEGINNING = { mostEvents: 60, mostBytes: 1 << 20 } as const;
const MOST_FRAGMENTS = 5;

/** The first request of a person in the oldest fragments; null where none stands in their beginnings. */
export async function firstRequest(
  source: TranscriptSource,
  { home, session }: SessionHit,
): Promise<PlacedEntry | null> {
  for (const fragment of session.fragments.slice(0, MOST_FRAGMENTS)) {
    const place = placeOf(fragment.fragment);
    try {
      const { events, first } = await source.readTranscript(home.home.path, place, BEGINNING);
      for (const { seq, text } of events) {
        const placed = { fragment, line: seq - first + 1, entry: readEntry(home.home.program, text) };
        if (isRequest(placed)) return placed;
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return null;
}
