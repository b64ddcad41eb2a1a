/** Finds entries that a line refers to, or that refer to it: in the document, in its fragment, in the fragments before and after. */
import type { Location } from "vscode-languageserver/node";

import { placeId } from "../../model/fragment.ts";
import type { ExecPlace } from "../../model/exec.ts";
import type { LocatedFragment } from "../../engine/lookup.ts";
import { locateById } from "../../engine/lookup.ts";
import { linesHolding } from "../../engine/transcripts/find-lines.ts";
import { ANSWER_SLICE_MS, timeSlices } from "../../engine/time-slices.ts";
import type { TranscriptEntry } from "../../model/entry.ts";
import { FileError } from "../../system/files.ts";
import { eventLocation } from "./locations.ts";
import type { Reading, ReadingContext } from "./reading.ts";

/** More results than this help nobody. */
const MOST_FOUND = 200;

/** What is looked for: a text that its line holds for sure, and what the line must say. */
export interface Sought {
  readonly text: string;
  readonly is: (entry: TranscriptEntry) => boolean;
}

/** An id as it stands in a line, quotation marks included. */
const quoted = (id: string): string => JSON.stringify(id);

export const entryNamed = (id: string): Sought => ({
  text: quoted(id),
  is: (entry) => entry.id === id && entry.kind !== "header",
});
export const childOf = (id: string): Sought => ({ text: quoted(id), is: ({ parentId }) => parentId === id });
export const callNamed = (id: string): Sought => ({
  text: quoted(id),
  is: ({ toolCalls }) => toolCalls.some((call) => call.id === id),
});
export const resultOf = (id: string): Sought => ({
  text: quoted(id),
  is: ({ toolResult }) => toolResult?.callId === id,
});

export class Seeker {
  readonly #context: ReadingContext;
  readonly #reading: Reading;
  readonly #signal: AbortSignal;

  constructor(context: ReadingContext, reading: Reading, signal: AbortSignal) {
    this.#context = context;
    this.#reading = reading;
    this.#signal = signal;
  }

  /** In the fragment that the document shows, or shows a part of. */
  own(sought: Sought): Promise<Location[]> {
    const { located } = this.#reading;
    return located === null ? Promise.resolve([]) : this.#inFragment(located, sought);
  }

  /** In the fragments before this one, the nearest first, as far as the first that has it; of several there the last. */
  async before(sought: Sought): Promise<Location[]> {
    for (const fragment of this.#neighbours().before.toReversed()) {
      const found = await this.#inFragment(fragment, sought);
      if (found.length > 0) return found.slice(-1);
    }
    return [];
  }

  /** In the fragment after this one. */
  async after(sought: Sought): Promise<Location[]> {
    const [next] = this.#neighbours().after;
    return next === undefined ? [] : this.#inFragment(next, sought);
  }

  /** The first line of the fragment after this one. */
  async nextBeginning(): Promise<Location[]> {
    const [next] = this.#neighbours().after;
    return next === undefined ? [] : this.#events(next, [next.entry.fragment.window?.fromSeq ?? 0]);
  }

  /** The last line of the fragment before this one. */
  async previousEnd(): Promise<Location[]> {
    const previous = this.#neighbours().before.at(-1);
    const { home } = this.#reading;
    if (previous === undefined || home === null) return [];
    const place = previous.entry.fragment;
    const page = await this.#context.host.readTranscript(home.home.path, place, { before: Infinity, mostEvents: 8 });
    const last = page.events.findLast(({ text }) => text.trim() !== "");
    return last === undefined ? [] : this.#events(previous, [last.seq]);
  }

  /** The entries at these places. */
  async at(places: readonly ExecPlace[]): Promise<Location[]> {
    const { home } = this.#reading;
    const found: Location[] = [];
    for (const { fragment, line } of home === null ? [] : places) {
      const located = locateById(home!, placeId(fragment));
      if (located !== undefined)
        found.push(...(await this.#events(located, [(located.entry.fragment.window?.fromSeq ?? 0) + line - 1])));
    }
    return found;
  }

  /** Of a checkpoint there are none: it is a copy. */
  #neighbours(): { readonly before: readonly LocatedFragment[]; readonly after: readonly LocatedFragment[] } {
    const { located } = this.#reading;
    const position = located?.entry.position;
    if (located === null || position === undefined) return { before: [], after: [] };
    const { agent, entry } = located;
    const all = entry.session.fragments.map((linked, index) => ({
      agent,
      entry: { session: entry.session, fragment: linked.fragment, linked, position: index },
    }));
    return { before: all.slice(0, position), after: all.slice(position + 1) };
  }

  async #inFragment(located: LocatedFragment, { is, text }: Sought): Promise<Location[]> {
    const { home } = this.#reading;
    if (home === null) return [];
    const found: number[] = [];
    try {
      const breathe = timeSlices(this.#signal, ANSWER_SLICE_MS);
      const lines = linesHolding(this.#context.host, home.home.path, located.entry.fragment, [text], breathe);
      for await (const line of lines) if (is(this.#reading.entry(line.text))) found.push(line.seq);
    } catch (error) {
      // A fragment that went away, or can't be opened, holds nothing that could be shown.
      if (!(error instanceof FileError)) throw error;
    }
    return this.#events(located, found.slice(0, MOST_FOUND));
  }

  async #events(located: LocatedFragment, seqs: readonly number[]): Promise<Location[]> {
    const { home } = this.#reading;
    const locations: Location[] = [];
    for (const seq of home === null ? [] : seqs) {
      const location = await eventLocation(this.#context, home!, located, seq, this.#signal);
      if (location !== null) locations.push(location);
    }
    return locations;
  }
}
