/** The nodes of the Sessions view. */
import type { FragmentItem } from "../../../protocol/fragments.ts";
import type { AgentItem, AgentTrouble, EnvironmentItem, HomeItem } from "../../../protocol/overview.ts";
import type { SessionItem } from "../../../protocol/sessions.ts";
import type { RestOf, TreeNode } from "../lazy-tree.ts";

type Node = TreeNode<SessionsNode>;

export interface EnvironmentNode extends Node {
  readonly kind: "environment";
  readonly warning: EnvironmentItem;
}

export interface HomeNode extends Node {
  readonly kind: "home";
  readonly home: HomeItem;
}

export interface AgentNode extends Node {
  readonly kind: "agent";
  readonly agent: AgentItem;
  /** With a filter: how many of its sessions pass it. */
  readonly matches?: number;
}

/** Chains whose session key is not known. */
export interface UnattributedNode extends Node {
  readonly kind: "unattributed";
  readonly agent: AgentItem;
  /** With a filter: those that pass it. */
  readonly count: number;
}

/** Why sessions may be missing in an agent. */
export interface TroubleNode extends Node {
  readonly kind: "trouble";
  readonly trouble: AgentTrouble;
}

export interface SessionNode extends Node {
  readonly kind: "session";
  readonly session: SessionItem;
}

export interface FragmentNode extends Node {
  readonly kind: "fragment";
  readonly fragment: FragmentItem;
}

export interface CheckpointsNode extends Node {
  readonly kind: "checkpoints";
  readonly session: SessionItem;
}

/** The end of a list that goes on. */
export interface MoreNode extends RestOf<SessionsNode> {
  readonly kind: "more";
  /** What there is more of. */
  readonly noun: "session" | "fragment" | "checkpoint";
}

export type SessionsNode =
  | EnvironmentNode
  | HomeNode
  | AgentNode
  | UnattributedNode
  | TroubleNode
  | SessionNode
  | FragmentNode
  | CheckpointsNode
  | MoreNode;
