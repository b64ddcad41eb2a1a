/** What a search for a text finds: sessions by what they are called, and lines of their transcripts by what they say. */
import type { Speaker } from "./entry.ts";
import type { FragmentPlace } from "./fragment.ts";

/**
 * Which part of an entry holds the text. wrapper: what the program put around a person's words, such as who sent them. raw: the line can't be read as an entry, and holds the text as it stands there.
 */
export type HitPart =
  | "text"
  | "notice"
  | "thinking"
  | "tool-call"
  | "tool-result"
  | "error"
  | "summary"
  | "context"
  | "wrapper"
  | "raw";

/** A stretch of readable text around a match, on one line. Control characters are escaped. */
export interface Snippet {
  readonly text: string;
  /** Where matches stand in it: UTF-16 units, `end` exclusive. Empty where the match itself is a masked secret. */
  readonly matches: readonly { readonly start: number; readonly end: number }[];
}

/** A line of a transcript that holds the text. */
export interface SearchHit {
  readonly fragment: FragmentPlace;
  /** Number of the event: in a database the program's own, in a file the line's, from 0. */
  readonly seq: number;
  /** Line of the file, unpacked where it is compressed, counted from 1; null in a database. */
  readonly line: number | null;
  /** Byte offset of the line in a plain file; null elsewhere. */
  readonly offset: number | null;
  readonly entryId: string | null;
  /** Milliseconds, UTC. */
  readonly at: number | null;
  readonly role: Speaker | null;
  /** The part of the first match. */
  readonly part: HitPart;
  readonly snippet: Snippet;
  /** How often the text stands in the line. */
  readonly matches: number;
}

/** Something that a session is called by. */
export interface NameHit {
  readonly part: "key" | "id" | "label";
  readonly snippet: Snippet;
}

/** Something that could not be searched. */
export interface Unsearched {
  /** Absolute path of the home. */
  readonly home: string;
  /** Home-relative path. */
  readonly path: string;
  /** A plain sentence part. */
  readonly reason: string;
}

/** How far a search has come. */
export interface SearchProgress {
  readonly sessions: number;
  readonly fragments: number;
  /** Of all that will be searched. */
  readonly ofFragments: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** How a search ended. */
export interface SearchEnd {
  readonly searched: SearchProgress;
  /** Lines found. */
  readonly hits: number;
  /** Sessions that something was found in. */
  readonly sessionsWithHits: number;
  /** Lines of copies (checkpoints) that say again what was found in the chain; they are not given. */
  readonly repeated: number;
  /** It ended at the limit: there may be more. */
  readonly truncated: boolean;
}
