/** Fills the Findings view: what is wrong, the worst first; or that nothing is. */
import * as vscode from "vscode";

import type { FindingItem } from "../../../protocol/findings.ts";
import type { FindingCounts, Severity } from "../../../protocol/items.ts";
import { Method } from "../../../protocol/methods.ts";
import type { Catalogue } from "../../catalogue.ts";
import { ServerGoneError } from "../../client/server-link.ts";
import { counted } from "../../counting.ts";
import { tooltipOf } from "../tooltip.ts";
import type { FindingNode, FindingsNode, HealthyNode, MoreFindingsNode, SeverityNode } from "./nodes.ts";
import { tooltipLines, treeItemOf } from "./rows.ts";

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** Rows of a severity at first. */
const PAGE = 100;
/** Rows that each "Show more…" adds. */
const STEP = 400;
/** The server's own limit for one answer. */
const MOST_AT_ONCE = 500;

export class FindingsProvider implements vscode.TreeDataProvider<FindingsNode>, vscode.Disposable {
  readonly #catalogue: Catalogue;
  readonly #log: vscode.LogOutputChannel;
  readonly #didChange = new vscode.EventEmitter<FindingsNode | undefined>();
  #children = new Map<string, Promise<FindingsNode[]>>();
  readonly #shown = new Map<string, number>();

  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(catalogue: Catalogue, log: vscode.LogOutputChannel) {
    this.#catalogue = catalogue;
    this.#log = log;
  }

  /** Forgets what was asked for and asks again for what is visible. */
  reload(): void {
    this.#children = new Map();
    this.#didChange.fire(undefined);
  }

  /** Shows the next rows; resolves with the first of them. */
  async showMore({ group, shown }: MoreFindingsNode): Promise<FindingsNode | undefined> {
    this.#shown.set(group.id, shown + STEP);
    this.#children.delete(group.id);
    this.#didChange.fire(group);
    return (await this.getChildren(group))[shown];
  }

  getTreeItem(node: FindingsNode): vscode.TreeItem {
    return treeItemOf(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: FindingsNode): vscode.TreeItem {
    item.tooltip = tooltipOf(tooltipLines(node));
    return item;
  }

  getParent(node: FindingsNode): FindingsNode | undefined {
    return node.parent;
  }

  getChildren(node?: FindingsNode): Promise<FindingsNode[]> {
    const key = node?.id ?? "";
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const asked = this.#childrenOf(node).catch((error: unknown) => {
      this.#children.delete(key);
      if (!(error instanceof ServerGoneError)) this.#log.error("The findings could not be loaded.", error);
      return [];
    });
    this.#children.set(key, asked);
    return asked;
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  async #childrenOf(node: FindingsNode | undefined): Promise<FindingsNode[]> {
    if (node === undefined) return this.#top();
    if (node.kind === "severity") return this.#findings(node);
    if (node.kind === "finding") return placesOf(node);
    if (node.kind === "healthy") return this.#checked(node);
    if (node.kind === "skippedGroup")
      return node.skipped.map(({ path, reason }) => ({
        kind: "skipped",
        id: `skipped ${path}`,
        parent: node,
        path,
        reason,
      }));
    return [];
  }

  #top(): FindingsNode[] {
    const { overview } = this.#catalogue;
    if (overview === undefined || overview.revision === 0) return [];
    const { healthy, skipped, counts } = overview;
    return [
      ...(healthy === null ? [] : [{ kind: "healthy", id: "healthy", parent: undefined, summary: healthy } as const]),
      ...severitiesIn(counts.findings),
      ...(skipped.length === 0 ? [] : [{ kind: "skippedGroup", id: "skipped", parent: undefined, skipped } as const]),
    ];
  }

  #checked(parent: HealthyNode): FindingsNode[] {
    const counts = this.#catalogue.overview?.counts;
    if (counts === undefined) return [];
    const { homes, agents, sessions, fragments, locks } = counts;
    const all = [
      counted(homes, "home"),
      counted(agents, "agent and its store", "agents and their stores"),
      counted(sessions, "session and its chain", "sessions and their chains"),
      counted(fragments, "transcript"),
      counted(locks.held + locks.stale + locks.unknown, "lock"),
    ];
    return all.map((what) => ({ kind: "checked", id: `checked ${what}`, parent, what }));
  }

  async #findings(node: SeverityNode): Promise<FindingsNode[]> {
    const wanted = this.#shown.get(node.id) ?? PAGE;
    const all = new Map<string, FindingItem>();
    let total = 0;
    let offset = 0;
    do {
      const limit = Math.min(wanted - offset, MOST_AT_ONCE);
      const page = await this.#catalogue.askNewest(Method.findings, { severities: [node.severity], offset, limit });
      for (const finding of page.findings) all.set(finding.id, finding);
      total = page.total;
      if (page.findings.length === 0) break;
      offset += page.findings.length;
    } while (offset < Math.min(wanted, total));
    const nodes = [...all.values()].map((finding): FindingNode => {
      return { kind: "finding", id: finding.id, parent: node, finding };
    });
    if (offset >= total) return nodes;
    return [...nodes, { kind: "moreFindings", id: `${node.id} more`, parent: node, group: node, shown: offset, total }];
  }
}

function severitiesIn(counts: FindingCounts): SeverityNode[] {
  return SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => {
    return { kind: "severity", id: severity, parent: undefined, severity, count: counts[severity] };
  });
}

function placesOf(node: FindingNode): FindingsNode[] {
  const { file, line, related } = node.finding;
  return [
    { kind: "place", id: `${node.id}/place`, parent: node, label: "Found in", file, line },
    ...related.map((one, index): FindingsNode => {
      return { kind: "place", id: `${node.id}/${index}`, parent: node, label: one.label, file: one, line: null };
    }),
  ];
}
