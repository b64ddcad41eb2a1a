/** How each node of the Search view looks. */
import path from "node:path";
import * as vscode from "vscode";

import type { TooltipLine } from "../../../protocol/items.ts";
import type { FoundText } from "../../../protocol/search.ts";
import { Command, RowWord } from "../../contributions.ts";
import { counted } from "../../counting.ts";
import { ago } from "../../relative-time.ts";
import { foundSessionIcon, moreIcon, nameIcon, noteIcon, skippedIcon, speakerIcon } from "../icons.ts";
import type { FoundLineNode, FoundSessionNode, MoreFoundNode, SearchNode } from "./nodes.ts";

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

const marked = ({ highlights, text }: FoundText): vscode.TreeItemLabel => ({
  label: text,
  highlights: highlights.map(([start, end]) => [start, end]),
});

/** "3 lines · main · ~/.openclaw" */
function sessionItem({ gathered, isOpen }: FoundSessionNode): vscode.TreeItem {
  const { hits, session } = gathered;
  const item = new vscode.TreeItem(session.label, isOpen ? Expanded : Collapsed);
  const count = hits.length === 0 ? "by name" : counted(hits.length, "line");
  item.description = `${count} · ${session.description}`;
  item.iconPath = foundSessionIcon();
  item.contextValue = RowWord.session;
  return item;
}

function lineItem(node: FoundLineNode): vscode.TreeItem {
  const { line } = node;
  const item = new vscode.TreeItem(marked(line), None);
  const when = line.at === null ? [] : [ago(line.at, Date.now())];
  item.description = [line.source, line.fragment, ...when].filter((part) => part !== "").join(" · ");
  item.iconPath = speakerIcon(line.source);
  item.contextValue = RowWord.place;
  item.command = { title: "Open Found Line", command: Command.openFoundLine, arguments: [node] };
  item.accessibilityInformation = { label: `${line.source}: ${line.text}, ${line.fragment}` };
  return item;
}

function moreItem(node: MoreFoundNode): vscode.TreeItem {
  const item = new vscode.TreeItem("Show more…", None);
  item.description = `${node.shown.toLocaleString("en")} of ${counted(node.total, "line")} shown`;
  item.iconPath = moreIcon();
  item.command = { title: "Show more", command: Command.showMore, arguments: [node] };
  return item;
}

function withoutId(node: SearchNode): vscode.TreeItem {
  switch (node.kind) {
    case "foundSession":
      return sessionItem(node);
    case "foundLine":
      return lineItem(node);
    case "moreFound":
      return moreItem(node);
    case "foundName": {
      const item = new vscode.TreeItem(marked(node.name), None);
      item.description = node.name.source;
      item.iconPath = nameIcon();
      return item;
    }
    case "unsearchedGroup": {
      const item = new vscode.TreeItem("Could not be searched", Collapsed);
      item.description = counted(node.unsearched.length, "place");
      item.iconPath = skippedIcon();
      return item;
    }
    case "unsearched": {
      const item = new vscode.TreeItem(path.basename(node.item.file.path), None);
      item.description = node.item.reason;
      item.iconPath = noteIcon();
      item.contextValue = RowWord.place;
      return item;
    }
  }
}

/** Its tooltip is made only when someone points at the row: `tooltipLines`. */
export function treeItemOf(node: SearchNode): vscode.TreeItem {
  const item = withoutId(node);
  item.id = node.id;
  return item;
}

export function tooltipLines(node: SearchNode): readonly TooltipLine[] {
  switch (node.kind) {
    case "foundSession":
      return [{ name: null, text: `${node.gathered.session.label}: ${counted(node.gathered.hits.length, "line")}` }];
    case "foundName":
      return [{ name: node.name.source, text: node.name.text }];
    case "foundLine": {
      const { at, matches, place, source, text } = node.line;
      return [
        { name: source, text },
        { name: "Place", text: place },
        ...(at === null ? [] : [{ name: "Time", text: new Date(at).toISOString() }]),
        ...(matches === 1 ? [] : [{ name: "In this line", text: counted(matches, "match", "matches") }]),
      ];
    }
    case "moreFound":
      return [{ name: null, text: "Shows the next ones." }];
    case "unsearchedGroup":
      return [{ name: null, text: "The search went on without these." }];
    case "unsearched":
      return [
        { name: null, text: node.item.file.path },
        { name: "Reason", text: node.item.reason },
      ];
  }
}
