/** Explaining an error message that a person pasted. */
import type { TextDocumentAnswer } from "./documents.ts";

export interface ExplainErrorParams {
  readonly text: string;
}

/** Where the message leads, best first. */
export interface ExplainedPlace {
  /** "Lock", "Line 7", "Finding", "Transcript". */
  readonly label: string;
  readonly uri: string;
  /** Counted from 1; null for the start. */
  readonly line: number | null;
}

export interface ExplainErrorAnswer {
  readonly document: TextDocumentAnswer;
  /** In one sentence. Plain text. */
  readonly summary: string;
  readonly places: readonly ExplainedPlace[];
  /** The first repair of the first finding that has one; null where none is offered. */
  readonly repair: { readonly findingId: string; readonly repair: string } | null;
}
