/** The top of the Sessions view: homes and agents with counts, and the notifications that keep it fresh. */
import type { Era, FileTarget, FindingCounts, Item, LockCounts, Program, Role, Severity } from "./items.ts";

export type OverviewParams = Record<string, never>;

export interface Overview {
  /** 0 before the first scan has ended. */
  readonly revision: number;
  /** End of the scan, milliseconds UTC; null before the first. */
  readonly at: number | null;
  readonly scanning: boolean;
  /** What is still going on in a first look at large homes: nothing is whole before it is null, and little was checked. */
  readonly pending: "reading" | "linking" | null;
  /** About where the editor itself runs: to be said before everything else. */
  readonly environment: readonly EnvironmentItem[];
  /** Canonical homes first; a shadow follows its canonical home. */
  readonly homes: readonly HomeItem[];
  readonly counts: Counts;
  /** What was checked and found to be in order, in a sentence; null when there are problems, or no homes. */
  readonly healthy: string | null;
  /** Places that could not be read. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** The tool's own HOME lies inside an agent's isolated HOME. */
export interface EnvironmentItem {
  readonly message: string;
  readonly home: FileTarget;
  readonly canonical: FileTarget;
}

export interface Counts {
  readonly homes: number;
  readonly agents: number;
  readonly sessions: number;
  readonly fragments: number;
  readonly locks: LockCounts;
  /** Locks that need a look: stale ones, and held ones with a finding. */
  readonly troubledLocks: number;
  readonly findings: FindingCounts;
}

export interface HomeItem extends Item, FileTarget {
  readonly id: string;
  readonly program: Program;
  readonly era: Era;
  readonly role: Role;
  /** Id of the home that this shadow or nested home belongs under, when that one is in the overview too. */
  readonly canonicalId: string | null;
  readonly canonical: FileTarget | null;
  readonly shadow: ShadowSummary | null;
  readonly counts: Counts;
  readonly agents: readonly AgentItem[];
}

/** How a shadow home stands to its canonical one. */
export interface ShadowSummary {
  /** linked: the same folder by symlink, healthy. */
  readonly state: "linked" | "identical" | "behind" | "ahead" | "diverged" | "unknown";
  readonly lastWritten: "shadow" | "canonical" | "same" | "unknown";
  readonly pairs: { readonly relation: string; readonly count: number }[];
}

export interface AgentItem extends Item {
  readonly homeId: string;
  readonly name: string;
  /** Folder with its sessions. */
  readonly folder: FileTarget;
  readonly store: FileTarget & { readonly state: string };
  /** Why sessions may be missing in it. */
  readonly troubles: readonly AgentTrouble[];
  /** Sessions with a key. */
  readonly sessions: number;
  /** Chains without a key: the "Unattributed" group. */
  readonly unattributed: number;
  readonly fragments: number;
  readonly locks: LockCounts;
  readonly findings: FindingCounts;
  /** Newest update of any session, milliseconds UTC. */
  readonly updatedAt: number | null;
}

/** A database of an agent that could not be read, or not as a whole. */
export interface AgentTrouble {
  readonly file: FileTarget;
  /** What is wrong with it: "is damaged: …". */
  readonly text: string;
  readonly worst: Severity | null;
  /** The finding that explains it. */
  readonly findingId: string | null;
}

/** `sessionForensics/changed`. */
export interface Changed {
  readonly revision: number;
  readonly counts: Counts;
}

/** `sessionForensics/progress`. */
export interface Progress {
  readonly scanning: boolean;
  /** A short sentence for the status bar; empty when idle. */
  readonly text: string;
}
