/** What a person is shown before a plan runs: exact paths first, then each change so that it can be read. */

/** One line of a diff; a gap stands for lines that are left out. */
export interface DiffLine {
  readonly kind: "same" | "added" | "removed" | "gap";
  readonly text: string;
}

/** One step in words. */
export interface StepPreview {
  /** Such as "Copy a file". */
  readonly title: string;
  /** Absolute. */
  readonly path: string;
  /** Absolute path that it comes from or goes to; null when there is none. */
  readonly other: string | null;
  readonly why: string;
  /** Sizes, hashes, permissions: a phrase each. */
  readonly facts: readonly string[];
  /** What changes inside the file, where that can be shown as text. */
  readonly diff: readonly DiffLine[];
}

export interface PlanPreview {
  readonly planId: string;
  readonly title: string;
  /** Absolute. */
  readonly home: string;
  /** Absolute paths of everything that a run writes, locks and our own folder included. */
  readonly writes: readonly string[];
  /** Those of them that are stores of sessions. */
  readonly stores: readonly string[];
  readonly steps: readonly StepPreview[];
  /** What must hold before anything is done: a sentence each. */
  readonly conditions: readonly string[];
  readonly conflicts: readonly { readonly path: string; readonly reason: string }[];
  readonly notes: readonly string[];
}
