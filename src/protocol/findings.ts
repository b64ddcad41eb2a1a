/** Findings, page by page. */
import type { FileTarget, FindingCounts, Item, Severity } from "./items.ts";
import type { SessionRef } from "./sessions.ts";

export interface FindingsParams {
  readonly revision: number;
  /** Only these severities; absent for all. */
  readonly severities?: readonly Severity[];
  readonly homeId?: string;
  /** Words that code, message or path must hold, in any case. */
  readonly filter?: string;
  readonly offset: number;
  /** At most `MOST_AT_ONCE`. */
  readonly limit: number;
}

export interface FindingsPage {
  readonly revision: number;
  readonly total: number;
  /** Of everything that passes `homeId` and `filter`, whatever the severity. */
  readonly counts: FindingCounts;
  readonly offset: number;
  readonly findings: readonly FindingItem[];
}

export interface FindingItem extends Item {
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly homeId: string;
  readonly file: FileTarget;
  /** Counted from 1; null for a finding about the whole file or folder. */
  readonly line: number | null;
  readonly session: SessionRef | null;
  readonly related: readonly (FileTarget & { readonly label: string })[];
  /** Ids of repairs that apply; empty while none is offered. */
  readonly repairs: readonly string[];
  readonly hasCanonical: boolean;
}
