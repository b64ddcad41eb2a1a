/** Finds the transcript lines that hold an id which is no text that anybody wrote: of an entry, or of a tool call. */
import { type FragmentPlace, placeOf } from "../../model/fragment.ts";
import { FileError } from "../../system/files.ts";
import type { SessionHit } from "../query.ts";
import type { TranscriptSource } from "../reading/chain-reader.ts";

export interface NamedLine {
  readonly hit: SessionHit;
  readonly fragment: FragmentPlace;
  /** Number of the event in its fragment. */
  readonly seq: number;
  /** Line of the fragment read as JSON Lines, counted from 1. */
  readonly line: number;
  readonly name: string;
}

const PAGE = { mostEvents: 4096, mostBytes: 4 << 20 } as const;
/** The newest transcripts come first: what just failed is in them. */
const MOST_BYTES = 512 << 20;
const MOST_LINES = 20;

/** The first lines that name one of these, in the sessions' order, as far as transcripts are looked at for it. */
export async function linesNaming(
  source: TranscriptSource,
  hits: readonly SessionHit[],
  names: readonly string[],
  signal?: AbortSignal,
): Promise<NamedLine[]> {
  const lines: NamedLine[] = [];
  let left = MOST_BYTES;
  for (const hit of names.length === 0 ? [] : hits) {
    for (const { fragment } of hit.session.fragments.toReversed()) {
      if (fragment.bytes > left || lines.length >= MOST_LINES) return lines.slice(0, MOST_LINES);
      left -= fragment.bytes;
      const firstSeq = fragment.window?.fromSeq ?? 0;
      for await (const { seq, text } of eventsOf(source, hit, placeOf(fragment), signal)) {
        const name = names.find((one) => text.includes(one));
        if (name !== undefined) lines.push({ hit, fragment: placeOf(fragment), seq, line: seq - firstSeq + 1, name });
      }
    }
  }
  return lines.slice(0, MOST_LINES);
}

/** A fragment that can't be read holds nothing. */
async function* eventsOf(
  source: TranscriptSource,
  { home }: SessionHit,
  place: FragmentPlace,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly seq: number; readonly text: string }> {
  try {
    for (let from: number | null = place.window?.fromSeq ?? 0; from !== null;) {
      signal?.throwIfAborted();
      const page = await source.readTranscript(home.home.path, place, { ...PAGE, from });
      yield* page.events;
      from = page.next;
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}
