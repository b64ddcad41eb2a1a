/** Fills the Sessions view, level by level, only where someone looks. */
import type * as vscode from "vscode";

import type { FragmentsParams } from "../../../protocol/fragments.ts";
import type { TooltipLine } from "../../../protocol/items.ts";
import { Method } from "../../../protocol/methods.ts";
import type { AgentItem, HomeItem } from "../../../protocol/overview.ts";
import type { AgentSessions, AgentSessionsParams } from "../../../protocol/sessions.ts";
import { LazyTree, PAGE } from "../lazy-tree.ts";
import type {
  AgentNode,
  CheckpointsNode,
  HomeNode,
  MoreNode,
  SessionNode,
  SessionsNode,
  UnattributedNode,
} from "./nodes.ts";
import { tooltipLines, treeItemOf } from "./rows.ts";

type Group = AgentSessionsParams["group"];

const agentKey = ({ homeId, name }: AgentItem): string => `${homeId}/${name}`;

export class SessionsProvider extends LazyTree<SessionsNode> {
  /** First pages by group, until the content changes. */
  #pages = new Map<string, Promise<AgentSessions>>();

  override reload(): void {
    this.#pages = new Map();
    super.reload();
  }

  override getTreeItem(node: SessionsNode): vscode.TreeItem {
    const homes = this.#topHomes().length;
    return treeItemOf(node, { now: Date.now(), homes, filtered: this.catalogue.filter !== "" });
  }

  protected override tooltipLines(node: SessionsNode): readonly TooltipLine[] {
    return tooltipLines(node);
  }

  protected override async childrenOf(node: SessionsNode | undefined): Promise<SessionsNode[]> {
    if (node === undefined) return this.#top();
    switch (node.kind) {
      case "home":
        return this.#belowHome(node);
      case "agent":
        return this.#belowAgent(node);
      case "unattributed":
        return this.#sessions(node, "unattributed");
      case "session":
        return this.#belowSession(node);
      case "checkpoints":
        return this.#fragments(node, "checkpoints");
      case "environment":
      case "trouble":
      case "fragment":
      case "more":
        return [];
    }
  }

  /** Homes that do not stand below another one. */
  #topHomes(): HomeItem[] {
    const homes = this.catalogue.overview?.homes ?? [];
    const ids = new Set(homes.map(({ id }) => id));
    return homes.filter(({ canonicalId }) => canonicalId === null || !ids.has(canonicalId));
  }

  async #top(): Promise<SessionsNode[]> {
    const warnings = (this.catalogue.overview?.environment ?? []).map((warning, index): SessionsNode => {
      return { kind: "environment", id: `environment ${index}`, parent: undefined, warning };
    });
    const homes = this.#topHomes().map((home) => this.#homeNode(home, undefined));
    return [...warnings, ...(await this.#matching(homes))];
  }

  #homeNode(home: HomeItem, parent: SessionsNode | undefined): HomeNode {
    return { kind: "home", id: home.id, parent, home };
  }

  async #belowHome(node: HomeNode): Promise<SessionsNode[]> {
    const agents = node.home.agents.map((agent): AgentNode => {
      return { kind: "agent", id: agentKey(agent), parent: node, agent };
    });
    const homes = this.catalogue.overview?.homes ?? [];
    const inside = homes.filter(({ canonicalId }) => canonicalId === node.id);
    return this.#matching([...agents, ...inside.map((home) => this.#homeNode(home, node))]);
  }

  async #belowAgent(node: AgentNode): Promise<SessionsNode[]> {
    const keyed = await this.#sessions(node, "keyed");
    const count =
      this.catalogue.filter === ""
        ? node.agent.unattributed
        : (await this.#firstPage(node.agent, "unattributed")).total;
    const troubles = node.agent.troubles.map((trouble, index): SessionsNode => {
      return { kind: "trouble", id: `${node.id}/trouble ${index}`, parent: node, trouble };
    });
    if (count === 0) return [...troubles, ...keyed];
    const id = `${node.id}/unattributed`;
    return [...troubles, ...keyed, { kind: "unattributed", id, parent: node, agent: node.agent, count }];
  }

  async #belowSession(node: SessionNode): Promise<SessionsNode[]> {
    const { session } = node;
    const chain = session.fragments === 0 ? [] : await this.#fragments(node, "chain");
    if (session.checkpoints === 0) return chain;
    return [...chain, { kind: "checkpoints", id: `${node.id}/checkpoints`, parent: node, session }];
  }

  #fragments(node: SessionNode | CheckpointsNode, group: FragmentsParams["group"]): Promise<SessionsNode[]> {
    return this.listBelow(
      node,
      async (offset, limit) => {
        const params = { session: node.session.ref, group, offset, limit };
        const { total, fragments } = await this.catalogue.askNewest(Method.fragments, params);
        return { total, items: fragments };
      },
      (fragment) => ({ kind: "fragment", id: `${node.id}/${fragment.id}`, parent: node, fragment }),
      (rest): MoreNode => ({ kind: "more", noun: group === "chain" ? "fragment" : "checkpoint", ...rest }),
    );
  }

  /** Without a filter all of them; else those with a session that passes it. */
  async #matching<Kind extends AgentNode | HomeNode>(nodes: readonly Kind[]): Promise<Kind[]> {
    if (this.catalogue.filter === "") return [...nodes];
    const counted = await Promise.all(
      nodes.map(async (node) => {
        const matches = await (node.kind === "agent" ? this.#countIn(node.agent) : this.#countBelow(node.home));
        return { ...node, matches };
      }),
    );
    return counted.filter(({ matches }) => matches > 0);
  }

  async #countIn(agent: AgentItem): Promise<number> {
    const pages = await Promise.all([this.#firstPage(agent, "keyed"), this.#firstPage(agent, "unattributed")]);
    return pages.reduce((sum, { total }) => sum + total, 0);
  }

  async #countBelow(home: HomeItem): Promise<number> {
    const inside = (this.catalogue.overview?.homes ?? []).filter(({ canonicalId }) => canonicalId === home.id);
    const counts = await Promise.all([
      ...home.agents.map((agent) => this.#countIn(agent)),
      ...inside.map((one) => this.#countBelow(one)),
    ]);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  #firstPage(agent: AgentItem, group: Group): Promise<AgentSessions> {
    const key = `${agentKey(agent)}/${group}`;
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const asked = this.#page(agent, group, 0, PAGE);
    this.#pages.set(key, asked);
    // An answer that did not come is asked for again next time.
    asked.catch(() => this.#pages.delete(key));
    return asked;
  }

  #page({ homeId, name }: AgentItem, group: Group, offset: number, limit: number): Promise<AgentSessions> {
    const { filter } = this.catalogue;
    const params = { homeId, agent: name, group, offset, limit, ...(filter === "" ? {} : { filter }) };
    return this.catalogue.askNewest(Method.agentSessions, params);
  }

  #sessions(node: AgentNode | UnattributedNode, group: Group): Promise<SessionsNode[]> {
    return this.listBelow(
      node,
      async (offset, limit) => {
        const page = offset === 0 ? this.#firstPage(node.agent, group) : this.#page(node.agent, group, offset, limit);
        const { total, sessions } = await page;
        return { total, items: sessions };
      },
      (session) => ({ kind: "session", id: `${node.id}/${session.ref.sessionId}`, parent: node, session }),
      (rest): MoreNode => ({ kind: "more", noun: "session", ...rest }),
    );
  }
}
