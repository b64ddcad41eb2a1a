/** Reading transcripts whole: the request runs as long as the reading does, and notifications tell how far it is. */
import type { SessionRef } from "./sessions.ts";

export interface DeepCheckParams {
  /** Chosen by the client; the notifications of this run carry it. */
  readonly checkId: string;
  /** Only this home, agent (of that home) or session; all homes without any. */
  readonly homeId?: string;
  readonly agent?: string;
  readonly session?: SessionRef;
}

/** The answer, when all was read. Cancelling the request ends it with an error of the protocol; what was read until then is kept. */
export interface DeepCheckAnswer {
  readonly revision: number;
  /** Findings of the worst two severities about what was read, and notes. */
  readonly problems: number;
  readonly notes: number;
  /** What was read and what came of it, in a sentence or two. Plain text. */
  readonly summary: string;
}

export interface DeepChecking {
  readonly checkId: string;
  /** Bytes read and to be read; a part of what changed may be missing from the latter. */
  readonly bytes: number;
  readonly ofBytes: number;
  /** "12 of 40 transcripts, 1.2 GB of 3 GB" */
  readonly text: string;
}
