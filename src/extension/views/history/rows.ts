/** How each node of the History view looks. */
import * as vscode from "vscode";

import { Command, RowWord } from "../../contributions.ts";
import { ago } from "../../relative-time.ts";
import { receiptIcon } from "../icons.ts";
import type { HistoryNode, JournalNode, ReceiptNode } from "./nodes.ts";

function journalItem({ id, journal }: JournalNode): vscode.TreeItem {
  const item = new vscode.TreeItem(journal.homeLabel, vscode.TreeItemCollapsibleState.Expanded);
  item.id = id;
  return item;
}

function receiptTreeItem(node: ReceiptNode): vscode.TreeItem {
  const { receipt } = node;
  const item = new vscode.TreeItem(receipt.label);
  item.id = node.id;
  item.description = `${ago(receipt.at, Date.now())} · ${receipt.description}`;
  item.iconPath = receiptIcon(receipt);
  item.contextValue = [RowWord.receipt, ...(receipt.canUndo ? [RowWord.undoable] : [])].join(" ");
  item.command = { title: "Show Receipt", command: Command.showReceipt, arguments: [node] };
  return item;
}

export function treeItemOf(node: HistoryNode): vscode.TreeItem {
  return node.kind === "journal" ? journalItem(node) : receiptTreeItem(node);
}
