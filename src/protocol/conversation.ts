/** Open Chain: the messages of a whole session as one readable document, page by page from its newest end. */
import type { SessionRef } from "./sessions.ts";

/** Scheme of these documents. Their URIs are the client's own; the server knows one by what it was asked to show in it. */
export const CONVERSATION_SCHEME = "session-forensics-chain";

export interface ConversationParams {
  /** The document that shows it: features such as folding are asked for by it. */
  readonly uri: string;
  readonly session: SessionRef;
  /** Id of a fragment: what comes after it is left out. */
  readonly upTo?: string;
  /** Shows everything from here on (a `from` of an earlier answer); the newest page without it. */
  readonly from?: string;
  /** Adds the page of messages before that. */
  readonly older?: boolean;
  /** Shows keys, tokens and passwords as they stand there. */
  readonly secrets?: boolean;
  /** Tells of background commands also where that takes reading the whole of a large chain. */
  readonly execs?: boolean;
  /** The `version` that the client has. */
  readonly known?: string;
}

/** Null when the client has it already. */
export type ConversationAnswer = Conversation | null;

/** Lines count from 0. */
export interface Conversation {
  readonly version: string;
  readonly text: string;
  /** What is shown, in a sentence part. Plain text. */
  readonly summary: string;
  /** Where what is shown begins; null when it is empty. */
  readonly from: string | null;
  /** Whether there are messages before it. */
  readonly hasOlder: boolean;
  /** The document is as long as an editor takes: no more is added to it. */
  readonly isFull: boolean;
  /** Whether secrets were masked, or there was nothing to mask. */
  readonly hasMasked: boolean;
  /** What background commands came to was left out, so that the rest shows at once: ask again with `execs`. */
  readonly execsPending: boolean;
  /** Lines at which an entry begins, with a name of the entry that stays while the chain grows. */
  readonly anchors: readonly (readonly [line: number, entry: string])[];
  /** Lines at which something begins that is to be folded when it is first shown, with a name that stays. */
  readonly folded: readonly (readonly [line: number, name: string])[];
  /** Lines that are to be seen at a glance. */
  readonly marks: readonly (readonly [line: number, mark: ConversationMark])[];
}

/**
 * title: the first line. boundary: where a fragment begins or ends. user, assistant, other: headings of messages. work: a tool
 * call, reasoning, a notice. link: where a background command came from or went to. doubt: that it
 * is not known. trouble: an error, or something cut off.
 */
export type ConversationMark =
  | "title"
  | "boundary"
  | "user"
  | "assistant"
  | "other"
  | "work"
  | "link"
  | "doubt"
  | "trouble";
