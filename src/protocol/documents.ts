/** Documents made by the server, and pairs of files to compare. */
import type { FileTarget } from "./items.ts";
import type { SessionRef } from "./sessions.ts";

export interface ChainDocumentParams {
  readonly session: SessionRef;
}

export interface ExplainFindingParams {
  readonly findingId: string;
}

/** A plain text, made for the newest revision: show it in a read-only document of a scheme of your own. */
export interface TextDocumentAnswer {
  readonly revision: number;
  readonly title: string;
  readonly text: string;
  /** Places in the text that name files: for document links. */
  readonly links: readonly TextLink[];
}

/** Line and columns count from 0, columns in UTF-16 units, `end` exclusive. */
export interface TextLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly uri: string;
  /** Line in that file, counted from 1; null for its start. */
  readonly targetLine: number | null;
}

/**
 * Scheme of the documents that stand for what is no text file: a window of a database, a packed archive, a store. The rest
 * of their URIs is the server's own; `FileTarget.uri` has them, and `document` gives their contents.
 */
export const DOCUMENT_SCHEME = "session-forensics-document";

export interface DocumentParams {
  readonly uri: string;
  /** The `version` that the client has. */
  readonly known?: string;
}

/** The contents of such a document; null when the client has them already. */
export type DocumentAnswer = DocumentContents | null;

export interface DocumentContents {
  readonly version: string;
  readonly text: string;
  /** What the document is and which part of it this is, in a sentence part. Plain text. */
  readonly summary: string;
  /** URIs of the parts before and after this one, and of its end; null where there is none. */
  readonly older: string | null;
  readonly newer: string | null;
  readonly newest: string | null;
  /** What is to be said of single lines (from 0), such as why an event can't be shown. */
  readonly notes: readonly { readonly line: number; readonly text: string }[];
}

/** Names what to compare: a file of a shadow home, or a session of it, or just the home (then its stores). */
export interface CompareParams {
  readonly homeId: string;
  /** Home-relative path of a store or a transcript, or the id of a fragment. */
  readonly place?: string;
  readonly session?: SessionRef;
}

export interface Comparison {
  readonly title: string;
  readonly canonical: FileTarget;
  readonly shadow: FileTarget;
  /** Such as "diverged"; null when the two were not compared by the scan. */
  readonly relation: string | null;
}
