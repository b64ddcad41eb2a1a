/** The nodes of the History view. */
import type { HomeJournal, ReceiptItem } from "../../../protocol/repairs.ts";
import type { TreeNode } from "../lazy-tree.ts";

type Node = TreeNode<HistoryNode>;

/** A home in which something was repaired; only where there are several. */
export interface JournalNode extends Node {
  readonly kind: "journal";
  readonly journal: HomeJournal;
}

export interface ReceiptNode extends Node {
  readonly kind: "receipt";
  readonly receipt: ReceiptItem;
}

export type HistoryNode = JournalNode | ReceiptNode;
