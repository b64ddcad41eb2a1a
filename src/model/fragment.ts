/** Fragments: one physical stretch of transcript each, wherever it lies, and what is known of it without reading all of it. */
import type { Evidence } from "./evidence.ts";
import type { ExecFacts } from "./exec-trace.ts";

export type FragmentKind = "live" | "reset" | "deleted" | "checkpoint" | "imported" | "cold" | "backup" | "window";

/**
 * Extent of a fragment that is a part of what stands at its path: of a database, or of an archive of several windows. In a
 * database events are counted as it counts them, in a file by their lines from 0. `toSeq` grows while the window does.
 */
export interface WindowExtent {
  readonly sessionId: string;
  readonly fromSeq: number;
  readonly toSeq: number;
}

/** Where a fragment lies. */
export interface FragmentPlace {
  /** Home-relative, "/" separators. */
  readonly path: string;
  readonly window?: WindowExtent;
  /** Name of the archive inside the database at `path` that holds it; absent where the events themselves stand there. */
  readonly archive?: string;
}

/** The fragment before this one, as the agent itself wrote it down. */
export interface RecordedPrevious {
  readonly place: FragmentPlace;
  readonly evidence: readonly Evidence[];
}

/** How a fragment begins, read from its first entries. It says which kind of reset can have come before it. */
export type FragmentStart =
  | "header-only" // nothing but a header
  | "reset-prompt" // "A new session was started via /new or /reset …" (2026.3.24 chat, 2026.5.12 agent RPC)
  | "new-notice" // "✅ New session started." (2026.5.12 chat /new)
  | "reset-notice" // "✅ Session reset." (2026.5.12 chat /reset)
  | "agent-turn" // a stamped user text without sender metadata: the agent RPC, or `/new <text>`
  | "reset-event" // the event that ended the window before it (2026.9)
  | "turn" // an ordinary first turn
  | "unknown"; // the first entries could not be read

/**
 * How the last turn of a fragment stands, by its last message: done; the model has not answered yet; a tool was called and
 * has not answered yet; ended by an error of the model's provider; stopped before its end.
 */
export type TurnState = "done" | "waits-for-model" | "waits-for-tool" | "failed" | "aborted";

/** A header as read, or what is wrong with it. */
export type HeaderState =
  | { readonly state: "ok"; readonly version: number | null }
  | { readonly state: "empty" }
  | { readonly state: "bad"; readonly reason: string; readonly offset: number };

/** The end of the transcript. `torn` when the last line has no newline and does not parse. */
export type TailState =
  | { readonly state: "ok" }
  | { readonly state: "unread" }
  | { readonly state: "torn"; readonly offset: number; readonly bytes: number; readonly reason: string };

/** A fragment before linking. All times are milliseconds since the epoch, UTC. */
export interface Fragment extends FragmentPlace {
  readonly kind: FragmentKind;
  /** Header id: the identity of the fragment (not unique: checkpoints share it). */
  readonly sessionId: string | null;
  /** Id in the file name; differs from the header id where the name was reused. */
  readonly fileId: string | null;
  /** Topic suffix of the file name (`-topic-<n>`). */
  readonly topic: string | null;
  /** Header time. */
  readonly startedAt: number | null;
  /** Time of the last entry, as far as head and tail show it. */
  readonly endedAt: number | null;
  /** When it was put away: the stamp in an archive's name, or the time of the reset event that ended it. */
  readonly archivedAt: number | null;
  /** Size of the file; for a window what its events take as JSON Lines, an estimate where the database is large. */
  readonly bytes: number;
  /** Number of events or entries where that is known without reading all. */
  readonly events?: number;
  /** How many of its events lie on branches that the conversation has left, by an edit or a rewind; where that is recorded. */
  readonly abandonedEvents?: number;
  /** How often the model's context was compacted in it, where that is recorded. */
  readonly compactions?: number;
  /** How its last turn stands; absent where that was not looked at, or there was no turn. */
  readonly turn?: TurnState;
  /** Of the file; for a window the time of its last event. */
  readonly modifiedAt: number;
  readonly cwd: string | null;
  /** Session that the header names as its parent (`parentSession`), raw; or the id before this one that a database names but lacks. */
  readonly parentSession: string | null;
  /** The predecessor that the agent wrote down, where it did and it is here. */
  readonly recordedPrevious?: RecordedPrevious;
  readonly start: FragmentStart;
  /** First user text, cleaned of wrappers, for titles. Untrusted. */
  readonly firstUserText: string | null;
  /** Conversation or sender id in the first user text's untrusted metadata. */
  readonly peer: string | null;
  readonly header: HeaderState;
  readonly tail: TailState;
  readonly execs: ExecFacts | null;
}

/** A name for a place that is unique inside a home, and stays while a window grows. */
export function placeId({ archive, path, window }: FragmentPlace): string {
  if (window === undefined && archive === undefined) return path;
  const inside = archive === undefined ? "" : `${archive}@`;
  return window === undefined ? `${path}#${inside}` : `${path}#${inside}${window.sessionId}:${window.fromSeq}`;
}

/** One entry of a fragment. */
export interface EntryPlace {
  readonly fragment: FragmentPlace;
  /** Line of the fragment read as JSON Lines, counted from 1; in a window its first event is line 1. */
  readonly line: number;
}

/** A name for an entry that is unique inside a home. */
export const entryPlaceId = ({ fragment, line }: EntryPlace): string => `${placeId(fragment)}\n${line}`;

/** The place alone, of anything that has one. */
export function placeOf({ archive, path, window }: FragmentPlace): FragmentPlace {
  return { path, ...(window === undefined ? {} : { window }), ...(archive === undefined ? {} : { archive }) };
}
