/** Tooltips from the server's lines: names in bold, foreign text as plain text. */
import * as vscode from "vscode";

import type { TooltipLine } from "../../protocol/items.ts";
import { escapeMarkdown } from "../plain-markdown.ts";

function markdownOf({ name, text }: TooltipLine): string {
  return name === null ? escapeMarkdown(text) : `**${escapeMarkdown(name)}:** ${escapeMarkdown(text)}`;
}

/** Neither commands nor HTML work in it, whatever the lines hold. */
export function tooltipOf(lines: readonly TooltipLine[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString(lines.map(markdownOf).join("  \n"));
  tooltip.isTrusted = false;
  tooltip.supportHtml = false;
  return tooltip;
}
