/** Fills the Findings view: what is wrong, the worst first; or that nothing is. */
import type * as vscode from "vscode";

import type { FindingCounts, Severity, TooltipLine } from "../../../protocol/items.ts";
import { Method } from "../../../protocol/methods.ts";
import { counted } from "../../counting.ts";
import { LazyTree } from "../lazy-tree.ts";
import type { FindingNode, FindingsNode, HealthyNode, MoreFindingsNode, SeverityNode } from "./nodes.ts";
import { tooltipLines, treeItemOf } from "./rows.ts";

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

export class FindingsProvider extends LazyTree<FindingsNode> {
  override getTreeItem(node: FindingsNode): vscode.TreeItem {
    return treeItemOf(node);
  }

  protected override tooltipLines(node: FindingsNode): readonly TooltipLine[] {
    return tooltipLines(node);
  }

  protected override async childrenOf(node: FindingsNode | undefined): Promise<FindingsNode[]> {
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
    const { overview } = this.catalogue;
    if (overview === undefined || overview.revision === 0) return [];
    const { healthy, pending, skipped, counts } = overview;
    return [
      ...(pending === null ? [] : [{ kind: "pending", id: "pending", parent: undefined, stage: pending } as const]),
      ...(healthy === null ? [] : [{ kind: "healthy", id: "healthy", parent: undefined, summary: healthy } as const]),
      ...severitiesIn(counts.findings),
      ...(skipped.length === 0 ? [] : [{ kind: "skippedGroup", id: "skipped", parent: undefined, skipped } as const]),
    ];
  }

  #checked(parent: HealthyNode): FindingsNode[] {
    const counts = this.catalogue.overview?.counts;
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

  #findings(node: SeverityNode): Promise<FindingsNode[]> {
    return this.listBelow(
      node,
      async (offset, limit) => {
        const params = { severities: [node.severity], offset, limit };
        const { total, findings } = await this.catalogue.askNewest(Method.findings, params);
        return { total, items: findings };
      },
      (finding) => ({ kind: "finding", id: finding.id, parent: node, finding }),
      (rest): MoreFindingsNode => ({ kind: "moreFindings", ...rest }),
    );
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
