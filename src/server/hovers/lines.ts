/** Lines as hover contents: as Markdown in which nothing from a foreign file can act, or as plain text. */
import { MarkupKind } from "vscode-languageserver/node";
import type { MarkupContent } from "vscode-languageserver/node";

import { plainText } from "../../engine/present/lines.ts";
import type { FileReference, Line, Span } from "../../engine/present/lines.ts";
import type { Target } from "../targets.ts";

/** Every ASCII punctuation character may be escaped by a backslash (CommonMark 2.4), and then means only itself. */
const markdownText = (text: string): string => text.replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);

/** Blanks at the edges of emphasis would undo it, so they stay outside. */
function emphasised(text: string, mark: string): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  return inner === "" ? text : `${before}${mark}${markdownText(inner)}${mark}${after}`;
}

function markdownSpan({ text, tone, file, page }: Span, targetOf: TargetOf): string {
  if (page !== undefined) return `[${markdownText(text)}](<${page}>)`;
  if (file !== undefined) {
    const { line, uri } = targetOf(file);
    // Editors follow no other scheme from a hover.
    if (!uri.startsWith("file:")) return markdownText(text);
    // Inside <…> a URI may hold parentheses; "<", ">" and line ends are percent-encoded in it.
    return `[${markdownText(text)}](<${uri}${line === null ? "" : `#L${line}`}>)`;
  }
  return tone === "strong" ? emphasised(text, "**") : markdownText(text);
}

/** What a reference to a file opens. */
export type TargetOf = (file: FileReference) => Pick<Target, "line" | "uri">;

/** The contents of a hover in the form that the client takes. */
export function hoverContents(lines: readonly Line[], markdown: boolean, targetOf: TargetOf): MarkupContent {
  if (!markdown) return { kind: MarkupKind.PlainText, value: plainText(lines) };
  // Two blanks at the end keep the line break; an empty line starts a paragraph.
  const markdownLine = (one: Line): string => one.map((part) => markdownSpan(part, targetOf)).join("");
  return { kind: MarkupKind.Markdown, value: lines.map(markdownLine).join("  \n") };
}
