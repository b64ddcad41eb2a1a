/** Where somebody reads in a conversation, in words that hold when lines come before or are taken away. */
import * as vscode from "vscode";

import type { Conversation } from "../../protocol/conversation.ts";

type Anchors = Pick<Conversation, "anchors">;

/** So many lines behind the beginning of an entry. */
export interface ReadingPlace {
  readonly entry: string;
  readonly lines: number;
}

/** The place of a line; before the first entry it is that entry: what is read next. Undefined where there is no entry. */
export function placeOfLine({ anchors }: Anchors, line: number): ReadingPlace | undefined {
  const before = anchors.findLast(([start]) => start <= line);
  if (before !== undefined) return { entry: before[1], lines: line - before[0] };
  const [first] = anchors;
  return first === undefined ? undefined : { entry: first[1], lines: 0 };
}

/** The line of the place; undefined when its entry is not shown any more. */
export function lineOfPlace({ anchors }: Anchors, { entry, lines }: ReadingPlace): number | undefined {
  const found = anchors.find(([, name]) => name === entry);
  return found === undefined ? undefined : found[0] + lines;
}

/** The editors that show the document, each with the first line that is seen there. */
export function topLines(uri: vscode.Uri): Map<vscode.TextEditor, number> {
  const shown = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString());
  return new Map(shown.map((editor) => [editor, editor.visibleRanges[0]?.start.line ?? 0]));
}

/** Brings the line to the top of the editor; the selection stays. */
export function showAtTop(editor: vscode.TextEditor, line: number): void {
  editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
}
