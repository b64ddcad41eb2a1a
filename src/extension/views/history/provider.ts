/** Fills the History view: what was repaired, the newest first. */
import type * as vscode from "vscode";

import type { TooltipLine } from "../../../protocol/items.ts";
import { Method } from "../../../protocol/methods.ts";
import type { ReceiptItem } from "../../../protocol/repairs.ts";
import { LazyTree } from "../lazy-tree.ts";
import type { HistoryNode, JournalNode, ReceiptNode } from "./nodes.ts";
import { treeItemOf } from "./rows.ts";

const receiptNode = (receipt: ReceiptItem, parent: JournalNode | undefined): ReceiptNode => ({
  kind: "receipt",
  id: `${receipt.ref.homeId}/${receipt.ref.receiptId}`,
  parent,
  receipt,
});

export class HistoryProvider extends LazyTree<HistoryNode> {
  override getTreeItem(node: HistoryNode): vscode.TreeItem {
    return treeItemOf(node);
  }

  protected override tooltipLines(node: HistoryNode): readonly TooltipLine[] {
    return node.kind === "receipt" ? node.receipt.tooltip : [];
  }

  protected override async childrenOf(node: HistoryNode | undefined): Promise<HistoryNode[]> {
    if (node?.kind === "journal") return node.journal.receipts.map((one) => receiptNode(one, node));
    if (node !== undefined || this.catalogue.overview === undefined) return [];
    const { homes } = await this.catalogue.ask(Method.journal, {});
    const [first] = homes;
    if (first !== undefined && homes.length === 1) return first.receipts.map((one) => receiptNode(one, undefined));
    return homes.map((journal) => ({ kind: "journal", id: journal.homeId, parent: undefined, journal }));
  }
}
