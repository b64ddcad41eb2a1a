/** What all rows of the views have in common. */
import type { Severity } from "../model/finding.ts";

export type { Severity } from "../model/finding.ts";
export type { Era, Program, Role } from "../model/home.ts";
export type { LockReason, LockVerdict } from "../model/lock.ts";
export type { Certainty, SessionState } from "../model/session.ts";
export type { FragmentKind, WindowExtent } from "../model/fragment.ts";

/** One line of a tooltip. All text is plain and may come from foreign files: show it as text, never as Markdown. */
export interface TooltipLine {
  /** What the line is about, such as "Key"; null for a sentence of its own. */
  readonly name: string | null;
  readonly text: string;
}

/** A row of a view. Control characters in its texts are already escaped. */
export interface Item {
  readonly label: string;
  /** Stands after the label, dimmed. Holds no relative time: add it from the row's own time, and keep it fresh. */
  readonly description: string;
  readonly tooltip: readonly TooltipLine[];
  /** Worst finding on it or below it; null when there is none. */
  readonly worst: Severity | null;
}

/** A file, or what lies inside of one, and how to open it. */
export interface FileTarget {
  /** Absolute path on the machine where the server runs. */
  readonly path: string;
  /** What to open: the file itself, or a document of the scheme `DOCUMENT_SCHEME` where it is no text file. */
  readonly uri: string;
}

export interface FindingCounts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

export interface LockCounts {
  readonly held: number;
  readonly stale: number;
  readonly unknown: number;
}
