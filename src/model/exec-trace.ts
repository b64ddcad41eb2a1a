/** What the transcripts say of background execs, entry by entry: starts, notices of completions, ends that the agent polled. */

/** How an exec ended, as far as it was told. */
export interface ExecOutcome {
  /** As OpenClaw words it: what ends with another exit code than 0 may be "completed" all the same. */
  readonly outcome: "completed" | "failed" | "killed" | null;
  readonly exitCode: number | null;
  /** Name of the signal that ended it. */
  readonly signal: string | null;
  /** Beginning or end of what it printed, on one line and bounded. Untrusted. */
  readonly output: string | null;
}

/** A background exec that a fragment started, or a completion notice that it received. */
export interface ExecTrace {
  /** Slug of the process; a notice usually carries only its first eight characters. */
  readonly slug: string;
  /** Start of the process, or end as stated by the notice; else the entry's time. Milliseconds, UTC. */
  readonly at: number | null;
  /** Line of the fragment read as JSON Lines, counted from 1. */
  readonly line: number;
  readonly entryId: string | null;
}

/** The result of the exec tool that says that the command goes on in the background. */
export interface ExecStartTrace extends ExecTrace {
  /** Time of the entry. */
  readonly writtenAt?: number;
  readonly pid?: number;
  readonly toolCallId?: string;
  /** Beginning of the command, from the tool call that the result answers. Untrusted. */
  readonly command?: string;
}

/** The result of the exec tool that says that the command waits for an approval; it runs in the background once it has that. */
export interface ExecRequestTrace {
  readonly approvalId: string;
  /** Time of the entry. */
  readonly at: number | null;
  readonly line: number;
  readonly entryId: string | null;
  readonly toolCallId?: string;
  /** Beginning of the command. Untrusted. */
  readonly command?: string;
}

/**
 * How a notice came: as a `System:` line before a user text, in the hidden context of a heartbeat turn, or in the prompt of the
 * run that the trajectory keeps. These OpenClaw alone writes; a line that it marks as untrusted, or that stands behind other text,
 * and a prompt that stands as user text, a person could have typed as well.
 */
export type NoticeForm = "system-line" | "runtime-context" | "trajectory" | "untrusted-line" | "user-prompt";

/** A notice that names its exec. */
export interface ExecNoticeTrace extends ExecTrace {
  readonly writtenAt?: number;
  /** Whether `at` is what the notice states, to the second. */
  readonly stated?: boolean;
  readonly form?: NoticeForm;
  readonly outcome?: ExecOutcome;
  /** Of an approved command. Where the notice names no slug it stands in its place. */
  readonly approvalId?: string;
}

/** A notice that names no exec: that some command of the session key has ended is all it says. */
export interface UnnamedNoticeTrace {
  /** Time of the entry. */
  readonly at: number | null;
  readonly line: number;
  readonly entryId: string | null;
  readonly form: NoticeForm | "completion-turn";
}

/** A result of the process tool that shows that an exec has ended. It names the whole slug; `at` is the time of the entry. */
export interface ExecEndTrace extends ExecTrace {
  readonly outcome: ExecOutcome;
}

/** What a whole read of a fragment tells of background execs. Present only where somebody asked. */
export interface ExecFacts {
  readonly started: readonly ExecStartTrace[];
  /** Notices that OpenClaw alone can have written: links rest on them. */
  readonly completed: readonly ExecNoticeTrace[];
  /** Notices in texts that a person could have written as well. */
  readonly quoted?: readonly ExecNoticeTrace[];
  readonly unnamed?: readonly UnnamedNoticeTrace[];
  readonly requested?: readonly ExecRequestTrace[];
  readonly ended?: readonly ExecEndTrace[];
}
