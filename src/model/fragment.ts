/** Fragments: one physical stretch of transcript each, and what is known of it without reading all of it. */

export type FragmentKind = "live" | "reset" | "deleted" | "checkpoint" | "imported" | "cold" | "backup" | "window";

/** Extent of a fragment inside a database. */
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
}

/** How a fragment begins, read from its first entries. It says which kind of reset can have come before it. */
export type FragmentStart =
  | "header-only" // nothing but a header
  | "reset-prompt" // "A new session was started via /new or /reset …" (2026.3.24 chat, 2026.5.12 agent RPC)
  | "new-notice" // "✅ New session started." (2026.5.12 chat /new)
  | "reset-notice" // "✅ Session reset." (2026.5.12 chat /reset)
  | "agent-turn" // a stamped user text without sender metadata: the agent RPC, or `/new <text>`
  | "turn" // an ordinary first turn
  | "unknown"; // the first entries could not be read

/** A background exec that a fragment started, or a completion notice that it received. */
export interface ExecTrace {
  /** Slug of the process; a notice carries only its first eight characters. */
  readonly slug: string;
  /** Start of the process, or end as stated by the notice; else the entry's time. Milliseconds, UTC. */
  readonly at: number | null;
  readonly line: number;
  readonly entryId: string | null;
}

/** What a whole read of a fragment adds for linking. Present only where a link needed it. */
export interface ExecFacts {
  readonly started: readonly ExecTrace[];
  readonly completed: readonly ExecTrace[];
}

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
  /** Stamp in an archive's name: when it was put away. */
  readonly archivedAt: number | null;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly cwd: string | null;
  /** Session that the header names as its parent (`parentSession`), raw. */
  readonly parentSession: string | null;
  readonly start: FragmentStart;
  /** First user text, cleaned of wrappers, for titles. Untrusted. */
  readonly firstUserText: string | null;
  /** Conversation or sender id in the first user text's untrusted metadata. */
  readonly peer: string | null;
  readonly header: HeaderState;
  readonly tail: TailState;
  readonly execs: ExecFacts | null;
}

/** A name for a place that is unique inside a home. */
export function placeId(place: FragmentPlace): string {
  return place.window === undefined
    ? place.path
    : `${place.path}#${place.window.sessionId}:${place.window.fromSeq}-${place.window.toSeq}`;
}
