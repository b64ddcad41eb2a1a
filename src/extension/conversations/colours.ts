/** Colours of a conversation, of the theme: who speaks, where fragments begin, what went wrong. */
import * as vscode from "vscode";

import type { ConversationMark } from "../../protocol/conversation.ts";

/** What a stretch of a line looks like. */
type Look = ConversationMark | "dim" | "rule";

const colour = (id: string): vscode.ThemeColor => new vscode.ThemeColor(id);

const strong = (id: string): vscode.DecorationRenderOptions => ({ fontWeight: "bold", color: colour(id) });

const atEdge = (id: string, lane: vscode.OverviewRulerLane): vscode.DecorationRenderOptions => ({
  overviewRulerColor: colour(id),
  overviewRulerLane: lane,
});

const { Full, Left, Right } = vscode.OverviewRulerLane;

const LOOKS: readonly (readonly [Look, vscode.DecorationRenderOptions])[] = [
  ["title", strong("foreground")],
  ["boundary", { ...strong("foreground"), ...atEdge("editorOverviewRuler.infoForeground", Full) }],
  // The line above a boundary, across the editor: in high contrast it has the contrast's own colour.
  [
    "rule",
    {
      isWholeLine: true,
      backgroundColor: colour("editorStickyScroll.background"),
      borderColor: colour("panel.border"),
      borderStyle: "solid",
      borderWidth: "1px 0 0 0",
    },
  ],
  ["user", { ...strong("charts.blue"), ...atEdge("charts.blue", Left) }],
  ["assistant", strong("charts.purple")],
  ["other", strong("descriptionForeground")],
  ["work", { color: colour("descriptionForeground") }],
  ["link", { color: colour("charts.green") }],
  ["doubt", { color: colour("editorWarning.foreground") }],
  ["trouble", { color: colour("errorForeground"), ...atEdge("editorOverviewRuler.errorForeground", Right) }],
  ["dim", { color: colour("descriptionForeground") }],
];

/** Of these the first words are coloured, and what follows after a gap (time, model, line) is dim. */
const HEADINGS: ReadonlySet<ConversationMark> = new Set(["user", "assistant", "other"]);

export class Colours implements vscode.Disposable {
  readonly #types = LOOKS.map(
    ([look, options]) => [look, vscode.window.createTextEditorDecorationType(options)] as const,
  );

  /** Colours the lines of an editor that shows the conversation. */
  show(editor: vscode.TextEditor, marks: readonly (readonly [number, ConversationMark])[]): void {
    const ranges = new Map<Look, vscode.Range[]>();
    const add = (look: Look, range: vscode.Range): void => {
      const known = ranges.get(look);
      if (known === undefined) ranges.set(look, [range]);
      else known.push(range);
    };
    for (const [line, mark] of marks) {
      if (line >= editor.document.lineCount) continue;
      const { range, text } = editor.document.lineAt(line);
      const gap = HEADINGS.has(mark) ? text.indexOf("  ") : -1;
      const end = gap === -1 ? range.end.character : gap;
      add(mark, new vscode.Range(line, 0, line, end));
      if (gap !== -1) add("dim", new vscode.Range(line, gap, line, range.end.character));
      if (mark === "boundary") add("rule", range);
    }
    for (const [look, type] of this.#types) editor.setDecorations(type, ranges.get(look) ?? []);
  }

  dispose(): void {
    for (const [, type] of this.#types) type.dispose();
  }
}
