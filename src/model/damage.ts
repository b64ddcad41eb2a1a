/** Damage: what reading every line of a transcript found wrong in it, one by one, each at its exact place. */
import type { Severity } from "./finding.ts";

/** Codes of damage are those of its findings. `transcript/bad-header` and `transcript/torn-tail` show in a first look as well. */
export type DamageCode =
  | "transcript/bad-header"
  | "transcript/torn-tail"
  | "transcript/joined-records"
  | "transcript/nul-run"
  | "transcript/control-character"
  | "transcript/partial-json"
  | "transcript/bad-line"
  | "transcript/oversized-line"
  | "transcript/duplicate-id"
  | "transcript/broken-parent"
  | "transcript/orphan-branch"
  | "transcript/duplicate-prompt"
  | "transcript/call-without-result"
  | "transcript/result-without-call"
  | "transcript/prompt-error"
  | "transcript/aborted-turn"
  | "transcript/unfinished-turn"
  | "transcript/out-of-order";

/** A stretch of bytes, counted as `TranscriptDamage.offset` is. */
export interface ByteRange {
  readonly offset: number;
  readonly bytes: number;
}

/** A fact that the damage rests on, with the line or event where it shows if that is another one. */
export interface DamageEvidence {
  /** A plain sentence part, without a final stop. */
  readonly text: string;
  /** Counted as `TranscriptDamage.seq`. */
  readonly seq?: number;
  /** Counted as `TranscriptDamage.line`; null in a database. */
  readonly line?: number | null;
}

export interface TranscriptDamage {
  readonly code: DamageCode;
  /** Where the case is milder, or graver, than the table of findings says. */
  readonly severity?: Severity;
  /** Number of the event: in a database the program's own, in a file the line's, from 0. */
  readonly seq: number;
  /** Line of the file, or of what a compressed archive unpacks to, from 1; null in a database. */
  readonly line: number | null;
  /**
   * What exactly is damaged: a byte range of the file, or of what a compressed archive unpacks to; in a database, where each
   * event is a line of its own, of that line.
   */
  readonly offset: number;
  readonly bytes: number;
  /** The whole line, or lines, that it lies in, without the last newline; counted in the same way. */
  readonly within: ByteRange;
  /** The records that parse by themselves inside `within`, in order, where the line as a whole does not; counted in the same way. */
  readonly records: readonly ByteRange[];
  /** Id of the entry, as far as it can be read. */
  readonly entryId: string | null;
  /** When the entry was written; milliseconds UTC. */
  readonly at: number | null;
  /** One or two plain sentences without names of sessions: what is wrong. Untrusted parts are quoted as they stand. */
  readonly message: string;
  readonly evidence: readonly DamageEvidence[];
  /** Of a header or a torn end: why it can't be read; a plain sentence part. */
  readonly reason?: string;
  /** Of a call or a result: the id that pairs them. */
  readonly callId?: string | null;
  /** Of a broken parent: the id that names nothing; of siblings: the id of the entry that they follow. */
  readonly parentId?: string | null;
  /** The other entry that it is about: the first with the same id or prompt. */
  readonly other?: { readonly seq: number; readonly line: number | null; readonly entryId: string | null };
  /** How an unfinished turn stands. */
  readonly waitsFor?: "model" | "tool";
  /** Further damage of this code that is not listed one by one; on the last one that is. */
  readonly unlisted?: number;
}

/** What reading a stretch of transcript whole gave. */
export interface DeepReading {
  /** In the order of the lines. */
  readonly damage: readonly TranscriptDamage[];
  /** Bytes of text, lines and entries that were read. */
  readonly bytes: number;
  readonly lines: number;
  readonly entries: number;
  /** Whether ids and parents of all entries could be kept: of more than a limit the later ones are not followed. */
  readonly isFollowedWhole: boolean;
}
