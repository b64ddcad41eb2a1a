/** From byte offsets in files to positions in documents, which count lines and UTF-16 units. */
import type { Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";

import type { FindingRange } from "../model/finding.ts";

/** Beyond the end of any line: clients take it for the line's end. */
export const LINE_END = 2 ** 31 - 1;

const wholeLine = (line: number): Range => ({
  start: { line, character: 0 },
  end: { line, character: LINE_END },
});

/** The UTF-16 length of the first `bytes` bytes of a text; a character that the cut goes through counts as a whole. */
function unitsIn(text: string, bytes: number): number {
  let left = bytes;
  let units = 0;
  for (const character of text) {
    if (left <= 0) break;
    left -= Buffer.byteLength(character);
    units += character.length;
  }
  return units;
}

/** `line` counts from 0. */
function insideLine(document: TextDocument, range: FindingRange, line: number): Range | null {
  const start = document.offsetAt({ line, character: 0 });
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  const content = text.replace(/[\r\n]+$/, "");
  const skipped = range.offset - Buffer.byteLength(document.getText().slice(0, start));
  // The file on disk is no longer the text in the editor.
  if (skipped < 0 || skipped > Buffer.byteLength(content)) return null;
  const from = unitsIn(content, skipped);
  const to = from + unitsIn(content.slice(from), range.bytes);
  // An empty place at the very end would be invisible.
  return { start: { line, character: from === to && from > 0 ? from - 1 : from }, end: { line, character: to } };
}

/**
 * Exact when the text is at hand and still fits, else the whole line; the first line for a finding about a whole file.
 * `lineAt` tells the line (from 1) at a byte offset of the file, where the finding names none.
 */
export function rangeOf(
  range: FindingRange | undefined,
  document: TextDocument | undefined,
  lineAt: (offset: number) => number | null,
): Range {
  const known = range === undefined ? null : (range.line ?? lineAt(range.offset));
  const line = Math.max(0, (known ?? 1) - 1);
  if (range === undefined || document === undefined || line >= document.lineCount) return wholeLine(line);
  return insideLine(document, range, line) ?? wholeLine(line);
}
