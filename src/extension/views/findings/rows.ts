/** How each node of the Findings view looks. */
import path from "node:path";
import * as vscode from "vscode";

import type { Severity, TooltipLine } from "../../../protocol/items.ts";
import { Command, RowWord } from "../../contributions.ts";
import { counted } from "../../counting.ts";
import {
  checkedIcon,
  copyIcon,
  fileIcon,
  healthyIcon,
  moreIcon,
  noteIcon,
  pendingIcon,
  severityIcon,
  skippedIcon,
} from "../icons.ts";
import type { FindingNode, FindingsNode, MoreFindingsNode, PlaceNode, SeverityNode } from "./nodes.ts";

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

const GROUP: Readonly<Record<Severity, string>> = { error: "Errors", warning: "Warnings", info: "Notes" };
const SPOKEN: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

const PENDING = {
  reading: "The transcripts are still being read: nothing was checked yet.",
  linking: "Links are still being weighed: what rests on them is checked afterwards.",
} as const;

interface Row {
  readonly label: string;
  readonly description: string;
  readonly icon: vscode.ThemeIcon;
  readonly state: vscode.TreeItemCollapsibleState;
  readonly words?: readonly string[];
  /** What a screen reader says before the label. */
  readonly spoken?: string;
  readonly command?: vscode.Command;
}

function severityRow({ severity, count }: SeverityNode): Row {
  return {
    label: GROUP[severity],
    description: count.toLocaleString("en"),
    icon: severityIcon(severity),
    state: severity === "info" ? Collapsed : Expanded,
  };
}

function findingRow(node: FindingNode): Row {
  const { finding } = node;
  return {
    label: finding.label,
    description: finding.description,
    icon: severityIcon(finding.severity),
    state: Collapsed,
    words: [
      RowWord.finding,
      finding.session === null ? "" : RowWord.session,
      finding.hasCanonical ? RowWord.comparable : "",
      finding.repairs.length === 0 ? "" : RowWord.repairable,
    ],
    spoken: SPOKEN[finding.severity],
    command: { title: "Explain Finding", command: Command.explainFinding, arguments: [node] },
  };
}

function placeRow(node: PlaceNode): Row {
  const at = node.line === null ? "" : `:${node.line}`;
  return {
    label: node.label.charAt(0).toUpperCase() + node.label.slice(1),
    description: `${path.basename(node.file.path)}${at}`,
    icon: node.id.endsWith("/place") ? fileIcon() : copyIcon(),
    state: None,
    words: [RowWord.place],
    command: { title: "Open", command: Command.openFindingPlace, arguments: [node] },
  };
}

function moreRow(node: MoreFindingsNode): Row {
  return {
    label: "Show more…",
    description: `${node.shown.toLocaleString("en")} of ${counted(node.total, "finding")} shown`,
    icon: moreIcon(),
    state: None,
    command: { title: "Show more", command: Command.showMore, arguments: [node] },
  };
}

function rowOf(node: FindingsNode): Row {
  switch (node.kind) {
    case "severity":
      return severityRow(node);
    case "finding":
      return findingRow(node);
    case "place":
      return placeRow(node);
    case "pending":
      return { label: "Still checking…", description: node.stage, icon: pendingIcon(), state: None };
    case "healthy":
      return { label: "Nothing is wrong", description: "", icon: healthyIcon(), state: Expanded };
    case "checked":
      return { label: node.what, description: "checked", icon: checkedIcon(), state: None };
    case "skippedGroup":
      return {
        label: "Could not be read",
        description: counted(node.skipped.length, "place"),
        icon: skippedIcon(),
        state: Collapsed,
      };
    case "skipped":
      return { label: path.basename(node.path), description: node.reason, icon: noteIcon(), state: None };
    case "moreFindings":
      return moreRow(node);
  }
}

/** Its tooltip is made only when someone points at the row: `tooltipLines`. */
export function treeItemOf(node: FindingsNode): vscode.TreeItem {
  const row = rowOf(node);
  const item = new vscode.TreeItem(row.label, row.state);
  item.id = node.id;
  item.description = row.description;
  item.iconPath = row.icon;
  item.contextValue = (row.words ?? []).filter((word) => word !== "").join(" ");
  item.accessibilityInformation = {
    label: [row.spoken ?? "", row.label, row.description].filter((part) => part !== "").join(", "),
  };
  if (row.command !== undefined) item.command = row.command;
  return item;
}

export function tooltipLines(node: FindingsNode): readonly TooltipLine[] {
  switch (node.kind) {
    case "severity":
      return [{ name: null, text: `${GROUP[node.severity]}: ${counted(node.count, "finding")}` }];
    case "finding":
      return node.finding.tooltip;
    case "place":
      return [{ name: node.label, text: node.file.path }];
    case "pending":
      return [{ name: null, text: PENDING[node.stage] }];
    case "healthy":
      return [{ name: null, text: node.summary }];
    case "checked":
      return [{ name: null, text: `${node.what} checked, and found in order.` }];
    case "skippedGroup":
      return [{ name: null, text: "Nothing is known of these places; the scan went on without them." }];
    case "skipped":
      return [
        { name: null, text: node.path },
        { name: "Reason", text: node.reason },
      ];
    case "moreFindings":
      return [{ name: null, text: "Shows the next ones." }];
  }
}
