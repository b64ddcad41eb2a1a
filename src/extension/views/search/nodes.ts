/** The nodes of the Search view. */
import type { FoundLine, FoundText, UnsearchedItem } from "../../../protocol/search.ts";
import type { GatheredSession } from "../../search/search-results.ts";
import type { RestOf, TreeNode } from "../lazy-tree.ts";

type Node = TreeNode<SearchNode>;

export interface FoundSessionNode extends Node {
  readonly kind: "foundSession";
  readonly gathered: GatheredSession;
  /** Its lines show at once. */
  readonly isOpen: boolean;
}

/** Something that the session is called by. */
export interface FoundNameNode extends Node {
  readonly kind: "foundName";
  readonly name: FoundText;
}

export interface FoundLineNode extends Node {
  readonly kind: "foundLine";
  readonly line: FoundLine;
}

export interface MoreFoundNode extends RestOf<SearchNode> {
  readonly kind: "moreFound";
}

/** What could not be searched. */
export interface UnsearchedGroupNode extends Node {
  readonly kind: "unsearchedGroup";
  readonly unsearched: readonly UnsearchedItem[];
}

export interface UnsearchedNode extends Node {
  readonly kind: "unsearched";
  readonly item: UnsearchedItem;
}

export type SearchNode =
  | FoundSessionNode
  | FoundNameNode
  | FoundLineNode
  | MoreFoundNode
  | UnsearchedGroupNode
  | UnsearchedNode;
