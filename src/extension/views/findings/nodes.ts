/** The nodes of the Findings view. */
import type { FindingItem } from "../../../protocol/findings.ts";
import type { FileTarget, Severity } from "../../../protocol/items.ts";
import type { RestOf, TreeNode } from "../lazy-tree.ts";

type Node = TreeNode<FindingsNode>;

export interface SeverityNode extends Node {
  readonly kind: "severity";
  readonly severity: Severity;
  readonly count: number;
}

export interface FindingNode extends Node {
  readonly kind: "finding";
  readonly finding: FindingItem;
}

/** A file that a finding is about: where it was found, a copy, a counterpart. */
export interface PlaceNode extends Node {
  readonly kind: "place";
  readonly label: string;
  readonly file: FileTarget;
  /** Counted from 1. */
  readonly line: number | null;
}

/** Not all is read and linked yet: more may follow. */
export interface PendingNode extends Node {
  readonly kind: "pending";
  readonly stage: "reading" | "linking";
}

/** Nothing is wrong; what was checked stands below. */
export interface HealthyNode extends Node {
  readonly kind: "healthy";
  /** In a sentence. */
  readonly summary: string;
}

/** One kind of thing that was checked. */
export interface CheckedNode extends Node {
  readonly kind: "checked";
  readonly what: string;
}

/** Places that could not be read, so that nothing is said of them. */
export interface SkippedGroupNode extends Node {
  readonly kind: "skippedGroup";
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

export interface SkippedNode extends Node {
  readonly kind: "skipped";
  readonly path: string;
  readonly reason: string;
}

export interface MoreFindingsNode extends RestOf<FindingsNode> {
  readonly kind: "moreFindings";
}

export type FindingsNode =
  | SeverityNode
  | FindingNode
  | PlaceNode
  | PendingNode
  | HealthyNode
  | CheckedNode
  | SkippedGroupNode
  | SkippedNode
  | MoreFindingsNode;
