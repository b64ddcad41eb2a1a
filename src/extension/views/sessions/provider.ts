/** Fills the Sessions view, level by level, only where someone looks. */
import * as vscode from "vscode";

import { Method } from "../../../protocol/methods.ts";
import type { AgentItem, HomeItem } from "../../../protocol/overview.ts";
import type { AgentSessions, AgentSessionsParams, SessionItem } from "../../../protocol/sessions.ts";
import type { Catalogue } from "../../catalogue.ts";
import { isNotFound } from "../../catalogue.ts";
import { ServerGoneError } from "../../client/server-link.ts";
import { tooltipOf } from "../tooltip.ts";
import type { AgentNode, HomeNode, MoreNode, SessionNode, SessionsNode, UnattributedNode } from "./nodes.ts";
import { tooltipLines, treeItemOf } from "./rows.ts";

type Group = AgentSessionsParams["group"];

/** Rows of a group at first. */
const PAGE = 100;
/** Rows that each "Show more…" adds. */
const STEP = 400;
/** The server's own limit for one answer. */
const MOST_AT_ONCE = 500;

const agentKey = ({ homeId, name }: AgentItem): string => `${homeId}/${name}`;

export class SessionsProvider implements vscode.TreeDataProvider<SessionsNode>, vscode.Disposable {
  readonly #catalogue: Catalogue;
  readonly #log: vscode.LogOutputChannel;
  readonly #didChange = new vscode.EventEmitter<SessionsNode | undefined>();
  /** Children by node id, until the content changes. */
  #children = new Map<string, Promise<SessionsNode[]>>();
  /** First pages by group, until the content changes. */
  #pages = new Map<string, Promise<AgentSessions>>();
  /** How many rows of a group are shown, where that is more than a page. */
  readonly #shown = new Map<string, number>();

  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(catalogue: Catalogue, log: vscode.LogOutputChannel) {
    this.#catalogue = catalogue;
    this.#log = log;
  }

  /** Forgets what was asked for and asks again for what is visible. */
  reload(): void {
    this.#children = new Map();
    this.#pages = new Map();
    this.#didChange.fire(undefined);
  }

  /** Like `reload`, with only the first page of every group. */
  startOver(): void {
    this.#shown.clear();
    this.reload();
  }

  /** Draws the rows again from what is known, so that "4 min ago" stays true. */
  redraw(): void {
    this.#didChange.fire(undefined);
  }

  /** Shows the next rows; resolves with the first of them. */
  async showMore({ group, shown }: MoreNode): Promise<SessionsNode | undefined> {
    this.#shown.set(group.id, shown + STEP);
    this.#children.delete(group.id);
    this.#didChange.fire(group);
    return (await this.getChildren(group))[shown];
  }

  getTreeItem(node: SessionsNode): vscode.TreeItem {
    const homes = this.#topHomes().length;
    return treeItemOf(node, { now: Date.now(), homes, filtered: this.#catalogue.filter !== "" });
  }

  resolveTreeItem(item: vscode.TreeItem, node: SessionsNode): vscode.TreeItem {
    item.tooltip = tooltipOf(tooltipLines(node));
    return item;
  }

  getParent(node: SessionsNode): SessionsNode | undefined {
    return node.parent;
  }

  getChildren(node?: SessionsNode): Promise<SessionsNode[]> {
    const key = node?.id ?? "";
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const asked = this.#childrenOf(node).catch((error: unknown) => this.#withoutAnswer(key, error));
    this.#children.set(key, asked);
    return asked;
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  /** A dead server or a vanished session leaves a gap that the next content fills. */
  #withoutAnswer(key: string, error: unknown): SessionsNode[] {
    this.#children.delete(key);
    if (!(error instanceof ServerGoneError) && !isNotFound(error))
      this.#log.error(`The rows below ${key === "" ? "the top" : key} could not be loaded.`, error);
    return [];
  }

  async #childrenOf(node: SessionsNode | undefined): Promise<SessionsNode[]> {
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
        return node.checkpoints.map((fragment) => ({
          kind: "fragment",
          id: `${node.id}/${fragment.id}`,
          parent: node,
          fragment,
        }));
      case "environment":
      case "fragment":
      case "more":
        return [];
    }
  }

  /** Homes that do not stand below another one. */
  #topHomes(): HomeItem[] {
    const homes = this.#catalogue.overview?.homes ?? [];
    const ids = new Set(homes.map(({ id }) => id));
    return homes.filter(({ canonicalId }) => canonicalId === null || !ids.has(canonicalId));
  }

  async #top(): Promise<SessionsNode[]> {
    const warnings = (this.#catalogue.overview?.environment ?? []).map((warning, index): SessionsNode => {
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
    const homes = this.#catalogue.overview?.homes ?? [];
    const inside = homes.filter(({ canonicalId }) => canonicalId === node.id);
    return this.#matching([...agents, ...inside.map((home) => this.#homeNode(home, node))]);
  }

  async #belowAgent(node: AgentNode): Promise<SessionsNode[]> {
    const keyed = await this.#sessions(node, "keyed");
    const count =
      this.#catalogue.filter === ""
        ? node.agent.unattributed
        : (await this.#firstPage(node.agent, "unattributed")).total;
    if (count === 0) return keyed;
    const id = `${node.id}/unattributed`;
    return [...keyed, { kind: "unattributed", id, parent: node, agent: node.agent, count }];
  }

  async #belowSession(node: SessionNode): Promise<SessionsNode[]> {
    const { fragments, checkpoints } = await this.#catalogue.askNewest(Method.fragments, { session: node.session.ref });
    const nodes = fragments.map((fragment): SessionsNode => {
      return { kind: "fragment", id: `${node.id}/${fragment.id}`, parent: node, fragment };
    });
    if (checkpoints.length === 0) return nodes;
    return [...nodes, { kind: "checkpoints", id: `${node.id}/checkpoints`, parent: node, checkpoints }];
  }

  /** Without a filter all of them; else those with a session that passes it. */
  async #matching<Kind extends AgentNode | HomeNode>(nodes: readonly Kind[]): Promise<Kind[]> {
    if (this.#catalogue.filter === "") return [...nodes];
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
    const inside = (this.#catalogue.overview?.homes ?? []).filter(({ canonicalId }) => canonicalId === home.id);
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
    const { filter } = this.#catalogue;
    const params = { homeId, agent: name, group, offset, limit, ...(filter === "" ? {} : { filter }) };
    return this.#catalogue.askNewest(Method.agentSessions, params);
  }

  async #sessions(node: AgentNode | UnattributedNode, group: Group): Promise<SessionsNode[]> {
    const { sessions, total } = await this.#firstPage(node.agent, group);
    const all: SessionItem[] = [...sessions];
    const wanted = Math.min(this.#shown.get(node.id) ?? PAGE, total);
    while (all.length < wanted) {
      const next = await this.#page(node.agent, group, all.length, Math.min(wanted - all.length, MOST_AT_ONCE));
      if (next.sessions.length === 0) break;
      all.push(...next.sessions);
    }
    const nodes = distinct(all).map((session): SessionsNode => {
      return { kind: "session", id: `${node.id}/${session.ref.sessionId}`, parent: node, session };
    });
    if (all.length >= total) return nodes;
    return [...nodes, { kind: "more", id: `${node.id}/more`, parent: node, group: node, shown: all.length, total }];
  }
}

/** Pages of two revisions may overlap when a session moved meanwhile; a row must not stand twice. */
function distinct(sessions: readonly SessionItem[]): SessionItem[] {
  return [...new Map(sessions.map((session) => [session.ref.sessionId, session])).values()];
}
