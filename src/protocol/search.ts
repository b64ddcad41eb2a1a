/** Searching for a text: the request runs as long as the search does, and what is found comes in notifications before its answer. */
import type { FileTarget } from "./items.ts";
import type { SessionRef } from "./sessions.ts";

export interface SearchParams {
  /** Chosen by the client; the notifications of this search carry it. */
  readonly searchId: string;
  /** As it reads; upper and lower case are the same. */
  readonly text: string;
  /** Lines to find at most. */
  readonly limit: number;
  /** Only the sessions of this home. */
  readonly homeId?: string;
  /** Only this session. */
  readonly session?: SessionRef;
}

/** The answer, when the search has ended. Cancelling the request ends it with an error of the protocol. */
export interface SearchAnswer {
  readonly hits: number;
  readonly sessions: number;
  /** It ended at the limit: there may be more. */
  readonly truncated: boolean;
  /** How it ended, in a sentence or two. Plain text. */
  readonly summary: string;
}

/** `sessionForensics/searchFound`: what was found since the last one, in the order of the search. */
export interface SearchFound {
  readonly searchId: string;
  /** The first may go on a session that was told before. */
  readonly sessions: readonly FoundSession[];
  readonly unsearched: readonly UnsearchedItem[];
  readonly progress: { readonly bytes: number; readonly ofBytes: number };
}

export interface FoundSession {
  readonly ref: SessionRef;
  readonly label: string;
  /** Agent and home. */
  readonly description: string;
  /** Milliseconds, UTC. */
  readonly updatedAt: number | null;
  /** What it is called by, where that holds the text. */
  readonly names: readonly FoundText[];
  readonly hits: readonly FoundLine[];
}

/** A stretch of text around a match. Plain text, control characters escaped. */
export interface FoundText {
  /** Who says it, or what it is: "user", "tool result", "key". */
  readonly source: string;
  readonly text: string;
  /** Where the text stands in it, in UTF-16 units, the end exclusive. */
  readonly highlights: readonly (readonly [number, number])[];
}

export interface FoundLine extends FoundText {
  /** Unique in its search. */
  readonly id: string;
  readonly file: FileTarget;
  /** Line in what opens, counted from 1; null for its start. */
  readonly line: number | null;
  /** The fragment: "now", "reset 2026-11-21 00:16Z". */
  readonly fragment: string;
  /** The place as a person names it: home-relative path and line, or event. */
  readonly place: string;
  /** Milliseconds, UTC. */
  readonly at: number | null;
  /** How often the text stands in the line. */
  readonly matches: number;
}

export interface UnsearchedItem {
  readonly file: FileTarget;
  readonly reason: string;
}
