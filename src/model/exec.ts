/** Background execs: where each was started, what came of it, and where its completion was told; and the same from the notice's side. */
import type { Evidence } from "./evidence.ts";
import type { ExecOutcome, NoticeForm } from "./exec-trace.ts";
import type { EntryPlace, FragmentPlace } from "./fragment.ts";
import type { Certainty } from "./session.ts";

/** One entry that has to do with an exec. */
export interface ExecPlace extends EntryPlace {
  readonly entryId: string | null;
  /** When the entry was written; milliseconds UTC. */
  readonly at: number | null;
}

/** Where the completion of an exec was told. */
export interface ExecDelivery extends ExecOutcome {
  readonly place: ExecPlace;
  /** When the process ended, to the second, where the notice states it. */
  readonly endedAt: number | null;
  /** derived: by slug and key, with no other exec that it can mean; inferred: best match. Never by time alone without saying so. */
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  /** Starts of other execs that the same notice can mean; empty when sure. */
  readonly alternatives: readonly ExecPlace[];
}

/**
 * Why an exec has no delivery. never: all was read, and no notice came; perhaps: a notice came that can mean it, and more likely
 * means another; unknown: not all of its session key's transcripts could be read.
 */
export interface ExecUndelivered {
  readonly reason: "never" | "perhaps" | "unknown";
  /** A plain sentence. */
  readonly text: string;
  /** Notices that can mean it. */
  readonly candidates: readonly ExecPlace[];
  /** When the newest entry of its session key was written, as far as that is known; milliseconds UTC. */
  readonly until: number | null;
}

/** An end that the agent itself saw, by a poll of the process tool. */
export interface ExecEnding extends ExecOutcome {
  readonly place: ExecPlace;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

/** A background exec. */
export interface ExecRecord {
  readonly slug: string;
  readonly pid: number | null;
  /** Beginning of the command. Untrusted. */
  readonly command: string | null;
  readonly toolCallId: string | null;
  /** When the process started; milliseconds UTC. */
  readonly startedAt: number | null;
  /** The result that says that it goes on in the background. */
  readonly start: ExecPlace;
  readonly delivery: ExecDelivery | null;
  /** Null where there is a delivery. */
  readonly undelivered: ExecUndelivered | null;
  readonly ended: ExecEnding | null;
}

/** The exec that a notice tells of. */
export interface ExecOrigin {
  readonly slug: string;
  readonly command: string | null;
  readonly startedAt: number | null;
  readonly start: ExecPlace;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
  /** Starts of other execs that it can mean; empty when sure. */
  readonly alternatives: readonly ExecPlace[];
}

/** A notice of a completion. One entry may hold several. */
export interface ExecNotice extends ExecOutcome {
  /** As it stands there, usually the first eight characters; null where the notice names none. */
  readonly slug: string | null;
  readonly form: NoticeForm | "completion-turn";
  readonly place: ExecPlace;
  readonly endedAt: number | null;
  readonly origin: ExecOrigin | null;
  /** Why no origin is named, a plain sentence; null with one. */
  readonly open: string | null;
  /** The same notice came before, at this place: it was put into the transcript more than once. */
  readonly repeats: ExecPlace | null;
}

/** What is known of the background execs of a session, or of a whole agent. */
export interface ExecProvenance {
  /** In the order of their starts. */
  readonly execs: readonly ExecRecord[];
  /** In the order in which they came. */
  readonly notices: readonly ExecNotice[];
  /** Fragments that could not be read for execs: what they hold is not known. */
  readonly unread: readonly FragmentPlace[];
}
