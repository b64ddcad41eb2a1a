/** Findings: something wrong or at risk, with place, evidence and the repairs that apply. */
import type { TranscriptDamage } from "./damage.ts";
import type { Evidence, EventPlace } from "./evidence.ts";

export type Severity = "error" | "warning" | "info";

/** Place inside a file, for editors. */
export interface FindingRange {
  /** Counted from 1; null where only the offset is known: the lines before it were not read. */
  readonly line: number | null;
  /** Byte offset. */
  readonly offset: number;
  readonly bytes: number;
}

export interface Finding {
  /** Stable across scans: derived from code, home and place. */
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  /** Absolute path of the home. */
  readonly home: string;
  /** Home-relative path. */
  readonly path: string;
  readonly range?: FindingRange;
  /** The event that it is about, where a database lies at `path`. */
  readonly event?: EventPlace;
  /** What a whole read of the transcript found there; its range counts in the event's own line where a database lies at `path`. */
  readonly damage?: TranscriptDamage;
  /** One or two plain sentences: what is wrong, and what it means for the user. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** Ids of repairs that apply; empty while none is offered. */
  readonly repairs: readonly string[];
  readonly agent?: string;
  readonly sessionKey?: string;
  /** Home-relative or absolute paths that the finding is also about (copies, canonical counterpart). */
  readonly related: readonly { readonly path: string; readonly label: string }[];
}
